import { describe, expect, it } from 'vitest'
import type { Member } from '@/lib/topology/topology'
import { lookOf } from './member-look'

const look = (change: Partial<Member>) => {
  const { shape, letter, word, says } = lookOf({
    arn: 'arn:aws:kms:eu-west-1:111122223333:key/mrk-1',
    region: 'eu-west-1',
    role: 'REPLICA',
    state: 'Enabled',
    description: '',
    aliases: [],
    rotation: null,
    asOf: '2026-11-23T22:10:00.000Z',
    known: 'live',
    ...change,
  })
  return [shape, letter, word, says].join(' | ')
}

describe('lookOf', () => {
  it.each([
    [{}, 'replica | R | Replica | replica key, Enabled'],
    [{ role: 'PRIMARY' }, 'primary | P | Primary | primary key, Enabled'],
    [{ state: 'Disabled' }, 'disabled | R | Disabled | replica key, Disabled'],
    [{ state: 'Unavailable', role: 'PRIMARY' }, 'disabled | P | Unavailable | primary key, Unavailable'],
    [{ state: 'PendingDeletion' }, 'pending | R! | Pending deletion | replica key, Pending deletion'],
    [{ state: 'PendingImport' }, 'pending | R! | Pending import | replica key, Pending import'],
    [{ state: 'Creating' }, 'moving | R… | Creating | replica key, Creating'],
    [{ state: 'Updating', role: 'PRIMARY' }, 'moving | P… | Updating | primary key, Updating'],
    [{ known: 'stale' }, 'unreadable | R? | Enabled when last read | replica key, Enabled when last read'],
    [{ known: 'inferred', state: 'Unknown' }, 'unreadable | R? | State not known | replica key, state not known'],
  ] satisfies [Partial<Member>, string][])('shows %j', (change, expected) => {
    expect(look(change)).toBe(expected)
  })
})
