'use client'

import Button, { type ButtonProps } from '@cloudscape-design/components/button'
import FormField from '@cloudscape-design/components/form-field'
import Input, { type InputProps } from '@cloudscape-design/components/input'
import Textarea, { type TextareaProps } from '@cloudscape-design/components/textarea'
import { useEffect, useRef, useState } from 'react'
import { Link } from '@/components/shell/link'
import type { Refusal } from '@/lib/plans/answer'
import type { Plan } from '@/lib/plans/plan'
import { hasEnded } from '@/lib/plans/run'
import { useRuns, useStartRun } from '@/lib/queries/runs'
import { RefusalAlert } from './refusal'
import styles from './start-run.module.css'

type Fields = { reason?: string; confirmation?: string }

const silent: Refusal = {
  code: 'unavailable',
  message: 'The dashboard’s own server does not answer, so nobody knows whether the run was started.',
  whatToDo: 'Look at Runs before you start it again; a family takes one run at a time.',
}

/** The run that is at work on a family of the plan; the refusal itself names none. */
function HoldingRun({ families }: { families: string[] }) {
  const { data = [] } = useRuns()
  const holding = data.find((run) => !hasEnded(run) && run.keyIds.some((keyId) => families.includes(keyId)))
  return holding ? (
    <Link href={`/runs/${encodeURIComponent(holding.id)}`}>{holding.title}</Link>
  ) : (
    <Link href="/runs">See the runs in flight</Link>
  )
}

/** Why `Start run` cannot be pressed now; undefined when it can. */
function whyNot(plan: Plan, reviewing: boolean): string | undefined {
  if (reviewing) return 'The plan is being made again'
  const blocks = plan.checks.filter(({ verdict }) => verdict === 'block')
  const [first] = blocks
  if (first) return blocks.length === 1 ? `A check blocks it: ${first.message}` : `${blocks.length} checks block it`
  return plan.steps.length === 0 ? 'The plan has no steps' : undefined
}

/** What has to be typed before the server is asked; the server judges again. */
function missing(plan: Plan, reason: string, confirmation: string): Fields {
  if (plan.confirmation === null) return {}
  const fields: Fields = {}
  if (reason.trim() === '') fields.reason = 'Say why: the reason is kept with the run'
  if (confirmation !== plan.confirmation) fields.confirmation = `Type ${plan.confirmation} exactly`
  return fields
}

interface StartRunProps {
  plan: Plan
  /** What was typed so far: whoever shows the plan keeps it while another one is made. */
  reason: string
  onReason: (reason: string) => void
  onStarted: (runId: string) => void
  onReviewAgain: () => void
  /** The plan shown is being made again. */
  reviewing?: boolean
  /** Puts the focus on the first thing to do here, for a plan that was opened filled in. */
  autoFocus?: boolean
}

/** The last step before a change: why, the typed confirmation of dangerous plans, and the one button. */
export function StartRun({
  plan,
  reason,
  onReason,
  onStarted,
  onReviewAgain,
  reviewing = false,
  autoFocus = false,
}: StartRunProps) {
  const start = useStartRun()
  const [confirmation, setConfirmation] = useState('')
  const [typed, setTyped] = useState<Fields>({})
  const reasonRef = useRef<TextareaProps.Ref>(null)
  const confirmationRef = useRef<InputProps.Ref>(null)
  const buttonRef = useRef<ButtonProps.Ref>(null)
  const asksTyping = plan.confirmation !== null

  useEffect(() => {
    if (!autoFocus || !plan.fingerprint) return
    if (asksTyping) reasonRef.current?.focus()
    else buttonRef.current?.focus()
  }, [autoFocus, asksTyping, plan.fingerprint])

  // A refusal belongs to the plan that was sent: once it was reviewed again, it says nothing any more.
  const isOfThisPlan = start.variables?.fingerprint === plan.fingerprint
  const answered = start.data && !start.data.ok ? start.data.error : start.isError ? silent : undefined
  const refusal = isOfThisPlan ? answered : undefined
  const reasonError = typed.reason ?? refusal?.fields?.reason
  const confirmationError = typed.confirmation ?? refusal?.fields?.confirmation
  const atFields = refusal?.code === 'invalid' && (reasonError !== undefined || confirmationError !== undefined)

  const submit = () => {
    if (start.isPending || whyNot(plan, reviewing) !== undefined) return
    const fields = missing(plan, reason, confirmation)
    setTyped(fields)
    if (fields.reason) return reasonRef.current?.focus()
    if (fields.confirmation) return confirmationRef.current?.focus()
    start.mutate(
      {
        request: plan.request,
        fingerprint: plan.fingerprint,
        reason,
        ...(asksTyping && { confirmation }),
      },
      { onSuccess: (answer) => answer.ok && onStarted(answer.value.id) },
    )
  }

  const reviewAgain = (
    <Button
      formAction="none"
      onClick={() => {
        start.reset()
        onReviewAgain()
      }}
    >
      Review plan
    </Button>
  )
  const disabledReason = whyNot(plan, reviewing)

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <div className={styles.start} data-typed={asksTyping}>
        {refusal && !atFields && (
          <div className={styles.refusal}>
            <RefusalAlert
              refusal={refusal}
              action={refusal.code === 'stale' || refusal.code === 'blocked' ? reviewAgain : undefined}
            >
              {refusal.code === 'held' && <HoldingRun families={plan.families} />}
            </RefusalAlert>
          </div>
        )}
        <FormField
          label="Reason"
          constraintText={asksTyping ? 'Kept with the run.' : 'Optional. Kept with the run.'}
          errorText={reasonError}
          stretch
        >
          <Textarea
            ref={reasonRef}
            rows={1}
            value={reason}
            ariaRequired={asksTyping}
            onChange={({ detail }) => {
              onReason(detail.value)
              setTyped(({ confirmation }) => ({ confirmation }))
            }}
          />
        </FormField>
        {plan.confirmation !== null && (
          <FormField label={`Type ${plan.confirmation} to confirm`} errorText={confirmationError} stretch>
            <Input
              ref={confirmationRef}
              value={confirmation}
              autoComplete={false}
              spellcheck={false}
              ariaRequired
              onChange={({ detail }) => {
                setConfirmation(detail.value)
                setTyped(({ reason }) => ({ reason }))
              }}
            />
          </FormField>
        )}
        <div className={styles.button}>
          <Button
            ref={buttonRef}
            variant="primary"
            loading={start.isPending}
            loadingText="Starting the run"
            disabled={disabledReason !== undefined}
            disabledReason={disabledReason}
          >
            Start run
          </Button>
        </div>
      </div>
    </form>
  )
}
