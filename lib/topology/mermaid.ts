// Mermaid texts of the two graphs, and beside each its title, its description and what its nodes stand for.
//
// The texts carry class names and no colours: the component appends `classDefs(…)` of the scheme in use. They are
// drawn under `securityLevel: 'strict'`; every text from outside goes through `label` or `sentence`.

import { byText, familyName, noAliasInWords, primaryOf, replicasOf } from './family'
import { inWords } from './in-words'
import { stateInWords } from './key-state'
import { isRead, isReadable } from './region-trouble'
import type { Family, Member, RegionStatus, RegionView, Topology } from './topology'

/** What a node says about itself by its shape, its border and its colour; its text always says it too. */
export type NodeClass = 'primary' | 'replica' | 'disabled' | 'pending' | 'unreadable' | 'missing'

export interface Graph<Node> {
  text: string
  /** For people who do not see the graph; also in the text as accTitle and accDescr. */
  title: string
  description: string
  nodes: Node[]
}

export interface RegionNode {
  id: string
  region: string
  primaries: number
  replicas: number
  /**
   * `read in part` when it answers and something other than rotation could not be read; `not read` for a Region that is
   * not scanned, and that relatives name.
   */
  status: RegionStatus | 'read in part' | 'not read'
}

/** Families with the primary key in `from` and a replica key in `to`. */
export interface RegionArrow {
  from: string
  to: string
  families: number
}

/** Both ways between two Regions as one arrow, that of more families first; `back` is 0 for a way that is one-way. */
export interface PairArrow extends RegionArrow {
  back: number
}

export interface RegionMap extends Graph<RegionNode> {
  arrows: PairArrow[]
  /** Arrows that are not in the text: the lightest ones, listed by the table. */
  left: number
}

export interface MemberNode {
  id: string
  region: string
  /** Null for a Region without a member, offered for replication. */
  arn: string | null
}

/** Mermaid lays out on the main thread and stops at 500 edges; past this many a map is a ball of wool anyway. */
export const MAX_ARROWS = 60

const LABEL_LENGTH = 60

/** One node id a Region, of letters, digits and underscores; Region names hold letters, digits and dashes. */
const nodeId = (region: string) =>
  `r_${region.replace(/[^a-zA-Z0-9]/g, (character) => (character === '-' ? '_' : `_${character.codePointAt(0)}_`))}`

const shortened = (text: string) => {
  const characters = [...text]
  return characters.length <= LABEL_LENGTH ? text : `${characters.slice(0, LABEL_LENGTH - 1).join('')}…`
}

/** Control characters, line breaks and bidirectional marks have no place in a label. */
const plain = (text: string) => text.replace(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, ' ').trim()

/** Mermaid reads formulas (`$$x$$`) and icons (`fa:fa-ban`) out of decoded labels: an invisible word joiner parts them. */
const JOINER = '#8288;'

/**
 * Text as part of a label: anything but letters, digits and harmless signs becomes a numeric entity of Mermaid
 * (`#60;`), so that nothing in it is syntax, markup, Markdown or a directive.
 */
const label = (text: string) =>
  shortened(plain(text)).replace(/[^\p{L}\p{N} ,./()·…-]/gu, (character) => {
    const entity = `#${character.codePointAt(0)};`
    return character === '$' || character === ':' ? entity + JOINER : entity
  })

/** Text for accTitle and accDescr, which know no entities: other signs become spaces. */
const sentence = (text: string) => plain(text.replace(/[^\p{L}\p{N} ,./()·…:_+-]/gu, ' '))

const lines = (parts: string[]) => parts.map(label).join('<br/>')

/** A shape a class, so that colour is never the only sign. */
const shapes: Record<NodeClass, readonly [string, string]> = {
  primary: ['[["', '"]]'],
  replica: ['("', '")'],
  disabled: ['[/"', '"/]'],
  pending: ['{{"', '"}}'],
  unreadable: ['>"', '"]'],
  missing: ['["', '"]'],
}

const drawn = (id: string, parts: string[], nodeClass: NodeClass) => {
  const [open, close] = shapes[nodeClass]
  return [`  ${id}${open}${lines(parts)}${close}`, `  class ${id} ${nodeClass}`]
}

const flowchart = (title: string, description: string, body: string[]) =>
  ['flowchart LR', `  accTitle: ${sentence(title)}`, `  accDescr: ${sentence(description)}`, ...body].join('\n')

const count = (many: number, one: string, more: string) => `${many.toLocaleString('en-US')} ${many === 1 ? one : more}`

/** Stroke width in px: the heaviest arrow gets 8, a single family 1. */
const weight = (families: number, heaviest: number) =>
  heaviest <= 1 ? 2 : 1 + Math.round((7 * (families - 1)) / (heaviest - 1))

