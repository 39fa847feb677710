import { VerifyCommand, VerifyMacCommand } from '@aws-sdk/client-kms'
import { expect, test } from './fixtures'
import { choose } from './plan-steps'
import { visit } from './visit'

const text = 'Written in Virginia, read in Ireland'

test('an engineer encrypts in one Region and decrypts in another through the alias', async ({
  page,
  kms,
  givenFamily,
}) => {
  const { keyId, alias } = await givenFamily({ primary: 'us-east-1', replicas: ['eu-west-1', 'us-west-2'] })
  await visit(page, `/keys/${keyId}?tab=crypto-check`)
  const panel = page.getByRole('tabpanel', { name: 'Crypto check' })
  await choose(panel, /^Region A/, 'us-east-1')
  await choose(panel, /^Key in A named by/, alias)
  await choose(panel, /^Region B/, 'eu-west-1')
  await choose(panel, /^Key in B named by/, alias)
  await panel.getByLabel('Text', { exact: true }).fill(text)
  await panel.getByRole('button', { name: 'Encrypt and decrypt' }).click()

  await expect(panel.getByRole('region', { name: 'Decrypted text' })).toHaveText(text)
  const [there, here] = await Promise.all([kms.describe('us-east-1', keyId), kms.describe('eu-west-1', keyId)])
  await expect(panel).toContainText(there?.Arn ?? 'none')
  await expect(panel).toContainText(here?.Arn ?? 'none')

  const ciphertext = await panel.getByRole('region', { name: 'Ciphertext' }).innerText()
  expect(await kms.decrypt('eu-west-1', alias, Buffer.from(ciphertext, 'base64'))).toEqual({ text, arn: here?.Arn })
})

test('an engineer makes a MAC in one Region and verifies it in another', async ({ page, kms, givenFamily }) => {
  const { keyId, alias } = await givenFamily({
    primary: 'us-east-1',
    replicas: ['eu-west-1'],
    key: { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' },
  })
  await visit(page, `/keys/${keyId}?tab=crypto-check`)
  const panel = page.getByRole('tabpanel', { name: 'Crypto check' })
  await panel.getByLabel('Text', { exact: true }).fill(text)
  await panel.getByRole('button', { name: 'Make and verify MAC' }).click()
  const mac = await panel.getByRole('region', { name: 'MAC', exact: true }).innerText()
  const verified = await kms.client('eu-west-1').send(
    new VerifyMacCommand({
      KeyId: alias,
      Message: Buffer.from(text),
      Mac: Buffer.from(mac, 'base64'),
      MacAlgorithm: 'HMAC_SHA_256',
    }),
  )
  expect(verified.MacValid).toBe(true)
})

for (const { KeySpec, SigningAlgorithm } of [
  { KeySpec: 'RSA_2048', SigningAlgorithm: 'RSASSA_PSS_SHA_256' },
  { KeySpec: 'ECC_NIST_P256', SigningAlgorithm: 'ECDSA_SHA_256' },
] as const) {
  test(`an engineer signs in one Region and verifies in another, ${KeySpec}`, async ({ page, kms, givenFamily }) => {
    const { keyId, alias } = await givenFamily({
      primary: 'us-east-1',
      replicas: ['eu-west-1'],
      key: { KeySpec, KeyUsage: 'SIGN_VERIFY' },
    })
    await visit(page, `/keys/${keyId}?tab=crypto-check`)
    const panel = page.getByRole('tabpanel', { name: 'Crypto check' })
    await panel.getByLabel('Text', { exact: true }).fill(text)
    await panel.getByRole('button', { name: 'Sign and verify' }).click()
    const signature = await panel.getByRole('region', { name: 'Signature', exact: true }).innerText()
    await expect(panel).toContainText(SigningAlgorithm)
    const verified = await kms.client('eu-west-1').send(
      new VerifyCommand({
        KeyId: alias,
        Message: Buffer.from(text),
        MessageType: 'RAW',
        Signature: Buffer.from(signature, 'base64'),
        SigningAlgorithm,
      }),
    )
    expect(verified.SignatureValid).toBe(true)
  })
}
