import { describe, expect, it } from 'vitest'
import { replicateRequest } from '@/lib/plans/replicate'
import { fieldsOf, messageAt } from './plan-form'

const complete = { kind: 'replicate', keyId: 'mrk-1234', toRegions: ['eu-west-1'] }

describe('fieldsOf', () => {
  it('is empty for a complete request', () => {
    expect(fieldsOf(replicateRequest, complete)).toEqual({})
  })

  it('names each field with its first message', () => {
    expect(fieldsOf(replicateRequest, { ...complete, toRegions: [], tags: [{ key: '', value: 'x' }] })).toEqual({
      toRegions: 'Choose at least one Region',
      'tags.0.key': 'Type a tag key',
    })
  })
})

describe('messageAt', () => {
  const fields = { 'tags.1.key': 'Type a tag key', tagsAndMore: 'No' }

  it('finds the message of an item', () => {
    expect(messageAt(fields, 'tags')).toBe('Type a tag key')
  })

  it('takes no other field for an item', () => {
    expect(messageAt(fields, 'tag')).toBeUndefined()
  })
})
