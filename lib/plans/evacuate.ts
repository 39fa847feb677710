// Evacuate: the primary keys of a Region, or chosen ones of them, move to other Regions, family by family.

import { z } from 'zod'
import { blindSpotInWords, blindSpotsOf, hidesFamilies } from '@/lib/topology/blind-spots'
import type { FactNeed, Facts } from '@/lib/topology/facts'
import { memberIn, replicasOf } from '@/lib/topology/family'
import { inWords } from '@/lib/topology/in-words'
import type { Family, Topology } from '@/lib/topology/topology'
import { bulkDraft, bulkFields, type FamilyPlan, leftOut, MAX_FAMILIES, planMove, unknownFamilies } from './bulk'
import { primaryKnown } from './checks/primary-known'
import { type FamilyCheck, passed, refusedByRule, warned } from './checks/verdicts'
import { gatherChecks } from './gathered-checks'
import { moveNeeds } from './move'
import type { Check, PlanDraft } from './plan'
import { replicateNeeds } from './replicate'
import { keyIdField, regionField } from './request-fields'
import { type Target, targetFor } from './targets'

const unique = (texts: string[]) => new Set(texts).size === texts.length

export const evacuateRequest = z
  .object({
    kind: z.literal('evacuate'),
    fromRegion: regionField,
    /** Absent: every family whose primary key is in the Region. */
    keyIds: z
      .array(keyIdField, 'Choose at least one family')
      .min(1, 'Choose at least one family')
      .max(MAX_FAMILIES, 'At most 5,000 keys at once')
      .refine(unique, 'A family is chosen twice')
      .optional(),
    /** Before all others, in this order; then the nearest Region that has a replica key. */
    preferred: z
      .array(regionField, 'Choose Regions in the order in which they are preferred')
      .refine(unique, 'A Region is chosen twice')
      .default([]),
    /** Regions by key id: for this family that Region and no other. */
    overrides: z.record(keyIdField, regionField, 'Choose a Region for each key id').optional(),
    /** Families that no replica key can take over get one in the first preferred Region that is left. */
    replicateFirst: z.boolean('Choose yes or no').optional(),
    ...bulkFields,
  })
  .superRefine(({ fromRegion, preferred, overrides = {} }, context) => {
    const message = 'This is the Region to be left'
    for (const [index, region] of preferred.entries()) {
      if (region === fromRegion) context.addIssue({ code: 'custom', path: ['preferred', index], message })
    }
    for (const [keyId, region] of Object.entries(overrides)) {
      if (region === fromRegion) context.addIssue({ code: 'custom', path: ['overrides', keyId], message })
    }
  })

export type EvacuateRequest = z.infer<typeof evacuateRequest>

interface Scope {
  /** Their primary key is in the Region, or may be: no primary key is known and they have a member there. */
  families: Family[]
  /** Chosen, and nobody knows them. */
  unknown: string[]
  /** Chosen, and their primary key is in another Region. */
  elsewhere: Family[]
  /** In the scope but for the wish of a person. */
  leftOut: string[]
}

/** Every family of the request stands in one of these. */
function scopeOf(topology: Topology, { fromRegion, keyIds, leaveOut = [] }: EvacuateRequest): Scope {
  const known = new Map(topology.families.map((family) => [family.keyId, family]))
  const chosen = keyIds ? keyIds.flatMap((keyId) => known.get(keyId) ?? []) : topology.families
  const isOut = new Set(leaveOut)
  const mayBeHere = ({ primaryRegion, members }: Family) =>
    primaryRegion === fromRegion ||
    (primaryRegion === null && (keyIds !== undefined || members.some(({ region }) => region === fromRegion)))
  const here = chosen.filter(mayBeHere)
  return {
    families: here.filter(({ keyId }) => !isOut.has(keyId)),
    unknown: (keyIds ?? []).filter((keyId) => !known.has(keyId) && !isOut.has(keyId)),
    elsewhere: keyIds ? chosen.filter((family) => !mayBeHere(family) && !isOut.has(family.keyId)) : [],
    leftOut: (keyIds ?? here.map(({ keyId }) => keyId)).filter((keyId) => isOut.has(keyId)),
  }
}

