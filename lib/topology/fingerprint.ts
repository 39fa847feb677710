// Fingerprint: what a plan was computed from, as one text that is equal when, and only when, that is equal.

import type { Facts, Read, RotationFacts, Tag } from './facts'
import { byText, familyOf } from './family'
import type { Family, Member, Rotation, Topology } from './topology'

/** Enabled and period; the next date moves by itself and is no change. */
const rotationFacts = (rotation: Rotation | null) =>
  rotation && { enabled: rotation.enabled, periodInDays: rotation.periodInDays ?? null }

const memberFacts = (member: Member) => ({
  arn: member.arn,
  role: member.role,
  state: member.state,
  aliases: [...member.aliases].sort(byText),
  rotation: rotationFacts(member.rotation),
  // Copied or compared by plans: a replica gets the primary's description, an on-demand rotation a new material.
  description: member.description,
  currentKeyMaterialId: member.currentKeyMaterialId ?? null,
})

const familyFacts = (keyId: string, family: Family | undefined) => ({
  keyId,
  primaryRegion: family?.primaryRegion ?? null,
  kind: family ? [family.keySpec, family.keyUsage, family.origin] : null,
  members: (family?.members ?? []).map(memberFacts).sort((a, b) => byText(a.arn, b.arn)),
})

/** Entries in the order of their keys; of a failed reading only the reason, as messages may differ each time. */
const readings = <T>(record: Record<string, Read<T>>, content: (value: T) => unknown) =>
  Object.entries(record)
    .sort(([a], [b]) => byText(a, b))
    .map(([key, read]) => [key, read.ok ? { value: content(read.value) } : { reason: read.reason }])

const sortedTags = (tags: Tag[]) =>
  tags.map(({ key, value }) => [key, value] as const).sort((a, b) => byText(a[0], b[0]) || byText(a[1], b[1]))

const rotationHistory = (rotation: RotationFacts) => ({
  ...rotationFacts(rotation),
  onDemandRunning: rotation.onDemandStartedAt !== undefined,
  history: rotation.history
    .map((entry) => JSON.stringify([entry.date, entry.type, entry.keyMaterialId, entry.state]))
    .sort(byText),
})

/**
 * The canonical text of the families that a plan changes and of the facts that its planner read: the same for
 * any order of members, tags or facts, and free of ages, latencies and dates of reading, so that a plan goes
 * stale only when something it rests on has changed. It is hashed where plans are made.
 */
export function fingerprintText(topology: Pick<Topology, 'families'>, keyIds: string[], facts: Facts): string {
  return JSON.stringify({
    families: [...new Set(keyIds)].sort(byText).map((keyId) => familyFacts(keyId, familyOf(topology, keyId))),
    probes: readings(facts.probes, () => true),
    policies: readings(facts.policies, (policy) => policy),
    tags: readings(facts.tags, sortedTags),
    rotations: readings(facts.rotations, rotationHistory),
    maxReplicas: facts.limits.maxReplicas,
  })
}
