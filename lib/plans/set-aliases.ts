// Set aliases: create, retarget, delete and rename the aliases of a family, Region by Region.

import { z } from 'zod'
import type { FactNeed, Facts } from '@/lib/topology/facts'
import { aliasHolder, familyName, familyOf, memberIn } from '@/lib/topology/family'
import { inWords } from '@/lib/topology/in-words'
import type { Family, Member, RequestData, Topology } from '@/lib/topology/topology'
import { aliasesReadable, aliasHeldElsewhere, aliasLimit, aliasMayMove, holderInWords } from './checks/aliases'
import { keyState } from './checks/key-state'
import { regionAnswers } from './checks/region-answers'
import { somethingToDo } from './checks/something-to-do'
import { passed, refusedByKms, refusedByRule, warned } from './checks/verdicts'
import { minimumSeconds, typicalSeconds } from './durations'
import type { Check, PlanDraft } from './plan'
import { aliasField, keyIdField, regionsField } from './request-fields'
import { createAlias, deleteAlias, retargetAlias, type StepDraft } from './steps'

const aliasChange = z.discriminatedUnion(
  'change',
  [
    z.object({ change: z.literal('create'), name: aliasField, regions: regionsField }),
    z.object({ change: z.literal('retarget'), name: aliasField, regions: regionsField }),
    z.object({ change: z.literal('delete'), name: aliasField, regions: regionsField }),
    z
      .object({ change: z.literal('rename'), name: aliasField, to: aliasField, regions: regionsField })
      .refine(({ name, to }) => name !== to, { path: ['to'], message: 'Type another name than the one it has' }),
    /** The name in every Region of the family. */
    z.object({ change: z.literal('everywhere'), name: aliasField }),
  ],
  'Choose create, retarget, delete, rename or everywhere',
)

export type AliasChange = z.infer<typeof aliasChange>

export const setAliasesRequest = z.object({
  kind: z.literal('set-aliases'),
  keyId: keyIdField,
  changes: z.array(aliasChange, 'Change at least one alias').min(1, 'Change at least one alias'),
})

export type SetAliasesRequest = z.infer<typeof setAliasesRequest>

export const setAliasesNeeds = (_topology: Topology, { keyId }: SetAliasesRequest): FactNeed[] => [
  { need: 'probe', keyId },
]

/** One alias in one Region: what one change wants there. */
interface Place {
  region: string
  name: string
  /** The position of the change in the request. */
  index: number
}

interface Work {
  does: 'create' | 'retarget' | 'delete'
  region: string
  name: string
  /** The other key that held the name until now. */
  from?: string
}

const takesAliases = ({ state }: Member) => state !== 'PendingDeletion' && state !== 'PendingReplicaDeletion'

const regionsOf = (family: Family, change: AliasChange): string[] =>
  change.change === 'everywhere' ? family.members.filter(takesAliases).map(({ region }) => region) : change.regions

/** The request with one change replaced by others; null when no change would be left. */
function withChange(request: SetAliasesRequest, index: number, instead: AliasChange[]): RequestData | null {
  const changes = request.changes.toSpliced(index, 1, ...instead)
  return changes.length > 0 ? { ...request, changes } : null
}

/** A change without one of its Regions. */
function withoutRegion(family: Family, change: AliasChange, region: string): AliasChange[] {
  const regions = regionsOf(family, change).filter((each) => each !== region)
  if (regions.length === 0) return []
  return change.change === 'everywhere' ? [{ change: 'create', name: change.name, regions }] : [{ ...change, regions }]
}

function leaveOut(family: Family, request: SetAliasesRequest, region: string): NonNullable<Check['choices']> {
  const changes = request.changes.flatMap((change) => withoutRegion(family, change, region))
  return changes.length > 0 ? [{ label: `Leave out ${region}`, request: { ...request, changes } }] : []
}

const offer = (label: string, request: RequestData | null) => (request ? { label, request } : undefined)

