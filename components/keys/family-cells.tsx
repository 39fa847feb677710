'use client'

import Box from '@cloudscape-design/components/box'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { memo } from 'react'
import { PopoverOnDemand } from '@/components/shell/popover-on-demand'
import { KeyStateIndicator, KeyStateSign } from '@/components/topology/key-state'
import { RegionChip } from '@/components/topology/region-chip'
import { Sign } from '@/components/topology/sign'
import { aliasesOf, familyName, rotationOf } from '@/lib/topology/family'
import { inWords } from '@/lib/topology/in-words'
import { describeKind } from '@/lib/topology/key-spec'
import { stateInWords } from '@/lib/topology/key-state'
import { rotationStatus } from '@/lib/topology/rotation-status'
import { dayInWords, settingInWords } from '@/lib/topology/rotation-words'
import type { Family } from '@/lib/topology/topology'
import { worstMember } from '@/lib/topology/worst-state'
import { aliasDrift } from './alias-drift'
import { type CellPlace, focusable } from './cell-place'
import { CopyKeyId } from './copy-key-id'
import { FindingsPopover } from './findings-popover'
import styles from './keys-table.module.css'

interface FamilyCell {
  family: Family
}

type ControlCell = FamilyCell & CellPlace

/** The family's name as the way in, its further aliases, and where its alias does not lead to it. */
export const AliasCell = memo(function AliasCell({ family, isMarked, ...place }: ControlCell & { isMarked: boolean }) {
  const name = familyName(family)
  return (
    <>
      <a
        {...focusable(place)}
        href={`/keys/${family.keyId}`}
        data-opens={family.keyId}
        aria-current={isMarked || undefined}
      >
        {name}
      </a>
      {aliasesOf(family)
        .filter((alias) => alias !== name)
        .map((alias) => (
          <small key={alias}>{alias}</small>
        ))}
      {aliasDrift(family).map(({ type, words, regions, message }) => (
        <div key={message} title={message}>
          <Sign type={type}>{words}</Sign>
          <small>{`in ${inWords(regions)}`}</small>
        </div>
      ))}
    </>
  )
})

export const KeyIdCell = memo(function KeyIdCell({ family: { keyId }, ...place }: ControlCell) {
  return <CopyKeyId keyId={keyId} {...place} />
})

export const KindCell = memo(function KindCell({ family: { keySpec, keyUsage, origin } }: FamilyCell) {
  return (
    <>
      {describeKind(keySpec, keyUsage)}
      {origin === 'AWS_KMS' || origin === '' ? null : <small>{`material: ${origin}`}</small>}
    </>
  )
})

export const PrimaryCell = memo(function PrimaryCell({ family: { primaryRegion } }: FamilyCell) {
  return primaryRegion ?? <Sign type="pending">not named now</Sign>
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

/** Whether the members are in more than one state, or not all of them were read. */
export function statesDiffer({ members }: Family): boolean {
  const [first] = members
  return members.some(({ state, known }) => state !== first?.state || known !== first?.known)
}

/** The gravest state; where the members differ, each of them on demand. */
export const StateCell = memo(function StateCell({ family, ...place }: ControlCell) {
  const worst = worstMember(family)
  if (!worst) return null
  const sign = <KeyStateSign state={worst.state} known={worst.known} />
  if (!statesDiffer(family)) return sign
  return (
    <PopoverOnDemand
      {...focusable(place)}
      className={styles.opener}
      header="State by Region"
      aria-label={`${stateInWords(worst)} in ${worst.region}: state of ${familyName(family)} by Region`}
      content={() => (
        <SpaceBetween size="xxs">
          {family.members.map(({ arn, region, state, known }) => (
            <span key={arn}>
              <Box variant="strong" display="inline">{`${region} `}</Box>
              <KeyStateIndicator state={state} known={known} />
            </span>
          ))}
        </SpaceBetween>
      )}
    >
      {sign}
    </PopoverOnDemand>
  )
})

export const RotationCell = memo(function RotationCell({ family }: FamilyCell) {
  const status = rotationStatus(family)
  if (status === 'off') return <Sign type="warning">off</Sign>
  if (status !== 'on') return <span className={styles.quiet}>{status}</span>
  const rotation = rotationOf(family)
  return (
    <>
      {settingInWords(rotation)}
      {rotation?.nextRotationDate ? <small>{`next ${dayInWords(rotation.nextRotationDate)}`}</small> : null}
    </>
  )
})

export const FindingsCell = memo(function FindingsCell({ family, ...place }: ControlCell) {
  return <FindingsPopover family={family} {...place} />
})