/** All arrows between Regions, the heaviest first. */
export function arrowsOf(families: Family[]): RegionArrow[] {
  const counted = new Map<string, RegionArrow>()
  for (const family of families) {
    const from = family.primaryRegion
    if (from === null) continue
    for (const { region: to } of replicasOf(family)) {
      const key = `${from}>${to}`
      const arrow = counted.get(key) ?? { from, to, families: 0 }
      arrow.families += 1
      counted.set(key, arrow)
    }
  }
  return [...counted.values()].sort((a, b) => b.families - a.families || byText(a.from, b.from) || byText(a.to, b.to))
}

/** One arrow for each two Regions, the heaviest first. */
function pairsOf(arrows: RegionArrow[]): PairArrow[] {
  const pairs = new Map<string, PairArrow>()
  for (const arrow of arrows) {
    const key = [arrow.from, arrow.to].sort(byText).join()
    const there = pairs.get(key)
    if (there) there.back = arrow.families
    else pairs.set(key, { ...arrow, back: 0 })
  }
  const weightOf = ({ families, back }: PairArrow) => families + back
  return [...pairs.values()].sort((a, b) => weightOf(b) - weightOf(a))
}

const statusOf = (region: RegionView): RegionNode['status'] => {
  if (!isReadable(region)) return region.status
  return region.unreadable?.some(({ part }) => part !== 'rotation') ? 'read in part' : 'ok'
}

/**
 * The map of all Regions: one node a Region, one arrow a pair of Regions that share families, as thick as their
 * number. It grows with the Regions, never with the keys.
 */
export function regionMap(topology: Topology): RegionMap {
  const nodes = new Map<string, RegionNode>()
  const at = (region: string): RegionNode => {
    const node = nodes.get(region) ?? { id: nodeId(region), region, primaries: 0, replicas: 0, status: 'not read' }
    nodes.set(region, node)
    return node
  }
  for (const region of topology.regions) at(region.name).status = statusOf(region)
  for (const family of topology.families) {
    for (const { region } of family.members) {
      if (region === family.primaryRegion) at(region).primaries += 1
      else at(region).replicas += 1
    }
  }
  const sorted = [...nodes.values()].sort((a, b) => byText(a.region, b.region))
  const all = pairsOf(arrowsOf(topology.families))
  const arrows = all.slice(0, MAX_ARROWS)
  const heaviest = arrows[0] ? arrows[0].families + arrows[0].back : 0

  const classOf = (node: RegionNode): NodeClass => {
    if (node.status !== 'ok' && node.status !== 'read in part') return 'unreadable'
    if (node.primaries > 0) return 'primary'
    return node.replicas > 0 ? 'replica' : 'missing'
  }
  const trouble = (node: RegionNode) => (node.status === 'ok' ? [] : [node.status])
  const content = (node: RegionNode) =>
    node.primaries + node.replicas === 0
      ? 'no multi-Region keys'
      : `${node.primaries.toLocaleString('en-US')} primary · ${node.replicas.toLocaleString('en-US')} replica`

  const title = 'Region map'
  const inPart = sorted.filter((node) => node.status === 'read in part').map((node) => node.region)
  const unread = sorted.filter((node) => classOf(node) === 'unreadable').map((node) => node.region)
  const description = [
    `${count(topology.families.length, 'key family', 'key families')} in ${count(sorted.length, 'Region', 'Regions')}.`,
    `Each arrow leads from the Region of a primary key to that of a replica key, or both ways: ${count(all.length, 'pair', 'pairs')}.`,
    ...(unread.length > 0 ? [`Not readable: ${inWords(unread)}.`] : []),
    ...(inPart.length > 0 ? [`Readable in part: ${inWords(inPart)}.`] : []),
  ].join(' ')

  const body = [
    ...sorted.flatMap((node) => drawn(node.id, [node.region, content(node), ...trouble(node)], classOf(node))),
    ...arrows.map(({ from, to, families, back }) => {
      const words = count(families, 'family', 'families') + (back > 0 ? `, ${back.toLocaleString('en-US')} back` : '')
      return `  ${nodeId(from)} ${back > 0 ? '<-->' : '-->'}|"${label(words)}"| ${nodeId(to)}`
    }),
    ...arrows.map(
      ({ families, back }, index) => `  linkStyle ${index} stroke-width:${weight(families + back, heaviest)}px`,
    ),
  ]
  return {
    text: flowchart(title, description, body),
    title,
    description,
    nodes: sorted,
    arrows,
    left: all.length - arrows.length,
  }
}

const memberClass = (member: Member): NodeClass => {
  if (member.known !== 'live') return 'unreadable'
  if (member.state === 'Disabled' || member.state === 'Unavailable') return 'disabled'
  if (member.state !== 'Enabled') return 'pending'
  return member.role === 'PRIMARY' ? 'primary' : 'replica'
}

