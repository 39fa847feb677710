// Bulk: one plan over many families. Each family that nothing stops is a part of it; all others are named with the reason.

import { z } from 'zod'
import type { Facts } from '@/lib/topology/facts'
import { familyName, familyOf, memberIn, primaryOf } from '@/lib/topology/family'
import { inWords } from '@/lib/topology/in-words'
import type { Family, RequestData, Topology } from '@/lib/topology/topology'
import { quotaHeadroom } from './checks/quota-headroom'
import { type FamilyCheck, passed, refusedByRule, warned } from './checks/verdicts'
import { secondsInWaves } from './durations'
import { type CheckedFamily, gatherChecks } from './gathered-checks'
import { moveChecks, moveSteps, readableRegions, stays } from './move'
import type { Check, Offer, PlanDraft, PlanPart } from './plan'
import { planReplicate } from './replicate'
import { keyIdField } from './request-fields'
import { isProvable, type StepDraft, shifted } from './steps'

/** A fleet of this size is planned in seconds; more is a slip of a script. */
export const MAX_FAMILIES = 5000

/** How the parts follow one another, and what is left out; the same for all kinds over many families. */
export const bulkFields = {
  /** Key ids of families that stay as they are, although the rest of the request would move them. */
  leaveOut: z
    .array(keyIdField, 'Choose the families to leave out')
    .max(MAX_FAMILIES, 'At most 5,000 keys at once')
    .optional(),
  /** Families at the same time, after the first one. */
  waveSize: z
    .int('Type a whole number of families')
    .min(1, 'At least one family at a time')
    .max(1000, 'At most 1,000 families at a time')
    .default(20),
  /** More failed families than this stop the next wave. */
  maxFailures: z
    .int('Type a whole number of families')
    .min(0, 'None, or a whole number of families')
    .max(MAX_FAMILIES, 'At most 5,000 families')
    .default(3),
}

export type BulkRequest = RequestData & z.infer<z.ZodObject<typeof bulkFields>>

/** Where one family goes; `replicates`: to a Region that gets a replica key of it first. */
export interface Move {
  toRegion: string
  replicates: boolean
  /** Checks beside those of every move, e.g. of how the target was chosen. */
  checks: FamilyCheck[]
}

/** One family in the scope of a plan. */
export interface FamilyPlan extends CheckedFamily {
  family: Family
  /** Null where nothing can be planned: a check says why. */
  move: { from: string; to: string; replicates: boolean } | null
  /** References count from the family's own first step. */
  steps: StepDraft[]
}

const isStopped = ({ checks, move }: FamilyPlan) => move === null || checks.some(({ verdict }) => verdict === 'block')

/** Told by the checks of the move itself. */
const TOLD_BY_MOVE = ['primary-known', 'primary-region-answers', 'key-state']

/** The steps that make the replica key, as `replicate` would, without its proof: the one of the move comes right after. */
function replicated(topology: Topology, family: Family, toRegion: string, facts: Facts) {
  const request = { kind: 'replicate' as const, keyId: family.keyId, toRegions: [toRegion] }
  const draft = planReplicate(topology, request, facts)
  const checks = (draft?.checks ?? [])
    .filter(({ id, verdict }) => verdict !== 'pass' && !TOLD_BY_MOVE.includes(id))
    .map(({ choices: _, ...check }): FamilyCheck => {
      // What it offers would change the request of a replication, so that is opened instead.
      return { ...check, remedy: { label: `Replicate to ${toRegion} by itself`, request } }
    })
  return { steps: (draft?.steps ?? []).filter(({ does }) => does !== 'prove'), checks }
}

const importedFirst = (toRegion: string): FamilyCheck =>
  refusedByRule(
    'imported-material',
    `The key material is imported, so a new replica key in ${toRegion} would wait in PendingImport: replicate, import the material there by hand, then promote.`,
  )

/** The plan of one family whose primary key is to move. */
export function planMove(topology: Topology, family: Family, move: Move, facts: Facts): FamilyPlan {
  const { toRegion, replicates } = move
  const from = primaryOf(family)
  const to = memberIn(family, toRegion)
  if (!from || (!to && !replicates)) return { family, move: null, steps: [], checks: move.checks }
  const inRegions = readableRegions(family, topology, facts)
  const first = to ? { steps: [], checks: [] } : replicated(topology, family, toRegion, facts)
  return {
    family,
    move: { from: from.region, to: toRegion, replicates: !to },
    steps: [
      ...first.steps,
      ...moveSteps(family, from.region, toRegion, to ? inRegions : [...inRegions, toRegion], first.steps.length),
    ],
    checks: [
      ...move.checks,
      ...first.checks,
      ...(!to && family.origin === 'EXTERNAL' ? [importedFirst(toRegion)] : []),
      ...moveChecks(topology, family, to ?? toRegion, facts),
    ],
  }
}

