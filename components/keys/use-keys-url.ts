// Where the key list stands, as its URL says: view, filter, order and page.

import { useSearchParams } from 'next/navigation'
import { useMemo, useSyncExternalStore } from 'react'
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

const listeners = new Set<() => void>()

function subscribe(changed: () => void) {
  listeners.add(changed)
  window.addEventListener('popstate', changed)
  return () => {
    listeners.delete(changed)
    window.removeEventListener('popstate', changed)
  }
}

const PATH = '/keys'

/**
 * Changes of the URL stay in the browser: asking the server for the page again would send every key again. The list
 * follows at once; the router hears of it later, in its own time.
 */
function write(change: Change) {
  const params = changed(new URLSearchParams(window.location.search), change)
  window.history.pushState(null, '', params.size > 0 ? `?${params}` : window.location.pathname)
  for (const listener of listeners) listener()
}

export function useKeysUrl() {
  const routedText = useSearchParams().toString()
  // On the way to or from another page the address is not this page's.
  const searchText = useSyncExternalStore(
    subscribe,
    () => (window.location.pathname === PATH ? window.location.search.slice(1) : routedText),
    () => routedText,
  )
  const search = useMemo(() => new URLSearchParams(searchText), [searchText])
  const queryText = withQuery(new URLSearchParams(), readQuery(search)).toString()
  const sortText = search.get('sort')
  const page = Number.parseInt(search.get('page') ?? '', 10)
  return {
    view: search.get('view') === 'matrix' ? ('matrix' as const) : ('table' as const),
    /** The same as long as filter and order are. */
    list: `${queryText} ${sortText ?? ''}`,
    query: useMemo(() => readQuery(new URLSearchParams(queryText)), [queryText]),
    sort: useMemo(() => readSort(sortText), [sortText]),
    /** Null when the URL names none. */
    page: page >= 1 ? page : null,
    /** A place to come back to. */
    go: write,
  }
}
