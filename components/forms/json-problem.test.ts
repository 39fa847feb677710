import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { describeJsonProblem, jsonProblem } from './json-problem'

const problemOf = (text: string) => {
  const problem = jsonProblem(text)
  return problem && describeJsonProblem(problem)
}

describe('jsonProblem', () => {
  it('names the line of a comma that is missing', () => {
    expect(problemOf('{\n  "Version": "2012-10-17"\n  "Statement": []\n}')).toBe(
      'Line 3, column 3: a comma or } is missing',
    )
  })

  it('names the comma before a closing bracket', () => {
    expect(problemOf('{\n  "Statement": [1, 2,\n  ]\n}')).toBe('Line 2, column 21: take away the comma before ]')
  })

  it('names where an unclosed string begins', () => {
    expect(problemOf('{\n  "Effect": "Allow\n}')).toBe('Line 2, column 13: the closing double quote is missing')
  })

  it('asks for double quotes around a name', () => {
    expect(problemOf("{ 'Effect': 1 }")).toBe('Line 1, column 3: a name in double quotes should be here')
  })

  it('says that the text ends too early', () => {
    expect(problemOf('{ "a": [1')).toBe('Line 1, column 10: the text ends before ]')
    expect(problemOf('')).toBe('Line 1, column 1: the text ends where a value should be')
  })

  it('refuses what follows the document', () => {
    expect(problemOf('{}\n{}')).toBe('Line 2, column 1: nothing may follow the end of the document')
  })

  it('takes what JSON.stringify writes', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => jsonProblem(JSON.stringify(value, null, 2)) === null))
  })

  it('agrees with JSON.parse on damaged texts', () => {
    const damaged = fc
      .tuple(fc.jsonValue(), fc.nat(), fc.constantFrom('', ',', '"', '{', ']', ' ', '\\', '\t', '1', 'x', ':'))
      .map(([value, place, sign]) => {
        const text = JSON.stringify(value)
        const at = place % (text.length + 1)
        return text.slice(0, at) + sign + text.slice(at + 1)
      })
    const parses = (text: string) => {
      try {
        JSON.parse(text)
        return true
      } catch {
        return false
      }
    }
    fc.assert(fc.property(damaged, (text) => (jsonProblem(text) === null) === parses(text)))
  })
})
