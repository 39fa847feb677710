'use client'

import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import ButtonDropdown from '@cloudscape-design/components/button-dropdown'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { StatusIndicatorProps } from '@cloudscape-design/components/status-indicator'
import { useOpenPlan } from '@/components/plans/open-plan'
import { Copyable } from '@/components/shell/copyable'
import { familyName, shortKeyId } from '@/lib/topology/family'
import { type HealthSentence, healthSentence } from '@/lib/topology/health-sentence'
import { describeKind } from '@/lib/topology/key-spec'
import {
  againstEditAliases,
  againstPromote,
  againstReplicate,
  againstRotateNow,
  againstSetRotation,
} from '@/lib/topology/reasons-against'
import { rotationInWords } from '@/lib/topology/rotation-words'
import type { Family, Topology } from '@/lib/topology/topology'
import styles from './family.module.css'
import { Sentence } from './sentence'

const indicators: Record<HealthSentence['kind'], StatusIndicatorProps.Type> = {
  healthy: 'success',
  changing: 'in-progress',
  attention: 'warning',
  trouble: 'error',
}

/** What it is called, how it is, what it is, and what can be done with it. */
export function FamilyHead({ family, topology }: { family: Family; topology: Topology }) {
  const { kind, text } = healthSentence(family, topology.regions)
  return (
    <SpaceBetween size="xs">
      <Header variant="h1" actions={<Operations family={family} topology={topology} />}>
        <span className={styles.name} data-key-id={family.keyId}>
          {familyName(family)}
        </span>
      </Header>
      <Sentence type={indicators[kind]} says={kind}>
        {text}
      </Sentence>
      <Box color="text-body-secondary">
        <Copyable text={family.keyId} label="key id" shown={shortKeyId(family.keyId)} /> ·{' '}
        {describeKind(family.keySpec, family.keyUsage)} · {rotationInWords(family)}
      </Box>
    </SpaceBetween>
  )
}

function Operations({ family, topology }: { family: Family; topology: Topology }) {
  const openPlan = useOpenPlan()
  const { keyId } = family
  const { regions } = topology
  const operation = (label: string, kind: string, reason: string | null) => (
    <Button disabled={reason !== null} disabledReason={reason ?? undefined} onClick={() => openPlan({ kind, keyId })}>
      {label}
    </Button>
  )
  const againstRotation = againstSetRotation(family, regions)
  return (
    <SpaceBetween direction="horizontal" size="xs">
      {operation('Replicate', 'replicate', againstReplicate(family, regions))}
      {operation('Promote', 'promote', againstPromote(family, regions))}
      {operation('Rotate now', 'rotate-now', againstRotateNow(family, regions))}
      {operation('Edit aliases', 'set-aliases', againstEditAliases(family))}
      <ButtonDropdown
        items={[
          {
            id: 'set-rotation',
            text: 'Rotation settings',
            disabled: againstRotation !== null,
            ...(againstRotation !== null && { disabledReason: againstRotation }),
          },
        ]}
        onItemClick={({ detail }) => openPlan({ kind: detail.id, keyId })}
      >
        More
      </ButtonDropdown>
    </SpaceBetween>
  )
}
