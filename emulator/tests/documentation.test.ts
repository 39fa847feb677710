// What emulator/README.md lists is what there is.

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { OPERATIONS } from '../calls/operations.ts'
import { SCENARIO_NAMES } from '../scenarios/scenarios.ts'

const text = readFileSync('emulator/README.md', 'utf8')
const section = (title: string) => text.split('\n## ').find((part) => part.startsWith(`${title}\n`)) ?? ''
const firstCells = (title: string) => [...section(title).matchAll(/^\| (`.*?) \|/gm)].map(([, cell = '']) => cell)
const quoted = (part: string) => [...part.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name)

describe('emulator/README.md', () => {
  it('lists every operation, and no other', () => {
    const rows = section('Operations')
      .split('\n')
      .filter((line) => line.startsWith('| '))
    expect(rows.flatMap(quoted).toSorted()).toEqual([...OPERATIONS.keys()].toSorted())
  })

  it('lists every scenario, and no other', () => {
    expect(firstCells('Scenarios').flatMap(quoted).toSorted()).toEqual(SCENARIO_NAMES.toSorted())
  })
})
