// Links of Cloudscape as links of the router: no reload, and modified clicks stay the browser's.

import { useRouter } from 'next/navigation'
import { useCallback } from 'react'

interface Followed {
  preventDefault: () => void
  detail: { href?: string; external?: boolean }
}

/** `onFollow` for every Cloudscape component that has one. */
export function useFollow() {
  const router = useRouter()
  return useCallback(
    (event: Followed) => {
      const { href, external } = event.detail
      if (href === undefined || external) return
      event.preventDefault()
      router.push(href)
    },
    [router],
  )
}
