'use client'

import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useOpenPlan } from '@/components/plans/open-plan'
import { Copyable } from '@/components/shell/copyable'
import { Link } from '@/components/shell/link'
import { type AliasCell, type AliasRow, compareAliases } from '@/lib/topology/comparisons'
import { familyNameBesides, familyOf, shortKeyId } from '@/lib/topology/family'
import { againstEditAliases } from '@/lib/topology/reasons-against'
import { isRead } from '@/lib/topology/region-trouble'
import type { Family, Topology } from '@/lib/topology/topology'
import { AliasSign } from './alias-sign'
import { ComparisonTable } from './comparison-table'

/** Every alias of the family in every one of its Regions. */
export function AliasesTab({ family, topology }: { family: Family; topology: Topology }) {
  const openPlan = useOpenPlan()
  const { keyId, members } = family
  const rows = compareAliases(family, topology)
  const drifted = rows.filter(({ isEverywhere }) => !isEverywhere).length
  const readable = new Set(topology.regions.filter((region) => isRead(region, 'aliases')).map(({ name }) => name))
  const isWhole = members.every(({ region }) => readable.has(region))
  const reason = againstEditAliases(family)

  const makeEqual = ({ name, isEverywhere }: AliasRow) => (
    <Button
      wrapText={false}
      disabled={reason !== null || isEverywhere}
      disabledReason={reason ?? 'It points to this family in every Region that was read'}
      ariaLabel={`Make equal in every Region: ${name}`}
      onClick={() => openPlan({ kind: 'set-aliases', keyId, changes: [{ change: 'everywhere', name }] })}
    >
      Make equal in every Region
    </Button>
  )
  return (
    <SpaceBetween size="s">
      <Box>
        {summary(rows.length, drifted, isWhole)} An alias belongs to one Region: KMS copies none to a replica key.
      </Box>
      <ComparisonTable
        label="Aliases by Region"
        rows={rows}
        members={members}
        rowKey={({ name }) => name}
        heading="Alias"
        head={({ name }) => name}
        cell={({ name, cells }, { region }) => <Cell alias={name} cell={cells[region]} topology={topology} />}
        more={[{ id: 'mend', header: 'Mend', cell: makeEqual, minWidth: 270 }]}
        empty="No key of this family has an alias."
      />
    </SpaceBetween>
  )
}

function summary(aliases: number, drifted: number, isWhole: boolean): string {
  const where = isWhole ? 'every Region' : 'every Region that was read'
  if (aliases === 0) {
    return isWhole
      ? 'No alias points to this family.'
      : 'No alias is known to point to this family; not every Region was read.'
  }
  if (aliases === 1) return `The alias is ${drifted > 0 ? 'not ' : ''}the same in ${where}.`
  if (drifted > 0) return `${drifted} of ${aliases} aliases ${drifted === 1 ? 'is' : 'are'} not the same in ${where}.`
  return `All ${aliases} aliases are the same in ${where}.`
}

/** Which key it is instead, where it is another: a way there when it is one of a family. */
function Cell({ alias, cell, topology }: { alias: string; cell: AliasCell | undefined; topology: Topology }) {
  const other = cell?.is === 'elsewhere' ? familyOf(topology, cell.keyId) : undefined
  return (
    <>
      <AliasSign cell={cell} />
      {cell?.is === 'elsewhere' && (
        <div>
          {other ? (
            <Link href={`/keys/${encodeURIComponent(cell.keyId)}`}>{familyNameBesides(other, alias)}</Link>
          ) : (
            <Copyable text={cell.keyId} label="key id of the other key" shown={shortKeyId(cell.keyId)} />
          )}
        </div>
      )}
    </>
  )
}
