'use client'

import ButtonDropdown from '@cloudscape-design/components/button-dropdown'
import { AliasSign } from '@/components/family/alias-sign'
import { ComparisonTable } from '@/components/family/comparison-table'
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

/** What holds the name instead, named so that it is not taken for this family. */
function otherHolder(alias: string, cell: AliasCell | undefined, topology: Topology): string | undefined {
  if (cell?.is !== 'elsewhere') return undefined
  const other = familyOf(topology, cell.keyId)
  return other ? familyNameBesides(other, alias) : shortKeyId(cell.keyId)
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
      cell={({ name, cells }, { region }) => (
        <AliasSign cell={cells[region]} other={otherHolder(name, cells[region], topology)} />
      )}
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
