import { describe, expect, it } from 'vitest'
import type { PartStatus, RunPart } from '@/lib/plans/run'
import { partsInOrder } from './part-order'

const part = (status: PartStatus, index: number): RunPart => ({
  ...{ number: index + 1, keyId: `mrk-${index}`, title: `Family ${index}`, wave: 1, firstStep: 1, lastStep: 1, status },
  ...{ message: null, startedAt: null, endedAt: null, reason: null },
})

describe('partsInOrder', () => {
  it('puts failures first, then what is under way, and keeps the order of the plan otherwise', () => {
    const parts = (['done', 'pending', 'running', 'failed', 'skipped', 'waiting', 'failed', 'done'] as const).map(part)
    expect(partsInOrder(parts).map(({ number }) => number)).toEqual([4, 7, 6, 3, 2, 5, 1, 8])
  })
})
