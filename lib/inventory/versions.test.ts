import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mergeTopology } from '@/lib/topology/delta'
import type { RegionReading } from '@/lib/topology/readings'
import { anyReadings } from '@/lib/topology/scenarios/any-readings'
import { givenKeyId, givenReadings } from '@/lib/topology/scenarios/given-readings'
import type { Topology } from '@/lib/topology/topology'
import { Versions } from './versions'

const STARTED = new Date('2026-11-23T22:00:00.000Z')
const LATER = new Date('2026-11-23T22:30:00.000Z')

const keyId = givenKeyId('a1')
const regions = ['us-east-1', 'eu-west-1']
const family = { keyId, primary: 'us-east-1', replicas: ['eu-west-1'] }
const healthy = givenReadings(regions, [family])
const disabled = givenReadings(regions, [{ ...family, in: { 'eu-west-1': { state: 'Disabled' } } }])
const empty = givenReadings(regions)

/** Without what may differ between two readings of the same world. */
const content = (topology: Topology) =>
  JSON.parse(
    JSON.stringify({ ...topology, takenAt: '', since: undefined, removed: undefined }, (field, value) =>
      field === 'asOf' ? undefined : value,
    ),
  )

describe('Versions', () => {
  it('counts from the clock, so that versions of an earlier process are unknown', () => {
    const versions = new Versions(empty, STARTED, STARTED.getTime())
    expect(versions.topology.version).toBe(STARTED.getTime())
    versions.update(healthy, LATER)
    expect(versions.since(STARTED.getTime() - 1)).toBe(versions.topology)
    expect(versions.since(versions.topology.version + 1)).toBe(versions.topology)
    expect(versions.since(Number.NaN)).toBe(versions.topology)
  })

  it('rises only when something other than ages has changed, and shows the newest ages all the same', () => {
    const versions = new Versions(healthy, STARTED, STARTED.getTime())
    const { version } = versions.topology
    const aged = healthy.map((reading) => ({
      ...reading,
      asOf: LATER.toISOString(),
      members: reading.members.map((member) => ({ ...member, asOf: LATER.toISOString() })),
    }))
    expect(versions.update(aged, LATER)).toBe(false)
    expect(versions.topology).toMatchObject({ version, takenAt: LATER.toISOString() })
    expect(versions.topology.families[0]?.members[0]?.asOf).toBe(LATER.toISOString())

    expect(versions.update(disabled, LATER)).toBe(true)
    expect(versions.topology.version).toBe(version + 1)
  })

  it('rises when only a Region, a count or an alias of another key has changed', () => {
    const change = (fields: Partial<RegionReading>) =>
      healthy.map((reading) => (reading.region === 'eu-west-1' ? { ...reading, ...fields } : reading))
    const legacy = { region: 'eu-west-1', name: 'alias/legacy', keyId: '1234abcd-12ab-34cd-56ef-1234567890ab' }
    for (const [changed, told] of [
      [change({ message: 'The rotation of one key could not be read' }), { regions: [{ name: 'eu-west-1' }] }],
      [change({ otherKeys: 7 }), { regions: [], otherKeys: 7 }],
      [change({ aliases: [legacy] }), { regions: [], otherAliases: [legacy] }],
    ] as const) {
      const versions = new Versions(healthy, STARTED, STARTED.getTime())
      const { version } = versions.topology
      expect(versions.update(changed, LATER)).toBe(true)
      expect(versions.since(version)).toMatchObject({ families: [], ...told })
      expect(versions.since(version + 1)).toMatchObject({ families: [], regions: [] })
      expect(versions.since(version + 1)).not.toHaveProperty('otherAliases')
    }
  })

  it('tells what changed, and what is gone, since a version', () => {
    const versions = new Versions(empty, STARTED, STARTED.getTime())
    const start = versions.topology.version
    versions.update(healthy, LATER)
    versions.update(disabled, LATER)
    expect(versions.since(start)).toMatchObject({ since: start, families: [{ keyId }], removed: [] })
    expect(versions.since(versions.topology.version)).toMatchObject({ families: [], removed: [] })

    const before = versions.topology.version
    versions.update(empty, LATER)
    expect(versions.since(before)).toMatchObject({ families: [], removed: [keyId] })
    versions.update(healthy, LATER)
    expect(versions.since(before)).toMatchObject({ families: [{ keyId }], removed: [] })
  })

  it('brings a browser from any version to the newest', () => {
    fc.assert(
      fc.property(fc.array(anyReadings, { minLength: 2, maxLength: 6 }), ([first = [], ...rest]) => {
        const versions = new Versions(first, STARTED, STARTED.getTime())
        const seen = [versions.topology]
        for (const readings of rest) {
          versions.update(readings, LATER)
          seen.push(versions.topology)
        }
        for (const known of seen) {
          const merged = mergeTopology(known, versions.since(known.version))
          expect(content(merged)).toEqual(content(versions.topology))
        }
      }),
      { numRuns: 60 },
    )
  })
})
