'use client'

import Button from '@cloudscape-design/components/button'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { AwaitedPlan, type Planned } from '@/components/plans/awaited-plan'
import { ChecksList, ChecksSummary } from '@/components/plans/checks-list'
import { useOpenPlan } from '@/components/plans/open-plan'
import { PlanConsequences, PlanSteps } from '@/components/plans/plan-review'
import { StartRun } from '@/components/plans/start-run'
import type { Plan } from '@/lib/plans/plan'
import type { RequestData } from '@/lib/topology/topology'
import { PathSection } from './path-section'

interface PromotionReviewProps {
  planned: Planned
  /** What was typed so far; it outlives the choice of another target. */
  reason: string
  onReason: (reason: string) => void
  onReviewAgain: () => void
  /** Another target, chosen at a check. */
  onTarget: (region: string) => void
  onStarted: (runId: string) => void
}

function Sections({
  plan,
  isFetching,
  reason,
  onReason,
  onReviewAgain,
  onRequest,
  onStarted,
}: Omit<PromotionReviewProps, 'planned' | 'onTarget'> & {
  plan: Plan
  isFetching: boolean
  onRequest: (request: RequestData) => void
}) {
  return (
    <>
      <PathSection
        id="checks"
        takesFocus="after a press"
        description="What KMS answered, Region by Region, when the plan was made."
        actions={
          <Button onClick={onReviewAgain} loading={isFetching} loadingText="Asking the Regions">
            Check again
          </Button>
        }
      >
        <SpaceBetween size="s">
          <ChecksSummary checks={plan.checks} />
          <ChecksList checks={plan.checks} onRequest={onRequest} />
        </SpaceBetween>
      </PathSection>
      <PathSection
        id="consequences"
        description="No ARN changes. Policies, aliases, tags and grants stay where they are, each with its own key."
      >
        <SpaceBetween size="l">
          <PlanConsequences plan={plan} />
          <PlanSteps plan={plan} />
        </SpaceBetween>
      </PathSection>
      <PathSection id="confirm">
        <StartRun
          plan={plan}
          reason={reason}
          onReason={onReason}
          onStarted={onStarted}
          onReviewAgain={onReviewAgain}
          reviewing={isFetching}
        />
      </PathSection>
    </>
  )
}

/** Steps 2 to 4: what speaks against it, what it does, and the start. */
export function PromotionReview({ planned, onTarget, ...review }: PromotionReviewProps) {
  const openPlan = useOpenPlan()
  const onRequest = (request: RequestData) =>
    request.kind === 'promote' && typeof request.toRegion === 'string' ? onTarget(request.toRegion) : openPlan(request)
  return (
    <AwaitedPlan
      planned={planned}
      waiting="Asking KMS in each Region whether a promotion could start …"
      againLabel="Check again"
      onAgain={review.onReviewAgain}
    >
      {(plan) => <Sections plan={plan} isFetching={planned.isFetching} onRequest={onRequest} {...review} />}
    </AwaitedPlan>
  )
}
