'use client'

import Box from '@cloudscape-design/components/box'
import Table, { type TableProps } from '@cloudscape-design/components/table'
import type { ReactNode } from 'react'
import { RegionChip } from '@/components/topology/region-chip'
import type { Read } from '@/lib/topology/facts'
import type { Member } from '@/lib/topology/topology'
import styles from './family.module.css'

interface ComparisonTableProps<Row> {
  label: string
  rows: Row[]
  members: Member[]
  rowKey: (row: Row) => string
  /** The first column: what is compared. */
  heading: string
  head: (row: Row) => ReactNode
  cell: (row: Row, member: Member) => ReactNode
  /** Why a member's column is empty, or old. */
  note?: (member: Member) => string | null
  /** After the members. */
  more?: TableProps.ColumnDefinition<Row>[]
  empty?: ReactNode
}

/** One column a member, one row a thing that is compared. */
export function ComparisonTable<Row>({
  label,
  rows,
  members,
  rowKey,
  heading,
  head,
  cell,
  note = noteOf,
  more = [],
  empty,
}: ComparisonTableProps<Row>) {
  return (
    <Table
      variant="borderless"
      items={rows}
      trackBy={rowKey}
      wrapLines
      stickyColumns={{ first: 1 }}
      empty={empty}
      ariaLabels={{ tableLabel: label }}
      columnDefinitions={[
        { id: 'row head', header: heading, cell: head, isRowHeader: true, minWidth: 160 },
        ...members.map((member) => ({
          id: member.region,
          header: <MemberHeading member={member} note={note(member)} />,
          cell: (row: Row) => cell(row, member),
          minWidth: 150,
        })),
        ...more,
      ]}
    />
  )
}

export function MemberHeading({ member, note }: { member: Member; note: string | null }) {
  return (
    <>
      <RegionChip member={member} />
      {note && (
        <div className={styles.note}>
          <Box variant="small" color="text-status-warning">
            {note}
          </Box>
        </div>
      )}
    </>
  )
}

/** What the snapshot says against a member's column. */
const noteOf = ({ known, message }: Member): string | null => (known === 'live' ? null : (message ?? 'not read'))

/** Why a fact of a member is not there; null when it is. */
export const unreadFact = (read: Read<unknown> | undefined): string | null => {
  if (!read) return 'not read yet'
  return read.ok ? null : `not read: ${read.reason}: ${read.message}`
}

export const NotRead = () => <Box color="text-status-inactive">not read</Box>
