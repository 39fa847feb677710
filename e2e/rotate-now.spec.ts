import { RotateKeyOnDemandCommand, UnsupportedOperationException } from '@aws-sdk/client-kms'
import { expect, test } from './fixtures'
import { expectRunDone, startRun } from './plan-steps'
import { visit } from './visit'

test('a security engineer rotates a key now, and its history shows it', async ({ page, kms, givenFamily }) => {
  const { keyId, alias } = await givenFamily({ primary: 'us-east-1', replicas: ['eu-west-1'] })
  const before = (await kms.describe('us-east-1', keyId))?.CurrentKeyMaterialId
  await visit(page, `/keys/${keyId}?tab=rotation`)
  const history = page.getByRole('table', { name: 'Key material' })
  await expect(history.getByRole('row')).toHaveCount(2)

  await page.getByRole('button', { name: 'Rotate now' }).click()
  const dialog = page.getByRole('dialog', { name: `Rotate now: ${alias}` })
  await startRun(dialog)
  await expectRunDone(dialog)
  await dialog.getByRole('button', { name: 'Close', exact: true }).last().click()

  await expect(history.getByRole('row', { name: /on demand/i })).toContainText('all 2')
  await expect(history.getByRole('row')).toHaveCount(3)
  const after = (await kms.describe('us-east-1', keyId))?.CurrentKeyMaterialId
  expect(after).toBeDefined()
  expect(after).not.toBe(before)
  expect((await kms.describe('eu-west-1', keyId))?.CurrentKeyMaterialId).toBe(after)
})

test('a security engineer learns why an HMAC key cannot be rotated', async ({ page, kms, givenFamily }) => {
  const { keyId } = await givenFamily({
    primary: 'us-east-1',
    key: { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' },
  })
  await visit(page, `/keys/${keyId}?tab=rotation`)
  const rotate = page.getByRole('button', { name: 'Rotate now' })
  await expect(rotate).toBeDisabled()
  await expect(rotate).toHaveAccessibleDescription(/KMS cannot rotate keys of this kind/)
  await expect(page.getByRole('tabpanel')).toContainText('KMS does not rotate keys of this kind')
  const refusal = kms.client('us-east-1').send(new RotateKeyOnDemandCommand({ KeyId: keyId }))
  await expect(refusal).rejects.toBeInstanceOf(UnsupportedOperationException)
})
