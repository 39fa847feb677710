// How much JavaScript the pages of the built product load, compressed. Fails when a page grows past its budget, or
// loads what it does not use.

import { ROOT } from './start/children.ts'
import { readBuiltScripts } from './test/built-scripts.ts'
import { inKilobytes, judgeBundles, type Spent } from './test/bundle-budgets.ts'

const { spent, faults } = judgeBundles(await readBuiltScripts(ROOT))

const columns = ['page', 'first', 'shown at once', 'sum', 'budget', 'later']
const rows = [columns, ...spent.map(rowOf)]
const widthOf = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0))
for (const [page = '', ...sizes] of rows) {
  console.log([page.padEnd(widthOf(0)), ...sizes.map((size, index) => size.padStart(widthOf(index + 1)))].join('  '))
}
for (const fault of faults) console.error(fault)
if (faults.length > 0) process.exitCode = 1

function rowOf({ budget, first, shown, later }: Spent): string[] {
  return [budget.route, ...[first, shown, first + shown, budget.bytes, later].map(inKilobytes)]
}
