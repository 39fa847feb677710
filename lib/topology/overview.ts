// The overview in numbers and words: what a tired person must know first, what needs them, and what nobody could read.

import { blindSpotInWords, blindSpotsOf, familiesInDoubt, isDoubt } from './blind-spots'
import { byText, familyName, primaryOf } from './family'
import { inWords } from './in-words'
import { awaitedRegions, isReadable, regionDoes, regionsInTrouble } from './region-trouble'
import type { Family, Finding, RegionView, Severity, Topology } from './topology'

export interface Outage {
  region: RegionView
  /** Families with a member there. */
  families: number
  /** Of those, families whose primary key is there. */
  primaries: number
  /** Names of those that have no key elsewhere which is known to work. */
  nowhereElse: string[]
  works: string[]
  doesNot: string[]
}

const number = (many: number) => many.toLocaleString('en-US')
const counted = (many: number, one: string, more: string) => `${number(many)} ${many === 1 ? one : more}`
const families = (many: number) => counted(many, 'family', 'families')

/**
 * What the silence of a Region means. Every replica key works without the primary, so encrypting and decrypting go on
 * elsewhere; a promotion is called in the primary's own Region, so none can start there.
 *
 * Source: KMS Developer Guide, "Multi-Region keys in AWS KMS"; KMS API Reference, UpdatePrimaryRegion.
 */
function unreachableMeans({ region, families: all, primaries, nowhereElse }: Omit<Outage, 'works' | 'doesNot'>) {
  const elsewhere = all - nowhereElse.length
  return {
    works: [
      ...(elsewhere > 0
        ? [
            `${families(elsewhere)} ${elsewhere === 1 ? 'goes' : 'go'} on in other Regions: callers there encrypt and decrypt without ${region.name} and without a promotion.`,
          ]
        : []),
      ...(all > primaries
        ? ['Families whose primary key is elsewhere can still be replicated and promoted there.']
        : []),
    ],
    doesNot: [
      ...(primaries > 0
        ? [
            `Nothing can be promoted out of ${region.name} now: KMS takes a promotion in the primary key’s own Region. ${counted(primaries, 'primary key is', 'primary keys are')} there; replication and rotation of their families wait as well.`,
          ]
        : []),
      ...(nowhereElse.length > 0
        ? [
            `${families(nowhereElse.length)} ${nowhereElse.length === 1 ? 'has' : 'have'} no key that is known to work in another Region: ${inWords(nowhereElse)}.`,
          ]
        : []),
      ...(all > primaries ? [`No key can be promoted to ${region.name}.`] : []),
    ],
  }
}

function meaningOf(outage: Omit<Outage, 'works' | 'doesNot'>): Pick<Outage, 'works' | 'doesNot'> {
  const { region } = outage
  switch (region.status) {
    case 'denied':
      return {
        works: [`KMS itself answers in ${region.name}: callers with their own permissions are not affected by this.`],
        doesNot: [
          'The dashboard cannot show or change keys there until its role may list and describe keys and list aliases.',
        ],
      }
    case 'throttled':
      return {
        works: [
          `KMS answers in ${region.name}, at the limit of the account’s request quota; callers may be throttled too.`,
        ],
        doesNot: ['What is shown of the Region may be old until the requests are let through again.'],
      }
    case 'disabled':
      return {
        works: ['Members in other Regions are not affected.'],
        doesNot: [`Nothing in ${region.name} can be used or changed until the Region is enabled for the account.`],
      }
    default:
      return unreachableMeans(outage)
  }
}

/** Cryptography goes on in `Enabled` and in `Updating` (KMS Developer Guide, key states). */
const worksElsewhere = (readable: Set<string>, family: Family, except: string) =>
  family.members.some(
    ({ region, state }) => region !== except && readable.has(region) && (state === 'Enabled' || state === 'Updating'),
  )

/** One entry for each Region that is not read as it should be, the one with most families first. */
export function outagesOf(topology: Topology): Outage[] {
  const readable = new Set(topology.regions.filter(isReadable).map(({ name }) => name))
  return regionsInTrouble(topology)
    .map((region) => {
      const here = topology.families.filter((family) => family.members.some((member) => member.region === region.name))
      const counts = {
        region,
        families: here.length,
        primaries: here.filter((family) => family.primaryRegion === region.name).length,
        nowhereElse: here.filter((family) => !worksElsewhere(readable, family, region.name)).map(familyName),
      }
      return { ...counts, ...meaningOf(counts) }
    })
    .sort((a, b) => b.families - a.families || byText(a.region.name, b.region.name))
}

export interface Totals {
  families: number
  keys: number
  regions: number
  otherKeys: number
  findings: Record<Severity, number>
  /** An estimate: 1 USD a key and month, without the surcharge for a key's first two rotations and without requests. */
  dollarsAMonth: number
}

const DOLLARS_A_KEY = 1

/** A key that waits for its deletion is not charged (AWS KMS pricing). */
const isCharged = ({ state }: { state: string }) => state !== 'PendingDeletion'

