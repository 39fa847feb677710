// Lists a page at a time. A marker names the last item already given, so a list may change between two pages.

import { KmsError } from './errors.ts'

type Paging = { Limit: number | undefined; Marker: string | undefined }

/** `items` in ascending order of `nameOf`. The marker of one list is refused by every other. */
export function pageOf<T>(
  list: string,
  items: readonly T[],
  nameOf: (item: T) => string,
  { Limit, Marker }: Paging,
  defaultLimit: number,
): { items: T[]; NextMarker?: string; Truncated: boolean } {
  const start = Marker === undefined ? 0 : firstAfter(items, nameOf, readMarker(list, Marker))
  const page = items.slice(start, start + (Limit ?? defaultLimit))
  const last = page.at(-1)
  if (last === undefined || start + page.length >= items.length) return { items: page, Truncated: false }
  return { items: page, NextMarker: writeMarker(list, nameOf(last)), Truncated: true }
}

function firstAfter<T>(items: readonly T[], nameOf: (item: T) => string, name: string): number {
  const index = items.findIndex((item) => nameOf(item) > name)
  return index === -1 ? items.length : index
}

const writeMarker = (list: string, name: string) => Buffer.from(JSON.stringify([list, name])).toString('base64url')

function readMarker(list: string, marker: string): string {
  try {
    const [of, name] = JSON.parse(Buffer.from(marker, 'base64url').toString()) as unknown[]
    if (of === list && typeof name === 'string') return name
  } catch {
    // falls through: whatever it is, it is no marker of ours
  }
  throw new KmsError('InvalidMarkerException', `Could not parse the marker '${marker}'.`)
}
