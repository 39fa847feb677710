// The topology: every key family of an account at one moment, as plain data that can be sent and compared.

/** Key states as KMS spells them; `Unknown` is ours, for a member that no answer of its own Region described. */
export type KeyState =
  | 'Enabled'
  | 'Disabled'
  | 'Creating'
  | 'Updating'
  | 'PendingImport'
  | 'PendingDeletion'
  | 'PendingReplicaDeletion'
  | 'Unavailable'
  | 'Unknown'

export type MemberRole = 'PRIMARY' | 'REPLICA'

/** `live`: its Region answered last time; `stale`: last read before its Region failed; `inferred`: known only from a relative's metadata. */
export type Known = 'live' | 'stale' | 'inferred'

export type RegionStatus = 'ok' | 'unreachable' | 'denied' | 'disabled' | 'throttled'

/**
 * What is read of a Region: the list of its keys, that of its aliases, descriptions of its multi-Region keys, and rotation
 * settings of the families whose primary key is there.
 */
export type RegionPart = 'keys' | 'aliases' | 'descriptions' | 'rotation'

/** A part that could not be read although the Region answers, most often because a permission is missing. */
export interface UnreadablePart {
  part: RegionPart
  /** Why, in words; of several reasons one. */
  message: string
  /** ISO time since when, as far as that is known. */
  since?: string
  /** Of descriptions and rotation: the keys that are concerned, sorted. */
  keyIds?: string[]
}

/** One Region as the last reading found it. */
export interface RegionView {
  name: string
  /** `ok` when keys and aliases could both be listed. `denied` with `unreadable` means that these parts are denied alone. */
  status: RegionStatus
  /** ISO time of the last good reading; null when there was none since the start. */
  asOf: string | null
  /** Why, in words, when the status is not `ok` or a part could not be read. */
  message?: string
  /** ISO time since when the status has been other than `ok`. */
  since?: string
  /** It is being read for the first time since the start: the status says nothing yet, and what is shown is from before. */
  awaited?: true
  /** The parts of a Region that answers which could not be read; absent when there are none. */
  unreadable?: UnreadablePart[]
}

export interface Rotation {
  enabled: boolean
  /** Days; only when enabled. */
  periodInDays?: number
  /** ISO time; only when enabled. */
  nextRotationDate?: string
}

/** One key of a family in one Region, identified by its ARN. */
export interface Member {
  arn: string
  region: string
  role: MemberRole
  state: KeyState
  description: string
  /** Alias names with the prefix `alias/`, sorted. */
  aliases: string[]
  /** The aliases of its Region could not be read, though the member itself could: it may have others, or not these. */
  aliasesUnread?: true
  /** Null while not read, and for keys that KMS cannot rotate. */
  rotation: Rotation | null
  /** ISO time of creation in this Region. */
  createdAt?: string
  /** ISO time; only in `PendingDeletion`. */
  deletionDate?: string
  /** Days; only in `PendingReplicaDeletion`. */
  pendingWindowInDays?: number
  /** Symmetric keys only. */
  currentKeyMaterialId?: string
  /** ISO time of the reading this rests on. */
  asOf: string
  known: Known
  /** Why it could not be read, for a member that is not `live`. */
  message?: string
}

export type Severity = 'high' | 'medium' | 'low'

/** A request that opens a plan, as data; the kinds are those of `lib/plans`. */
export type RequestData = { kind: string } & Record<string, unknown>

/** Something about a family that is worth a look. */
export interface Finding {
  id: string
  severity: Severity
  regions: string[]
  message: string
  /** The plan that mends it, where there is one, and the words on its button. */
  remedy?: { label: string; request: RequestData }
}

/** A primary key and its replicas: one key id, one key material, one member a Region. */
export interface Family {
  keyId: string
  /** Null while KMS does not name one, for instance during a promotion. */
  primaryRegion: string | null
  keySpec: string
  keyUsage: string
  origin: string
  /** Sorted by Region; never empty. */
  members: Member[]
  findings: Finding[]
}

/** An alias that points to a key outside every family: it holds its name in its Region all the same. */
export interface OtherAlias {
  region: string
  name: string
  keyId: string
}

/** The live snapshot, as `GET /api/topology` answers it. */
export interface Topology {
  version: number
  /** ISO time. */
  takenAt: string
  /** Null until the first ARN has been read. */
  account: string | null
  partition: string
  /** Customer managed and AWS managed keys that are not multi-Region. */
  otherKeys: number
  /** Sorted by name. */
  regions: RegionView[]
  /** Sorted by their first alias, then key id. */
  families: Family[]
  otherAliases: OtherAlias[]
}

/** What changed after version `since`: everything that it leaves out is as it was then. */
export interface TopologyDelta extends Omit<Topology, 'otherAliases'> {
  since: number
  /** Those of which more than the age has changed; `asOf` names the others. */
  regions: RegionView[]
  /** Each Region that is as it was, with the time of its last good reading. A Region that stands nowhere is gone. */
  asOf: Record<string, RegionView['asOf']>
  /** Key ids of families that are gone. */
  removed: string[]
  /** All of them, when any has changed. */
  otherAliases?: OtherAlias[]
}