const aliasLine = (member: Member, [first, ...more] = member.aliases) =>
  first === undefined ? noAliasInWords(member) : more.length === 0 ? first : `${first} and ${more.length} more`

/**
 * The graph of one family: one node a member, arrows from the primary key to its replica keys, and on request
 * a dashed `+ region` for each readable Region that has no member yet.
 */
export function familyGraph(
  family: Family,
  regions: readonly RegionView[] = [],
  options: { offerMissing?: boolean } = {},
): Graph<MemberNode> {
  const primary = primaryOf(family)
  const replicas = replicasOf(family)
  const taken = new Set(family.members.map((member) => member.region))
  const missing = options.offerMissing
    ? regions
        .filter((region) => isRead(region, 'keys') && !taken.has(region.name))
        .map((region) => region.name)
        .sort(byText)
    : []
  const roleOf = (member: Member) => (member.role === 'PRIMARY' ? 'PRIMARY' : 'replica')
  const tell = (member: Member) => `${member.region} (${stateInWords(member)})`

  const title = `Key family ${familyName(family)}`
  const description = [
    primary ? `Primary key in ${tell(primary)}.` : 'KMS names no primary key now.',
    replicas.length === 0
      ? 'No replica keys.'
      : `${primary ? count(replicas.length, 'replica key', 'replica keys') : 'Keys'} in ${replicas.map(tell).join(', ')}.`,
  ].join(' ')

  const arrow = (replica: Member) => (memberClass(replica) === 'replica' ? '-->' : '-.->')
  const body = [
    ...family.members.flatMap((member) =>
      drawn(
        nodeId(member.region),
        [member.region, `${roleOf(member)} · ${stateInWords(member)}`, aliasLine(member)],
        memberClass(member),
      ),
    ),
    ...missing.flatMap((region) => drawn(nodeId(region), [`+ ${region}`, 'no key yet'], 'missing')),
    ...(primary
      ? [
          ...replicas.map((replica) => `  ${nodeId(primary.region)} ${arrow(replica)} ${nodeId(replica.region)}`),
          ...missing.map((region) => `  ${nodeId(primary.region)} -.- ${nodeId(region)}`),
        ]
      : []),
  ]
  return {
    text: flowchart(title, description, body),
    title,
    description,
    nodes: [
      ...family.members.map(({ region, arn }) => ({ id: nodeId(region), region, arn })),
      ...missing.map((region) => ({ id: nodeId(region), region, arn: null })),
    ],
  }
}

interface NodeColours {
  fill: string
  stroke: string
  text: string
}

type Palette = Record<NodeClass, NodeColours>

/** Text on fill is at least 4.5 : 1 and border on fill at least 3 : 1 in both schemes (WCAG 2.2, 1.4.3 and 1.4.11). */
export const palettes: Record<'light' | 'dark', Palette> = {
  light: {
    primary: { fill: '#0b5394', stroke: '#9cc9f5', text: '#ffffff' },
    replica: { fill: '#e8f2fc', stroke: '#0b5394', text: '#0f141a' },
    disabled: { fill: '#ebebf0', stroke: '#656871', text: '#35393f' },
    pending: { fill: '#fff3d6', stroke: '#855900', text: '#4f3500' },
    unreadable: { fill: '#fdecea', stroke: '#b3261e', text: '#7a130d' },
    missing: { fill: '#ffffff', stroke: '#656871', text: '#424650' },
  },
  dark: {
    primary: { fill: '#75cfff', stroke: '#08334d', text: '#0f141a' },
    replica: { fill: '#10263b', stroke: '#75cfff', text: '#ebebf0' },
    disabled: { fill: '#2a2f36', stroke: '#a4a8b3', text: '#dedee3' },
    pending: { fill: '#3a2c05', stroke: '#ffd166', text: '#fff0c4' },
    unreadable: { fill: '#3d1513', stroke: '#ff8a80', text: '#ffdad6' },
    missing: { fill: '#161d26', stroke: '#a4a8b3', text: '#c6c6cd' },
  },
}

const dashed: readonly NodeClass[] = ['disabled', 'unreadable', 'missing']

/** The `classDef` lines of a colour scheme, to be appended to a graph's text after a line break. */
export function classDefs(scheme: 'light' | 'dark'): string {
  return Object.entries(palettes[scheme])
    .map(([nodeClass, { fill, stroke, text }]) => {
      const dash = dashed.some((name) => name === nodeClass) ? ',stroke-dasharray:5 4' : ''
      const width = nodeClass === 'primary' ? 3 : 2
      return `  classDef ${nodeClass} fill:${fill},stroke:${stroke},color:${text},stroke-width:${width}px${dash}`
    })
    .join('\n')
}
