// CreateGrant: lets a principal use one key; with a name, the same request again answers the same grant.

import { randomBytes } from 'node:crypto'
import { operation } from '../calls/operation.ts'
import { requireNotDryRun, requireValidGrantTokens } from '../crypto/cryptography.ts'
import {
  requireFittingConstraints,
  requireFittingOperations,
  requireFittingParties,
  requireRoomForGrant,
} from '../grants/grant-rules.ts'
import { GRANT_OPERATIONS, type GrantConstraints, newGrantToken } from '../grants/grants.ts'
import { admit, keyNamed } from '../keys/key-lookup.ts'
import { rootUserOf } from '../wire/credentials.ts'
import { dryRun, encryptionContext, grantTokens, keyId, principal, servicePrincipal } from '../wire/members.ts'
import type { RequestOf } from '../wire/validation.ts'

const constraintMembers = {
  EncryptionContextSubset: encryptionContext,
  EncryptionContextEquals: encryptionContext,
  SourceArn: {
    type: 'string',
    minLength: 20,
    maxLength: 512,
    pattern: '^arn:aws[a-z0-9-]*:[a-z0-9-]+:[a-z0-9-]*:[0-9]{12}:.+$',
  },
} as const

const input = {
  KeyId: keyId,
  GranteePrincipal: principal,
  RetiringPrincipal: principal,
  Operations: { type: 'list', required: true, of: { type: 'string', values: GRANT_OPERATIONS } },
  Constraints: { type: 'structure', members: constraintMembers },
  GrantTokens: grantTokens,
  Name: { type: 'string', minLength: 1, maxLength: 256, pattern: '^[a-zA-Z0-9:/_-]+$' },
  DryRun: dryRun,
  GranteeServicePrincipal: servicePrincipal,
  RetiringServicePrincipal: servicePrincipal,
} as const

export const createGrant = operation(input, (request, context) => {
  const { store, account, partition, now } = context
  requireValidGrantTokens(context, request.GrantTokens)
  const constraints = constraintsOf(request.Constraints)
  requireFittingParties(request, constraints, partition)
  const key = admit(context, 'CreateGrant', keyNamed(context, request.KeyId))
  requireFittingOperations(key, request.Operations)
  requireFittingConstraints(key, constraints)

  const wanted = {
    keyArn: key.arn,
    region: key.region,
    name: request.Name ?? '',
    ...withoutUndefined({
      granteePrincipal: request.GranteePrincipal,
      granteeServicePrincipal: request.GranteeServicePrincipal,
      retiringPrincipal: request.RetiringPrincipal,
      retiringServicePrincipal: request.RetiringServicePrincipal,
      constraints,
    }),
    issuingAccount: rootUserOf(partition, account),
    operations: [...new Set(request.Operations)],
  }
  const same = store.sameGrant(wanted)
  if (!same) requireRoomForGrant(store, key)
  requireNotDryRun(request.DryRun)
  const id = same?.id ?? randomBytes(32).toString('hex')
  if (!same) store.addGrant({ ...wanted, id, createdAt: now })
  return { GrantToken: newGrantToken(id), GrantId: id }
})

/** A constraint without pairs is none: hashicorp/aws sends one of the two without pairs beside the other. */
function constraintsOf(given: RequestOf<typeof constraintMembers> | undefined): GrantConstraints | undefined {
  const { EncryptionContextEquals: equals, EncryptionContextSubset: subset, SourceArn } = given ?? {}
  const constraints = withoutUndefined({
    EncryptionContextEquals: hasPairs(equals) ? equals : undefined,
    EncryptionContextSubset: hasPairs(subset) ? subset : undefined,
    SourceArn,
  })
  return Object.keys(constraints).length > 0 ? constraints : undefined
}

const hasPairs = (context: Record<string, string> | undefined) => Object.keys(context ?? {}).length > 0

function withoutUndefined<T extends object>(members: T) {
  const present = Object.entries(members).filter(([, value]) => value !== undefined)
  return Object.fromEntries(present) as { [K in keyof T]?: Exclude<T[K], undefined> }
}
