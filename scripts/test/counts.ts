// How many tests passed, failed and were skipped, from the JSON reports of both runners.

import { z } from 'zod'

export type Counts = { passed: number; failed: number; skipped: number }

const unitReport = z.object({
  success: z.boolean(),
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
})

const storyReport = z.object({
  errors: z.array(z.unknown()),
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number(), skipped: z.number() }),
})

/** Of Vitest. A file that cannot even be loaded has no failed test and is a failure all the same. */
export function countUnitTests(report: unknown): Counts {
  const { success, numPassedTests, numFailedTests, numPendingTests, numTodoTests } = unitReport.parse(report)
  const failed = success ? numFailedTests : Math.max(numFailedTests, 1)
  return { passed: numPassedTests, failed, skipped: numPendingTests + numTodoTests }
}

/** Of Playwright. There are no retries, so a flaky story counts as failed. */
export function countStories(report: unknown): Counts {
  const { errors, stats } = storyReport.parse(report)
  const unexpected = stats.unexpected + stats.flaky
  return { passed: stats.expected, failed: Math.max(unexpected, errors.length > 0 ? 1 : 0), skipped: stats.skipped }
}

export function addCounts(all: Counts[]): Counts {
  const sum = (of: (counts: Counts) => number) => all.reduce((total, counts) => total + of(counts), 0)
  return { passed: sum((of) => of.passed), failed: sum((of) => of.failed), skipped: sum((of) => of.skipped) }
}

export function inWords({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}
