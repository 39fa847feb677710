// Request quotas: how many calls a second KMS takes, by account, Region and quota, as a table and a set of token buckets.
// Source: KMS Developer Guide, "Request quotas" (requests-per-second.html).

import type { Context } from '../calls/operation.ts'
import type { Key } from '../keys/family.ts'
import { keyOrAliasNamed } from '../keys/key-lookup.ts'
import { materialOf } from '../keys/key-specs.ts'
import { looksLikeRegion, partitionOf } from '../keys/partitions.ts'
import { KmsError, throttled } from '../wire/errors.ts'
import type { JsonObject } from '../wire/validation.ts'

/** Requests per second of the operations that each have a quota of their own. */
const OWN_QUOTAS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    CancelKeyDeletion: 5,
    ConnectCustomKeyStore: 5,
    CreateAlias: 5,
    CreateCustomKeyStore: 5,
    CreateGrant: 50,
    CreateKey: 5,
    DeleteAlias: 15,
    DeleteCustomKeyStore: 5,
    DeleteImportedKeyMaterial: 15,
    DescribeCustomKeyStores: 5,
    DescribeKey: 2000,
    DisableKey: 5,
    DisableKeyRotation: 5,
    DisconnectCustomKeyStore: 5,
    EnableKey: 5,
    EnableKeyRotation: 15,
    GetKeyLastUsage: 5,
    GetKeyPolicy: 1000,
    GetKeyRotationStatus: 1000,
    GetParametersForImport: 1,
    GetPublicKey: 2000,
    ImportKeyMaterial: 15,
    ListAliases: 500,
    ListGrants: 100,
    ListKeyPolicies: 100,
    ListKeyRotations: 100,
    ListKeys: 500,
    ListResourceTags: 2000,
    ListRetirableGrants: 100,
    PutKeyPolicy: 15,
    ReplicateKey: 5,
    RetireGrant: 50,
    RevokeGrant: 50,
    RotateKeyOnDemand: 5,
    ScheduleKeyDeletion: 15,
    TagResource: 10,
    UntagResource: 5,
    UpdateAlias: 5,
    UpdateCustomKeyStore: 5,
    UpdateKeyDescription: 5,
    UpdatePrimaryRegion: 5,
  }),
)

/** Cryptographic operations with symmetric and HMAC keys share one quota, which depends on the Region. */
const SYMMETRIC_ELSEWHERE = 10_000
const SYMMETRIC_IN_REGION: ReadonlyMap<string, number> = new Map([
  ...['us-east-1', 'us-west-2', 'eu-west-1'].map((region) => [region, 100_000] as const),
  ...['us-east-2', 'ap-southeast-1', 'ap-southeast-2', 'ap-northeast-1', 'eu-central-1', 'eu-west-2'].map(
    (region) => [region, 20_000] as const,
  ),
])

/** Those with asymmetric keys share one quota for each kind of key. */
const ASYMMETRIC = 1000

/** Data key pairs, with and without plaintext together, have a quota for each spec of the pair. */
const DATA_KEY_PAIRS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    ECC_NIST_P256: 100,
    ECC_NIST_P384: 100,
    ECC_NIST_P521: 100,
    ECC_SECG_P256K1: 100,
    ECC_NIST_EDWARDS25519: 100,
    RSA_2048: 20,
    RSA_3072: 4,
    RSA_4096: 1,
    SM2: 25,
  }),
)
const DATA_KEY_PAIRS_IN_CHINA: ReadonlyMap<string, number> = new Map(
  Object.entries({ RSA_2048: 1, RSA_3072: 0.5, RSA_4096: 0.1 }),
)

type KeyKind = 'symmetric' | 'RSA' | 'ECC' | 'ML-DSA' | 'ML-KEM'
type Demand = { region: string; quota: string; perSecond: number; requests: number }

/** What an operation takes from which quotas, where that is not one request of its own quota in its own Region. */
const DEMANDS: ReadonlyMap<string, (body: JsonObject, context: Context) => Demand[]> = new Map(
  Object.entries({
    Encrypt: ofKey,
    Decrypt: ofKey,
    ReEncrypt: ofReEncrypt,
    GenerateDataKey: ofKey,
    GenerateDataKeyWithoutPlaintext: ofKey,
    GenerateMac: ofKey,
    VerifyMac: ofKey,
    GenerateRandom: (_: JsonObject, { region }: Context) => [cryptography(region, 'symmetric')],
    Sign: ofKey,
    Verify: ofKey,
    DeriveSharedSecret: ofKey,
    Encapsulate: ofKey,
    Decapsulate: ofKey,
    GenerateDataKeyPair: ofDataKeyPair,
    GenerateDataKeyPairWithoutPlaintext: ofDataKeyPair,
    ReplicateKey: ofReplication,
    UpdatePrimaryRegion: ofPromotion,
  }),
)

export const hasQuota = (operation: string) => OWN_QUOTAS.has(operation) || DEMANDS.has(operation)

/** Takes what the call demands from the quotas of the caller's account; throws ThrottlingException when that is too much. */
export function requireWithinQuotas(quotas: Quotas, body: JsonObject, context: Context): void {
  const demands = DEMANDS.get(context.operation)?.(body, context) ?? [ofOperation(context.operation, context.region)]
  if (!quotas.take(context.account, demands, context.now)) throw throttled()
}

/** Token buckets, full at first, in thousandths of a request, so that a millisecond adds a whole number to most. */
export class Quotas {
  readonly #buckets = new Map<string, { thousandths: number; at: number }>()

