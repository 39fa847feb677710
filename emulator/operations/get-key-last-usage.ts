// GetKeyLastUsage: the last successful cryptographic operation of one member; related keys keep their own.

import type { Key } from '../family.ts'
import { admit, keyNamed } from '../key-lookup.ts'
import { trackedSince } from '../key-usage.ts'
import { keyId } from '../members.ts'
import { operation } from '../operation.ts'

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