/** Is there a primary key that could move? */
const hasPrimary = ({ primaryRegion }: Family) => primaryRegion !== null

export function evacuateNeeds(
  topology: Topology,
  request: EvacuateRequest,
  facts: Pick<Facts, 'probes'> = { probes: {} },
): FactNeed[] {
  const { families, elsewhere } = scopeOf(topology, request)
  return [
    { need: 'region', region: request.fromRegion },
    ...elsewhere.map(({ keyId }): FactNeed => ({ need: 'probe', keyId })),
    ...families.flatMap((family): FactNeed[] => {
      const { keyId } = family
      const target = hasPrimary(family) ? targetFor(family, request, topology, facts) : null
      if (!target) return [{ need: 'probe', keyId }]
      const made = target.needs === 'replica' && request.replicateFirst
      return [
        ...moveNeeds(family, target.region).filter(
          (need) => target.needs === 'nothing' || !('region' in need) || need.region !== target.region,
        ),
        ...(made ? replicateNeeds(topology, { kind: 'replicate', keyId, toRegions: [target.region] }) : []),
      ]
    }),
  ]
}

/** How the target was chosen, where that is not as was wished in the first place. */
function targetChosen(family: Family, { preferred, replicateFirst }: EvacuateRequest, target: Target): FamilyCheck[] {
  const id = 'target-chosen'
  if (!target) return []
  const { region, by, needs } = target
  const [first] = preferred
  if (by === 'override')
    return [passed(id, `${region} is chosen for this family.`, { among: `${region} is chosen for them.` })]
  if (first === undefined || region === first) {
    const nearest = by === 'nearest' ? `${region} is the nearest Region with a replica key that can take over.` : null
    return [passed(id, nearest ?? `${region} takes over, as is preferred.`)]
  }
  const why = (wished: string) => {
    const member = memberIn(family, wished)
    if (!member) return `${wished} has no replica key`
    return member.state === 'Enabled' ? `${wished} cannot be read now` : `the key in ${wished} is ${member.state}`
  }
  const passedOver = preferred.slice(0, by === 'preferred' ? preferred.indexOf(region) : undefined)
  const instead = by === 'nearest' ? `${region}, the nearest that can,` : `${region}, preferred next,`
  const offer = needs === 'nothing' && !replicateFirst ? '' : ' A replica key is made there.'
  return [warned(id, `${instead} takes over: ${inWords(passedOver.map(why))}.${needs === 'replica' ? offer : ''}`)]
}

/** Nothing to promote: a replica key has to be made first, which the request may ask for. */
function noReplica(family: Family, request: EvacuateRequest, region: string | null): FamilyCheck {
  const id = 'target-is-replica'
  const none = replicasOf(family).length === 0
  const what = none
    ? 'There is no replica key that could become the primary key'
    : `There is no replica key in ${region}`
  if (request.replicateFirst) {
    return refusedByRule(id, `${what}, and no preferred Region is left in which to make one: prefer another Region.`)
  }
  const canBeMade = region !== null || request.preferred.some((preferred) => !memberIn(family, preferred))
  return refusedByRule(
    id,
    `${what}: replicate first${canBeMade ? '' : ', to a Region that you prefer'}.`,
    canBeMade ? { choices: [{ label: 'Replicate first', request: { ...request, replicateFirst: true } }] } : {},
  )
}

function planFamily(topology: Topology, request: EvacuateRequest, family: Family, facts: Facts): FamilyPlan {
  if (!hasPrimary(family)) return { family, move: null, steps: [], checks: [primaryKnown(family)] }
  const target = targetFor(family, request, topology, facts)
  const replicates = target?.needs === 'replica' && request.replicateFirst === true
  const lacksReplica = target === null || (target.needs === 'replica' && !replicates)
  const checks = [
    primaryKnown(family),
    ...(lacksReplica ? [noReplica(family, request, target?.region ?? null)] : targetChosen(family, request, target)),
  ]
  if (lacksReplica) return { family, move: null, steps: [], checks }
  return planMove(topology, family, { toRegion: target.region, replicates, checks }, facts)
}

