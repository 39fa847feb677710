// Replicate: make replica keys of a family in further Regions, with the primary's policy, tags and aliases.

import { z } from 'zod'
import { type FactNeed, type Facts, factKey, type Tag } from '@/lib/topology/facts'
import { familyName, familyOf, memberIn, parseKeyArn, primaryOf, replicasOf } from '@/lib/topology/family'
import { inWords } from '@/lib/topology/in-words'
import type { Family, RequestData, Topology } from '@/lib/topology/topology'
import {
  aliasesReadable,
  aliasesSource,
  aliasHeldElsewhere,
  aliasLimit,
  aliasMayMove,
  isHeldBy,
  otherHolder,
} from './checks/aliases'
import { importedMaterial } from './checks/imported-material'
import { defaultPolicy, policyLockOut, policyNamesRegion, policySource } from './checks/key-policy'
import { keyState } from './checks/key-state'
import { oneMemberPerRegion, regionForNewKey } from './checks/new-regions'
import { primaryKnown } from './checks/primary-known'
import { primaryRegionAnswers } from './checks/region-answers'
import { replicaCount } from './checks/replica-count'
import { warned } from './checks/verdicts'
import { minimumSeconds, typicalSeconds } from './durations'
import type { CallInput, Check, PlanDraft } from './plan'
import {
  aliasField,
  copiedTags,
  descriptionField,
  keyIdField,
  policyField,
  regionsField,
  tagsField,
} from './request-fields'
import { call, createAlias, prove, retargetAlias, type StepDraft, waitForNewMember } from './steps'

export const replicateRequest = z.object({
  kind: z.literal('replicate'),
  keyId: keyIdField,
  toRegions: regionsField,
  /** Absent: the primary's, as are description, tags and aliases. */
  policy: policyField.optional(),
  description: descriptionField.optional(),
  tags: tagsField.optional(),
  aliases: z
    .array(aliasField)
    .refine((names) => new Set(names).size === names.length, 'An alias is there twice')
    .optional(),
  /** What to do with an alias whose name another key holds in a target Region. */
  aliasConflicts: z.record(z.string(), z.enum(['skip', 'retarget'], 'Choose to skip or to retarget')).optional(),
})

export type ReplicateRequest = z.infer<typeof replicateRequest>

export function replicateNeeds(topology: Topology, request: ReplicateRequest): FactNeed[] {
  const { keyId, toRegions, policy, tags } = request
  const region = familyOf(topology, keyId)?.primaryRegion ?? null
  return [
    { need: 'probe', keyId },
    ...toRegions.map((target): FactNeed => ({ need: 'region', region: target })),
    ...(region === null || policy !== undefined ? [] : [{ need: 'policy', keyId, region } as const]),
    ...(region === null || tags !== undefined ? [] : [{ need: 'tags', keyId, region } as const]),
  ]
}

/** The same request without one Region; null when it is the only one. */
function withoutRegion(request: ReplicateRequest, region: string): RequestData | null {
  const toRegions = request.toRegions.filter((each) => each !== region)
  return toRegions.length > 0 ? { ...request, toRegions } : null
}

const leaveOut = (request: ReplicateRequest, region: string): NonNullable<Check['choices']> => {
  const without = withoutRegion(request, region)
  return without ? [{ label: `Leave out ${region}`, request: without }] : []
}

const withoutAliases = (request: ReplicateRequest): NonNullable<Check['choices']>[number] => ({
  label: 'Replicate without aliases',
  request: { ...request, aliases: [] },
})

const resolveConflict = (request: ReplicateRequest, name: string, how: 'skip' | 'retarget'): RequestData => ({
  ...request,
  aliasConflicts: { ...request.aliasConflicts, [name]: how },
})

/** One alias in one target Region: what to do, and what speaks against it. */
function planAlias(
  topology: Topology,
  family: Family,
  request: ReplicateRequest,
  region: string,
  name: string,
): { steps: StepDraft[]; checks: Check[] } {
  const holder = otherHolder(topology, region, name, family.keyId)
  if (holder === null) {
    const already = isHeldBy(topology, region, name, family.keyId)
    return { steps: already ? [] : [createAlias(name, region, family.keyId)], checks: [] }
  }
  const skip = { label: `Skip ${name} where it is taken`, request: resolveConflict(request, name, 'skip') }
  const retarget = { label: `Point ${name} to this key`, request: resolveConflict(request, name, 'retarget') }
  const place = { region, name, holder }
  const chosen =
    request.aliasConflicts && Object.hasOwn(request.aliasConflicts, name) ? request.aliasConflicts[name] : null
  switch (chosen) {
    case 'skip':
      return {
        steps: [],
        checks: [
          warned(
            'alias-skipped',
            `${name} stays with another key in ${region}: callers that use it there do not reach this family.`,
          ),
        ],
      }
    case 'retarget':
      return {
        steps: [retargetAlias(name, region, family.keyId)],
        checks: [aliasMayMove(topology, place, family, [skip])],
      }
    default:
      return { steps: [], checks: [aliasHeldElsewhere(topology, place, family, { skip, retarget })] }
  }
}

/** The tags that replica keys get, and a warning where the primary's could not be read. */
function tagsFor(request: ReplicateRequest, primaryRegion: string, facts: Facts): { tags: Tag[]; checks: Check[] } {
  if (request.tags) return { tags: request.tags, checks: [] }
  const read = facts.tags[factKey(primaryRegion, request.keyId)]
  if (read?.ok) return { tags: copiedTags(read.value), checks: [] }
  const why = read ? ` (${read.reason}: ${read.message})` : ''
  return {
    tags: [],
    checks: [
      warned(
        'tags-source',
        `The tags in ${primaryRegion} could not be read${why}: the replica keys get none. Add them here if needed.`,
      ),
    ],
  }
}

