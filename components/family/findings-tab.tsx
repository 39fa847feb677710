'use client'

import Button from '@cloudscape-design/components/button'
import Table from '@cloudscape-design/components/table'
import { useOpenRemedy } from '@/components/plans/open-remedy'
import { StatusIndicator } from '@/components/shell/status-indicator'
import { SeveritySign } from '@/components/topology/severity-sign'
import { inWords } from '@/lib/topology/in-words'
import type { Family } from '@/lib/topology/topology'

/** What is worth a look, the gravest first, each with the plan that mends it where there is one. */
export function FindingsTab({ family }: { family: Family }) {
  const openRemedy = useOpenRemedy()
  if (family.findings.length === 0) return <StatusIndicator type="success">No findings.</StatusIndicator>
  return (
    <Table
      variant="borderless"
      items={family.findings}
      trackBy={({ id, regions, message }) => `${id} ${regions.join()} ${message}`}
      wrapLines
      ariaLabels={{ tableLabel: 'Findings' }}
      columnDefinitions={[
        {
          id: 'severity',
          header: 'Severity',
          minWidth: 100,
          cell: ({ severity }) => <SeveritySign severity={severity} />,
        },
        { id: 'message', header: 'Finding', isRowHeader: true, minWidth: 260, cell: ({ message }) => message },
        { id: 'regions', header: 'Regions', minWidth: 130, cell: ({ regions }) => inWords(regions) },
        {
          id: 'remedy',
          header: 'Remedy',
          minWidth: 170,
          cell: ({ remedy }) =>
            remedy ? (
              <Button onClick={() => openRemedy(remedy.request)}>{remedy.label}</Button>
            ) : (
              'No plan for this yet: use the AWS console or CLI'
            ),
        },
      ]}
    />
  )
}
