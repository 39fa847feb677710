import { describe, expect, it } from 'vitest'
import { assembleTopology } from '@/lib/topology/assemble'
import { givenKeyId, givenReadings, READ_AT } from '@/lib/topology/scenarios/given-readings'
import { findCommands } from './find-commands'

const given = (digits: string, alias: string) => ({
  keyId: givenKeyId(digits),
  primary: 'us-east-1',
  replicas: ['eu-west-1'],
  aliases: [alias],
})
const { families } = assembleTopology(
  givenReadings(
    ['us-east-1', 'eu-west-1'],
    [given('a1', 'alias/old-billing'), given('b2', 'alias/billing'), given('c3', 'alias/sessions')],
  ),
  { version: 1, takenAt: READ_AT },
)
const texts = (text: string) => findCommands(text, families).commands.map((command) => command.text)

describe('findCommands', () => {
  it('offers screens and actions before anything is typed', () => {
    expect(texts('')).toEqual([
      'Overview',
      'Keys',
      'Runs',
      'Settings',
      'Create key',
      'Refresh now',
      'Turn light or dark',
    ])
  })

  it('finds families by alias, those that begin with the text first', () => {
    expect(texts('billing')).toEqual(['alias/billing', 'alias/old-billing'])
    expect(texts('alias/bill')).toEqual(['alias/billing'])
  })

  it('finds a family by its whole key id and by its end', () => {
    expect(texts(givenKeyId('c3'))).toEqual(['alias/sessions'])
    expect(texts('00c3')).toEqual(['alias/sessions'])
  })

  it('opens the plan of a verb with a family', () => {
    expect(findCommands('repl sess', families).commands).toMatchObject([
      { text: 'Replicate alias/sessions', deed: { request: { kind: 'replicate', keyId: givenKeyId('c3') } } },
    ])
    expect(texts('rotate now sessions')).toEqual(['Rotate now alias/sessions'])
  })

  it('says how many more families match than it shows', () => {
    const many = Array.from({ length: 40 }, (_, index) => given((index + 16).toString(16), `alias/many-${index}`))
    const topology = assembleTopology(givenReadings(['us-east-1', 'eu-west-1'], many), { version: 1, takenAt: READ_AT })
    const { commands, more } = findCommands('many', topology.families)
    expect(commands.length + more).toBe(40)
    expect(more).toBeGreaterThan(0)
  })

  it('finds nothing for nonsense', () => {
    expect(findCommands('zzz', families)).toEqual({ commands: [], more: 0 })
  })
})
