import { describe, expect, it } from 'vitest'
import { assembleTopology } from '@/lib/topology/assemble'
import { givenArn, givenKeyId, givenReadings, READ_AT } from '@/lib/topology/scenarios/given-readings'
import { familiesAsCsv, familiesAsJson } from './families'

const KEY = givenKeyId('a1')

const { families } = assembleTopology(
  givenReadings(
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
  ),
  { version: 1, takenAt: READ_AT },
)

describe('familiesAsCsv', () => {
  const lines = familiesAsCsv(families).split('\r\n')

  it('writes one line a member under one head', () => {
    expect(lines).toHaveLength(4)
    expect(lines[2]).toBe(
      `alias/a,${KEY},us-east-1,PRIMARY,Enabled,live,${READ_AT},alias/a alias/b,us-east-1,SYMMETRIC_DEFAULT,ENCRYPT_DECRYPT,AWS_KMS,on,365,2027-02-03T09:00:00.000Z,,${givenArn('us-east-1', KEY)},`,
    )
  })

  it('tells findings with the Region they are about, and disarms what people typed', () => {
    expect(lines[1]).toContain('Disabled')
    expect(lines[1]).toContain('high: The key in eu-west-1 is disabled')
    expect(lines[1]).toContain(`"'=HYPERLINK(""http://evil.example"",""pay"")"`)
  })
})

describe('familiesAsJson', () => {
  it('holds the families as the topology does', () => {
    expect(JSON.parse(familiesAsJson(families))).toEqual({ families })
  })
})
