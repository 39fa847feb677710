'use client'

import Button from '@cloudscape-design/components/button'
import ExpandableSection from '@cloudscape-design/components/expandable-section'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { type ReactNode, useEffect, useRef, useState } from 'react'
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
import styles from './plan-dialog.module.css'
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

/** The review takes the focus where it is to be read before anything else. */
function FocusedReview({
  plan,
  takesFocus,
  onRequest,
}: {
  plan: Plan
  takesFocus: boolean
  onRequest: (request: RequestData) => void
}) {
  const review = useRef<HTMLElement>(null)
  useEffect(() => {
    if (takesFocus && plan.fingerprint) review.current?.focus()
  }, [takesFocus, plan.fingerprint])
  return (
    <section ref={review} tabIndex={-1} aria-label="Review" className={styles.review}>
      <PlanReview plan={plan} onRequest={onRequest} />
    </section>
  )
}

/**
 * The two parts of the dialog before a run: what is read, and what stays in sight under it. Nothing is asked once
 * there is a run.
 */
export function usePlanDialogReview(
  request: RequestData,
  hasStarted: boolean,
  onStarted: (runId: string) => void,
): { content: ReactNode; footer: ReactNode } {
  const changePlan = useChangePlan()
  const form = formFor(request.kind)
  const isComplete = !form || Object.keys(fieldsOf(form.schema, request)).length === 0
  const { data: answer, isPending, isFetching, isError, refetch } = usePlan(isComplete && !hasStarted ? request : null)
  const [wasStale, setWasStale] = useState(false)
  const [reason, setReason] = useState('')
  const refusal = isError ? silent : answer && !answer.ok ? answer.error : undefined
  const fields = refusal?.fields ?? {}
  const plan = answer?.ok && !isError ? answer.value : undefined
  // The last plan stays under the form while another is made, so that what was typed to start it is kept.
  const [last, setLast] = useState<Plan>()
  if (plan && plan !== last) setLast(plan)
  const standing = plan ?? (isComplete && isPending ? last : undefined)
  const text = JSON.stringify(request)

  const onRequest = (next: RequestData) => {
    setWasStale(false)
    if (JSON.stringify(next) === text) void refetch()
    else changePlan(next)
  }
  // What cannot be started, or has changed since it was reviewed, is to be read first; else one press starts it.
  const readsFirst = plan !== undefined && (wasStale || isBlocked(plan))

  const filledIn = form && (
    <form.Form
      key={`${text} ${JSON.stringify(fields)}`}
      request={request}
      fields={fields}
      onReview={onRequest}
      reviewing={isComplete && isFetching}
    />
  )
  const isFolded = form && !form.isFixed && isComplete && !refusal
  return {
    content: (
      <SpaceBetween size="l">
        {isFolded ? (
          <ExpandableSection key={text} headerText="Change the request">
            {filledIn}
          </ExpandableSection>
        ) : (
          filledIn
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
        {plan && <FocusedReview plan={plan} takesFocus={readsFirst} onRequest={onRequest} />}
      </SpaceBetween>
    ),
    footer: standing && (
      <StartRun
        plan={standing}
        reason={reason}
        onReason={setReason}
        onStarted={onStarted}
        reviewing={isFetching}
        autoFocus={!readsFirst}
        onReviewAgain={() => {
          setWasStale(true)
          void refetch()
        }}
      />
    ),
  }
}
