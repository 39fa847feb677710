import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { envSchema } from '@/lib/env'
import { parseRequest } from './planner'

const text = readFileSync('README.md', 'utf8')
const examples = [...text.matchAll(/^\*\*`([a-z-]+)`\*\*[\s\S]*?```json\n([\s\S]*?)```/gm)].map(
  ([, kind, json = '']) => ({
    kind,
    json,
  }),
)

describe('README.md', () => {
  it('shows a request of every kind', () => {
    const known = parseRequest({ kind: 'unknown' })
    const kinds = known.ok ? [] : known.message.replace(/^.* one of /, '').split(', ')
    expect(examples.map(({ kind }) => kind).toSorted()).toEqual(kinds.toSorted())
  })

  it.each(examples)('shows a request of the kind $kind that is taken as it stands', ({ kind, json }) => {
    const data: unknown = JSON.parse(json)
    expect(data).toMatchObject({ kind })
    expect(parseRequest(data)).toMatchObject({ ok: true, request: data })
  })

  it('names every variable that a person may set', () => {
    const handedOver = ['ATLAS_TRAINING_URL']
    const missing = Object.keys(envSchema.shape).filter((name) => !text.includes(`\`${name}\``))
    expect(missing).toEqual(handedOver)
  })
})
