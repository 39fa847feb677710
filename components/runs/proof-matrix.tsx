'use client'

import Box from '@cloudscape-design/components/box'
import Table from '@cloudscape-design/components/table'
import type { ProofCell, RunStep } from '@/lib/plans/run'
import { byText } from '@/lib/topology/family'
import { inWords } from '@/lib/topology/in-words'
import { ProofIndicator } from './run-status'

interface Row {
  from: string
  made: ProofCell['made']
  cells: ProofCell[]
}

const madeInWords: Record<ProofCell['made'], string> = { before: 'before the change', after: 'after the change' }

function rowsOf(proof: ProofCell[]): Row[] {
  const rows = new Map<string, Row>()
  for (const cell of proof) {
    const key = `${cell.made} ${cell.from}`
    const row = rows.get(key) ?? { from: cell.from, made: cell.made, cells: [] }
    row.cells.push(cell)
    rows.set(key, row)
  }
  return [...rows.values()].sort((a, b) => byText(b.made, a.made) || byText(a.from, b.from))
}

/** Before the table: what a tired person needs to know of it. */
function summaryOf(proof: ProofCell[]): { heading: string; rest: string | null } {
  const not = proof.filter(({ result }) => result !== 'proven')
  if (not.length === 0) return { heading: `Proof: all ${proof.length} proven`, rest: null }
  const pairs = not.map(({ from, to, result }) => `${from} → ${to} ${result}`)
  return { heading: `Proof: ${proof.length - not.length} of ${proof.length} proven`, rest: `${inWords(pairs)}.` }
}

function Cell({ cell }: { cell: ProofCell | undefined }) {
  if (!cell) return <Box color="text-status-inactive">Not tried</Box>
  return (
    <>
      <ProofIndicator cell={cell} />
      {cell.message && <Box variant="small">{cell.message}</Box>}
    </>
  )
}

/** What was made in one Region, tried in the others: rows are where and when it was made. */
export function ProofMatrix({ step }: { step: Pick<RunStep, 'title' | 'output'> }) {
  const proof = step.output.proof ?? []
  if (proof.length === 0) return null
  const regions = [...new Set(proof.map(({ to }) => to))].sort(byText)
  const { heading, rest } = summaryOf(proof)
  const compares = new Set(proof.map(({ made }) => made)).size > 1
  return (
    <Table
      variant="embedded"
      items={rowsOf(proof)}
      trackBy={({ from, made }) => `${made} ${from}`}
      wrapLines
      stickyColumns={{ first: 1 }}
      cellVerticalAlign="top"
      header={
        <>
          <Box variant="h3" tagOverride="h2">
            {heading}
          </Box>
          {rest ? <Box>{rest}</Box> : null}
          <Box color="text-body-secondary">{step.title}</Box>
        </>
      }
      columnDefinitions={[
        {
          id: 'from',
          header: 'Made in',
          isRowHeader: true,
          minWidth: 160,
          cell: ({ from, made }) => (compares ? `${from}, ${madeInWords[made]}` : from),
        },
        ...regions.map((region) => ({
          id: region,
          header: `Tried in ${region}`,
          minWidth: 140,
          cell: ({ cells }: Row) => <Cell cell={cells.find(({ to }) => to === region)} />,
        })),
      ]}
      ariaLabels={{ tableLabel: `Proof: ${step.title}` }}
    />
  )
}
