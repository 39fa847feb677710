'use client'

import dynamic from 'next/dynamic'
import { useSearchParams } from 'next/navigation'
import { hasPageOfItsOwn, PLAN_PARAM, requestIn } from './open-plan'

/** Forms and review are loaded when the first plan is opened: pages without one stay small. */
const PlanDialogContent = dynamic(() => import('./plan-dialog-content').then((module) => module.PlanDialogContent), {
  ssr: false,
})

/** The plan that stands in the URL, over whatever page is open. */
export function PlanDialog() {
  const request = requestIn(useSearchParams().get(PLAN_PARAM))
  if (!request || hasPageOfItsOwn(request)) return null
  // Another operation or another family is another dialog; a changed request is the same one.
  return <PlanDialogContent key={`${request.kind} ${String(request.keyId)}`} request={request} />
}
