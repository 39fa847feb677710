// Key policies: each member has its own, and none is ever copied by KMS itself.

import type { Read } from '@/lib/topology/facts'
import type { Check } from '../plan'
import { passed, refusedByRule, warned } from './verdicts'

type Texts = string | string[] | undefined

interface Statement {
  Effect?: unknown
  Action?: Texts
  NotAction?: Texts
}

/** The statements of a policy document, or null when the text is none. */
function statementsOf(policy: string): Statement[] | null {
  try {
    const document: unknown = JSON.parse(policy)
    if (typeof document !== 'object' || document === null || !('Statement' in document)) return null
    const statements = Array.isArray(document.Statement) ? document.Statement : [document.Statement]
    return statements.filter((statement): statement is Statement => typeof statement === 'object' && statement !== null)
  } catch {
    return null
  }
}

const listed = (texts: unknown): string[] =>
  (Array.isArray(texts) ? texts : [texts]).filter((text) => typeof text === 'string')

/** Action names are compared without case, and may hold `*` and `?`. */
function covers(pattern: string, action: string): boolean {
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${escaped}$`, 'is').test(action)
}

/**
 * Does any statement allow the action to anyone? Principals, conditions and denials are not weighed: that takes the
 * whole of IAM. So `false` is certain, and `true` means only "not ruled out". Null for a text that is no policy.
 */
function mayAllow(policy: string, action: string): boolean | null {
  const statements = statementsOf(policy)
  if (!statements) return null
  return statements.some(({ Effect, Action, NotAction }) => {
    if (Effect !== 'Allow') return false
    if (Action !== undefined) return listed(Action).some((pattern) => covers(pattern, action))
    return NotAction !== undefined && !listed(NotAction).some((pattern) => covers(pattern, action))
  })
}

/**
 * KMS refuses a policy under which its caller could not change the policy again; one that lets nobody do so surely
 * fails that (KMS API Reference, PutKeyPolicy).
 */
export function policyLockOut(policy: string): Check {
  return mayAllow(policy, 'kms:PutKeyPolicy')
    ? passed('policy-lock-out', 'The key policy lets someone change it again.')
    : warned(
        'policy-lock-out',
        'No statement of the key policy allows kms:PutKeyPolicy: nobody could change it again, and KMS answers with MalformedPolicyDocumentException.',
      )
}

/** The text that KMS gives a key when none is sent (observed): the account decides, through IAM. */
export const defaultPolicy = (partition: string, account: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Id: 'key-default-1',
    Statement: [
      {
        Sid: 'Enable IAM User Permissions',
        Effect: 'Allow',
        Principal: { AWS: `arn:${partition}:iam::${account}:root` },
        Action: 'kms:*',
        Resource: '*',
      },
    ],
  })

/**
 * A replica key made without a policy gets the default one, wider or narrower than what the primary has: the
 * classic gap. So a policy that cannot be read has to be chosen, never left out in silence.
 */
export function policySource(
  given: string | undefined,
  primaryRegion: string,
  read: Read<string> | undefined,
  choices: Check['choices'],
): Check {
  const id = 'policy-source'
  if (given !== undefined) return passed(id, 'The replica keys get the key policy that is given here.')
  if (read?.ok) return passed(id, `The replica keys get the key policy of ${primaryRegion}.`)
  const why = read ? `${read.reason}: ${read.message}` : 'it was not read'
  return refusedByRule(
    id,
    `The key policy in ${primaryRegion} could not be read (${why}). Without one, KMS would give the replica keys its default policy: give a policy, or choose the default one.`,
    choices && choices.length > 0 ? { choices } : {},
  )
}

/** A copied policy may name the primary's Region, in ARNs or in `kms:ViaService`, and then grant nothing elsewhere. */
export function policyNamesRegion(policy: string, primaryRegion: string): Check | null {
  if (!policy.includes(primaryRegion)) return null
  return warned(
    'policy-names-region',
    `The key policy names ${primaryRegion}, for instance in an ARN or in kms:ViaService. It is copied as it is: check that it grants what it should in the new Region.`,
  )
}

/**
 * Policies do not move with the role. Where the successor's policy lets nobody replicate or promote, the family is
 * stuck with it (KMS Developer Guide, "Change the primary key": review the policy of the new primary key).
 */
export function successorPolicy(region: string, read: Read<string> | undefined): Check {
  const id = 'successor-policy'
  if (!read?.ok) {
    const why = read ? ` (${read.reason})` : ''
    return warned(
      id,
      `The key policy in ${region} could not be read${why}: check that it allows kms:UpdatePrimaryRegion and kms:ReplicateKey, or nobody can fail back.`,
    )
  }
  const lacking = ['kms:UpdatePrimaryRegion', 'kms:ReplicateKey'].filter(
    (action) => mayAllow(read.value, action) !== true,
  )
  return lacking.length > 0
    ? warned(
        id,
        `No statement of the key policy in ${region} allows ${lacking.join(' or ')}. It stays as it is, so after the promotion nobody could ${lacking.includes('kms:UpdatePrimaryRegion') ? 'fail back' : 'replicate'}.`,
      )
    : passed(id, `The key policy in ${region} does not rule out failing back and replicating.`)
}
