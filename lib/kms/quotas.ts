// Request quotas of the operations that read: how many calls a second KMS takes by default, per account and Region.

/**
 * Requests per second. Changes are not here: only runs send them, and a run backs off by itself. Quotas can be raised
 * for an account, which nothing here can know.
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
  GetKeyLastUsage: 5,
}

/** Undefined for an operation that does not only read. */
export const quotaOf = (operation: string): number | undefined => PER_SECOND[operation]
