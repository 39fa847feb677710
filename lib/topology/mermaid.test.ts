import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assembleTopology } from './assemble'
import { classDefs, familyGraph, MAX_ARROWS, palettes, regionMap } from './mermaid'
import { kmsRegions } from './regions'
import { anyReadings } from './scenarios/any-readings'
import { type GivenFamily, givenArn, givenKeyId, givenReadings, READ_AT, withRegion } from './scenarios/given-readings'
import type { Family, Topology } from './topology'

/** Mermaid's own limit (`maxTextSize`). */
const MAX_TEXT = 50_000

const KEY = givenKeyId('a1')
const regions = ['us-east-1', 'eu-west-1', 'ap-south-1']
const given: GivenFamily = { keyId: KEY, primary: 'us-east-1', replicas: ['eu-west-1'], aliases: ['alias/billing'] }

const topologyOf = (families: GivenFamily[], scanned = regions) =>
  assembleTopology(givenReadings(scanned, families), { version: 1, takenAt: READ_AT })

const firstOf = (topology: Topology): Family => topology.families[0] ?? expect.fail('a family is there')

/** What a graph's text may consist of; labels hold letters, digits, a few signs, numeric entities and line breaks. */
const LABEL = String.raw`"(?:[\p{L}\p{N} ,./()·…-]|#\d+;|<br\/>)*"`
const GRAMMAR = [
  /^flowchart LR$/,
  /^ {2}acc(Title|Descr): [\p{L}\p{N} ,./()·…:_+-]+$/u,
  new RegExp(String.raw`^ {2}r_\w*(\[\[|\(|\[\/|\{\{|>|\[)${LABEL}(\]\]|\)|\/\]|\}\}|\])$`, 'u'),
  /^ {2}class r_\w* (primary|replica|disabled|pending|unreadable|missing)$/,
  /^ {2}r_\w* (-->|-\.->|-\.-) r_\w*$/,
  /^ {2}r_\w* <?-->\|"[\d#;, a-z]+"\| r_\w*$/,
  /^ {2}linkStyle \d+ stroke-width:\d+px$/,
]
const expectSound = (text: string) => {
  for (const line of text.split('\n')) {
    expect(
      GRAMMAR.some((rule) => rule.test(line)),
      line,
    ).toBe(true)
  }
}

const linksIn = (text: string) => text.split('\n').filter((line) => / (<?-->|-\.->|-\.-)/.test(line))

const hostile = [
  '"]; click r_us_east_1 call alert(1)',
  '<img src=x onerror=alert(1)>',
  '`**bold** _x_`',
  '%%{init: {"securityLevel": "loose"}}%%',
  'x\n  r_us_east_1 --> r_evil',
  '#quot;#lt;script#gt;',
  '&lt;b&gt;',
  'style:#f00;',
  'classDef primary fill:#f00;',
  'a\u202Egnp.exe',
  '$$x^2$$',
  'fa:fa-ban',
  '@{ shape: circle }',
  'end',
  '---\nconfig: {}\n---',
]

