// Facts: what a planner wants to know beyond the snapshot. A planner names its needs, the inventory reads them.

import type { Rotation } from './topology'

/** A thing that was read, or the reason why it could not be. `reason` is the exception's own name. */
export type Read<T> = { ok: true; value: T } | { ok: false; reason: string; message: string }

export interface Tag {
  key: string
  value: string
}

export interface RotationEntry {
  /** ISO time. */
  date?: string
  type?: 'AUTOMATIC' | 'ON_DEMAND'
  keyMaterialId?: string
  /** `CURRENT`, `NON_CURRENT`, `PENDING_ROTATION` or `PENDING_MULTI_REGION_IMPORT_AND_ROTATION`. */
  state?: string
}

/** Rotation as one member tells it: status now, and the past, newest first. */
export interface RotationFacts extends Rotation {
  /** ISO time while an on-demand rotation is running. */
  onDemandStartedAt?: string
  history: RotationEntry[]
}

export type FactNeed =
  /** Read all members of the family again, live; the answer shows in the snapshot and in `probes`. */
  | { need: 'probe'; keyId: string }
  /** Does this Region answer at all? For a Region in which the family has no member yet. */
  | { need: 'region'; region: string }
  | { need: 'policy'; keyId: string; region: string }
  | { need: 'tags'; keyId: string; region: string }
  | { need: 'rotations'; keyId: string; region: string }
  /** When the family was last promoted by a run, if that was lately. Runs know it, not the inventory. */
  | { need: 'recent-promotions'; keyId: string }

/** The last promotion of a family that a run has brought about. */
export interface RecentPromotion {
  /** ISO time. */
  at: string
  toRegion: string
  runId: string
}

/** Facts are keyed `region/keyId`, where nothing else is said. Only what was asked for is there. */
export interface Facts {
  /** ISO time. */
  takenAt: string
  /** By `region`: does it answer? By `region/keyId`: did it answer about this key? */
  probes: Record<string, Read<{ latencyMs: number }>>
  policies: Record<string, Read<string>>
  tags: Record<string, Read<Tag[]>>
  rotations: Record<string, Read<RotationFacts>>
  /** By key id; families that were not promoted lately have none. */
  recentPromotions: Record<string, RecentPromotion>
  /** Configuration that planners weigh. */
  limits: { maxReplicas: number }
}

export const factKey = (region: string, keyId: string) => `${region}/${keyId}`
