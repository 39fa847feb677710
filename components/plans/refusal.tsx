'use client'

import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import type { ReactNode } from 'react'
import type { Refusal, RefusalCode } from '@/lib/plans/answer'

const headers: Record<RefusalCode, string> = {
  invalid: 'Something is not filled in right',
  'not-found': 'Not found',
  stale: 'The plan is stale: review it again',
  held: 'Another run is at work here',
  blocked: 'A check blocks this',
  forbidden: 'Not permitted',
  conflict: 'Not possible now',
  kms: 'KMS refused',
  unavailable: 'No answer',
  internal: 'Something went wrong',
}

/** What happened, what it means and what to do; AWS's own name and request id in small print. */
export function RefusalAlert({
  refusal,
  action,
  children,
}: {
  refusal: Refusal
  action?: ReactNode
  children?: ReactNode
}) {
  const { code, message, whatToDo, awsName, requestId } = refusal
  const header = headers[code]
  const small = [awsName, requestId && `request id ${requestId}`].filter(Boolean).join(' · ')
  return (
    <div role="alert">
      <Alert type={code === 'stale' || code === 'held' ? 'warning' : 'error'} header={header} action={action}>
        {message !== header && <Box variant="p">{message}</Box>}
        {whatToDo && <Box variant="p">{whatToDo}</Box>}
        {children}
        {small && <Box variant="small">{small}</Box>}
      </Alert>
    </div>
  )
}
