// Where the key list stands, as its URL says: view, filter, order, page and the family that was opened last.

import { useSearchParams } from 'next/navigation'
import { useCallback, useMemo } from 'react'
import { readSort, type Sort, writeSort } from '@/lib/topology/family-order'
import type { FilterQuery } from '@/lib/topology/filter'
import { readQuery, withQuery } from '@/lib/topology/filter-url'

export type KeysView = 'table' | 'matrix'

interface Change {
  view?: KeysView
  query?: FilterQuery
  sort?: Sort
  page?: number
  /** The key id of the family that is marked; null marks none. */
  family?: string | null
}

function setOrDelete(params: URLSearchParams, name: string, value: string | null) {
  if (value === null) params.delete(name)
  else params.set(name, value)
}

function changed(before: URLSearchParams, { view, query, sort, page, family }: Change): URLSearchParams {
  const params = query ? withQuery(before, query) : new URLSearchParams(before)
  if (view !== undefined) setOrDelete(params, 'view', view === 'table' ? null : view)
  if (sort !== undefined) setOrDelete(params, 'sort', writeSort(sort))
  // The page of another list or order means nothing; the marked family leads to its own page, unless one is turned to.
  if (query !== undefined || sort !== undefined || page !== undefined) {
    setOrDelete(params, 'page', page === undefined || page <= 1 ? null : String(page))
  }
  if (page !== undefined) params.delete('family')
  if (family !== undefined) setOrDelete(params, 'family', family)
  return params
}

/** Changes of the URL stay in the browser: asking the server for the page again would send every key again. */
function write(how: 'pushState' | 'replaceState', change: Change) {
  const params = changed(new URLSearchParams(window.location.search), change)
  window.history[how](null, '', params.size > 0 ? `?${params}` : window.location.pathname)
}

/** The marked family at this moment: what is drawn may lag behind a click. */
export const markedNow = (): string | null => new URLSearchParams(window.location.search).get('family')

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
    family: search.get('family'),
    /** A place to come back to. */
    go: useCallback((change: Change) => write('pushState', change), []),
    /** Marks a family without a place of its own in the history. */
    mark: useCallback((keyId: string | null) => write('replaceState', { family: keyId }), []),
  }
}
