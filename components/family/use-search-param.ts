// One search parameter as state: what a person looks at stands in the URL, and no page is loaded for it.

import { useSearchParams } from 'next/navigation'
import { useCallback } from 'react'

export function useSearchParam(name: string): [string | null, (value: string | null) => void] {
  const value = useSearchParams().get(name)
  const set = useCallback(
    (next: string | null) => {
      const search = new URLSearchParams(window.location.search)
      if (next === null) search.delete(name)
      else search.set(name, next)
      const query = search.toString()
      window.history.replaceState(null, '', query ? `?${query}` : window.location.pathname)
    },
    [name],
  )
  return [value, set]
}
