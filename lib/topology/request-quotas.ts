// Request quotas: how many calls a second KMS takes by default, per account and Region, and what each call counts.

/**
 * Requests per second of operations that have a quota of their own; cryptographic ones share quotas that are out of reach
 * here. Quotas can be raised for an account, which nothing here can know.
 *
 * Source: KMS Developer Guide, "Request quotas" (requests-per-second.html).
 */
const PER_SECOND: Readonly<Record<string, number>> = {
  DescribeKey: 2000,
  GetPublicKey: 2000,
  ListResourceTags: 2000,
  GetKeyPolicy: 1000,
  GetKeyRotationStatus: 1000,
  ListAliases: 500,
  ListKeys: 500,
  ListGrants: 100,
  ListKeyPolicies: 100,
  ListKeyRotations: 100,
  ListRetirableGrants: 100,
  DeleteAlias: 15,
  EnableKeyRotation: 15,
  CreateAlias: 5,
  CreateKey: 5,
  DisableKeyRotation: 5,
  GetKeyLastUsage: 5,
  ReplicateKey: 5,
  RotateKeyOnDemand: 5,
  UpdateAlias: 5,
  UpdatePrimaryRegion: 5,
}

/** Undefined for an operation that is not limited here. */
export const quotaOf = (operation: string): number | undefined => PER_SECOND[operation]

export interface Charge {
  operation: string
  region: string
  times: number
}

interface CountedCall {
  operation: string
  region: string
  /** In the KMS API's own spelling. */
  input: Readonly<Record<string, unknown>>
}

/**
 * What a call counts besides itself: ReplicateKey is also two CreateKey in the Region of the replica key, one of them a
 * dry run, and UpdatePrimaryRegion counts in both Regions, where they are two (KMS Developer Guide, "Request quotas").
 */
export function chargesBesides({ operation, region, input }: CountedCall): Charge[] {
  const { ReplicaRegion, PrimaryRegion } = input
  if (operation === 'ReplicateKey' && typeof ReplicaRegion === 'string') {
    return [{ operation: 'CreateKey', region: ReplicaRegion, times: 2 }]
  }
  if (operation === 'UpdatePrimaryRegion' && typeof PrimaryRegion === 'string' && PrimaryRegion !== region) {
    return [{ operation, region: PrimaryRegion, times: 1 }]
  }
  return []
}