/** The one to try first: nothing is made for it, nothing warns of it, it can be proven, and many go the same way. */
function canaryFirst(plans: FamilyPlan[]): FamilyPlan[] {
  const going = new Map<string, number>()
  for (const { move } of plans) if (move) going.set(move.to, (going.get(move.to) ?? 0) + 1)
  const risks = (plan: FamilyPlan) => [
    Number(plan.move?.replicates ?? true),
    plan.checks.filter(({ verdict }) => verdict === 'warn').length,
    Number(!isProvable(plan.family)),
    -(going.get(plan.move?.to ?? '') ?? 0),
  ]
  const before = (a: number[], b: number[]) => a.map((risk, at) => risk - (b[at] ?? 0)).find((gap) => gap !== 0) ?? 0
  const [canary] = plans.map((plan) => ({ plan, risk: risks(plan) })).sort((a, b) => before(a.risk, b.risk))
  return canary ? [canary.plan, ...plans.filter((plan) => plan !== canary.plan)] : plans
}

const titleOf = ({ family, move }: FamilyPlan) => `${familyName(family)}: ${move?.from} → ${move?.to}`

/** Wave 1 is one family alone, the others are as many as `waveSize`; the steps of each stand together. */
function inWaves(plans: FamilyPlan[], waveSize: number): { parts: PlanPart[]; steps: StepDraft[] } {
  const steps: StepDraft[] = []
  const parts = plans.map((plan, index): PlanPart => {
    const before = steps.length
    const name = plans.length > 1 ? `${familyName(plan.family)}: ` : ''
    steps.push(...shifted(plan.steps, before).map((step) => ({ ...step, title: `${name}${step.title}` })))
    return {
      keyId: plan.family.keyId,
      title: titleOf(plan),
      wave: index === 0 ? 1 : 2 + Math.floor((index - 1) / waveSize),
      firstStep: before + 1,
      lastStep: steps.length,
    }
  })
  return { parts, steps }
}

/** These too, each once. */
const leavingOut = (request: BulkRequest, keyIds: string[]): RequestData => ({
  ...request,
  leaveOut: [...new Set([...(request.leaveOut ?? []), ...keyIds])],
})

const counted = (many: number) => `${many.toLocaleString('en-US')} ${many === 1 ? 'family' : 'families'}`

const leaveOutOffer = (request: BulkRequest, keyIds: string[]): Offer => ({
  label: `Leave out ${keyIds.length === 1 ? 'this family' : `these ${counted(keyIds.length)}`}`,
  request: leavingOut(request, keyIds),
})

/** Warnings of calls that KMS will refuse where key policies are enforced: who knows that leaves them out. */
const REFUSED_LATER = ['may-promote', 'primary-region-condition']

/** The answer first: do all of them go, and if not, how many stand in the way? */
function allCanMove(request: BulkRequest, plans: FamilyPlan[], stopped: FamilyPlan[]): Check[] {
  const id = 'all-can-move'
  if (plans.length === 0) return []
  if (stopped.length === 0) {
    return [
      passed(id, plans.length === 1 ? 'Nothing stops the family.' : `Nothing stops any of ${counted(plans.length)}.`),
    ]
  }
  const keyIds = stopped.map(({ family }) => family.keyId)
  const free = plans.length - stopped.length
  if (free === 0) {
    const none = plans.length === 1 ? 'The family cannot move' : `None of ${counted(plans.length)} can move`
    return [
      {
        ...refusedByRule(id, `${none}: see below what stops ${plans.length === 1 ? 'it' : 'them'}.`),
        families: keyIds,
      },
    ]
  }
  const message = `${free.toLocaleString('en-US')} of ${counted(plans.length)} can move, ${stopped.length.toLocaleString('en-US')} cannot: mend what stops ${stopped.length === 1 ? 'it, or leave it out' : 'them, or leave them out'}.`
  const choices = [
    {
      label: `Leave out all that cannot (${keyIds.length.toLocaleString('en-US')})`,
      request: leavingOut(request, keyIds),
    },
  ]
  return [{ ...refusedByRule(id, message, { choices }), families: keyIds }]
}

/** They may have been deleted, or never were. */
export function unknownFamilies(request: BulkRequest, keyIds: string[]): Check[] {
  if (keyIds.length === 0) return []
  const message = `${inWords(keyIds)} ${keyIds.length === 1 ? 'is' : 'are'} not known in the Regions that are read.`
  const choices = [leaveOutOffer(request, keyIds)]
  return [{ ...refusedByRule('family-known', message, { choices }), families: keyIds }]
}

