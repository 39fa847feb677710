'use client'

import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Popover from '@cloudscape-design/components/popover'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { StatusIndicatorProps } from '@cloudscape-design/components/status-indicator'
import { useOpenPlan } from '@/components/plans/open-plan'
import { StatusIndicator } from '@/components/shell/status-indicator'
import { familyName } from '@/lib/topology/family'
import type { Family, Finding, Severity } from '@/lib/topology/topology'

const severities: readonly Severity[] = ['high', 'medium', 'low']

const types: Record<Severity, StatusIndicatorProps.Type> = { high: 'error', medium: 'warning', low: 'info' }

/** `1 high, 2 medium`, the gravest first. */
function countsOf(findings: Finding[]): string {
  return severities
    .map((severity) => ({ severity, count: findings.filter((finding) => finding.severity === severity).length }))
    .filter(({ count }) => count > 0)
    .map(({ severity, count }) => `${count} ${severity}`)
    .join(', ')
}

function FindingLine({ finding: { severity, message, remedy } }: { finding: Finding }) {
  const openPlan = useOpenPlan()
  return (
    <div>
      <StatusIndicator type={types[severity]}>{severity}</StatusIndicator>
      <div>{message}</div>
      {remedy ? (
        <Box margin={{ top: 'xxs' }}>
          <Button onClick={() => openPlan(remedy.request)}>{remedy.label}</Button>
        </Box>
      ) : null}
    </div>
  )
}

/** What a family's findings are, counted; their words and remedies on demand. */
export function FindingsPopover({ family }: { family: Family }) {
  const { findings } = family
  const [first] = findings
  if (!first) return <Box color="text-status-inactive">none</Box>
  const counts = countsOf(findings)
  return (
    <Popover
      renderWithPortal
      size="large"
      header={familyName(family)}
      triggerAriaLabel={`${counts}: findings of ${familyName(family)}`}
      content={
        <SpaceBetween size="s">
          {findings.map((finding) => (
            <FindingLine key={finding.message} finding={finding} />
          ))}
        </SpaceBetween>
      }
    >
      <StatusIndicator type={types[first.severity]}>{counts}</StatusIndicator>
    </Popover>
  )
}
