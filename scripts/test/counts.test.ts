import { describe, expect, it } from 'vitest'
import { addCounts, countStories, countUnitTests, inWords } from './counts.ts'

const unit = { success: true, numPassedTests: 400, numFailedTests: 0, numPendingTests: 2, numTodoTests: 1 }
const stories = { errors: [], stats: { expected: 12, unexpected: 0, flaky: 0, skipped: 1 } }

describe('countUnitTests', () => {
  it('counts pending and todo as skipped', () => {
    expect(countUnitTests(unit)).toEqual({ passed: 400, failed: 0, skipped: 3 })
  })

  it('counts a file that could not be loaded as a failure', () => {
    expect(countUnitTests({ ...unit, success: false }).failed).toBe(1)
    expect(countUnitTests({ ...unit, success: false, numFailedTests: 3 }).failed).toBe(3)
  })
})

describe('countStories', () => {
  it('counts what was expected as passed', () => {
    expect(countStories(stories)).toEqual({ passed: 12, failed: 0, skipped: 1 })
  })

  it('counts a flaky story, and a run that could not start, as failed', () => {
    expect(countStories({ ...stories, stats: { ...stories.stats, flaky: 1 } }).failed).toBe(1)
    expect(countStories({ ...stories, errors: [{ message: 'no tests found' }] }).failed).toBe(1)
  })
})

describe('inWords', () => {
  it('is the closing line of the test command', () => {
    expect(inWords(addCounts([countUnitTests({ ...unit, numPendingTests: 0, numTodoTests: 0 })]))).toBe(
      '400 passed, 0 failed',
    )
    expect(inWords(addCounts([countUnitTests(unit), countStories(stories)]))).toBe('412 passed, 0 failed, 4 skipped')
  })
})
