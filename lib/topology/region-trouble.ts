// Region trouble: Regions that are not read as they should be, whole or in part, and the words for it.

import type { RegionPart, RegionStatus, RegionView, Topology } from './topology'

/** What a Region does, after its name: `eu-west-1 does not answer`. */
const troubleInWords: Record<RegionStatus, string> = {
  ok: 'answers',
  unreachable: 'does not answer',
  denied: 'does not let the dashboard read it',
  disabled: 'is not enabled for this account',
  throttled: 'throttles the dashboard’s requests',
}

/** What the Region does, after its name; one that was not tried yet is given time. */
export const regionDoes = ({ status, awaited }: Pick<RegionView, 'status' | 'awaited'>): string =>
  awaited ? 'is being read' : troubleInWords[status]

type Seen = Pick<RegionView, 'status' | 'awaited' | 'unreadable'>

const lacks = ({ unreadable = [] }: Seen, part: RegionPart) => unreadable.some((each) => each.part === part)

/** Does the Region answer, and let at least a part of it be read? Then a part that is denied stands in nobody's way but its own. */
export function isReadable(region: Seen): boolean {
  if (region.awaited) return false
  return region.status === 'ok' || (region.status === 'denied' && (lacks(region, 'keys') || lacks(region, 'aliases')))
}

/** Was this part of the Region read last time? Of descriptions and rotation: all of them. */
export const isRead = (region: Seen, part: RegionPart): boolean => isReadable(region) && !lacks(region, part)

type Regions = Pick<Topology, 'regions'>

/** Regions of which nothing can be read now. */
export const regionsInTrouble = ({ regions }: Regions): RegionView[] =>
  regions.filter((region) => !isReadable(region) && !region.awaited)

/** Regions that are being read for the first time since the start. */
export const awaitedRegions = ({ regions }: Regions): RegionView[] => regions.filter(({ awaited }) => awaited)
