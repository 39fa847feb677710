// Region trouble: Regions that are not read as they should be, and the words for it.

import type { RegionStatus, RegionView, Topology } from './topology'

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

type Regions = Pick<Topology, 'regions'>

export const regionsInTrouble = ({ regions }: Regions): RegionView[] =>
  regions.filter(({ status, awaited }) => status !== 'ok' && !awaited)

/** Regions that are being read for the first time since the start. */
export const awaitedRegions = ({ regions }: Regions): RegionView[] => regions.filter(({ awaited }) => awaited)
