// Where the key list stands, as its URL says: view, filter, order and page.

import { useSearchParams } from 'next/navigation'
import { useMemo } from 'react'
import { readSort, type Sort, writeSort } from '@/lib/topology/family-order'
import type { FilterQuery } from '@/lib/topology/filter'
import { readQuery, withQuery } from '@/lib/topology/filter-url'

export type KeysView = 'table' | 'matrix'

interface Change {
  view?: KeysView
  query?: FilterQuery
  sort?: Sort
  page?: number
}

function setOrDelete(params: URLSearchParams, name: string, value: string | null) {
  if (value === null) params.delete(name)
  else params.set(name, value)
}

function changed(before: URLSearchParams, { view, query, sort, page }: Change): URLSearchParams {
  const params = query ? withQuery(before, query) : new URLSearchParams(before)
  if (view !== undefined) setOrDelete(params, 'view', view === 'table' ? null : view)
  if (sort !== undefined) setOrDelete(params, 'sort', writeSort(sort))
  // The page of another list or order means nothing.
  if (query !== undefined || sort !== undefined || page !== undefined) {
    setOrDelete(params, 'page', page === undefined || page <= 1 ? null : String(page))
  }
  return params
}

/** Changes of the URL stay in the browser: asking the server for the page again would send every key again. */
function write(change: Change) {
  const params = changed(new URLSearchParams(window.location.search), change)
  window.history.pushState(null, '', params.size > 0 ? `?${params}` : window.location.pathname)
}

export function useKeysUrl() {
  const search = useSearchParams()
  const queryText = withQuery(new URLSearchParams(), readQuery(search)).toString()
  const sortText = search.get('sort')
  const page = Number.parseInt(search.get('page') ?? '', 10)
  return {
    view: search.get('view') === 'matrix' ? ('matrix' as const) : ('table' as const),
    query: useMemo(() => readQuery(new URLSearchParams(queryText)), [queryText]),
    sort: useMemo(() => readSort(sortText), [sortText]),
    /** Null when the URL names none. */
    page: page >= 1 ? page : null,
    /** A place to come back to. */
    go: write,
  }
}