/** Works out one request: collects the work, and what speaks for and against it. */
class AliasPlanner {
  readonly work: Work[] = []
  readonly checks: Check[] = []
  /** What each place is wanted to be, so that two changes cannot contradict each other. */
  readonly #wished = new Map<string, 'present' | 'absent'>()
  readonly #topology: Topology
  readonly #family: Family
  readonly #request: SetAliasesRequest

  constructor(topology: Topology, family: Family, request: SetAliasesRequest) {
    this.#topology = topology
    this.#family = family
    this.#request = request
    for (const [index, change] of request.changes.entries()) this.#add(change, index)
  }

  #add(change: AliasChange, index: number) {
    for (const region of regionsOf(this.#family, change)) {
      const place = { region, name: change.name, index }
      if (!memberIn(this.#family, region)) {
        this.#noMember(change, place)
        continue
      }
      switch (change.change) {
        case 'create':
        case 'everywhere':
          this.#create(change, place)
          break
        case 'retarget':
          this.#retarget(change, place)
          break
        case 'delete':
          this.#delete(place, 'there-or-not')
          break
        case 'rename':
          this.#rename(change, place)
      }
    }
  }

  #holder({ region, name }: Pick<Place, 'region' | 'name'>): 'nobody' | 'this key' | { other: string } {
    const holder = aliasHolder(this.#topology, region, name)
    if (!holder) return 'nobody'
    return holder.keyId === this.#family.keyId ? 'this key' : { other: holder.keyId }
  }

  /** False, with a check, when another change wants the opposite for the same alias. */
  #wish({ region, name }: Pick<Place, 'region' | 'name'>, wish: 'present' | 'absent'): boolean {
    const place = `${region}/${name}`
    const before = this.#wished.get(place)
    this.#wished.set(place, before ?? wish)
    if (before === undefined || before === wish) return before === undefined
    this.checks.push(
      refusedByRule(
        'changes-agree',
        `One change keeps ${name} in ${region}, another takes it away: leave one of them out.`,
      ),
    )
    return false
  }

