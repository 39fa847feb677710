import { describe, expect, it } from 'vitest'
import { createPrimaryRequest } from '@/lib/plans/create-primary'
import { fieldsOf } from '../plan-form'
import {
  draftOf,
  emptyDraft,
  requestOf,
  specsFor,
  tidied,
  withKeySpec,
  withPolicySource,
  withRegion,
} from './create-primary-draft'

const filled = {
  ...emptyDraft,
  region: 'us-east-1',
  alias: 'new-key',
  description: 'Orders',
  replicaRegions: ['eu-west-1'],
  tags: [{ key: 'team', value: 'platform' }],
  periodInDays: '180',
}

describe('requestOf', () => {
  it('makes a request that the schema takes', () => {
    expect(fieldsOf(createPrimaryRequest, requestOf(filled))).toEqual({})
  })

  it('puts the prefix before a typed name, and not twice', () => {
    expect(requestOf(filled).alias).toBe('alias/new-key')
    expect(requestOf({ ...filled, alias: 'alias/new-key' }).alias).toBe('alias/new-key')
  })

  it('leaves out what is empty', () => {
    expect(requestOf({ ...emptyDraft, region: 'us-east-1', rotates: false })).toEqual({
      kind: 'create-primary',
      region: 'us-east-1',
      keySpec: 'SYMMETRIC_DEFAULT',
      keyUsage: 'ENCRYPT_DECRYPT',
      origin: 'AWS_KMS',
    })
  })

  it('asks for no rotation of a kind that KMS does not rotate by itself', () => {
    expect(requestOf(withKeySpec(filled, 'RSA_2048'))).not.toHaveProperty('rotation')
    expect(requestOf({ ...filled, origin: 'EXTERNAL' })).not.toHaveProperty('rotation')
  })

  it('keeps what was typed wrongly, so that it is answered at its field', () => {
    const wrong = { ...filled, periodInDays: 'often', tags: [{ key: 'aws:x', value: '' }], region: '' }
    expect(Object.keys(fieldsOf(createPrimaryRequest, requestOf(wrong))).sort()).toEqual([
      'region',
      'rotation.periodInDays',
      'tags.0.key',
    ])
  })
})

describe('draftOf', () => {
  it('brings back what a request was made from', () => {
    expect(draftOf(requestOf(filled))).toEqual(filled)
  })

  it('reads an incomplete request from a link', () => {
    expect(draftOf({ kind: 'create-primary', region: 'eu-west-1', tags: 'none' })).toMatchObject({
      region: 'eu-west-1',
      tags: [],
    })
  })
})

describe('changes of the draft', () => {
  it('takes the first usage of a spec that does not allow the one before', () => {
    expect(withKeySpec(filled, 'HMAC_256').keyUsage).toBe('GENERATE_VERIFY_MAC')
    expect(withKeySpec(filled, 'RSA_2048').keyUsage).toBe('ENCRYPT_DECRYPT')
  })

  it('goes back to material of KMS where none can be imported', () => {
    expect(withKeySpec({ ...filled, origin: 'EXTERNAL' }, 'ML_DSA_44').origin).toBe('AWS_KMS')
  })

  it('takes the primary Region out of the replica Regions', () => {
    expect(withRegion(filled, 'eu-west-1').replicaRegions).toEqual([])
  })

  it('begins a policy with the default one, and never overwrites what was typed', () => {
    const account = { partition: 'aws', account: '111122223333' }
    expect(withPolicySource(filled, 'own', account).policy).toContain('arn:aws:iam::111122223333:root')
    expect(withPolicySource({ ...filled, policy: '{}' }, 'own', account).policy).toBe('{}')
  })

  it('drops tag rows that nobody filled in', () => {
    expect(tidied({ ...filled, tags: [{ key: '', value: '' }, ...filled.tags] }).tags).toEqual(filled.tags)
  })
})

describe('specsFor', () => {
  it('offers SM2 in China only', () => {
    expect(specsFor('aws')).not.toContain('SM2')
    expect(specsFor('aws-cn')).toContain('SM2')
  })
})