  /** Takes all of the demands or nothing; tells which. A refused call costs nothing. */
  take(account: string, demands: Demand[], now: number): boolean {
    const taken = demands.map((demand) => {
      const bucket = this.#bucket(account, demand, now)
      bucket.thousandths -= demand.requests * 1000
      return { bucket, demand }
    })
    if (taken.every(({ bucket }) => bucket.thousandths >= 0)) return true
    for (const { bucket, demand } of taken) bucket.thousandths += demand.requests * 1000
    return false
  }

  refill(): void {
    this.#buckets.clear()
  }

  #bucket(account: string, { region, quota, perSecond }: Demand, now: number) {
    const name = `${account} ${region} ${quota}`
    const capacity = requestsAtOnce(perSecond) * 1000
    const bucket = this.#buckets.get(name) ?? { thousandths: capacity, at: now }
    bucket.thousandths = Math.min(capacity, bucket.thousandths + Math.max(0, now - bucket.at) * perSecond)
    bucket.at = now
    this.#buckets.set(name, bucket)
    return bucket
  }
}

/** Unconfirmed: how many requests KMS takes at one instant after a rest; one second's worth, and never less than one. */
function requestsAtOnce(perSecond: number): number {
  return Math.max(1, perSecond)
}

function ofOperation(operation: string, region: string, requests = 1): Demand {
  return { region, quota: operation, perSecond: OWN_QUOTAS.get(operation) ?? 0, requests }
}

/** One request in the Region of the primary key, and two CreateKey in the other: the first of these is a dry run. */
function ofReplication(body: JsonObject, context: Context): Demand[] {
  const own = ofOperation('ReplicateKey', context.region)
  return [own, ...ofOtherRegion(body.ReplicaRegion, context, (region) => ofOperation('CreateKey', region, 2))]
}

/** One request in each of the two Regions. */
function ofPromotion(body: JsonObject, context: Context): Demand[] {
  const own = ofOperation('UpdatePrimaryRegion', context.region)
  return [own, ...ofOtherRegion(body.PrimaryRegion, context, (region) => ofOperation('UpdatePrimaryRegion', region))]
}

/** Unconfirmed: that a call counts in the other Region even when KMS then refuses it; in its own twice it never does. */
function ofOtherRegion(region: unknown, context: Context, demand: (region: string) => Demand): Demand[] {
  if (typeof region !== 'string' || region === context.region || !looksLikeRegion(region)) return []
  return partitionOf(region) === context.partition ? [demand(region)] : []
}

function ofDataKeyPair({ KeyPairSpec: spec }: JsonObject, { partition, region }: Context): Demand[] {
  if (typeof spec !== 'string') return []
  const inChina = partition === 'aws-cn' ? DATA_KEY_PAIRS_IN_CHINA.get(spec) : undefined
  const perSecond = inChina ?? DATA_KEY_PAIRS.get(spec) ?? dataKeyPairsOfMlKem(spec)
  return perSecond === undefined ? [] : [{ region, quota: `GenerateDataKeyPair (${spec})`, perSecond, requests: 1 }]
}

/** Unconfirmed: the page of quotas names no ML_KEM pairs; taken like those of elliptic curves, the other ones soon made. */
function dataKeyPairsOfMlKem(spec: string): number | undefined {
  return spec.startsWith('ML_KEM_') ? 100 : undefined
}

function ofKey({ KeyId }: JsonObject, context: Context): Demand[] {
  return [cryptography(context.region, kindOf(keyIfAny(context, KeyId)))]
}

/** Unconfirmed: with keys of two kinds, ReEncrypt is taken to count once for each. */
function ofReEncrypt({ SourceKeyId, DestinationKeyId }: JsonObject, context: Context): Demand[] {
  const kinds = new Set([SourceKeyId, DestinationKeyId].map((identifier) => kindOf(keyIfAny(context, identifier))))
  return [...kinds].map((kind) => cryptography(context.region, kind))
}

function cryptography(region: string, kind: KeyKind): Demand {
  const symmetric = SYMMETRIC_IN_REGION.get(region) ?? SYMMETRIC_ELSEWHERE
  const perSecond = kind === 'symmetric' ? symmetric : kind === 'ML-KEM' ? encapsulation() : ASYMMETRIC
  return { region, quota: `Cryptographic operations (${kind})`, perSecond, requests: 1 }
}

/** Unconfirmed: the page of quotas names neither Encapsulate nor Decapsulate; taken like those with other asymmetric keys. */
function encapsulation(): number {
  return ASYMMETRIC
}

/** Unconfirmed: a call that names no key, or none that exists, counts like one with a symmetric key. */
function kindOf(key: Key | undefined): KeyKind {
  if (!key) return 'symmetric'
  const kind: string = materialOf(key.family.keySpec).kind
  return KINDS.get(kind) ?? 'symmetric'
}

const KINDS: ReadonlyMap<string, KeyKind> = new Map([
  ['rsa', 'RSA'],
  ['ec', 'ECC'],
  ['ed25519', 'ECC'],
  ['ml-dsa', 'ML-DSA'],
  ['ml-kem', 'ML-KEM'],
])

function keyIfAny(context: Context, identifier: unknown): Key | undefined {
  if (typeof identifier !== 'string') return undefined
  try {
    return keyOrAliasNamed(context, identifier)
  } catch (error) {
    if (error instanceof KmsError) return undefined
    throw error
  }
}
