// Region trouble: Regions that are not read as they should be, and the words for it.

import type { RegionStatus, RegionView, Topology } from './topology'

/** What a Region does, after its name: `eu-west-1 does not answer`. */
export const troubleInWords: Record<RegionStatus, string> = {
  ok: 'answers',
  unreachable: 'does not answer',
  denied: 'does not let the dashboard read it',
  disabled: 'is not enabled for this account',
  throttled: 'throttles the dashboard’s requests',
}

export const regionsInTrouble = (topology: Pick<Topology, 'regions'>): RegionView[] =>
  topology.regions.filter((region) => region.status !== 'ok')
