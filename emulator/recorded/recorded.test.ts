// Every answer recorded from the real AWS KMS that is in recorded/, compared field by field with what the emulator
// answers to the same requests, on the wire itself so that no client hides a difference.

import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { emulate, TRANSITION_MS } from '../tests/test-emulator.ts'
import type { JsonObject } from '../wire/validation.ts'
import { type Answer, differences } from './comparison-for-tests.ts'
import { REPLAYS, SKIPPED } from './replays-for-tests.ts'

type Recording = { 'recorded-date': string; 'recorded-content': JsonObject }

/** LocalStack put this account in the place of the one it recorded with. */
const RECORDED_ACCOUNT = '111111111111'

const recordings = Object.entries(
  JSON.parse(readFileSync('emulator/recorded/localstack-kms-snapshot.json', 'utf8')) as Record<string, Recording>,
).map(([path, recording]) => ({ name: path.split('::').at(-1) ?? '', recorded: recording['recorded-content'] }))
const played = recordings.filter(({ name }) => !Object.hasOwn(SKIPPED, name))
const skipped = recordings.filter(({ name }) => Object.hasOwn(SKIPPED, name))

let compared = 0

describe('answers recorded from AWS KMS', () => {
  it.each(played)('$name', async ({ name, recorded }) => {
    const [test = '', parameters] = name.split(/\[|\]/)
    const replay = REPLAYS[test]
    if (!replay) throw new Error(`${test} is neither done again nor skipped with a reason`)

    const emulator = await emulate({ account: RECORDED_ACCOUNT })
    const bindings = new Map([
      ['<partition>', 'aws'],
      ['<region>', 'us-east-1'],
      ['<account>', RECORDED_ACCOUNT],
    ])
    const call = async (operation: string, body: JsonObject): Promise<Answer> => {
      const response = await emulator.post(`TrentService.${operation}`, JSON.stringify(body))
      expect(response.headers.get('content-type')).toBe('application/x-amz-json-1.1')
      const text = await response.text()
      return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as JsonObject) }
    }
    const settle = () => emulator.advance(TRANSITION_MS)
    const answers = await replay({ call, settle, bindings }, ...(parameters?.split('-') ?? []))

    expect(Object.keys(answers).toSorted()).toEqual(Object.keys(recorded).toSorted())
    const found: string[] = []
    for (const [part, wanted] of Object.entries(recorded)) {
      const answer = answers[part]
      if (answer) found.push(...differences(name, wanted, answer, bindings).map((each) => `${part}: ${each}`))
    }
    expect(found).toEqual([])
    compared += Object.keys(recorded).length
  })

  it('are all there, each done again or skipped with its reason', () => {
    const tests = new Set(recordings.map(({ name }) => name.split('[')[0]))
    expect(Object.keys(REPLAYS).filter((test) => !tests.has(test))).toEqual([])
    expect(skipped.map(({ name }) => name).toSorted()).toEqual(Object.keys(SKIPPED).toSorted())
  })

  afterAll(() => {
    const lines = [`recorded responses: ${compared} compared, ${skipped.length} cases skipped`]
    for (const { name } of skipped) lines.push(`  skipped ${name}: ${SKIPPED[name]}`)
    console.warn(lines.join('\n'))
  })
})
