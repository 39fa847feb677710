// What the key list says before anything else: how much there is, how much needs a person, what could not be read.

import { type BlindSpot, blindSpotInWords, familiesInDoubt, hidesFamilies } from '@/lib/topology/blind-spots'
import { inWords } from '@/lib/topology/in-words'
import { awaitedRegions } from '@/lib/topology/region-trouble'
import type { Topology } from '@/lib/topology/topology'

type Told = Pick<Topology, 'families' | 'regions' | 'otherKeys'>

const counted = (count: number, one: string, many: string) =>
  `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`

/** Regions of which nothing could be read in one part of the sentence, parts of others in the next; null when there are none. */
function blindInWords(spots: readonly BlindSpot[]): string | null {
  const whole = spots.filter(
    ({ part, status }) => part === 'region' && status !== 'not scanned' && status !== 'being read',
  )
  const parts = spots.filter(({ part }) => part !== 'region')
  const told = [
    ...(whole.length > 0 ? [`${inWords(whole.map(({ region }) => region))} could not be read`] : []),
    ...(parts.length > 0 ? [inWords(parts.map(blindSpotInWords))] : []),
  ]
  return told.length > 0 ? told.join('; ') : null
}

/** The opening sentence of the screen. */
export function keysSentence({ families, regions }: Told, spots: readonly BlindSpot[]): string {
  const awaited = awaitedRegions({ regions }).map(({ name }) => name)
  const blind = blindInWords(spots)
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

/** Of how many families something was not read last time; null when of none. */
export function incompleteSentence(spots: readonly BlindSpot[]): string | null {
  const count = familiesInDoubt(spots).size
  return count === 0 ? null : `${counted(count, 'family', 'families')} may be incomplete.`
}

/** `12 of 412 match`; where families may be hidden, that is not all of them. */
export const matchCount = (matching: number, all: number, spots: readonly BlindSpot[]) =>
  `${matching.toLocaleString('en-US')} of ${all.toLocaleString('en-US')} match${spots.some(hidesFamilies) ? ', as far as could be read' : ''}`