describe('regionMap', () => {
  it('draws one node a Region and one arrow a Region pair, as thick as it is heavy', () => {
    const map = regionMap(
      topologyOf([
        given,
        { ...given, keyId: givenKeyId('b2'), aliases: [] },
        { keyId: givenKeyId('c3'), primary: 'eu-west-1', replicas: ['us-east-1'] },
      ]),
    )
    expect(map.nodes).toEqual([
      { id: 'r_ap_south_1', region: 'ap-south-1', primaries: 0, replicas: 0, status: 'ok' },
      { id: 'r_eu_west_1', region: 'eu-west-1', primaries: 1, replicas: 2, status: 'ok' },
      { id: 'r_us_east_1', region: 'us-east-1', primaries: 2, replicas: 1, status: 'ok' },
    ])
    expect(map.arrows).toEqual([{ from: 'us-east-1', to: 'eu-west-1', families: 2, back: 1 }])
    expect(map.text).toBe(
      [
        'flowchart LR',
        '  accTitle: Region map',
        '  accDescr: 3 key families in 3 Regions. Each arrow leads from the Region of a primary key to that of a replica key, or both ways: 1 pair.',
        '  r_ap_south_1["ap-south-1<br/>no multi-Region keys"]',
        '  class r_ap_south_1 missing',
        '  r_eu_west_1[["eu-west-1<br/>1 primary · 2 replica"]]',
        '  class r_eu_west_1 primary',
        '  r_us_east_1[["us-east-1<br/>2 primary · 1 replica"]]',
        '  class r_us_east_1 primary',
        '  r_us_east_1 <-->|"2 families, 1 back"| r_eu_west_1',
        '  linkStyle 0 stroke-width:8px',
      ].join('\n'),
    )
  })

  it('shows what could not be read, and Regions that only relatives name', () => {
    const readings = withRegion(givenReadings(['us-east-1', 'ap-south-1'], [given]), 'ap-south-1', () => ({
      status: 'unreachable',
      asOf: null,
    }))
    const map = regionMap(assembleTopology(readings, { version: 1, takenAt: READ_AT }))
    expect(map.nodes.map(({ region, status }) => [region, status])).toEqual([
      ['ap-south-1', 'unreachable'],
      ['eu-west-1', 'not read'],
      ['us-east-1', 'ok'],
    ])
    expect(map.text).toContain('r_ap_south_1>"ap-south-1<br/>no multi-Region keys<br/>unreachable"]')
    expect(map.text).toContain('class r_eu_west_1 unreadable')
    expect(map.description).toContain('Not readable: ap-south-1 and eu-west-1.')
  })

  it('keeps the heaviest arrows and counts the others', () => {
    const scanned = kmsRegions('aws')
    const families = scanned.map((primary, index) => ({
      keyId: givenKeyId(index.toString(16)),
      primary,
      replicas: scanned.filter((region) => region !== primary),
    }))
    const heavy = { keyId: givenKeyId('fff'), primary: 'us-west-2', replicas: ['us-west-1'] }
    const map = regionMap(topologyOf([...families, heavy], scanned))
    expect(map.arrows).toHaveLength(MAX_ARROWS)
    expect(map.arrows[0]).toEqual({ from: 'us-west-2', to: 'us-west-1', families: 2, back: 1 })
    expect(map.left).toBe((34 * 33) / 2 - MAX_ARROWS)
    expect(linksIn(map.text)).toHaveLength(MAX_ARROWS)
    expect(map.text.length).toBeLessThan(MAX_TEXT)
    expectSound(map.text)
  })

  it('is always sound and small, and counts every member and every pair', () => {
    fc.assert(
      fc.property(anyReadings, (readings) => {
        const topology = assembleTopology(readings, { version: 1, takenAt: READ_AT })
        const map = regionMap(topology)
        expectSound(map.text)
        expect(map.text.length).toBeLessThan(MAX_TEXT)
        expect(linksIn(map.text).length).toBe(map.arrows.length)
        const members = topology.families.flatMap((family) => family.members)
        expect(map.nodes.reduce((sum, node) => sum + node.primaries + node.replicas, 0)).toBe(members.length)
        const pairs = new Set(
          topology.families.flatMap(({ primaryRegion, members: all }) =>
            primaryRegion === null
              ? []
              : all
                  .filter(({ region }) => region !== primaryRegion)
                  .map(({ region }) => [primaryRegion, region].sort().join(' ')),
          ),
        )
        expect(map.arrows.length + map.left).toBe(pairs.size)
        expect(new Set(map.nodes.map((node) => node.id)).size).toBe(map.nodes.length)
      }),
    )
  })
})

