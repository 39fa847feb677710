import { stateInWords } from '@/lib/topology/key-state'
import type { Member } from '@/lib/topology/topology'
import styles from './region-chip.module.css'

function lookOf({ known, state, role }: Member): string | undefined {
  if (known !== 'live') return styles.unreadable
  if (state === 'Disabled' || state === 'Unavailable') return styles.disabled
  if (state !== 'Enabled') return styles.pending
  return role === 'PRIMARY' ? styles.primary : styles.replica
}

/** A member as its Region's name: filled for the primary key, outlined for a replica key, hatched or striped in trouble. */
export function RegionChip({ member }: { member: Member }) {
  const says = `${member.role === 'PRIMARY' ? 'primary key' : 'replica key'}, ${stateInWords(member)}`
  return (
    <span
      className={`${styles.chip} ${lookOf(member)}`}
      data-role={member.role}
      title={`${member.region}: ${says}${member.message ? `. ${member.message}` : ''}`}
    >
      {member.region}
      <span className="visually-hidden">{`: ${says}`}</span>
    </span>
  )
}