/**
 * Plans replica keys in `request.toRegions`.
 *
 * ReplicateKey is called in the primary's Region, once a target. Whatever it is not given becomes the default of
 * KMS, not the primary's: so policy, description and tags are always sent, and aliases are made by steps of their
 * own. All replications are asked for first and waited for together.
 *
 * Source: KMS API Reference, ReplicateKey; KMS Developer Guide, "Create multi-Region replica keys".
 */
export function planReplicate(topology: Topology, request: ReplicateRequest, facts: Facts): PlanDraft | null {
  const family = familyOf(topology, request.keyId)
  if (!family) return null
  const { keyId, toRegions } = request
  const primary = primaryOf(family)
  const name = familyName(family)
  const undo = {
    sentence: `A replica key is never deleted at once: schedule its deletion in its own Region (7 to 30 days). There is no plan for that yet. The primary key and the other replica keys stay.`,
  }
  const title = `Replicate ${name} to ${inWords(toRegions)}`
  if (!primary) {
    return {
      title,
      families: [keyId],
      checks: [primaryKnown(family)],
      steps: [],
      changes: [],
      stays: [],
      undo,
      confirmation: null,
      minimumSeconds: 0,
      typicalSeconds: 0,
    }
  }

  const policyRead = facts.policies[factKey(primary.region, keyId)]
  const policy = request.policy ?? (policyRead?.ok ? policyRead.value : undefined)
  const description = request.description ?? primary.description
  const tagged = tagsFor(request, primary.region, facts)
  const aliases = request.aliases ?? primary.aliases
  const account = topology.account ?? parseKeyArn(primary.arn)?.account
  const choosePolicy = account
    ? [
        {
          label: 'Use the default key policy',
          request: { ...request, policy: defaultPolicy(topology.partition, account) },
        },
      ]
    : []

  const input: CallInput = {
    ...(policy !== undefined && { Policy: policy }),
    ...(description && { Description: description }),
    ...(tagged.tags.length > 0 && { Tags: tagged.tags.map((tag) => ({ TagKey: tag.key, TagValue: tag.value })) }),
  }
  const aliasPlans = toRegions.flatMap((region) =>
    aliases.map((alias) => planAlias(topology, family, request, region, alias)),
  )

  const steps: StepDraft[] = [
    ...toRegions.map((region) =>
      call(
        `Replicate to ${region}`,
        primary.region,
        'ReplicateKey',
        { KeyId: keyId, ReplicaRegion: region, ...input },
        { is: 'member-exists', keyId, region },
      ),
    ),
    ...toRegions.map((region) => waitForNewMember(keyId, region, family.origin)),
    ...aliasPlans.flatMap((plan) => plan.steps),
    ...(family.origin === 'EXTERNAL' ? [] : prove(family, primary.region, toRegions)),
  ]

  const copied = request.policy === undefined && policy !== undefined
  const checks: Check[] = [
    primaryKnown(family),
    primaryRegionAnswers(family, primary.region, topology, facts, 'A replication'),
    keyState(primary, 'ReplicateKey'),
    ...toRegions.flatMap((region) => [
      ...regionForNewKey(region, topology, facts, leaveOut(request, region)),
      oneMemberPerRegion(family, region, withoutRegion(request, region)),
      ...(aliases.length > 0 && memberIn(family, region) === undefined
        ? [aliasLimit({ region, count: 0 }, aliases.length)]
        : []),
      ...(aliases.length > 0
        ? [aliasesReadable(topology, region, [...leaveOut(request, region), withoutAliases(request)])].filter(
            (check) => check !== null,
          )
        : []),
    ]),
    ...(request.aliases === undefined ? aliasesSource(topology, primary.region) : []),
    policySource(request.policy, primary.region, policyRead, choosePolicy),
    ...(policy === undefined ? [] : [policyLockOut(policy)]),
    ...(copied ? [policyNamesRegion(policy, primary.region)].filter((check) => check !== null) : []),
    ...tagged.checks,
    ...aliasPlans.flatMap((plan) => plan.checks),
    ...importedMaterial(family.origin, toRegions),
    replicaCount(replicasOf(family).length + toRegions.length, facts.limits.maxReplicas),
  ]

  return {
    title,
    families: familiesChanged(family, steps, topology),
    checks,
    steps,
    changes: [
      `${inWords(toRegions)} ${toRegions.length === 1 ? 'gets a replica key' : 'get a replica key each'} with the same key id and key material; each costs 1 USD a month, plus a surcharge for its first two rotations.`,
      request.policy === undefined
        ? `The key policy of ${primary.region} is copied as it is now; later changes are not.`
        : 'The replica keys get the key policy given here.',
      ...(aliases.length > 0 ? [`${inWords(aliases)} in ${inWords(toRegions)}, as in ${primary.region}.`] : []),
    ],
    stays: [
      `The primary key stays in ${primary.region}; its policy, aliases, tags and grants are not touched.`,
      'Grants are not copied: make them again in the new Regions where callers need them.',
    ],
    undo,
    confirmation: null,
    minimumSeconds: minimumSeconds(steps),
    typicalSeconds: typicalSeconds(steps),
  }
}

/** The family itself, and those that lose an alias to it. */
function familiesChanged(family: Family, steps: StepDraft[], topology: Topology): string[] {
  const losers = steps.flatMap((step) => {
    if (step.does !== 'call' || step.operation !== 'UpdateAlias' || step.done.is !== 'alias') return []
    const holder = otherHolder(topology, step.region, step.done.name, family.keyId)
    return holder !== null && familyOf(topology, holder) ? [holder] : []
  })
  return [...new Set([family.keyId, ...losers])]
}