  #noMember(change: AliasChange, { region, index }: Place) {
    const choice = offer(
      `Leave out ${region}`,
      withChange(this.#request, index, withoutRegion(this.#family, change, region)),
    )
    this.checks.push(
      refusedByKms(
        'member-in-region',
        `${region} has no key of this family, so no alias can point to one there (NotFoundException).`,
        {
          remedy: {
            label: `Replicate to ${region}`,
            request: { kind: 'replicate', keyId: this.#family.keyId, toRegions: [region] },
          },
          ...(choice && { choices: [choice] }),
        },
      ),
    )
  }

  #create(change: AliasChange, place: Place) {
    const { region, name, index } = place
    if (!this.#wish(place, 'present')) return
    const holder = this.#holder(place)
    if (holder === 'nobody') {
      this.work.push({ does: 'create', region, name })
    } else if (holder === 'this key') {
      this.checks.push(passed('alias-there-already', `${name} points to this key in ${region} already.`))
    } else {
      const rest = withoutRegion(this.#family, change, region)
      const moved: AliasChange[] = [{ change: 'retarget', name, regions: [region] }]
      if (change.change === 'rename') moved.push({ change: 'delete', name: change.name, regions: [region] })
      this.checks.push(
        aliasHeldElsewhere(this.#topology, { region, name, holder: holder.other }, this.#family, {
          skip: offer(`Skip ${region}`, withChange(this.#request, index, rest)),
          retarget: offer(
            `Point ${name} to this key in ${region}`,
            withChange(this.#request, index, [...rest, ...moved]),
          ),
        }),
      )
    }
  }

  #retarget(change: AliasChange, place: Place) {
    const { region, name, index } = place
    if (!this.#wish(place, 'present')) return
    const holder = this.#holder(place)
    const rest = withoutRegion(this.#family, change, region)
    if (holder === 'this key') {
      this.checks.push(passed('alias-there-already', `${name} points to this key in ${region} already.`))
    } else if (holder === 'nobody') {
      const create = offer(
        `Create ${name} in ${region}`,
        withChange(this.#request, index, [...rest, { change: 'create', name, regions: [region] }]),
      )
      this.checks.push(
        refusedByKms(
          'alias-exists',
          `${name} does not exist in ${region}: KMS answers UpdateAlias with NotFoundException.`,
          create ? { choices: [create] } : {},
        ),
      )
    } else {
      const skip = offer(`Skip ${region}`, withChange(this.#request, index, rest))
      this.checks.push(
        aliasMayMove(this.#topology, { region, name, holder: holder.other }, this.#family, skip ? [skip] : []),
      )
      this.work.push({ does: 'retarget', region, name, from: holder.other })
    }
  }

  #delete(place: Place, mode: 'there-or-not' | 'must be there') {
    const { region, name } = place
    if (!this.#wish(place, 'absent')) return
    const holder = this.#holder(place)
    if (holder === 'this key') {
      this.work.push({ does: 'delete', region, name })
      this.checks.push(
        warned('alias-in-use', `Callers that use ${name} in ${region} will get NotFoundException once it is gone.`),
      )
    } else if (holder === 'nobody') {
      this.checks.push(
        mode === 'must be there'
          ? refusedByKms('alias-exists', `${name} does not exist in ${region}, so it cannot be renamed there.`)
          : passed('alias-gone-already', `${name} does not exist in ${region}.`),
      )
    } else {
      this.checks.push(
        refusedByRule(
          'alias-of-this-key',
          `${name} points to another key in ${region}, ${holderInWords(this.#topology, holder.other, name)}: it is changed from that key’s page.`,
        ),
      )
    }
  }

  /** KMS renames nothing: the new name is created before the old one is deleted, so that callers can move over. */
  #rename(change: Extract<AliasChange, { change: 'rename' }>, place: Place) {
    const isRenamed = this.#holder(place) === 'nobody' && this.#holder({ ...place, name: change.to }) === 'this key'
    this.#create(change, { ...place, name: change.to })
    this.#delete(place, isRenamed ? 'there-or-not' : 'must be there')
  }
}

/** The work by kind, then by alias, then by Region: nothing is taken away before the new names exist. */
function stepsOf(work: Work[], keyId: string): StepDraft[] {
  const of = (does: Work['does']) => work.filter((each) => each.does === does)
  return [
    ...of('create').map(({ name, region }) => createAlias(name, region, keyId)),
    ...of('retarget').map(({ name, region }) => retargetAlias(name, region, keyId)),
    ...of('delete').map(({ name, region }) => deleteAlias(name, region)),
  ]
}

/** Changes of one sort, their Regions joined by name. */
function joined(work: Work[], change: 'create' | 'delete' | 'retarget'): AliasChange[] {
  const regions = new Map<string, string[]>()
  for (const { name, region } of work) regions.set(name, [...(regions.get(name) ?? []), region])
  return [...regions].map(([name, where]) => ({ change, name, regions: where }))
}

/** One request can mend one family: what was taken from several, or from a key outside all, has no single way back. */
function undoOf(topology: Topology, keyId: string, work: Work[]): PlanDraft['undo'] {
  const retargets = work.filter((each) => each.does === 'retarget')
  if (retargets.length === 0) {
    const changes = [
      ...joined(
        work.filter((each) => each.does === 'delete'),
        'create',
      ),
      ...joined(
        work.filter((each) => each.does === 'create'),
        'delete',
      ),
    ]
    return changes.length > 0
      ? { label: 'Put the aliases back', request: { kind: 'set-aliases', keyId, changes } }
      : { sentence: 'Nothing changes, so nothing has to be put back.' }
  }
  const [loser, ...others] = [...new Set(retargets.map((each) => each.from ?? ''))]
  if (loser && others.length === 0 && retargets.length === work.length && familyOf(topology, loser)) {
    return {
      label: 'Point the aliases back',
      request: { kind: 'set-aliases', keyId: loser, changes: joined(retargets, 'retarget') },
    }
  }
  const before = retargets.map(({ name, region, from = '' }) => `${name} in ${region}: ${from}`)
  return {
    sentence: `Several keys are concerned, so there is no single plan back. Before, the aliases pointed to: ${before.join('; ')}.`,
  }
}

const sentences: Record<Work['does'], (name: string, regions: string) => string> = {
  create: (name, regions) => `${name} is created in ${regions}.`,
  retarget: (name, regions) => `${name} points to this key in ${regions}, no longer to another one.`,
  delete: (name, regions) => `${name} is deleted in ${regions}.`,
}

const changesInWords = (work: Work[]): string[] =>
  (['create', 'retarget', 'delete'] as const).flatMap((does) =>
    joined(
      work.filter((each) => each.does === does),
      does,
    ).map((change) => sentences[does](change.name, 'regions' in change ? inWords(change.regions) : '')),
  )

const distinct = (checks: Check[]): Check[] => [
  ...new Map(checks.map((check) => [`${check.id} ${check.verdict} ${check.message}`, check])).values(),
]

/**
 * Plans changes of aliases. Each alias is a thing of one Region: KMS never copies one, so "everywhere" is a step a
 * Region. New names come first and deletions last.
 *
 * Source: KMS Developer Guide, "Aliases in AWS KMS"; KMS API Reference, CreateAlias, UpdateAlias, DeleteAlias.
 */
export function planSetAliases(topology: Topology, request: SetAliasesRequest, facts: Facts): PlanDraft | null {
  const family = familyOf(topology, request.keyId)
  if (!family) return null
  const { keyId } = request
  const planned = new AliasPlanner(topology, family, request)
  const { work } = planned
  const steps = stepsOf(work, keyId)

  const regions = [...new Set(work.map(({ region }) => region))]
  const touched = [
    ...new Set(
      request.changes.flatMap((change) => regionsOf(family, change)).filter((region) => memberIn(family, region)),
    ),
  ]
  const leftOut = family.members
    .filter((member) => !takesAliases(member))
    .filter(() => request.changes.some(({ change }) => change === 'everywhere'))
    .map(({ region }) => region)

  const checks: Check[] = [
    ...touched.map((region) => {
      const answers = regionAnswers(region, topology, facts, 'No alias can be changed there now.')
      const choices = leaveOut(family, request, region)
      return answers.verdict === 'block' && choices.length > 0 ? { ...answers, choices } : answers
    }),
    ...touched.flatMap((region) => aliasesReadable(topology, region, leaveOut(family, request, region)) ?? []),
    ...(['create', 'retarget'] as const).flatMap((does) =>
      [...new Set(work.filter((each) => each.does === does).map(({ region }) => region))].flatMap((region) => {
        const member = memberIn(family, region)
        return member ? [keyState(member, does === 'create' ? 'CreateAlias' : 'UpdateAlias')] : []
      }),
    ),
    ...regions.flatMap((region) => {
      const gains = work.filter((each) => each.region === region && each.does !== 'delete').length
      const count = memberIn(family, region)?.aliases.length ?? 0
      return gains > 0 ? [aliasLimit({ region, count }, gains)] : []
    }),
    ...(leftOut.length > 0
      ? [
          warned(
            'alias-left-out',
            `The key in ${inWords(leftOut)} is pending deletion and can get no alias: it is left out.`,
          ),
        ]
      : []),
    ...planned.checks,
  ]
  checks.push(...somethingToDo(steps, checks, 'Every alias is as wished already.'))

  const losers = work.flatMap(({ from }) => (from !== undefined && familyOf(topology, from) ? [from] : []))
  return {
    title: `Change aliases of ${familyName(family)}`,
    families: [...new Set([keyId, ...losers])],
    checks: distinct(checks),
    steps,
    changes: changesInWords(work),
    stays: [
      'Keys, policies, grants and all other aliases. Callers that use the key id or an ARN notice nothing.',
      'KMS takes a few seconds, sometimes minutes, until every caller sees a changed alias.',
    ],
    undo: undoOf(topology, keyId, work),
    confirmation: null,
    minimumSeconds: minimumSeconds(steps),
    typicalSeconds: typicalSeconds(steps),
  }
}