describe('familyGraph', () => {
  it('draws the primary key and its replica keys, with role and state in words', () => {
    const topology = topologyOf([
      { ...given, replicas: ['eu-west-1', 'ap-south-1'], in: { 'ap-south-1': { state: 'Disabled' } } },
    ])
    const graph = familyGraph(firstOf(topology))
    expect(graph.text).toBe(
      [
        'flowchart LR',
        '  accTitle: Key family alias/billing',
        '  accDescr: Primary key in us-east-1 (Enabled). 2 replica keys in ap-south-1 (Disabled), eu-west-1 (Enabled).',
        '  r_ap_south_1[/"ap-south-1<br/>replica · Disabled<br/>alias/billing"/]',
        '  class r_ap_south_1 disabled',
        '  r_eu_west_1("eu-west-1<br/>replica · Enabled<br/>alias/billing")',
        '  class r_eu_west_1 replica',
        '  r_us_east_1[["us-east-1<br/>PRIMARY · Enabled<br/>alias/billing"]]',
        '  class r_us_east_1 primary',
        '  r_us_east_1 -.-> r_ap_south_1',
        '  r_us_east_1 --> r_eu_west_1',
      ].join('\n'),
    )
    expect(graph.nodes[0]).toEqual({ id: 'r_ap_south_1', region: 'ap-south-1', arn: givenArn('ap-south-1', KEY) })
  })

  it.each([
    ['Creating', 'pending'],
    ['PendingImport', 'pending'],
    ['PendingDeletion', 'pending'],
    ['Disabled', 'disabled'],
    ['Enabled', 'replica'],
  ] as const)('draws a replica key that is %s as %s', (state, nodeClass) => {
    const family = firstOf(topologyOf([{ ...given, in: { 'eu-west-1': { state } } }]))
    expect(familyGraph(family).text).toContain(`class r_eu_west_1 ${nodeClass}`)
  })

  it('says of a member that was not read that its state is old or not known', () => {
    const readings = givenReadings(regions, [given])
    const failed = withRegion(readings, 'eu-west-1', () => ({ status: 'unreachable' }))
    const never = withRegion(failed, 'eu-west-1', () => ({ members: [], aliases: [] }))
    const [stale, inferred] = [failed, never].map((each) =>
      familyGraph(firstOf(assembleTopology(each, { version: 1, takenAt: READ_AT }))),
    )
    expect(stale?.text).toContain('>"eu-west-1<br/>replica · Enabled when last read<br/>alias/billing"]')
    expect(inferred?.text).toContain('>"eu-west-1<br/>replica · state not known<br/>aliases not read"]')
    expect(inferred?.text).toContain('class r_eu_west_1 unreadable')
  })

  it('offers readable Regions without a member when asked', () => {
    const scanned = [...regions, 'us-west-2']
    const topology = assembleTopology(
      withRegion(givenReadings(scanned, [given]), 'us-west-2', () => ({ status: 'denied' })),
      { version: 1, takenAt: READ_AT },
    )
    const family = firstOf(topology)
    const graph = familyGraph(family, topology.regions, { offerMissing: true })
    expect(graph.nodes.filter((node) => node.arn === null)).toEqual([
      { id: 'r_ap_south_1', region: 'ap-south-1', arn: null },
    ])
    expect(graph.text).toContain('  r_ap_south_1["#43; ap-south-1<br/>no key yet"]\n  class r_ap_south_1 missing')
    expect(graph.text).toContain('  r_us_east_1 -.- r_ap_south_1')
    expect(familyGraph(family, topology.regions).nodes).toHaveLength(2)
  })

  it('draws no arrow while KMS names no primary', () => {
    const updating = { role: 'REPLICA', state: 'Updating' } as const
    const family = firstOf(topologyOf([{ ...given, in: { 'us-east-1': updating, 'eu-west-1': updating } }]))
    const graph = familyGraph(family)
    expect(linksIn(graph.text)).toEqual([])
    expect(graph.description).toContain('KMS names no primary key now.')
  })

  it.each(hostile)('draws %j as plain text', (text) => {
    const family = firstOf(topologyOf([{ ...given, aliases: [`alias/${text}`], all: { description: text } }]))
    const graph = familyGraph(family)
    expectSound(graph.text)
    expect(linksIn(graph.text)).toHaveLength(1)
    expect(graph.text.split('\n')).toHaveLength(8)
  })

  it('leaves no formula and no icon for Mermaid to find once entities are decoded', () => {
    const family = firstOf(topologyOf([{ ...given, aliases: ['alias/$$x$$ fa:fa-ban'] }]))
    const decoded = familyGraph(family).text.replace(/#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    const labels = decoded.split('\n').filter((line) => line.includes('<br/>'))
    expect(labels.join()).toContain('fa:')
    expect(labels.join()).not.toMatch(/\$\$|\w:\w/)
  })

  it('draws any text as plain text, within the limits', () => {
    const anyText = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.constantFrom(...hostile))
    fc.assert(
      fc.property(anyText, anyText, (alias, region) => {
        const family = firstOf(topologyOf([{ ...given, aliases: [alias] }]))
        const view = { name: region, status: 'ok' as const, asOf: READ_AT }
        const graph = familyGraph(family, [view], { offerMissing: true })
        expectSound(graph.text)
        expect(graph.text.length).toBeLessThan(MAX_TEXT)
        expect(new Set(graph.nodes.map((node) => node.id)).size).toBe(graph.nodes.length)
      }),
    )
  })

  it('stays within the limits for a family with fifty long aliases in every Region', () => {
    const scanned = kmsRegions('aws')
    const [primary = '', ...replicas] = scanned
    const aliases = Array.from({ length: 50 }, (_, index) => `alias/${'_'.repeat(200)}${index}`)
    const topology = topologyOf([{ keyId: KEY, primary, replicas, aliases }], scanned)
    const { text } = familyGraph(firstOf(topology), topology.regions, { offerMissing: true })
    expect(text.length).toBeLessThan(MAX_TEXT)
    expect(linksIn(text)).toHaveLength(33)
  })
})

/** Relative luminance and contrast as WCAG 2.2 defines them. */
function contrast(a: string, b: string): number {
  const luminance = (colour: string) => {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
      const channel = Number.parseInt(colour.slice(at, at + 2), 16) / 255
      return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x)
  return (light + 0.05) / (dark + 0.05)
}

describe('palettes', () => {
  const colours = Object.entries(palettes).flatMap(([scheme, palette]) =>
    Object.entries(palette).map(([nodeClass, of]) => ({ scheme, nodeClass, ...of })),
  )

  it.each(colours)('$scheme $nodeClass is readable', ({ fill, text, stroke }) => {
    expect(contrast(fill, text)).toBeGreaterThanOrEqual(4.5)
    expect(contrast(fill, stroke)).toBeGreaterThanOrEqual(3)
  })
})

describe('classDefs', () => {
  it('defines every class of a scheme once', () => {
    for (const scheme of ['light', 'dark'] as const) {
      const names = classDefs(scheme)
        .split('\n')
        .map((line) => /^ {2}classDef (\w+) fill:#/.exec(line)?.[1])
      expect(names).toEqual(Object.keys(palettes[scheme]))
    }
  })
})
