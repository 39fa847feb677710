'use client'

import Button from '@cloudscape-design/components/button'
import type { ReactNode } from 'react'
import { WaitingWords } from '@/components/shell/waiting-words'
import type { Plan } from '@/lib/plans/plan'
import type { usePlan } from '@/lib/queries/plan'
import { RefusalAlert } from './refusal'

export type Planned = Pick<ReturnType<typeof usePlan>, 'data' | 'isError' | 'isFetching'>

interface AwaitedPlanProps {
  planned: Planned
  /** What is being done until the plan stands. */
  waiting: string
  /** The button that asks again after a refusal. */
  againLabel: string
  onAgain: () => void
  children: (plan: Plan) => ReactNode
}

/** A plan as soon as it stands; until then what is asked, or why there is none. */
export function AwaitedPlan({ planned, waiting, againLabel, onAgain, children }: AwaitedPlanProps) {
  const { data: answer, isError, isFetching } = planned
  if (answer?.ok) return children(answer.value)
  if (isFetching) return <WaitingWords>{waiting}</WaitingWords>
  const action = <Button onClick={onAgain}>{againLabel}</Button>
  if (answer) return <RefusalAlert refusal={answer.error} action={action} />
  return isError ? (
    <RefusalAlert
      refusal={{ code: 'unavailable', message: 'The dashboard’s own server does not answer, so there is no plan.' }}
      action={action}
    />
  ) : null
}