/**
 * "Every primary key in the Region" is only every one when all keys there could be listed: one that is not known would
 * stay behind unseen. Whoever names the families means no others. Keys that only other Regions could list have their
 * primary keys there.
 */
function everyOne(topology: Topology, request: EvacuateRequest): Check[] {
  const id = 'hidden-families'
  const { fromRegion, keyIds } = request
  if (keyIds) return []
  const hiding = blindSpotsOf(topology).filter((spot) => spot.region === fromRegion && hidesFamilies(spot))
  if (hiding.length === 0) {
    return topology.regions.some(({ name }) => name === fromRegion)
      ? [passed(id, `All keys of ${fromRegion} could be listed.`)]
      : [refusedByRule(id, `${fromRegion} is not among the Regions that are read: primary keys there may be missing.`)]
  }
  const known = scopeOf(topology, request).families.map((family) => family.keyId)
  const choices =
    known.length > 0
      ? [
          {
            label: `Choose the ${known.length.toLocaleString('en-US')} that are known`,
            request: { ...request, keyIds: known },
          },
        ]
      : []
  return [
    refusedByRule(
      id,
      `Primary keys in ${fromRegion} may be missing here, as ${inWords(hiding.map(blindSpotInWords))}: “every” would not be every one.`,
      choices.length > 0 ? { choices } : {},
    ),
  ]
}

/** Preferred Regions in which nothing can be read, most often by a slip of the hand. */
const preferredKnown = ({ regions }: Pick<Topology, 'regions'>, { preferred }: EvacuateRequest): Check[] => {
  const strange = preferred.filter((region) => regions.every(({ name }) => name !== region))
  if (strange.length === 0) return []
  return [
    warned(
      'preferred-known',
      `${inWords(strange)} ${strange.length === 1 ? 'is' : 'are'} not among the Regions that are read.`,
    ),
  ]
}

function notHere(request: EvacuateRequest, { unknown, elsewhere }: Scope): Check[] {
  const moved = elsewhere.map((family) => ({
    family,
    checks: [
      warned(
        'primary-elsewhere',
        `The primary key is in ${family.primaryRegion}, not in ${request.fromRegion}: there is nothing to do.`,
      ),
    ],
  }))
  return [...unknownFamilies(request, unknown), ...gatherChecks(moved, () => [])]
}

/**
 * Plans that every family in the scope leaves `request.fromRegion`: each is a part of the plan, or is named by a check with
 * what stops it, or with why there is nothing to do. UpdatePrimaryRegion is called in the Region to be left, so this is for
 * before an outage and after it, not for during.
 */
export function planEvacuate(topology: Topology, request: EvacuateRequest, facts: Facts): PlanDraft {
  const { fromRegion, keyIds, overrides = {} } = request
  const scope = scopeOf(topology, request)
  const plans = scope.families.map((family) => planFamily(topology, request, family, facts))
  const inScope = new Set(scope.families.map(({ keyId }) => keyId))
  const idle = Object.keys(overrides).filter((keyId) => !inScope.has(keyId) && !request.leaveOut?.includes(keyId))
  const about: Check[] = [
    ...everyOne(topology, request),
    ...preferredKnown(topology, request),
    ...notHere(request, scope),
    ...leftOut(topology, scope.leftOut),
    ...(idle.length > 0
      ? [
          {
            ...warned(
              'overrides-used',
              `A target is chosen for ${idle.length === 1 ? 'a family that does' : 'families that do'} not move: ${inWords(idle)}.`,
            ),
            families: idle,
          },
        ]
      : []),
  ]
  const chosen = keyIds
    ? ` (${keyIds.length.toLocaleString('en-US')} chosen ${keyIds.length === 1 ? 'family' : 'families'})`
    : ''
  return bulkDraft(topology, facts, {
    request,
    title: `Evacuate ${fromRegion}${chosen}`,
    confirmation: fromRegion,
    plans,
    about,
    nothingToDo: `No primary key is in ${fromRegion}.`,
  })
}
