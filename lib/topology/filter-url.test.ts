import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type FilterQuery, filterOperators, filterProperties } from './filter'
import { readQuery, withQuery } from './filter-url'

const read = (search: string) => readQuery(new URLSearchParams(search))

describe('readQuery', () => {
  it('takes a plain parameter for equality, and plain free text for a part', () => {
    expect(read('region=eu-west-1&q=billing')).toEqual({
      join: 'and',
      tokens: [
        { property: 'region', operator: '=', value: 'eu-west-1' },
        { operator: ':', value: 'billing' },
      ],
    })
  })

  it('takes an operator before the value', () => {
    expect(read('alias=!:test&state=!%3DEnabled&join=or')).toEqual({
      join: 'or',
      tokens: [
        { property: 'alias', operator: '!:', value: 'test' },
        { property: 'state', operator: '!=', value: 'Enabled' },
      ],
    })
  })

  it('passes over what is not the filter’s, and what has no value', () => {
    expect(read('view=matrix&page=2&plan=x&region=&state=!%3D&constructor=x&join=xor').tokens).toEqual([])
    expect(read('join=xor').join).toBe('and')
  })
})

describe('withQuery', () => {
  it('writes plain values where they say the same, and keeps other parameters', () => {
    const params = new URLSearchParams('view=matrix&region=us-east-1&join=or&q=old')
    const query: FilterQuery = { join: 'and', tokens: [{ property: 'region', operator: '=', value: 'eu-west-1' }] }
    expect(withQuery(params, query).toString()).toBe('view=matrix&region=eu-west-1')
    expect(params.get('q')).toBe('old')
  })

  it('is read again as it was written', () => {
    const tokens = fc.array(
      fc.record(
        {
          property: fc.constantFrom(...filterProperties.map(({ key }) => key)),
          operator: fc.constantFrom(...filterOperators),
          value: fc.oneof(fc.string(), fc.constantFrom('=x', '!=x', ':x', '!x', '!:', 'a&b=c', 'ü +')),
        },
        { requiredKeys: ['operator', 'value'] },
      ),
      { minLength: 1 },
    )
    fc.assert(
      fc.property(tokens, fc.constantFrom('and' as const, 'or' as const), (given, join) => {
        const asked = given.filter(({ value }) => value.trim() !== '')
        fc.pre(asked.length > 0)
        const search = withQuery(new URLSearchParams('page=3'), { join, tokens: asked }).toString()
        expect(read(search)).toEqual({ join, tokens: asked })
      }),
    )
  })
})
