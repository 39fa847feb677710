import { answerJson, door } from '@/app/api/door'
import { loadTopology } from '@/lib/inventory/load-topology'
import { blindSpotsOf } from '@/lib/topology/blind-spots'

/** What could not be read, by Region and part, with the key ids of the families that it touches. */
export const GET = door(async () => {
  const topology = await loadTopology()
  return answerJson({ version: topology.version, blindSpots: blindSpotsOf(topology) })
})
