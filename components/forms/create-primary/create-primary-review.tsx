'use client'

import Container from '@cloudscape-design/components/container'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useEffect, useRef } from 'react'
import { AwaitedPlan, type Planned } from '@/components/plans/awaited-plan'
import { PlanReview } from '@/components/plans/plan-review'
import { StartRun } from '@/components/plans/start-run'
import type { Plan } from '@/lib/plans/plan'
import type { RequestData } from '@/lib/topology/topology'
import styles from './create-primary.module.css'

interface ReviewProps {
  /** What was typed so far; it outlives a change of the form. */
  reason: string
  onReason: (reason: string) => void
  onRequest: (request: RequestData) => void
  onStarted: (runId: string) => void
}

interface CreatePrimaryReviewProps extends ReviewProps {
  planned: Planned & { refetch: () => Promise<unknown> }
}

function Reviewed({
  plan,
  isFetching,
  reason,
  onReason,
  onReviewAgain,
  onRequest,
  onStarted,
}: ReviewProps & { plan: Plan; isFetching: boolean; onReviewAgain: () => void }) {
  const section = useRef<HTMLElement>(null)
  // The plan takes the focus as soon as it stands, and again when it says something else.
  useEffect(() => {
    if (plan.fingerprint) section.current?.focus()
  }, [plan.fingerprint])
  return (
    <section ref={section} tabIndex={-1} aria-label="Review" className={styles.section}>
      <Container>
        <SpaceBetween size="l">
          <PlanReview plan={plan} onRequest={onRequest} />
          <StartRun
            plan={plan}
            reason={reason}
            onReason={onReason}
            onStarted={onStarted}
            onReviewAgain={onReviewAgain}
            reviewing={isFetching}
          />
        </SpaceBetween>
      </Container>
    </section>
  )
}

/** What creating the key would do, and the start. */
export function CreatePrimaryReview({ planned, ...review }: CreatePrimaryReviewProps) {
  const again = () => void planned.refetch()
  return (
    <AwaitedPlan
      planned={planned}
      waiting="Asking the Regions whether the key could be made …"
      againLabel="Ask again"
      onAgain={again}
    >
      {(plan) => <Reviewed plan={plan} isFetching={planned.isFetching} onReviewAgain={again} {...review} />}
    </AwaitedPlan>
  )
}
