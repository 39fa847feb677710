'use client'

import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useEffect, useRef } from 'react'
import { PlanReview } from '@/components/plans/plan-review'
import { RefusalAlert } from '@/components/plans/refusal'
import { StartRun } from '@/components/plans/start-run'
import { WaitingWords } from '@/components/shell/waiting-words'
import type { Plan } from '@/lib/plans/plan'
import type { usePlan } from '@/lib/queries/plan'
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
  planned: Pick<ReturnType<typeof usePlan>, 'data' | 'isError' | 'isFetching' | 'refetch'>
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
  const { data: answer, isError, isFetching, refetch } = planned
  const again = () => void refetch()
  if (answer?.ok) {
    return <Reviewed plan={answer.value} isFetching={isFetching} onReviewAgain={again} {...review} />
  }
  if (isFetching) return <WaitingWords>Asking the Regions whether the key could be made …</WaitingWords>
  const action = <Button onClick={again}>Ask again</Button>
  if (answer) return <RefusalAlert refusal={answer.error} action={action} />
  return isError ? (
    <RefusalAlert
      refusal={{ code: 'unavailable', message: 'The dashboard’s own server does not answer, so there is no plan.' }}
      action={action}
    />
  ) : null
}
