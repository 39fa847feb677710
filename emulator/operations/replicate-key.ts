// ReplicateKey: copies a multi-Region primary key into another Region, as a replica key.

import { KmsError, notAPrimaryKey, validationError } from '../errors.ts'
import { isPrimary, type Key } from '../family.ts'
import { admit, keyNamed } from '../key-lookup.ts'
import { keyMetadata } from '../key-metadata.ts'
import { defaultKeyPolicy, requireAcceptablePolicy } from '../key-policy.ts'
import { description, keyId, policy, region, tags } from '../members.ts'
import { operation } from '../operation.ts'
import { isRegionOf } from '../partitions.ts'
import { requireRoomForKey } from '../resource-quotas.ts'
import { requireValidTags, sortedTags } from '../tags.ts'

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
