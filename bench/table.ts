// Tables as text, and the few numbers that go into them.

export function printTable(title: string, columns: string[], rows: string[][]): void {
  const widths = columns.map((column, index) => Math.max(column.length, ...rows.map((row) => row[index]?.length ?? 0)))
  const line = (cells: string[]) =>
    cells
      .map((cell, index) => (index === 0 ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0)))
      .join('  ')
      .trimEnd()
  console.log(`\n${title}\n`)
  console.log(line(columns))
  console.log(widths.map((width) => '─'.repeat(width)).join('  '))
  for (const row of rows) console.log(line(row))
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const [low = Number.NaN, high = Number.NaN] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]]
  return (low + high) / 2
}

/** The value below which that share of all lies (nearest rank). */
export function quantile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}

export const milliseconds = (value: number) => (Number.isNaN(value) ? '' : `${value.toFixed(0)} ms`)
export const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`
export const perSecond = (value: number) => `${Math.round(value).toLocaleString('en')} /s`
export const percent = (share: number) => `${(share * 100).toFixed(0)} %`

/** The cell that says whether `value` is below its goal. */
export const below = (value: number, goal: number) => (value < goal ? 'yes' : 'NO')
