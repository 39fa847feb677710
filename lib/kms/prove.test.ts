import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CryptoCheckRequest } from '@/lib/topology/crypto-check'
import { callKms } from './call'
import { cryptoCheck } from './crypto-check'
import { describeMember } from './describe-member'
import { startEmulator, type TestEmulator } from './emulator-for-tests'
import { toKmsError } from './errors'
import { makeProof, proofResultOf, tryProof } from './prove'

const FROM = 'us-east-1'
const TO = 'eu-west-1'

const kinds = [
  ['SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT'],
  ['RSA_2048', 'ENCRYPT_DECRYPT'],
  ['ECC_NIST_P256', 'SIGN_VERIFY'],
  ['HMAC_256', 'GENERATE_VERIFY_MAC'],
] as const

const patiently = { timeout: 10_000 }

let emulator: TestEmulator
beforeAll(async () => {
  emulator = await startEmulator()
  await emulator.settings({ transitionMs: 1 })
})
afterAll(() => emulator?.stop())

const arn = (region: string, keyId: string) => `arn:aws:kms:${region}:111122223333:key/${keyId}`

/** A family with a member in both Regions, and an alias in each. */
async function givenFamily(keySpec: string, keyUsage: string) {
  const { keyId = '' } = await callKms({
    region: FROM,
    operation: 'CreateKey',
    input: { MultiRegion: true, KeySpec: keySpec, KeyUsage: keyUsage },
  })
  await callKms({ region: FROM, operation: 'ReplicateKey', input: { KeyId: keyId, ReplicaRegion: TO } })
  await expect
    .poll(async () => (await describeMember({ region: TO, purpose: 'run' }, keyId)).state, patiently)
    .toBe('Enabled')
  const alias = `alias/${keyId.slice(-12)}`
  for (const region of [FROM, TO]) {
    await callKms({ region, operation: 'CreateAlias', input: { AliasName: alias, TargetKeyId: keyId } })
  }
  return { keyId, keySpec, keyUsage, alias }
}

describe.each(kinds)('a proof with %s for %s', (keySpec, keyUsage) => {
  it('passes in the Region of a related key, and fails with another family', async () => {
    const family = await givenFamily(keySpec, keyUsage)
    const baseline = await makeProof({ ...family, region: FROM })
    expect(baseline).toEqual({
      region: FROM,
      algorithm: expect.any(String),
      blob: expect.stringMatching(/^[A-Za-z0-9+/]+=*$/),
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    const kind = { baseline, keySpec, keyUsage }
    expect(await tryProof({ ...kind, to: { region: TO, arn: arn(TO, family.keyId) } })).toEqual({
      result: 'proven',
      latencyMs: expect.any(Number),
    })

    const other = await givenFamily(keySpec, keyUsage)
    expect(await tryProof({ ...kind, to: { region: TO, arn: arn(TO, other.keyId) } })).toMatchObject({
      result: 'failed',
      message: expect.any(String),
    })
  })

  it('fails when what was made is not what is tried', async () => {
    const family = await givenFamily(keySpec, keyUsage)
    const [one, two] = [await makeProof({ ...family, region: FROM }), await makeProof({ ...family, region: FROM })]
    const mixed = { ...one, digest: two.digest }
    const to = { region: TO, arn: arn(TO, family.keyId) }
    expect(await tryProof({ baseline: mixed, to, keySpec, keyUsage })).toMatchObject({ result: 'failed' })
  })

  it('can be looked at with a text of one’s own, through the alias', async () => {
    const { alias, ...family } = await givenFamily(keySpec, keyUsage)
    const request: CryptoCheckRequest = {
      ...family,
      fromRegion: FROM,
      toRegion: TO,
      fromTarget: alias,
      target: alias,
      text: 'Grüezi aus Zürich',
    }
    const result = await cryptoCheck(request)
    expect(result).toMatchObject({
      made: { region: FROM, keyArn: arn(FROM, family.keyId), requestId: expect.any(String) },
      tried: { region: TO, keyArn: arn(TO, family.keyId), ok: true, requestId: expect.any(String) },
      note: expect.stringContaining('two keys with two ARNs hold the same key material'),
    })
    expect(result.made.blobBase64.length).toBeGreaterThan(20)
    expect(result.tried.text).toBe(keyUsage === 'ENCRYPT_DECRYPT' ? request.text : undefined)

    const elsewhere = await cryptoCheck({ ...request, target: (await givenFamily(keySpec, keyUsage)).alias })
    expect(elsewhere.tried).toMatchObject({ ok: false, keyArn: null, error: { awsName: expect.any(String) } })
  })
})

describe('proofs that say nothing', () => {
  it('are not permitted, or not readable, and no failure', async () => {
    const family = await givenFamily('SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT')
    const baseline = await makeProof({ ...family, region: FROM })
    const trying = { baseline, ...family, to: { region: TO, arn: arn(TO, family.keyId) } }
    await emulator.fault(TO, 'denied')
    expect(await tryProof(trying)).toMatchObject({ result: 'not permitted' })
    await emulator.fault(TO, 'unreachable')
    expect(await tryProof(trying)).toMatchObject({ result: 'not readable' })
    await emulator.fault(TO, null)
    expect(await tryProof(trying)).toMatchObject({ result: 'proven' })
  })

  it('cover kinds of keys that cannot be tried from here', async () => {
    const thrown = await makeProof({
      region: FROM,
      keyId: `mrk-${'0'.repeat(32)}`,
      keySpec: 'ECC_NIST_P256',
      keyUsage: 'KEY_AGREEMENT',
    }).catch((error: unknown) => error)
    expect(proofResultOf(toKmsError(thrown, FROM))).toMatchObject({ result: 'not readable' })
  })
})
