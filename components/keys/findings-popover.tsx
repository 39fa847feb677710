'use client'

import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Popover from '@cloudscape-design/components/popover'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useOpenRemedy } from '@/components/plans/open-remedy'
import { SeveritySign } from '@/components/topology/severity-sign'
import { familyName } from '@/lib/topology/family'
import { severities } from '@/lib/topology/overview'
import type { Family, Finding } from '@/lib/topology/topology'

/** `1 high, 2 medium`, the gravest first. */
function countsOf(findings: Finding[]): string {
  return severities
    .map((severity) => ({ severity, count: findings.filter((finding) => finding.severity === severity).length }))
    .filter(({ count }) => count > 0)
    .map(({ severity, count }) => `${count} ${severity}`)
    .join(', ')
}

function FindingLine({ finding: { severity, message, remedy } }: { finding: Finding }) {
  const openRemedy = useOpenRemedy()
  return (
    <div>
      <SeveritySign severity={severity} />
      <div>{message}</div>
      {remedy ? (
        <Box margin={{ top: 'xxs' }}>
          <Button onClick={() => openRemedy(remedy.request)}>{remedy.label}</Button>
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
      <SeveritySign severity={first.severity}>{counts}</SeveritySign>
    </Popover>
  )
}
