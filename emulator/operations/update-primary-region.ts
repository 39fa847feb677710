// UpdatePrimaryRegion: a replica key becomes the primary key of its family, the primary key a replica.

import { operation } from '../calls/operation.ts'
import { isPrimary, type Key } from '../keys/family.ts'
import { admit, keyNamed } from '../keys/key-lookup.ts'
import { requireUsable } from '../keys/key-states.ts'
import { type KmsError, notAPrimaryKey, unsupported } from '../wire/errors.ts'
import { keyId, region } from '../wire/members.ts'

const input = { KeyId: keyId, PrimaryRegion: region } as const

export const updatePrimaryRegion = operation(input, (request, context) => {
  const { store, now, transitionMs } = context
  const primary = admit(context, 'UpdatePrimaryRegion', keyNamed(context, request.KeyId))
  const { family } = primary
  if (!isPrimary(primary) || family.promotion) throw notThePrimary(primary)
  const replica = family.members.get(request.PrimaryRegion)
  if (!replica || replica === primary) throw noReplicaThere(primary, request.PrimaryRegion)
  requireUsable('UpdatePrimaryRegion', replica)

  const endsAt = now + transitionMs
  family.promotion = { from: primary.region, to: replica.region, startedAt: now, endsAt }
  for (const key of [primary, replica]) {
    key.keyState = 'Updating'
    key.settles = { at: endsAt, to: 'Enabled' }
  }
  store.save(family)
  return undefined
})

/**
 * Unconfirmed for this operation (recorded for ReplicateKey). While an earlier change is under way neither of the
 * two is taken as the primary key, so that the same call sent twice is refused.
 */
const notThePrimary = ({ arn }: Key): KmsError => notAPrimaryKey(arn)

/** Unconfirmed: the exception for a Region without a replica key, or for the primary key's own. */
const noReplicaThere = ({ arn }: Key, region: string): KmsError =>
  unsupported(`${arn} has no multi-Region replica key in ${region}.`)