/** Families that would be in the scope and were left out on purpose stay named. */
export function leftOut(topology: Topology, keyIds: string[]): Check[] {
  if (keyIds.length === 0) return []
  const names = keyIds.map((keyId) => {
    const family = familyOf(topology, keyId)
    return family ? familyName(family) : keyId
  })
  return [
    {
      ...warned(
        'left-out',
        `${inWords(names)} ${keyIds.length === 1 ? 'stays as it is: it was' : 'stay as they are: they were'} left out.`,
      ),
      families: keyIds,
    },
  ]
}

/** `250 in eu-west-1 and 12 in us-west-2` */
function tally(plans: FamilyPlan[], regionOf: (move: NonNullable<FamilyPlan['move']>) => string): string {
  const regions = plans.flatMap(({ move }) => (move ? [regionOf(move)] : []))
  const counts = [...Map.groupBy(regions, (region) => region)].sort((a, b) => b[1].length - a[1].length)
  return inWords(counts.map(([region, all]) => `${all.length.toLocaleString('en-US')} in ${region}`))
}

function changesOf(going: FamilyPlan[]): string[] {
  if (going.length === 0) return []
  const made = going.filter(({ move }) => move?.replicates)
  const one = going.length === 1
  return [
    ...(made.length > 0
      ? [
          `${counted(made.length)} ${made.length === 1 ? 'gets' : 'get'} a replica key first: ${tally(made, ({ to }) => to)}. Each costs 1 USD a month, and stays after a fail back.`,
        ]
      : []),
    `The roles: ${one ? 'the replica key' : 'replica keys'}, ${tally(going, ({ to }) => to)}, ${one ? 'becomes the primary key' : 'become primary keys'}; the primary ${one ? 'key' : 'keys'} so far, ${tally(going, ({ from }) => from)}, ${one ? 'becomes a replica key' : 'become replica keys'}.`,
    'Replication, rotation and the next promotion are called in the new primary Regions from then on.',
  ]
}

/** The way back: the moves that this plan makes, the other way round. */
function undoOf(going: FamilyPlan[], { waveSize, maxFailures }: BulkRequest): PlanDraft['undo'] {
  const moves = going.flatMap(({ family, move }) =>
    move ? [{ keyId: family.keyId, fromRegion: move.to, toRegion: move.from }] : [],
  )
  if (moves.length === 0) return { sentence: 'Nothing moves that could be gone back to.' }
  const regions = [...new Set(moves.map(({ toRegion }) => toRegion))]
  return {
    label: `Fail back to ${inWords(regions)}`,
    request: { kind: 'fail-back', moves, waveSize, maxFailures },
  }
}

/** One plan over these families; `about` are the checks of the scope as a whole. */
export function bulkDraft(
  topology: Topology,
  facts: Facts,
  given: {
    request: BulkRequest
    title: string
    confirmation: string
    plans: FamilyPlan[]
    about: Check[]
    nothingToDo: string
  },
): PlanDraft {
  const { request, title, confirmation, plans, about, nothingToDo } = given
  const stopped = plans.filter(isStopped)
  const going = canaryFirst(plans.filter((plan) => !isStopped(plan)))
  const { parts, steps } = inWaves(going, request.waveSize)
  const isRefused = (check: Pick<Check, 'id' | 'verdict'>) =>
    check.verdict === 'block' || (check.verdict === 'warn' && REFUSED_LATER.includes(check.id))
  const checks = [
    ...about,
    ...allCanMove(request, plans, stopped),
    ...gatherChecks(plans, (check, keyIds) =>
      isRefused(check) && keyIds.length < plans.length ? [leaveOutOffer(request, keyIds)] : [],
    ),
    ...quotaHeadroom(topology, facts, steps),
  ]
  const isBlocked = checks.some(({ verdict }) => verdict === 'block')
  return {
    title,
    families: plans.map(({ family }) => family.keyId),
    checks: [...checks, ...(steps.length === 0 && !isBlocked ? [refusedByRule('something-to-do', nothingToDo)] : [])],
    parts,
    maxFailures: request.maxFailures,
    steps,
    changes: changesOf(going),
    stays: [...stays, 'Grants belong to each key by itself and are not compared.'],
    undo: undoOf(going, request),
    confirmation,
    ...secondsInWaves(parts.map(({ firstStep, lastStep }) => steps.slice(firstStep - 1, lastStep))),
  }
}
