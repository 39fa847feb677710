// GetKeyLastUsage: the last successful cryptographic operation of one member; related keys keep their own.

import { operation } from '../calls/operation.ts'
import type { Key } from '../keys/family.ts'
import { admit, keyNamed } from '../keys/key-lookup.ts'
import { trackedSince } from '../keys/key-usage.ts'
import { keyId } from '../wire/members.ts'

export const getKeyLastUsage = operation({ KeyId: keyId }, (request, context) => {
  const key = admit(context, 'GetKeyLastUsage', keyNamed(context, request.KeyId))
  const { createdAt, lastUsage } = key
  return {
    KeyId: keyIdShown(key),
    KeyCreationDate: new Date(createdAt),
    TrackingStartDate: new Date(trackedSince(key)),
    KeyLastUsage: lastUsage
      ? {
          Operation: lastUsage.operation,
          Timestamp: wholeSeconds(lastUsage.at),
          CloudTrailEventId: lastUsage.cloudTrailEventId,
          KmsRequestId: lastUsage.requestId,
        }
      : {},
  }
})

/** Unconfirmed: the published example shows the key ID, not the ARN. */
const keyIdShown = ({ family }: Key) => family.keyId

/** Unconfirmed: the published example has a fraction in the other dates, but none in this one, as is so in CloudTrail. */
const wholeSeconds = (at: number) => new Date(Math.floor(at / 1000) * 1000)
