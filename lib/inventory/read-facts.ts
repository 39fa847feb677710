// What planners need to know and the snapshot does not hold: each need read once, all at the same time.

import type { Ask } from '@/lib/kms/ask'
import { toKmsError } from '@/lib/kms/errors'
import { readPolicy } from '@/lib/kms/policy'
import { readRotationFacts } from '@/lib/kms/rotation'
import { readTags } from '@/lib/kms/tags'
import { type FactNeed, type Facts, factKey, type Read } from '@/lib/topology/facts'
import { probeRegion } from './scan-region'

export type Probe = Read<{ latencyMs: number }>

export interface FactSource {
  maxReplicas: number
  /** Reads all members of these families; by key id, how their Regions answered. */
  probeFamilies: (keyIds: string[]) => Promise<Map<string, Map<string, Probe>>>
  /** Asks a Region; one read under way serves all who ask for the same `what`. */
  ask: <T>(region: string, what: string, read: (where: Ask) => Promise<T>) => Promise<Read<T>>
}

/** Never throws for what KMS answers: what could not be read says why. */
export async function readFacts(needs: FactNeed[], { maxReplicas, probeFamilies, ask }: FactSource): Promise<Facts> {
  const facts: Facts = {
    takenAt: new Date().toISOString(),
    probes: {},
    policies: {},
    tags: {},
    rotations: {},
    recentPromotions: {},
    limits: { maxReplicas },
  }
  const probed = (region: string, probe: Probe) => {
    facts.probes[region] = worseProbe(facts.probes[region], probe)
  }
  const probe = async (keyIds: string[]): Promise<void> => {
    if (keyIds.length === 0) return
    for (const [keyId, probes] of await probeFamilies(keyIds)) {
      for (const [region, probe] of probes) {
        probed(region, probe)
        facts.probes[factKey(region, keyId)] = probe
      }
    }
  }
  const readNeed = async (need: Exclude<FactNeed, { need: 'probe' | 'recent-promotions' }>): Promise<void> => {
    const { region } = need
    if (need.need === 'region') {
      probed(region, await ask(region, 'answers', probeRegion))
      return
    }
    const { keyId } = need
    const key = factKey(region, keyId)
    switch (need.need) {
      case 'policy':
        facts.policies[key] = await ask(region, `policy ${keyId}`, (where) => readPolicy(where, keyId))
        return
      case 'tags':
        facts.tags[key] = await ask(region, `tags ${keyId}`, (where) => readTags(where, keyId))
        return
      case 'rotations':
        facts.rotations[key] = await ask(region, `rotations ${keyId}`, (where) => readRotationFacts(where, keyId))
    }
  }
  const families = new Set<string>()
  const others = new Map<string, Parameters<typeof readNeed>[0]>()
  for (const need of needs) {
    if (need.need === 'probe') families.add(need.keyId)
    // Only runs know of promotions.
    else if (need.need !== 'recent-promotions') others.set(JSON.stringify(need), need)
  }
  await Promise.all([probe([...families]), ...[...others.values()].map(readNeed)])
  return facts
}

const isDenied = (probe: Probe) => !probe.ok && probe.reason === 'AccessDeniedException'

/**
 * Of several probes of one Region, a failure counts, but not that a key may not be read where another one may; of several
 * successes the slowest.
 */
function worseProbe(a: Probe | undefined, b: Probe): Probe {
  if (!a) return b
  if (a.ok !== b.ok) {
    const [good, bad] = a.ok ? [a, b] : [b, a]
    return isDenied(bad) ? good : bad
  }
  if (!a.ok || !b.ok) return isDenied(a) ? b : a
  return a.value.latencyMs < b.value.latencyMs ? b : a
}

/** What a read came to, a refusal of KMS included. */
export async function toRead<T>(region: string, reading: Promise<T>): Promise<Read<T>> {
  try {
    return { ok: true, value: await reading }
  } catch (thrown) {
    const error = toKmsError(thrown, region)
    return { ok: false, reason: error.awsName, message: error.message }
  }
}
