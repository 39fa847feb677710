'use client'

import dynamic from 'next/dynamic'
import { useSearchParams } from 'next/navigation'
import { useState } from 'react'
import { hasPageOfItsOwn, PLAN_PARAM, requestIn, useClosePlan } from './open-plan'

/** Forms and review are loaded when the first plan is opened: pages without one stay small. */
const PlanDialogContent = dynamic(() => import('./plan-dialog-content').then((module) => module.PlanDialogContent), {
  ssr: false,
})

/**
 * The plan that stands in the URL, over whatever page is open. Closing takes effect at once: the URL may follow later,
 * when the browser still waits for an answer of the server.
 */
export function PlanDialog() {
  const text = useSearchParams().get(PLAN_PARAM)
  const closePlan = useClosePlan()
  const [closed, setClosed] = useState<string | null>(null)
  if (closed !== null && text !== closed) setClosed(null)
  const request = requestIn(text)
  if (!request || text === closed || hasPageOfItsOwn(request)) return null
  const close = () => {
    setClosed(text)
    closePlan()
  }
  // Another operation or another family is another dialog; a changed request is the same one.
  return <PlanDialogContent key={`${request.kind} ${String(request.keyId)}`} request={request} onClose={close} />
}
