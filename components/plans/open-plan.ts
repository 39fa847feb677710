// Opening a plan from anywhere: the request stands in the URL, so that it survives a reload and can be sent to others.

import { usePathname, useRouter, useSearchParams } from 'next/navigation'
import { useCallback } from 'react'
import type { RequestData } from '@/lib/topology/topology'

/** The search parameter that holds the request as JSON. */
export const PLAN_PARAM = 'plan'

/** The search parameter that holds the run which the dialog has started; pages keep theirs in one of their own. */
const STARTED_PARAM = 'started'

/** The request in the URL, or null when there is none or it cannot be read. */
export function requestIn(text: string | null): RequestData | null {
  if (text === null) return null
  try {
    const value: unknown = JSON.parse(text)
    const isRequest = typeof value === 'object' && value !== null && 'kind' in value && typeof value.kind === 'string'
    return isRequest ? (value as RequestData) : null
  } catch {
    return null
  }
}

/** Promotions and new keys have pages of their own, the rest opens over the page. */
export const hasPageOfItsOwn = ({ kind }: RequestData) => kind === 'promote' || kind === 'create-primary'

/** Where a request is planned. */
function placeOf(request: RequestData, pathname: string, search: URLSearchParams): string {
  const next = new URLSearchParams(search)
  next.delete(PLAN_PARAM)
  next.delete(STARTED_PARAM)
  if (request.kind === 'promote') {
    const to = typeof request.toRegion === 'string' ? `?to=${encodeURIComponent(request.toRegion)}` : ''
    return `/keys/${encodeURIComponent(String(request.keyId))}/promote${to}`
  }
  if (request.kind === 'create-primary') {
    return `/keys/new?${PLAN_PARAM}=${encodeURIComponent(JSON.stringify(request))}`
  }
  next.set(PLAN_PARAM, JSON.stringify(request))
  return `${pathname}?${next}`
}

/**
 * `openPlan(request)` opens the form and review of a request; an incomplete one begins with its form. What opens over
 * the page asks nothing of the page's server part: only the URL changes, and it opens at once.
 */
export function useOpenPlan() {
  const router = useRouter()
  const pathname = usePathname()
  const search = useSearchParams()
  return useCallback(
    (request: RequestData) => {
      const place = placeOf(request, pathname, search)
      if (hasPageOfItsOwn(request)) router.push(place, { scroll: false })
      else window.history.pushState(null, '', place)
    },
    [router, pathname, search],
  )
}

/** `changePlan(request)` puts another request in the place of the one that is open: Back still leaves the dialog. */
export function useChangePlan() {
  const pathname = usePathname()
  const search = useSearchParams()
  return useCallback(
    (request: RequestData) => window.history.replaceState(null, '', placeOf(request, pathname, search)),
    [pathname, search],
  )
}

/** The run that was started from the open plan, beside the request in the URL: a reload shows it, not the plan again. */
export function useStartedRun(): [string | null, (runId: string) => void] {
  const runId = useSearchParams().get(STARTED_PARAM)
  const keep = useCallback((started: string) => {
    const next = new URLSearchParams(window.location.search)
    next.set(STARTED_PARAM, started)
    window.history.replaceState(null, '', `?${next}`)
  }, [])
  return [runId, keep]
}

/** `closePlan()` takes the request out of the URL; the page behind stays as it is. */
export function useClosePlan() {
  const pathname = usePathname()
  const search = useSearchParams()
  return useCallback(() => {
    const next = new URLSearchParams(search)
    next.delete(PLAN_PARAM)
    next.delete(STARTED_PARAM)
    window.history.pushState(null, '', next.size > 0 ? `${pathname}?${next}` : pathname)
  }, [pathname, search])
}
