'use client'

import Box from '@cloudscape-design/components/box'
import Popover from '@cloudscape-design/components/popover'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { memo } from 'react'
import { Link } from '@/components/shell/link'
import { StatusIndicator } from '@/components/shell/status-indicator'
import { KeyStateIndicator } from '@/components/topology/key-state'
import { RegionChip } from '@/components/topology/region-chip'
import { aliasesOf, familyName, rotationOf } from '@/lib/topology/family'
import { inWords } from '@/lib/topology/in-words'
import { describeKind } from '@/lib/topology/key-spec'
import { stateInWords } from '@/lib/topology/key-state'
import { rotationStatus } from '@/lib/topology/rotation-status'
import { dayInWords, settingInWords } from '@/lib/topology/rotation-words'
import type { Family } from '@/lib/topology/topology'
import { worstMember } from '@/lib/topology/worst-state'
import { aliasDrift } from './alias-drift'
import { CopyKeyId } from './copy-key-id'
import { FindingsPopover } from './findings-popover'
import styles from './keys-table.module.css'
import { rememberOpened, useLastOpened } from './last-opened'

interface FamilyCell {
  family: Family
}

/** The family's name as the way in, its further aliases, and where its alias does not lead to it. */
export const AliasCell = memo(function AliasCell({ family }: FamilyCell) {
  const name = familyName(family)
  const isMarked = useLastOpened() === family.keyId
  return (
    <div data-key-id={family.keyId} className={isMarked ? styles.marked : undefined}>
      <Link
        href={`/keys/${family.keyId}`}
        nativeAttributes={{ 'aria-current': isMarked || undefined }}
        onClick={() => rememberOpened(family.keyId)}
      >
        {name}
      </Link>
      {aliasesOf(family)
        .filter((alias) => alias !== name)
        .map((alias) => (
          <Box key={alias} variant="small" display="block">
            {alias}
          </Box>
        ))}
      {aliasDrift(family).map(({ type, words, regions, message }) => (
        <div key={message} title={message}>
          <StatusIndicator type={type}>{words}</StatusIndicator>
          <Box variant="small" display="block">{`in ${inWords(regions)}`}</Box>
        </div>
      ))}
    </div>
  )
})

export const KeyIdCell = memo(function KeyIdCell({ family: { keyId } }: FamilyCell) {
  return <CopyKeyId keyId={keyId} />
})

export const KindCell = memo(function KindCell({ family: { keySpec, keyUsage, origin } }: FamilyCell) {
  return (
    <>
      {describeKind(keySpec, keyUsage)}
      {origin === 'AWS_KMS' || origin === '' ? null : <Box variant="small">{`material: ${origin}`}</Box>}
    </>
  )
})

export const PrimaryCell = memo(function PrimaryCell({ family: { primaryRegion } }: FamilyCell) {
  return primaryRegion ?? <StatusIndicator type="pending">not named now</StatusIndicator>
})

export const MembersCell = memo(function MembersCell({ family: { members } }: FamilyCell) {
  return (
    <span className={styles.chips}>
      {members.map((member) => (
        <RegionChip key={member.arn} member={member} />
      ))}
    </span>
  )
})

/** The gravest state; where the members differ, each of them on demand. */
export const StateCell = memo(function StateCell({ family }: FamilyCell) {
  const worst = worstMember(family)
  if (!worst) return null
  const indicator = <KeyStateIndicator state={worst.state} known={worst.known} />
  const differ = family.members.some(({ state, known }) => state !== worst.state || known !== worst.known)
  if (!differ) return indicator
  return (
    <Popover
      renderWithPortal
      header="State by Region"
      triggerAriaLabel={`${stateInWords(worst)} in ${worst.region}: state of ${familyName(family)} by Region`}
      content={
        <SpaceBetween size="xxs">
          {family.members.map(({ arn, region, state, known }) => (
            <span key={arn}>
              <Box variant="strong" display="inline">{`${region} `}</Box>
              <KeyStateIndicator state={state} known={known} />
            </span>
          ))}
        </SpaceBetween>
      }
    >
      {indicator}
    </Popover>
  )
})

export const RotationCell = memo(function RotationCell({ family }: FamilyCell) {
  const status = rotationStatus(family)
  if (status === 'off') return <StatusIndicator type="warning">off</StatusIndicator>
  if (status !== 'on') return <Box color="text-body-secondary">{status}</Box>
  const rotation = rotationOf(family)
  return (
    <>
      {settingInWords(rotation)}
      {rotation?.nextRotationDate ? <Box variant="small">{`next ${dayInWords(rotation.nextRotationDate)}`}</Box> : null}
    </>
  )
})

export const FindingsCell = memo(function FindingsCell({ family }: FamilyCell) {
  return <FindingsPopover family={family} />
})
