// The columns of the matrix: every Region that is read, with what is wrong with it, and those that only members name.

import { byText } from '@/lib/topology/family'
import { isRead, isReadable, regionDoes } from '@/lib/topology/region-trouble'
import type { Family, RegionStatus, RegionView } from '@/lib/topology/topology'

export interface RegionColumn {
  name: string
  /** What is wrong with it, in a word or two; null when it was read. */
  trouble: string | null
  /** The same as a whole sentence or two, with the reason. */
  details: string | null
  /** Why nothing can be replicated there now; null when it can. */
  obstacle: string | null
  /** At least a part of it was read. */
  readable: boolean
}

/** Short enough for the head of a column. */
const shortTrouble: Record<RegionStatus, string | null> = {
  ok: null,
  unreachable: 'no answer',
  denied: 'access denied',
  disabled: 'not enabled',
  throttled: 'throttled',
}

/** A rotation that was not read stands with its family, and makes no Region look broken. */
function shortPart({ unreadable = [] }: RegionView): string | null {
  const [first] = unreadable.filter(({ part }) => part !== 'rotation')
  if (!first) return null
  if (first.part === 'keys') return 'keys not listed'
  if (first.part === 'aliases') return 'aliases not read'
  const count = first.keyIds?.length ?? 0
  return `${count.toLocaleString('en-US')} ${count === 1 ? 'key' : 'keys'} not read`
}

function columnOf(region: RegionView): RegionColumn {
  const { name, status, message } = region
  const because = message ? ` (${message})` : ''
  if (!isReadable(region)) {
    const details = `${name} ${regionDoes(region)}${because}`
    return {
      name,
      trouble: region.awaited ? 'being read' : shortTrouble[status],
      details,
      obstacle: details,
      readable: false,
    }
  }
  const trouble = shortPart(region)
  return {
    name,
    trouble,
    details: trouble && `Of ${name} not everything could be read${because}`,
    obstacle: isRead(region, 'keys')
      ? null
      : `${name} does not list its keys: one made there would not be seen${because}`,
    readable: true,
  }
}

/** Regions that only members name, sorted and joined by commas: one text, so that equal ones are equal. */
export function unreadRegions(families: readonly Family[], regions: readonly RegionView[]): string {
  const read = new Set(regions.map(({ name }) => name))
  const named = new Set(families.flatMap(({ members }) => members.map(({ region }) => region)))
  return [...named]
    .filter((name) => !read.has(name))
    .sort(byText)
    .join()
}

/** `unread` as `unreadRegions` gives it. */
export const columnsOf = (regions: readonly RegionView[], unread: string): RegionColumn[] => [
  ...regions.map(columnOf),
  ...unread
    .split(',')
    .filter(Boolean)
    .map((name) => {
      const details = `${name} is not among the Regions that are read`
      return { name, trouble: 'not read', details, obstacle: details, readable: false }
    }),
]
