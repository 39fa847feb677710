// blind-spots: what could not be read of the family, said beside what is planned all the same.

import type { Facts } from '@/lib/topology/facts'
import { inWords } from '@/lib/topology/in-words'
import type { Family, Topology } from '@/lib/topology/topology'
import type { Check } from '../plan'
import { troubleIn } from './region-answers'
import { warned } from './verdicts'

/** Regions of members that cannot be read, those that other checks judge left out. */
export function blindSpots(
  family: Family,
  topology: Pick<Topology, 'regions'>,
  facts: Pick<Facts, 'probes'>,
  judged: string[],
  consequence: string,
): Check[] {
  const blind = family.members
    .filter(({ region }) => !judged.includes(region))
    .filter(({ region, known }) => known !== 'live' || troubleIn(region, topology, facts, family.keyId) !== null)
    .map(({ region }) => region)
  return blind.length === 0 ? [] : [warned('blind-spots', `${inWords(blind)} could not be read: ${consequence}`)]
}