export function totalsOf(topology: Topology): Totals {
  const members = topology.families.flatMap((family) => family.members)
  const findings: Record<Severity, number> = { high: 0, medium: 0, low: 0 }
  for (const { severity } of topology.families.flatMap((family) => family.findings)) findings[severity] += 1
  return {
    families: topology.families.length,
    keys: members.length,
    regions: topology.regions.length,
    otherKeys: topology.otherKeys,
    findings,
    dollarsAMonth: members.filter(isCharged).length * DOLLARS_A_KEY,
  }
}

/** The sentence that the overview opens with: Regions first, then what is wrong with families, else that all is well. */
export function headlineOf(topology: Topology): string {
  const all = topology.families.length
  const outages = outagesOf(topology)
  const [worst] = outages
  const scanned = counted(topology.regions.length, 'Region', 'Regions')

  const awaited = awaitedRegions(topology).length
  const doubts = blindSpotsOf(topology).filter(isDoubt)
  const inDoubt = inWords(doubts.map(blindSpotInWords))

  if (all === 0) {
    if (awaited > 0) return `The keys of ${counted(awaited, 'Region', 'Regions')} are being read.`
    if (worst) {
      return `No multi-Region keys were found, and ${inWords(outages.map(({ region }) => region.name))} could not be read.`
    }
    return inDoubt
      ? `No multi-Region keys were found, but ${inDoubt}.`
      : `There are no multi-Region keys in the ${scanned} yet.`
  }
  if (worst) {
    const others = outages.length - 1
    const alsoFailing =
      others > 0 ? `, and ${counted(others, 'other Region', 'other Regions')} cannot be read either` : ''
    const stuck =
      worst.region.status === 'unreachable' && worst.primaries > 0
        ? `; ${number(worst.primaries)} of them cannot be promoted now`
        : ''
    const here =
      worst.families === 0
        ? 'no family has a member there'
        : `${number(worst.families)} of ${families(all)} ${worst.families === 1 ? 'has' : 'have'} a member there`
    return `${worst.region.name} ${regionDoes(worst.region)}${alsoFailing}: ${here}${stuck}.`
  }

  const troubled = topology.families.filter((family) => family.findings.length > 0)
  const urgent = troubled.filter((family) => family.findings.some(({ severity }) => severity === 'high')).length
  const regions =
    awaited > 0 ? `${topology.regions.length - awaited} of ${scanned} were read so far` : `All ${scanned} answer`
  if (troubled.length === 0) {
    const partly = familiesInDoubt(doubts).size
    const inPart = partly > 0 ? `${families(partly)} only in part: ` : ''
    const but = inDoubt ? `, as far as could be read (${inPart}${inDoubt})` : ''
    return `All is well: ${families(all)} in ${scanned}, and nothing needs attention${but}.`
  }
  const urgently = urgent > 0 ? `, ${number(urgent)} of them urgently` : ''
  const besides = inDoubt ? `; ${inDoubt}` : ''
  return `${regions}; ${number(troubled.length)} of ${families(all)} ${troubled.length === 1 ? 'needs' : 'need'} attention${urgently}${besides}.`
}

export interface AttentionItem {
  family: Family
  /** Of one kind; several when more than one Region or alias is meant. */
  findings: Finding[]
}

export interface AttentionGroup {
  /** The id of the findings. */
  id: string
  /** The gravest of its findings. */
  severity: Severity
  title: string
  /** Findings, of all families. */
  count: number
  items: AttentionItem[]
}

const titles: Readonly<Record<string, string>> = {
  'alias-elsewhere': 'An alias points to another key',
  'alias-missing': 'An alias is missing in a Region',
  'contradicting-roles': 'The members do not agree on a primary key',
  'member-disabled': 'A key is disabled',
  'pending-deletion': 'A key is going to be deleted',
  'rotation-off': 'Automatic rotation is off',
  'single-member': 'No key outside one Region',
}

export const severities: readonly Severity[] = ['high', 'medium', 'low']

const gravest = (findings: Finding[]): Severity =>
  severities.find((severity) => findings.some((finding) => finding.severity === severity)) ?? 'low'

/** All findings by kind and family, the gravest kinds first; families keep the order of the topology. */
export function attentionOf(topology: Pick<Topology, 'families'>): AttentionGroup[] {
  const byId = new Map<string, AttentionItem[]>()
  for (const family of topology.families) {
    for (const [id, findings] of Map.groupBy(family.findings, (finding) => finding.id)) {
      const items = byId.get(id) ?? []
      items.push({ family, findings })
      byId.set(id, items)
    }
  }
  return [...byId]
    .map(([id, items]) => {
      const findings = items.flatMap((item) => item.findings)
      return { id, severity: gravest(findings), title: titles[id] ?? id, count: findings.length, items }
    })
    .sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity) || byText(a.title, b.title))
}

/** Families whose primary key KMS does not name now. */
export const familiesWithoutPrimary = ({ families }: Pick<Topology, 'families'>): Family[] =>
  families.filter((family) => !primaryOf(family))
