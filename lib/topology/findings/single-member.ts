// single-member: a multi-Region key that is in one Region only, so that it fails with that Region.

import { familyName, primaryOf } from '../family'
import { regionsToReplicateTo } from '../remedies'
import type { Family, Finding, Topology } from '../topology'

/**
 * Says nothing of a key that is going anyway, or that nobody described: it may have relatives that nobody named. To which
 * Region is chosen when the remedy is opened, see `completeRemedy`.
 */
export function singleMember(family: Family, topology: Topology): Finding[] {
  const [only, ...others] = family.members
  if (!only || others.length > 0 || only.known === 'inferred' || only.state === 'PendingDeletion') return []
  const canReplicate = regionsToReplicateTo(family, topology).length > 0 && primaryOf(family)?.state === 'Enabled'
  return [
    {
      id: 'single-member',
      severity: 'medium',
      regions: [only.region],
      message: `${familyName(family)} has no key outside ${only.region}: nothing can use it while that Region is down.`,
      ...(canReplicate && {
        remedy: { label: 'Replicate', request: { kind: 'replicate', keyId: family.keyId } },
      }),
    },
  ]
}
