// Key policies: each member has its own, and none is ever copied by KMS itself.

import type { Read } from '@/lib/topology/facts'
import type { Check } from '../plan'
import { policyAnswer } from './policy-answer'
import { passed, refusedByRule, warned } from './verdicts'

/** `true` is certain, `false` means only that somebody may be allowed. Nothing is allowed by a text that is no policy. */
const isRuledOut = (policy: string, action: string) => {
  const answer = policyAnswer(policy, action)
  return answer === null || answer === 'not allowed'
}

/**
 * KMS refuses a policy under which its caller could not change the policy again; one that lets nobody do so surely
 * fails that (KMS API Reference, PutKeyPolicy).
 */
export function policyLockOut(policy: string): Check {
  return isRuledOut(policy, 'kms:PutKeyPolicy')
    ? warned(
        'policy-lock-out',
        'Nothing in the key policy allows kms:PutKeyPolicy: nobody could change it again, and KMS answers with MalformedPolicyDocumentException.',
      )
    : passed('policy-lock-out', 'The key policy lets someone change it again.')
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
