// ReplicateKey: copies a multi-Region primary key into another Region, as a replica key.

import { defaultKeyPolicy, requireAcceptablePolicy } from '../authorization/key-policy.ts'
import { operation } from '../calls/operation.ts'
import { isPrimary, type Key } from '../keys/family.ts'
import { admit, keyNamed } from '../keys/key-lookup.ts'
import { keyMetadata } from '../keys/key-metadata.ts'
import { isRegionOf } from '../keys/partitions.ts'
import { requireValidTags, sortedTags } from '../keys/tags.ts'
import { requireRoomForKey } from '../quotas/resource-quotas.ts'
import { KmsError, notAPrimaryKey, validationError } from '../wire/errors.ts'
import { description, keyId, policy, region, tags } from '../wire/members.ts'

const input = {
  KeyId: keyId,
  ReplicaRegion: region,
  Policy: policy,
  BypassPolicyLockoutSafetyCheck: { type: 'boolean' },
  Description: description,
  Tags: tags,
} as const

export const replicateKey = operation(input, (request, context) => {
  const { store, account, partition, now } = context
  const primary = admit(context, 'ReplicateKey', keyNamed(context, request.KeyId))
  if (!isPrimary(primary)) throw notToBeReplicated(primary)
  if (!isRegionOf(partition, request.ReplicaRegion)) throw regionNotAvailable(request.ReplicaRegion)
  if (primary.family.members.has(request.ReplicaRegion)) throw replicaExists(primary, request.ReplicaRegion)
  requireValidTags(request.Tags ?? [])
  if (request.Policy !== undefined) {
    requireAcceptablePolicy(request.Policy, request, context)
  }
  requireRoomForKey(store, account, request.ReplicaRegion)

  // What is left out gets the default of the service, never the value of the primary key.
  const replica = store.addMember(primary.family, {
    region: request.ReplicaRegion,
    createdAt: now,
    keyState: 'Creating',
    settles: {
      at: now + context.transitionMs,
      to: primary.family.origin === 'EXTERNAL' ? 'PendingImport' : 'Enabled',
    },
    description: request.Description ?? '',
    policy: request.Policy ?? defaultKeyPolicy(partition, account),
    tags: sortedTags(request.Tags ?? []),
  })
  return {
    ReplicaKeyMetadata: keyMetadata(replica, now),
    ReplicaPolicy: replica.policy,
    ReplicaTags: replica.tags.length > 0 ? replica.tags : undefined,
  }
})

/** Unconfirmed: that a single-Region key is refused in the words recorded for a replica key. */
const notToBeReplicated = ({ arn }: Key): KmsError => notAPrimaryKey(arn)

/** Unconfirmed: the exception for a Region that is unknown, not enabled or in another partition. */
function regionNotAvailable(region: string): KmsError {
  return validationError(`Region ${region} is not available for this key.`)
}

/** Unconfirmed: the text, and that the primary's own Region is answered the same way. */
function replicaExists({ arn }: Key, region: string): KmsError {
  return new KmsError('AlreadyExistsException', `${arn} already has a related key in ${region}.`)
}
