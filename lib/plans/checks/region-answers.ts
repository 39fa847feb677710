// region-answers: a change is a call in one Region, so that Region has to answer now.

import { type Facts, factKey } from '@/lib/topology/facts'
import { replicasOf } from '@/lib/topology/family'
import { inWords } from '@/lib/topology/in-words'
import { isReadable } from '@/lib/topology/region-trouble'
import type { Family, RegionStatus, Topology } from '@/lib/topology/topology'
import type { Check } from '../plan'
import { type FamilyCheck, passed, refusedByKms, refusedByRule, warned } from './verdicts'

type Trouble = Exclude<RegionStatus, 'ok'> | 'not scanned'

interface RegionTrouble {
  trouble: Trouble
  message: string
}

/** Exception names of KMS that say something milder than "nobody answers". */
const troubleByReason: Readonly<Record<string, Trouble>> = {
  NotScanned: 'not scanned',
  AccessDeniedException: 'denied',
  ExpiredTokenException: 'denied',
  CredentialsProviderError: 'denied',
  ThrottlingException: 'throttled',
  UnrecognizedClientException: 'disabled',
  InvalidClientTokenId: 'disabled',
  OptInRequired: 'disabled',
}

/**
 * What stands against a call in the Region, about this key where one is given, or null when it answers. A probe made for
 * this plan is newer than the snapshot, so it decides where there is one.
 */
export function troubleIn(
  region: string,
  topology: Pick<Topology, 'regions'>,
  facts: Pick<Facts, 'probes'>,
  keyId?: string,
): RegionTrouble | null {
  const about = keyId === undefined ? undefined : facts.probes[factKey(region, keyId)]
  const probe = about ?? facts.probes[region]
  if (probe?.ok) return null
  if (probe) {
    const trouble = Object.hasOwn(troubleByReason, probe.reason) ? troubleByReason[probe.reason] : undefined
    return { trouble: trouble ?? 'unreachable', message: `${probe.reason}: ${probe.message}` }
  }
  const view = topology.regions.find(({ name }) => name === region)
  if (!view) return { trouble: 'not scanned', message: `${region} is not among the Regions that are read` }
  return view.status === 'ok' || isReadable(view)
    ? null
    : { trouble: view.status, message: view.message ?? view.status }
}

/** `consequence` is the sentence that says what this means for the plan. */
function verdictOn(id: string, region: string, found: RegionTrouble | null, consequence: string): Check {
  if (!found) return passed(id, `${region} answers.`)
  const { trouble, message } = found
  switch (trouble) {
    case 'throttled':
      return warned(id, `${region} asks for fewer requests (${message}): calls there may have to wait.`)
    case 'denied':
      return refusedByRule(
        id,
        `${region} does not let these credentials read the key (${message}), so nobody could tell what a change did there. ${consequence}`,
      )
    case 'not scanned':
      return refusedByRule(
        id,
        `${region} is not among the Regions that are read, so nobody could tell what a change did there. ${consequence}`,
      )
    case 'disabled':
      return refusedByKms(id, `${region} is not enabled for this account (${message}). ${consequence}`)
    case 'unreachable':
      return refusedByKms(id, `${region} does not answer (${message}). ${consequence}`)
  }
}

/** With a key id: does it answer about this key? */
export const regionAnswers = (
  region: string,
  topology: Pick<Topology, 'regions'>,
  facts: Pick<Facts, 'probes'>,
  consequence: string,
  keyId?: string,
): Check => verdictOn('region-answers', region, troubleIn(region, topology, facts, keyId), consequence)

/**
 * Replication, rotation and promotion are calls in the Region of the *current* primary key: with that Region down
 * none of them can start, and none is needed to encrypt and decrypt. AWS documents no forced promotion.
 *
 * Source: KMS Developer Guide, "Multi-Region keys overview" and "Change the primary key".
 */
export function primaryRegionAnswers(
  family: Family,
  primaryRegion: string,
  topology: Pick<Topology, 'regions'>,
  facts: Pick<Facts, 'probes'>,
  what: 'A promotion' | 'A replication' | 'A change of rotation' | 'A rotation on demand',
): FamilyCheck {
  const replicas = replicasOf(family).map(({ region }) => region)
  const meanwhile =
    replicas.length > 0
      ? `Replica keys go on working without it: callers can use ${inWords(replicas)} now.`
      : 'The family has no replica key that could be used meanwhile.'
  const trouble = troubleIn(primaryRegion, topology, facts, family.keyId)
  const verdict = (then: string) =>
    verdictOn(
      'primary-region-answers',
      primaryRegion,
      trouble,
      `${what} is a call in the current primary’s Region, ${primaryRegion}, so it cannot start now. ${then}`,
    )
  return { ...verdict(meanwhile), among: verdict('Replica keys go on working without it.').message }
}
