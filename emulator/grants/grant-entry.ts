// GrantListEntry as ListGrants and ListRetirableGrants answer it.

import type { Grant } from './grants.ts'

/** KeyId is the ARN of the key, Name is there even when empty. Source: KMS Developer Guide, "Creating grants". */
export function grantEntry(grant: Grant) {
  return {
    KeyId: grant.keyArn,
    GrantId: grant.id,
    Name: grant.name,
    CreationDate: new Date(grant.createdAt),
    GranteePrincipal: grant.granteePrincipal,
    GranteeServicePrincipal: grant.granteeServicePrincipal,
    RetiringPrincipal: grant.retiringPrincipal,
    RetiringServicePrincipal: grant.retiringServicePrincipal,
    IssuingAccount: grant.issuingAccount,
    Operations: grant.operations,
    Constraints: grant.constraints,
  }
}
