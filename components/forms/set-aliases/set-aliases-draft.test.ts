import { describe, expect, it } from 'vitest'
import { givenTopology } from '@/lib/plans/given-plans'
import { setAliasesRequest } from '@/lib/plans/set-aliases'
import { compareAliases } from '@/lib/topology/comparisons'
import { familyOf } from '@/lib/topology/family'
import { givenKeyId } from '@/lib/topology/scenarios/given-readings'
import { fieldsOf } from '../plan-form'
import {
  changesOf,
  describeChange,
  newChange,
  reasonAgainst,
  regionsTakingAliases,
  requestOf,
  withoutPrefix,
  withPrefix,
} from './set-aliases-draft'

const keyId = givenKeyId('e3')
const other = givenKeyId('e4')

/** alias/app: here in us-east-1, missing in eu-west-1, another family's in us-west-2. */
function drifted() {
  const topology = givenTopology(
    [
      {
        keyId,
        primary: 'us-east-1',
        replicas: ['eu-west-1', 'us-west-2'],
        in: { 'us-east-1': {} },
      },
      { keyId: other, primary: 'us-west-2', aliases: ['alias/app'] },
    ],
    (readings) =>
      readings.map((reading) =>
        reading.region === 'us-east-1'
          ? { ...reading, aliases: [...reading.aliases, { name: 'alias/app', keyId }] }
          : reading,
      ),
  )
  const family = familyOf(topology, keyId)
  const [row] = family ? compareAliases(family, topology) : []
  if (!family || !row) throw new Error('The family was not assembled')
  return { family, row }
}

describe('newChange', () => {
  const { family, row } = drifted()

  it('deletes and renames where the alias is, and retargets where another key has it', () => {
    expect(newChange(0, 'delete', row, family).regions).toEqual(['us-east-1'])
    expect(newChange(0, 'rename', row, family).regions).toEqual(['us-east-1'])
    expect(newChange(0, 'retarget', row, family).regions).toEqual(['us-west-2'])
  })

  it('adds an alias in every Region of the family', () => {
    expect(newChange(0, 'create', undefined, family).regions).toEqual(['eu-west-1', 'us-east-1', 'us-west-2'])
  })
})

describe('reasonAgainst', () => {
  const { family, row } = drifted()

  it('offers what can be done, and nothing twice', () => {
    expect(reasonAgainst('everywhere', row, [])).toBeUndefined()
    expect(reasonAgainst('retarget', row, [])).toBeUndefined()
    expect(reasonAgainst('delete', row, [newChange(0, 'delete', row, family)])).toBe('Chosen already, see below')
  })

  it('says why an alias that is everywhere cannot be made equal', () => {
    const equal = { ...row, isEverywhere: true, cells: { 'us-east-1': { is: 'here' as const, stale: false } } }
    expect(reasonAgainst('everywhere', equal, [])).toContain('every Region')
    expect(reasonAgainst('retarget', equal, [])).toContain('another key')
  })
})

describe('requestOf', () => {
  const { family, row } = drifted()

  it('makes a request that the schema takes, of every kind of change', () => {
    const changes = [
      newChange(0, 'everywhere', { ...row, name: 'alias/a' }, family),
      { ...newChange(1, 'rename', row, family), to: 'alias/b' },
      newChange(2, 'retarget', row, family),
      newChange(3, 'delete', row, family),
      { ...newChange(4, 'create', undefined, family), name: 'alias/c' },
    ]
    const request = requestOf(keyId, changes)
    expect(fieldsOf(setAliasesRequest, request)).toEqual({})
    expect(requestOf(keyId, changesOf(request))).toEqual(request)
  })

  it('leaves what is missing to its field', () => {
    const changes = [newChange(0, 'rename', row, family), { ...newChange(1, 'create', undefined, family), regions: [] }]
    expect(fieldsOf(setAliasesRequest, requestOf(keyId, changes))).toEqual({
      'changes.0.to': 'Type a name after alias/',
      'changes.1.name': 'Type a name after alias/',
      'changes.1.regions': 'Choose at least one Region',
    })
  })

  it('asks for at least one change', () => {
    expect(fieldsOf(setAliasesRequest, requestOf(keyId, []))).toEqual({ changes: 'Change at least one alias' })
  })
})

describe('changesOf', () => {
  it('leaves out what it cannot read', () => {
    expect(
      changesOf({ kind: 'set-aliases', keyId, changes: [null, { change: 'burn' }, { change: 'delete' }] }),
    ).toEqual([{ id: 2, change: 'delete', name: '', to: '', regions: [] }])
    expect(changesOf({ kind: 'set-aliases', keyId })).toEqual([])
  })
})

describe('words and names', () => {
  it('says what a change does', () => {
    const { family, row } = drifted()
    expect(describeChange(newChange(0, 'delete', row, family))).toBe('Delete alias/app in us-east-1.')
  })

  it('takes a name with and without the prefix', () => {
    expect(withPrefix('app')).toBe('alias/app')
    expect(withPrefix('alias/app')).toBe('alias/app')
    expect(withPrefix('')).toBe('')
    expect(withoutPrefix('alias/app')).toBe('app')
  })

  it('leaves out keys that are pending deletion', () => {
    const topology = givenTopology([
      { keyId, primary: 'us-east-1', replicas: ['eu-west-1'], in: { 'eu-west-1': { state: 'PendingDeletion' } } },
    ])
    const family = familyOf(topology, keyId)
    expect(family && regionsTakingAliases(family)).toEqual(['us-east-1'])
  })
})
