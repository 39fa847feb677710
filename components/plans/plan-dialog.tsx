'use client'

import { useSearchParams } from 'next/navigation'
import { PLAN_PARAM, requestIn } from './open-plan'

/** The plan that stands in the URL, over whatever page is open. */
export function PlanDialog() {
  const request = requestIn(useSearchParams().get(PLAN_PARAM))
  return request ? <pre>{JSON.stringify(request)}</pre> : null
}
