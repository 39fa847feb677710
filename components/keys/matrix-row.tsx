'use client'

import Popover from '@cloudscape-design/components/popover'
import Link from 'next/link'
import { memo } from 'react'
import { familyName, memberIn } from '@/lib/topology/family'
import { againstReplicate } from '@/lib/topology/reasons-against'
import type { Family, Member, RegionView } from '@/lib/topology/topology'
import grid from './grid.module.css'
import styles from './keys-matrix.module.css'
import type { RegionColumn } from './matrix-columns'
import { MatrixMark } from './matrix-mark'
import { lookOf } from './member-look'
import { MemberPopover } from './member-popover'

interface CellProps {
  family: Family
  column: RegionColumn
  /** Why the family cannot be replicated anywhere now; null when it can. */
  refusal: string | null
  /** Where the keyboard finds it: `row:column`. */
  at: string
  /** Whether Tab leads here. */
  isTabStop: boolean
  onReplicate: (keyId: string, region: string) => void
}

/** -1 keeps a control out of the Tab order: the arrows lead there. */
const tabIndexOf = (isTabStop: boolean) => (isTabStop ? 0 : -1)

function MemberCell({ family, column, at, isTabStop, member }: CellProps & { member: Member }) {
  const look = lookOf(member)
  const name = familyName(family)
  return (
    <Popover
      triggerType="custom"
      renderWithPortal
      size="medium"
      position="bottom"
      header={column.name}
      content={<MemberPopover keyId={family.keyId} region={column.name} />}
    >
      <button
        type="button"
        className={styles.member}
        data-at={at}
        tabIndex={tabIndexOf(isTabStop)}
        aria-haspopup="dialog"
        aria-label={`${name} in ${column.name}: ${look.says}`}
      >
        <MatrixMark look={look} />
      </button>
    </Popover>
  )
}

/** No key, and nobody can tell or change that now: the reason opens where the plan would. */
function BlockedCell({
  family,
  column: { name: region, readable },
  at,
  isTabStop,
  obstacle,
}: CellProps & { obstacle: string }) {
  const word = readable ? 'not possible' : 'not readable'
  const label = `Replicate ${familyName(family)} to ${region}`
  return (
    <Popover
      triggerType="custom"
      renderWithPortal
      size="medium"
      position="bottom"
      header={`No key can be made in ${region} now`}
      content={obstacle}
    >
      <button
        type="button"
        className={styles.empty}
        data-at={at}
        tabIndex={tabIndexOf(isTabStop)}
        aria-label={`${label}: ${word}, ${obstacle}`}
        aria-disabled
        title={obstacle}
      >
        <span aria-hidden className={styles.plus} />
        <span aria-hidden className={styles.offer}>
          {word}
        </span>
      </button>
    </Popover>
  )
}

function EmptyCell({ family, column: { name: region }, at, isTabStop, onReplicate }: CellProps) {
  const label = `Replicate ${familyName(family)} to ${region}`
  return (
    <button
      type="button"
      className={styles.empty}
      data-at={at}
      tabIndex={tabIndexOf(isTabStop)}
      aria-label={label}
      title={label}
      onClick={() => onReplicate(family.keyId, region)}
    >
      <span aria-hidden className={styles.plus} />
      <span aria-hidden className={styles.offer}>
        Replicate
      </span>
    </button>
  )
}

function Cell(props: CellProps) {
  const { family, column, refusal } = props
  const member = memberIn(family, column.name)
  if (member) return <MemberCell {...props} member={member} />
  const obstacle = column.obstacle ?? refusal
  return obstacle === null ? <EmptyCell {...props} /> : <BlockedCell {...props} obstacle={obstacle} />
}

interface MatrixRowProps {
  family: Family
  columns: readonly RegionColumn[]
  regions: readonly RegionView[]
  /** Zero for the first family. */
  index: number
  /** Pixels from the top. */
  top: number
  /** The column that Tab leads to; null in every row but one. */
  tabStop: number | null
  isMarked: boolean
  onOpen: (keyId: string) => void
  onReplicate: (keyId: string, region: string) => void
}

export const MatrixRow = memo(function MatrixRow(props: MatrixRowProps) {
  const { family, columns, regions, index, top, tabStop, isMarked, onOpen, onReplicate } = props
  const name = familyName(family)
  const refusal = againstReplicate(family, regions)
  return (
    <tr
      aria-rowindex={index + 2}
      className={`${grid.row} ${styles.line} ${styles.row}`}
      style={{ top }}
      data-key-id={family.keyId}
      data-marked={isMarked || undefined}
    >
      <th scope="row" aria-colindex={1} className={`${grid.name} ${styles.name}`}>
        <Link
          href={`/keys/${family.keyId}`}
          prefetch={false}
          data-at={`${index}:0`}
          tabIndex={tabIndexOf(tabStop === 0)}
          aria-current={isMarked || undefined}
          title={name}
          onClick={() => onOpen(family.keyId)}
        >
          {name}
        </Link>
      </th>
      {columns.map((column, position) => (
        <td aria-colindex={position + 2} key={column.name} className={styles.cell}>
          <Cell
            family={family}
            column={column}
            refusal={refusal}
            at={`${index}:${position + 1}`}
            isTabStop={tabStop === position + 1}
            onReplicate={onReplicate}
          />
        </td>
      ))}
    </tr>
  )
})
