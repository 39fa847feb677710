// Readings: what one Region said, already in the model's words. The inventory collects them, `assemble.ts` joins them.

import type { KeyState, MemberRole, RegionStatus, Rotation } from './topology'

/** One member as DescribeKey in its own Region told it. */
export interface MemberReading {
  arn: string
  keyId: string
  region: string
  role: MemberRole
  state: KeyState
  description: string
  keySpec: string
  keyUsage: string
  origin: string
  /** The ARN of the primary key, as this member names it. */
  primaryArn: string
  /** ARNs of all replica keys, as this member names them, sorted. */
  replicaArns: string[]
  createdAt?: string
  deletionDate?: string
  pendingWindowInDays?: number
  currentKeyMaterialId?: string
  rotation: Rotation | null
  /** Why its rotation setting could not be read, and since when (ISO time); absent when it could, or need not be read. */
  rotationUnread?: { message: string; since: string }
  /** ISO time of the answer. */
  asOf: string
}

export interface AliasReading {
  name: string
  keyId: string
}

/** Everything that is known of one Region: the last good answers, and whether the newest attempt failed. */
export interface RegionReading {
  region: string
  status: RegionStatus
  message?: string
  /** ISO time of the last good reading, null when there was none. */
  asOf: string | null
  /** ISO time since when the status has been other than `ok`. */
  since?: string
  /**
   * ISO time since when members have been described again though the status is not `ok`: while a scan of a Region that
   * was not known, or had failed, is under way, and where keys can be described but a list was refused.
   */
  liveFrom?: string
  /** No attempt to read it has ended since the start. */
  awaited?: true
  members: MemberReading[]
  /** Lists that are denied, while something else in the Region can be read; absent when there are none. */
  unreadable?: { part: 'keys' | 'aliases'; message: string; since: string }[]
  /** Multi-Region keys that were listed but could not be described, with the reason, and the ISO time since when. */
  unread: { keyId: string; message: string; since?: string }[]
  /** All aliases that have a target, those of AWS managed keys left out. */
  aliases: AliasReading[]
  /** Count of keys that are not multi-Region. */
  otherKeys: number
}
