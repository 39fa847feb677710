// permissions: who may promote, and who may administer the key in its new place, as far as key policies tell.
//
// KMS has no dry run of these operations, and what IAM says of the caller is not read: so an answer of a key policy is
// certain only where it holds for everyone.

import type { Read } from '@/lib/topology/facts'
import { inWords } from '@/lib/topology/in-words'
import { canRotate } from '@/lib/topology/key-spec'
import type { Family } from '@/lib/topology/topology'
import { hasConditionOn, type KnownKeys, type PolicyAnswer, policyAnswer } from './policy-answer'
import { type FamilyCheck, passed, unproven, warned } from './verdicts'

const PROMOTE = 'kms:UpdatePrimaryRegion'
const REPLICATE = 'kms:ReplicateKey'
const AUTOMATIC = ['kms:EnableKeyRotation', 'kms:DisableKeyRotation']
const ON_DEMAND = ['kms:RotateKeyOnDemand']
const PRIMARY_REGION = 'kms:primaryregion'

/** The key policy of the member in this Region, as it was read. */
export interface PolicyIn {
  region: string
  read: Read<string> | undefined
}

/** The dashboard calls KMS itself, not through another service. */
const DIRECT: KnownKeys = { 'kms:viaservice': null }
const promotingTo = (region: string): KnownKeys => ({ ...DIRECT, [PRIMARY_REGION]: region })

type Answer = PolicyAnswer | 'not read'

function answerIn({ read }: PolicyIn, action: string, known: KnownKeys = DIRECT): Answer {
  return (read?.ok ? policyAnswer(read.value, action, known) : null) ?? 'not read'
}

const regionsWhere = (answers: { region: string; answer: Answer }[], wanted: Answer) =>
  answers.filter(({ answer }) => answer === wanted).map(({ region }) => region)

/** Why nothing is proven, in sentences. */
function leftOpen(answers: { region: string; answer: Answer }[], what: string): string {
  const [open, unread] = [regionsWhere(answers, 'not provable'), regionsWhere(answers, 'not read')]
  return [
    ...(open.length > 0
      ? [
          `The key ${open.length === 1 ? 'policy' : 'policies'} in ${inWords(open)} leave${open.length === 1 ? 's' : ''} ${what} to IAM policies, to principals that are named or to conditions: whether this caller is allowed is not provable from here.`,
        ]
      : []),
    ...(unread.length > 0
      ? [
          `The key ${unread.length === 1 ? 'policy' : 'policies'} in ${inWords(unread)} could not be read: whether this caller is allowed is not provable.`,
        ]
      : []),
  ].join(' ')
}

/**
 * A promotion needs `kms:UpdatePrimaryRegion` on the primary key and on the replica key, each in its own Region
 * (KMS API Reference, UpdatePrimaryRegion). What a policy allows only for other Regions than this is told apart.
 */
export function mayPromote(policies: PolicyIn[], toRegion: string): FamilyCheck[] {
  const id = 'may-promote'
  const answers = policies.map((policy) => ({
    region: policy.region,
    answer: answerIn(policy, PROMOTE, promotingTo(toRegion)),
    elsewhere: answerIn(policy, PROMOTE),
  }))
  const refused = answers.filter(({ answer }) => answer === 'not allowed')
  const byRegion = refused.filter(({ elsewhere }) => elsewhere !== 'not allowed').map(({ region }) => region)
  const forNobody = refused.filter(({ elsewhere }) => elsewhere === 'not allowed').map(({ region }) => region)
  const consequence = 'where key policies are enforced, KMS answers with AccessDeniedException and nothing changes.'
  const denials = [
    ...(forNobody.length > 0
      ? [
          warned(
            id,
            `Nothing in the key ${forNobody.length === 1 ? 'policy' : 'policies'} in ${inWords(forNobody)} allows ${PROMOTE}, which a promotion needs on both keys: ${consequence}`,
          ),
        ]
      : []),
    ...(byRegion.length > 0
      ? [
          warned(
            'primary-region-condition',
            `The key ${byRegion.length === 1 ? 'policy' : 'policies'} in ${inWords(byRegion)} allow${byRegion.length === 1 ? 's' : ''} ${PROMOTE} only for other Regions than ${toRegion} (kms:PrimaryRegion): ${consequence}`,
          ),
        ]
      : []),
  ]
  if (denials.length > 0) return denials
  const conditioned = policies
    .filter(({ read }) => read?.ok && hasConditionOn(read.value, PROMOTE, PRIMARY_REGION))
    .map(({ region }) => region)
  return [
    answers.every(({ answer }) => answer === 'proven')
      ? passed(id, `The key policies let everyone promote to ${toRegion}: only a denial elsewhere could refuse it.`)
      : unproven(id, leftOpen(answers, PROMOTE)),
    ...(conditioned.length > 0
      ? [
          passed(
            'primary-region-condition',
            `What the key ${conditioned.length === 1 ? 'policy' : 'policies'} in ${inWords(conditioned)} ${conditioned.length === 1 ? 'says' : 'say'} of kms:PrimaryRegion does not rule out ${toRegion}.`,
          ),
        ]
      : []),
  ]
}

