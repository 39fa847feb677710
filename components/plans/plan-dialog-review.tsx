'use client'

import Button from '@cloudscape-design/components/button'
import ExpandableSection from '@cloudscape-design/components/expandable-section'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useEffect, useRef, useState } from 'react'
import { formFor } from '@/components/forms/form-for'
import { fieldsOf } from '@/components/forms/plan-form'
import { WaitingWords } from '@/components/shell/waiting-words'
import type { Refusal } from '@/lib/plans/answer'
import { isBlocked, type Plan } from '@/lib/plans/plan'
import { usePlan } from '@/lib/queries/plan'
import { useFamily } from '@/lib/queries/topology'
import { inWords } from '@/lib/topology/in-words'
import type { RequestData } from '@/lib/topology/topology'
import { useChangePlan } from './open-plan'
import { PlanReview } from './plan-review'
import { RefusalAlert } from './refusal'
import { StartRun } from './start-run'

const silent: Refusal = {
  code: 'unavailable',
  message: 'The dashboard’s own server does not answer: the plan could not be made. Nothing was changed.',
}

/** The Regions that are asked before the plan stands. */
function Asking({ request }: { request: RequestData }) {
  const { data: family } = useFamily(String(request.keyId))
  const targets = Array.isArray(request.toRegions) ? request.toRegions.map(String) : []
  const regions = [...new Set([...(family?.members ?? []).map(({ region }) => region), ...targets])]
  return <WaitingWords>{regions.length > 0 ? `Asking ${inWords(regions)} …` : 'Making the plan …'}</WaitingWords>
}

/** Shows a plan; the focus goes to what is to be done next. */
function ReviewAndStart({
  plan,
  reviewing,
  onRequest,
  onStarted,
  onReviewAgain,
}: {
  plan: Plan
  reviewing: boolean
  onRequest: (request: RequestData) => void
  onStarted: (runId: string) => void
  onReviewAgain: () => Promise<unknown>
}) {
  const review = useRef<HTMLDivElement>(null)
  const [again, setAgain] = useState(false)
  const blocked = isBlocked(plan)
  // A plan that cannot be started, or was made again because something has changed, is to be read first.
  const readsFirst = again || blocked
  useEffect(() => {
    if (readsFirst && plan.fingerprint) review.current?.focus()
  }, [readsFirst, plan.fingerprint])
  return (
    <SpaceBetween size="l">
      <section ref={review} tabIndex={-1} aria-label="Review">
        <PlanReview plan={plan} onRequest={onRequest} />
      </section>
      <StartRun
        plan={plan}
        onStarted={onStarted}
        reviewing={reviewing}
        autoFocus={!readsFirst}
        onReviewAgain={() => {
          setAgain(true)
          void onReviewAgain().then(() => review.current?.focus())
        }}
      />
    </SpaceBetween>
  )
}

/** The form of the kind on top, then the plan as soon as the request is complete. */
export function PlanDialogReview({ request, onStarted }: { request: RequestData; onStarted: (runId: string) => void }) {
  const changePlan = useChangePlan()
  const form = formFor(request.kind)
  const missing = form ? fieldsOf(form.schema, request) : {}
  const isComplete = Object.keys(missing).length === 0
  const { data: answer, isPending, isFetching, isError, refetch } = usePlan(isComplete ? request : null)
  const refusal = isError ? silent : answer && !answer.ok ? answer.error : undefined
  const refusedFields = refusal?.fields ?? {}
  const text = JSON.stringify(request)

  const onRequest = (next: RequestData) => {
    if (JSON.stringify(next) === text) void refetch()
    else changePlan(next)
  }

  const fields = form && (
    <form.Form
      key={`${text} ${JSON.stringify(refusedFields)}`}
      request={request}
      fields={refusedFields}
      onReview={onRequest}
      reviewing={isComplete && isFetching}
    />
  )
  return (
    <SpaceBetween size="l">
      {form && (form.isFixed || !isComplete || refusal) ? fields : null}
      {form && !form.isFixed && isComplete && !refusal && (
        <ExpandableSection key={text} headerText="Change the request">
          {fields}
        </ExpandableSection>
      )}
      {isComplete && isPending && <Asking request={request} />}
      {refusal && (
        <RefusalAlert
          refusal={refusal}
          action={
            <Button formAction="none" loading={isFetching} onClick={() => void refetch()}>
              Ask again
            </Button>
          }
        />
      )}
      {answer?.ok && !isError && (
        <ReviewAndStart
          plan={answer.value}
          reviewing={isFetching}
          onRequest={onRequest}
          onStarted={onStarted}
          onReviewAgain={() => refetch()}
        />
      )}
    </SpaceBetween>
  )
}
