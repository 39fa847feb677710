// What the key list says before anything else: how much there is, how much needs a person, what could not be read.

import { inWords } from '@/lib/topology/in-words'
import { awaitedRegions, regionsInTrouble } from '@/lib/topology/region-trouble'
import type { Topology } from '@/lib/topology/topology'

type Told = Pick<Topology, 'families' | 'regions' | 'otherKeys'>

const counted = (count: number, one: string, many: string) =>
  `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`

/** The opening sentence of the screen. */
export function keysSentence({ families, regions }: Told): string {
  const failing = regionsInTrouble({ regions }).map(({ name }) => name)
  const awaited = awaitedRegions({ regions }).map(({ name }) => name)
  const blind = failing.length > 0 ? `${inWords(failing)} could not be read` : null
  const reading =
    awaited.length > 0 ? `${inWords(awaited)} ${awaited.length === 1 ? 'is' : 'are'} still being read` : null
  const readRegions = counted(regions.length, 'Region', 'Regions')
  if (families.length === 0) {
    const but = blind ?? reading
    return but ? `No multi-Region keys found, but ${but}.` : `No multi-Region keys in ${readRegions}.`
  }
  const keys = families.reduce((sum, { members }) => sum + members.length, 0)
  const found = families.filter(({ findings }) => findings.length > 0)
  const high = found.filter(({ findings }) => findings.some(({ severity }) => severity === 'high')).length
  const attention =
    found.length === 0
      ? 'none needs attention'
      : `${found.length} ${found.length === 1 ? 'needs' : 'need'} attention${high > 0 ? ` (${high} with high severity)` : ''}`
  const parts = [attention, ...(blind ? [blind] : []), ...(reading ? [reading] : [])]
  return `${counted(families.length, 'family', 'families')} with ${counted(keys, 'key', 'keys')} in ${readRegions}: ${parts.join('; ')}.`
}

/** Keys that this screen does not show, so that nobody looks for them in vain; null when there are none. */
export function otherKeysSentence({ otherKeys }: Pick<Told, 'otherKeys'>): string | null {
  if (otherKeys === 0) return null
  return `${counted(otherKeys, 'other key is', 'other keys are')} not multi-Region and not listed here.`
}

/** How many families have a member that was not read last time; null when none has. */
export function incompleteSentence({ families }: Pick<Told, 'families'>): string | null {
  const count = families.filter(({ members }) => members.some(({ known }) => known !== 'live')).length
  return count === 0 ? null : `${counted(count, 'family', 'families')} may be incomplete.`
}

/** `12 of 412 match` */
export const matchCount = (matching: number, all: number) =>
  `${matching.toLocaleString('en-US')} of ${all.toLocaleString('en-US')} match`