/**
 * Policies do not move with the role. Where the successor's policy lets nobody replicate or promote, the family is
 * stuck with it (KMS Developer Guide, "Change the primary key": review the policy of the new primary key).
 */
export function successorPolicy(policy: PolicyIn, failBackTo: string): FamilyCheck {
  const id = 'successor-policy'
  const { region, read } = policy
  if (!read?.ok) {
    const why = read ? ` (${read.reason})` : ''
    return warned(
      id,
      `The key policy in ${region} could not be read${why}: check that it allows kms:UpdatePrimaryRegion and kms:ReplicateKey, or nobody can fail back.`,
    )
  }
  const isAllowed = (action: string) => !['not allowed', 'not read'].includes(answerIn(policy, action))
  const lacking = [PROMOTE, REPLICATE].filter((action) => !isAllowed(action))
  if (lacking.length > 0) {
    return warned(
      id,
      `Nothing in the key policy in ${region} allows ${lacking.join(' or ')}. It stays as it is, so after the promotion nobody could ${lacking.includes(PROMOTE) ? 'fail back' : 'replicate'}.`,
    )
  }
  return answerIn(policy, PROMOTE, promotingTo(failBackTo)) === 'not allowed'
    ? warned(
        id,
        `The key policy in ${region} allows ${PROMOTE} only for other Regions than ${failBackTo} (kms:PrimaryRegion): after the promotion nobody could fail back.`,
      )
    : passed(id, `The key policy in ${region} does not rule out failing back and replicating.`)
}

/** What only the primary key takes: where the successor's policy lets nobody do it, it cannot be done any more. */
export function successorAdministration(policy: PolicyIn, { keySpec, origin }: Family): FamilyCheck[] {
  const { region } = policy
  const rotates = canRotate({ keySpec, origin })
  const rotation = [...(rotates.automatic ? AUTOMATIC : []), ...(rotates.onDemand ? ON_DEMAND : [])]
  const answers = [REPLICATE, ...rotation].map((action) => ({ region, action, answer: answerIn(policy, action) }))
  const forbidden = answers.filter(({ action, answer }) => action !== REPLICATE && answer === 'not allowed')
  const open = answers.filter(({ answer }) => answer === 'not provable' || answer === 'not read')
  const actionsOf = (some: typeof answers) => inWords(some.map(({ action }) => action))
  const id = 'successor-permissions'
  return [
    ...(forbidden.length > 0
      ? [
          warned(
            'successor-rotation',
            `Nothing in the key policy in ${region} allows ${actionsOf(forbidden)}: after the promotion nobody could administer rotation, which only the primary key takes.`,
          ),
        ]
      : []),
    ...(open.length > 0
      ? [
          unproven(id, leftOpen(open.slice(0, 1), actionsOf(open)), {
            among: leftOpen(open.slice(0, 1), 'what only the primary key takes, replication and rotation,'),
          }),
        ]
      : []),
    ...(answers.every(({ answer }) => answer === 'proven')
      ? [passed(id, `The key policy in ${region} lets everyone administer the new primary key.`)]
      : []),
  ]
}
