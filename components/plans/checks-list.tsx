'use client'

import Button from '@cloudscape-design/components/button'
import ExpandableSection from '@cloudscape-design/components/expandable-section'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { StatusIndicator } from '@/components/shell/status-indicator'
import type { Check, Verdict } from '@/lib/plans/plan'
import type { RequestData } from '@/lib/topology/topology'
import { useOpenPlan } from './open-plan'
import styles from './plan-review.module.css'

const indicators: Record<Verdict, 'success' | 'info' | 'warning' | 'error'> = {
  pass: 'success',
  unproven: 'info',
  warn: 'warning',
  block: 'error',
}
const words: Record<Verdict, string> = { pass: 'Passed', unproven: 'Not provable', warn: 'Warning', block: 'Blocked' }

const blockedBy: Record<NonNullable<Check['blockedBy']>, string> = {
  kms: 'KMS would refuse',
  'house rule': 'A house rule',
}

const verdictInWords = ({ verdict, blockedBy: who }: Check) =>
  who ? `${words[verdict]}: ${blockedBy[who]}` : words[verdict]

/** Remedies open another plan; choices change this one. */
function CheckButtons({ check, onRequest }: { check: Check; onRequest: (request: RequestData) => void }) {
  const openPlan = useOpenPlan()
  const { remedy, choices = [] } = check
  if (!remedy && choices.length === 0) return null
  return (
    <SpaceBetween direction="horizontal" size="xs">
      {choices.map(({ label, request }) => (
        <Button key={label} formAction="none" onClick={() => onRequest(request)}>
          {label}
        </Button>
      ))}
      {remedy && (
        <Button formAction="none" onClick={() => openPlan(remedy.request)}>
          {remedy.label}
        </Button>
      )}
    </SpaceBetween>
  )
}

/** One row a check; ids repeat, one a Region, so the place in the plan tells them apart. */
function Checks({ checks, onRequest }: { checks: Check[]; onRequest: (request: RequestData) => void }) {
  return (
    <ul className={styles.checks}>
      {checks.map((check) => (
        <li key={`${check.id} ${check.message}`} className={styles.check}>
          <StatusIndicator type={indicators[check.verdict]}>{verdictInWords(check)}</StatusIndicator>
          <div className={styles.message}>
            {check.message}
            <CheckButtons check={check} onRequest={onRequest} />
          </div>
        </li>
      ))}
    </ul>
  )
}

/** What speaks against the plan first; what passed is folded. */
export function ChecksList({ checks, onRequest }: { checks: Check[]; onRequest: (request: RequestData) => void }) {
  const of = (verdict: Verdict) => checks.filter((check) => check.verdict === verdict)
  const open = [...of('block'), ...of('warn'), ...of('unproven')]
  const passed = of('pass')
  return (
    <SpaceBetween size="xs">
      {open.length > 0 && <Checks checks={open} onRequest={onRequest} />}
      {passed.length > 0 && (
        <ExpandableSection variant="footer" headerText="What passed">
          <Checks checks={passed} onRequest={onRequest} />
        </ExpandableSection>
      )}
    </SpaceBetween>
  )
}

/** `Nothing blocks the start, 1 warning, 2 not provable, 8 passed` */
export function ChecksSummary({ checks }: { checks: Check[] }) {
  const count = (verdict: Verdict) => checks.filter((check) => check.verdict === verdict).length
  const [passed, open, warnings, blocks] = [count('pass'), count('unproven'), count('warn'), count('block')]
  return (
    <SpaceBetween direction="horizontal" size="m">
      {blocks > 0 ? (
        <StatusIndicator type="error">{`${blocks} ${blocks === 1 ? 'blocks' : 'block'} the start`}</StatusIndicator>
      ) : (
        <StatusIndicator type="success">Nothing blocks the start</StatusIndicator>
      )}
      {warnings > 0 && (
        <StatusIndicator type="warning">{`${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`}</StatusIndicator>
      )}
      {open > 0 && <StatusIndicator type="info">{`${open} not provable`}</StatusIndicator>}
      <StatusIndicator type="success" colorOverride="grey">{`${passed} passed`}</StatusIndicator>
    </SpaceBetween>
  )
}
