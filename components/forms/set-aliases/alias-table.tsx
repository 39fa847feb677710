'use client'

import ButtonDropdown from '@cloudscape-design/components/button-dropdown'
import { ComparisonTable, NotRead } from '@/components/family/comparison-table'
import { StatusIndicator } from '@/components/shell/status-indicator'
import type { AliasCell, AliasRow } from '@/lib/topology/comparisons'
import { familyNameBesides, familyOf, shortKeyId } from '@/lib/topology/family'
import type { Family, Topology } from '@/lib/topology/topology'
import { type ChangeDraft, type ChangeKind, reasonAgainst } from './set-aliases-draft'

const choices: { id: Exclude<ChangeKind, 'create'>; text: string }[] = [
  { id: 'everywhere', text: 'Same in every Region' },
  { id: 'rename', text: 'Rename' },
  { id: 'retarget', text: 'Point to this key where another has it' },
  { id: 'delete', text: 'Delete' },
]

function Cell({ alias, cell, topology }: { alias: string; cell: AliasCell | undefined; topology: Topology }) {
  switch (cell?.is) {
    case 'here':
      return (
        <StatusIndicator type={cell.stale ? 'pending' : 'success'}>
          {cell.stale ? 'This key, as last read' : 'This key'}
        </StatusIndicator>
      )
    case 'missing':
      return <StatusIndicator type="warning">Missing</StatusIndicator>
    case 'elsewhere': {
      const other = familyOf(topology, cell.keyId)
      const name = other ? familyNameBesides(other, alias) : shortKeyId(cell.keyId)
      return <StatusIndicator type="error" wrapText>{`Another key: ${name}`}</StatusIndicator>
    }
    default:
      return <NotRead />
  }
}

interface AliasTableProps {
  family: Family
  topology: Topology
  rows: AliasRow[]
  changes: ChangeDraft[]
  onChoose: (change: ChangeKind, row: AliasRow) => void
}

/** Each alias in each Region as it is now, and what can be done about it. */
export function AliasTable({ family, topology, rows, changes, onChoose }: AliasTableProps) {
  return (
    <ComparisonTable
      label="Aliases by Region"
      rows={rows}
      members={family.members}
      rowKey={({ name }) => name}
      heading="Alias"
      head={({ name }) => name}
      cell={({ name, cells }, { region }) => <Cell alias={name} cell={cells[region]} topology={topology} />}
      more={[
        {
          id: 'change',
          header: 'Change',
          minWidth: 160,
          cell: (row) => (
            <ButtonDropdown
              ariaLabel={`Change ${row.name}`}
              expandToViewport
              items={choices.map(({ id, text }) => {
                const reason = reasonAgainst(id, row, changes)
                return { id, text, disabled: reason !== undefined, disabledReason: reason }
              })}
              onItemClick={({ detail }) => {
                const choice = choices.find(({ id }) => id === detail.id)
                if (choice) onChoose(choice.id, row)
              }}
            >
              Change
            </ButtonDropdown>
          ),
        },
      ]}
      empty="No key of this family has an alias."
    />
  )
}
