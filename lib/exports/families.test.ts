import { describe, expect, it } from 'vitest'
import { assembleTopology } from '@/lib/topology/assemble'
import { blindSpotsOf } from '@/lib/topology/blind-spots'
import type { RegionReading } from '@/lib/topology/readings'
import { givenArn, givenKeyId, givenReadings, READ_AT, withoutPart } from '@/lib/topology/scenarios/given-readings'
import { familiesAsCsv, familiesAsJson } from './families'

const KEY = givenKeyId('a1')
const AT = { version: 1, takenAt: READ_AT }

const readings = givenReadings(
  ['us-east-1', 'eu-west-1'],
  [
    {
      keyId: KEY,
      primary: 'us-east-1',
      replicas: ['eu-west-1'],
      aliases: ['alias/a', 'alias/b'],
      in: { 'eu-west-1': { state: 'Disabled', description: '=HYPERLINK("http://evil.example","pay")' } },
    },
  ],
)

function exported(of: RegionReading[]) {
  const { families, regions } = assembleTopology(of, AT)
  const spots = blindSpotsOf({ families, regions })
  return {
    families,
    lines: familiesAsCsv(families, spots).split('\r\n'),
    json: JSON.parse(familiesAsJson(families, spots)),
  }
}

describe('familiesAsCsv', () => {
  const { lines } = exported(readings)

  it('writes one line a member under one head', () => {
    expect(lines).toHaveLength(4)
    expect(lines[2]).toBe(
      `alias/a,${KEY},us-east-1,PRIMARY,Enabled,live,${READ_AT},alias/a alias/b,us-east-1,SYMMETRIC_DEFAULT,ENCRYPT_DECRYPT,AWS_KMS,on,365,2027-02-03T09:00:00.000Z,,${givenArn('us-east-1', KEY)},,`,
    )
  })

  it('tells findings with the Region they are about, and disarms what people typed', () => {
    expect(lines[1]).toContain('Disabled')
    expect(lines[1]).toContain('high: The key in eu-west-1 is disabled')
    expect(lines[1]).toContain(`"'=HYPERLINK(""http://evil.example"",""pay"")"`)
  })

  it('says what of a member could not be read', () => {
    const { lines: partly } = exported(withoutPart(readings, 'eu-west-1', 'aliases'))
    expect(partly).toHaveLength(4)
    expect(partly[1]).toMatch(/,aliases: AccessDeniedException: not authorized to list the aliases$/)
    expect(partly[2]).toMatch(/,$/)
  })

  it('has a line for a Region that may hold further families', () => {
    const { lines: partly } = exported(withoutPart(readings, 'eu-west-1', 'keys'))
    expect(partly).toHaveLength(5)
    expect(partly[3]).toMatch(/^,,eu-west-1,,,not read,,.*,The keys of eu-west-1 could not be listed: AccessDenied/)
    expect(partly[3]?.split(',')).toHaveLength(partly[0]?.split(',').length ?? 0)
  })
})

describe('familiesAsJson', () => {
  it('holds the families as the topology does, and no blind spot where there is none', () => {
    const { families, json } = exported(readings)
    expect(json).toEqual({ families, blindSpots: [] })
  })

  it('says what is missing, of the families that it holds', () => {
    expect(exported(withoutPart(readings, 'eu-west-1', 'aliases')).json.blindSpots).toMatchObject([
      { region: 'eu-west-1', part: 'aliases', families: [KEY] },
    ])
    const spots = blindSpotsOf(assembleTopology(withoutPart(readings, 'eu-west-1', 'aliases'), AT))
    expect(JSON.parse(familiesAsJson([], spots))).toEqual({ families: [], blindSpots: [] })
    const hiding = blindSpotsOf(assembleTopology(withoutPart(readings, 'eu-west-1', 'keys'), AT))
    expect(JSON.parse(familiesAsJson([], hiding)).blindSpots).toMatchObject([{ part: 'keys', families: [] }])
  })
})
