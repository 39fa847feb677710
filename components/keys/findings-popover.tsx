'use client'

import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useOpenRemedy } from '@/components/plans/open-remedy'
import { PopoverOnDemand } from '@/components/shell/popover-on-demand'
import { SeveritySign, severitySigns } from '@/components/topology/severity-sign'
import { Sign } from '@/components/topology/sign'
import { familyName } from '@/lib/topology/family'
import { severities } from '@/lib/topology/overview'
import type { Family, Finding } from '@/lib/topology/topology'
import { type CellPlace, focusable } from './cell-place'
import styles from './keys-table.module.css'

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
export function FindingsPopover({ family, ...place }: { family: Family } & CellPlace) {
  const { findings } = family
  const [first] = findings
  if (!first) return <span className={styles.quiet}>none</span>
  const counts = countsOf(findings)
  return (
    <PopoverOnDemand
      {...focusable(place)}
      className={styles.opener}
      size="large"
      header={familyName(family)}
      aria-label={`${counts}: findings of ${familyName(family)}`}
      content={() => (
        <SpaceBetween size="s">
          {findings.map((finding) => (
            <FindingLine key={finding.message} finding={finding} />
          ))}
        </SpaceBetween>
      )}
    >
      <Sign type={severitySigns[first.severity]}>{counts}</Sign>
    </PopoverOnDemand>
  )
}
