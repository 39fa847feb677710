import { describe, expect, it } from 'vitest'
import { defaultPolicy } from '@/lib/plans/checks/key-policy'
import type { Family } from '@/lib/topology/topology'
import { draftOf, regionOptions, requestOf } from './replicate-draft'

const account = { partition: 'aws', account: '111122223333' }
const bare = { kind: 'replicate', keyId: 'mrk-1', toRegions: ['eu-west-1'] }

describe('requestOf', () => {
  it('leaves out what stays as the primary’s', () => {
    expect(requestOf(bare, draftOf(bare, account), account)).toEqual(bare)
  })

  it('keeps everything that a request says, the conflicts that were solved included', () => {
    const full = {
      ...bare,
      policy: '{"Statement":[]}',
      description: '',
      tags: [{ key: 'team', value: 'payments' }],
      aliases: ['alias/billing'],
      aliasConflicts: { 'alias/billing': 'skip' },
    }
    expect(requestOf(full, draftOf(full, account), account)).toEqual(full)
  })

  it('gives the default key policy by its text', () => {
    const draft = { ...draftOf(bare, account), policySource: 'default' as const }
    const request = requestOf(bare, draft, account)
    expect(request.policy).toBe(defaultPolicy('aws', '111122223333'))
    expect(draftOf(request, account).policySource).toBe('default')
  })

  it('asks for a policy where an empty one was written', () => {
    expect(requestOf(bare, { ...draftOf(bare, account), policySource: 'edited' }, account).policy).toBe('')
  })
})

describe('draftOf', () => {
  it('takes what a link holds for what it is, not for what it should be', () => {
    expect(draftOf({ kind: 'replicate', toRegions: 'eu-west-1', tags: [null, { key: 1 }] }, account)).toMatchObject({
      toRegions: [],
      tags: [
        { key: '', value: '' },
        { key: '1', value: '' },
      ],
    })
  })
})

describe('regionOptions', () => {
  const family = {
    members: [{ region: 'us-east-1', state: 'Enabled' }],
  } as Family

  it('puts Regions that can be chosen first and says why others cannot', () => {
    const region = { asOf: null }
    expect(
      regionOptions(family, [
        { ...region, name: 'ap-south-1', status: 'unreachable', message: 'does not answer' },
        { ...region, name: 'eu-west-1', status: 'throttled' },
        { ...region, name: 'us-east-1', status: 'ok' },
      ]),
    ).toEqual([
      { value: 'eu-west-1', description: 'Europe (Ireland)', disabled: false },
      { value: 'ap-south-1', description: 'Asia Pacific (Mumbai) · does not answer', disabled: true },
      {
        value: 'us-east-1',
        description: 'US East (N. Virginia) · Has a key of this family already (Enabled)',
        disabled: true,
      },
    ])
  })
})
