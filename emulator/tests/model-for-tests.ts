// What KMS does to keys, once more and in few words: a model to hold the emulator against. It is written from the tables
// of the KMS Developer Guide, shares no code with the emulator, and knows nothing of wires, files and cryptography.

export const REGIONS = ['us-east-1', 'eu-west-1', 'ap-south-1'] as const
export type Region = (typeof REGIONS)[number]

export const DAY_MS = 86_400_000
const CONFLICT_MS = 20 * 60_000
const MAX_ROTATIONS_ON_DEMAND = 25

type State =
  | 'Enabled'
  | 'Disabled'
  | 'PendingDeletion'
  | 'PendingReplicaDeletion'
  | 'PendingImport'
  | 'Creating'
  | 'Updating'

export type Kind = 'symmetric' | 'single' | 'hmac' | 'external'

export type Member = {
  region: Region
  createdAt: number
  state: State
  description: string
  policy: string
  tags: Map<string, string>
  grants: Set<string>
  settlesAt?: number
  settlesTo?: State
  deletionAt?: number
  window?: number
  lastUse?: { operation: string; at: number } | undefined
  /** Imported material: by version, when the copy here expires. */
  copies: Map<string, number>
}

/** A version of the material: one that KMS made has a number, one that was imported the name of its bytes. */
type Version = { name: string; pending?: boolean }

export type Family = {
  keyId: string
  kind: Kind
  primary: Region
  members: Map<Region, Member>
  promotion?: { to: Region; endsAt: number }
  versions: Version[]
  rotations: ('AUTOMATIC' | 'ON_DEMAND')[]
  automatic?: { period: number; nextAt: number }
  onDemand?: { startedAt: number; endsAt: number; version?: string }
  onDemandCount: number
}

/** The columns of the state table, and what an operation answers to a key in each. Two names: either may come. */
const COLUMNS = ['Enabled', 'Disabled', 'PendingDeletion', 'PendingImport', 'Creating', 'Updating']
const ok = ''
const D = 'DisabledException'
const S = 'KMSInvalidStateException'
const U = 'UnsupportedOperationException'
const ROWS = {
  any: [ok, ok, ok, ok, ok, ok],
  notDeleting: [ok, ok, S, ok, ok, ok],
  enabling: [ok, ok, S, S, S, S],
  scheduling: [ok, ok, S, ok, ok, S],
  cancelling: [S, S, ok, S, S, S],
  using: [ok, D, `${D} ${S}`, S, S, ok],
  replicating: [ok, D, `${D} ${S}`, S, S, S],
  settingRotation: [ok, D, S, U, S, ok],
  rotating: [ok, D, S, S, S, ok],
  readingRotation: [ok, ok, ok, U, ok, ok],
  gettingParameters: [ok, ok, S, ok, S, S],
  importing: [ok, ok, ok, ok, S, ok],
  deletingMaterial: [ok, ok, ok, ok, S, S],
}
export type Row = keyof typeof ROWS

/** Why a call may be refused: none, and it must succeed; `perhaps`, and it may succeed all the same. */
export type Refusals = { names: string[]; perhaps: boolean }

export class Model {
  now: number
  readonly transitionMs: number
  readonly families: Family[] = []
  /** By Region and name: the key an alias points to. */
  readonly aliases = new Map<string, string>()

  constructor(now: number, transitionMs: number) {
    this.now = now
    this.transitionMs = transitionMs
  }

  // Refusals

  /** What the state of a key says to an operation; a key that is not there is not found. */
  byState(row: Row, member: Member | undefined): string[] {
    if (!member) return ['NotFoundException']
    const column = member.state === 'PendingReplicaDeletion' ? 'PendingDeletion' : member.state
    return (ROWS[row][COLUMNS.indexOf(column)] ?? '').split(' ').filter((name) => name !== ok)
  }

  /** For operations on the primary key of a family. While it changes, either key may be taken for it. */
  notPrimary(family: Family, region: Region): Refusals {
    if (family.promotion) return { names: [U], perhaps: region === family.primary || region === family.promotion.to }
    return { names: family.kind !== 'single' && family.primary !== region ? [U] : [], perhaps: false }
  }

  refusalsOfReplicate(family: Family, from: Region, to: Region): Refusals {
    const names = this.byState('replicating', family.members.get(from))
    if (family.kind === 'single' || family.primary !== from) names.push(U)
    if (family.members.has(to)) names.push('AlreadyExistsException')
    return { names, perhaps: false }
  }

  refusalsOfPromote(family: Family, from: Region, to: Region): Refusals {
    const names = this.byState('using', family.members.get(from))
    if (family.kind === 'single' || family.primary !== from || family.promotion) names.push(U)
    const target = family.members.get(to)
    if (!target || from === to) names.push(U)
    else names.push(...this.byState('using', target))
    return { names, perhaps: false }
  }

  refusalsOfSettingRotation(family: Family, region: Region): Refusals {
    const names = this.byState('settingRotation', family.members.get(region))
    if (family.kind === 'hmac' || family.kind === 'external') names.push(U)
    return joined(names, this.notPrimary(family, region))
  }

  refusalsOfRotate(family: Family, region: Region): Refusals {
    const names = this.byState('rotating', family.members.get(region))
    if (family.kind === 'hmac') names.push(U)
    if (family.kind === 'external' && !this.versionReady(family)) names.push(S)
    const soon = family.automatic && family.automatic.nextAt - this.now <= CONFLICT_MS
    if (soon || family.onDemand) names.push('ConflictException')
    if (family.onDemandCount >= MAX_ROTATIONS_ON_DEMAND) names.push('LimitExceededException')
    return joined(names, this.notPrimary(family, region))
  }

  refusalsOfImport(family: Family, region: Region, name: string, type: ImportType): Refusals {
    const names = this.byState('importing', family.members.get(region))
    if (family.kind !== 'external') return { names: [...names, U], perhaps: false }
    const known = family.versions.some((version) => version.name === name)
    if (!this.isNew(family, type)) {
      if (!known) names.push('IncorrectKeyMaterialException')
      return { names, perhaps: false }
    }
    if (known) names.push('IncorrectKeyMaterialException')
    if (family.versions.some(({ pending }) => pending)) names.push(S)
    return joined(names, this.notPrimary(family, region))
  }

  isNew = ({ versions }: Family, type: ImportType) =>
    type === undefined ? versions.length === 0 : type === 'NEW_KEY_MATERIAL'

  // Changes

  create(keyId: string, kind: Kind, region: Region, description: string, policy: string): Family {
    const family: Family = {
      keyId,
      kind,
      primary: region,
      members: new Map(),
      versions: kind === 'external' ? [] : [{ name: '0' }],
      rotations: [],
      onDemandCount: 0,
    }
    this.families.push(family)
    this.addMember(family, region, kind === 'external' ? 'PendingImport' : 'Enabled', description, policy)
    return family
  }

  replicate(family: Family, to: Region, description: string, policy: string): void {
    const member = this.addMember(family, to, 'Creating', description, policy)
    member.settlesAt = this.now + this.transitionMs
    member.settlesTo = family.kind === 'external' ? 'PendingImport' : 'Enabled'
  }

  addMember(family: Family, region: Region, state: State, description: string, policy: string): Member {
    const member: Member = {
      region,
      createdAt: this.now,
      state,
      description,
      policy,
      tags: new Map(),
      grants: new Set(),
      copies: new Map(),
    }
    family.members.set(region, member)
    return member
  }

  promote(family: Family, from: Region, to: Region): void {
    const endsAt = this.now + this.transitionMs
    family.promotion = { to, endsAt }
    for (const region of [from, to]) {
      const member = family.members.get(region)
      if (member) Object.assign(member, { state: 'Updating', settlesAt: endsAt, settlesTo: 'Enabled' })
    }
  }

  /** A rotation that fell due while the key was disabled happens at once. */
  enable(family: Family, member: Member): void {
    member.state = 'Enabled'
    if (family.automatic && member.region === family.primary) {
      family.automatic.nextAt = Math.max(family.automatic.nextAt, this.now)
    }
    this.pass(0)
  }

  /** A primary key waits for its replica keys first, without a date. */
  schedule(family: Family, member: Member, days: number): void {
    delete member.settlesAt
    member.window = days
    const waits = family.primary === member.region && family.members.size > 1
    member.state = waits ? 'PendingReplicaDeletion' : 'PendingDeletion'
    if (!waits) member.deletionAt = this.now + days * DAY_MS
  }

  cancel(family: Family, member: Member): void {
    member.state = this.lacksMaterial(family, member) ? 'PendingImport' : 'Disabled'
    delete member.deletionAt
    delete member.window
  }

  rotate(family: Family): void {
    const version = family.versions.find(({ pending }) => pending)?.name
    family.onDemandCount += 1
    family.onDemand = {
      startedAt: this.now,
      endsAt: this.now + this.transitionMs,
      ...(version === undefined ? {} : { version }),
    }
  }

  import(family: Family, member: Member, name: string, type: ImportType, validTo: number): void {
    if (this.isNew(family, type)) family.versions.push({ name, pending: family.versions.length > 0 })
    member.copies.set(name, validTo)
    this.follow(family, member)
  }

  /** A pending version that the primary key loses is lost to all; any other copy to this member alone. */
  loseMaterial(family: Family, member: Member, name: string): void {
    const pending = family.versions.find((version) => version.name === name)?.pending
    const everywhere = pending && member.region === family.primary
    if (everywhere) family.versions = family.versions.filter((version) => version.name !== name)
    for (const each of everywhere ? family.members.values() : [member]) {
      each.copies.delete(name)
      this.follow(family, each)
    }
  }

  /** Lets time pass, and whatever is due in it happen in its order. */
  pass(ms: number): void {
    const end = this.now + ms
    for (;;) {
      const due = this.families.flatMap((family) => this.dueOf(family)).filter(({ at }) => at <= end)
      const next = due.sort((a, b) => a.at - b.at)[0]
      if (!next) break
      this.now = Math.max(this.now, next.at)
      next.happen()
    }
    this.now = end
  }

  // What can be seen

  current = ({ versions }: Family) => versions.findLast(({ pending }) => !pending)?.name

  aliasesOf(region: Region): [name: string, keyId: string][] {
    const here = [...this.aliases].filter(([name]) => name.startsWith(`${region} `))
    return here.map(([name, keyId]): [string, string] => [name.slice(region.length + 1), keyId]).sort()
  }

  private versionReady({ versions, members }: Family): boolean {
    const pending = versions.find((version) => version.pending)
    return pending !== undefined && [...members.values()].every(({ copies }) => copies.has(pending.name))
  }

  private lacksMaterial({ kind, versions }: Family, { copies }: Member): boolean {
    const permanent = versions.filter(({ pending }) => !pending)
    return kind === 'external' && (permanent.length === 0 || !permanent.every(({ name }) => copies.has(name)))
  }

  private follow(family: Family, member: Member): void {
    const lacks = this.lacksMaterial(family, member)
    if (member.state === 'PendingImport' && !lacks) member.state = 'Enabled'
    if ((member.state === 'Enabled' || member.state === 'Disabled') && lacks) member.state = 'PendingImport'
    if (member.state === 'Updating') member.settlesTo = lacks ? 'PendingImport' : 'Enabled'
  }

  private dueOf(family: Family): { at: number; happen: () => void }[] {
    const due: { at: number; happen: () => void }[] = []
    for (const member of family.members.values()) {
      const { settlesAt, settlesTo, deletionAt } = member
      if (settlesAt !== undefined && settlesTo) {
        due.push({
          at: settlesAt,
          happen: () => {
            member.state = settlesTo
            delete member.settlesAt
          },
        })
      }
      if (deletionAt !== undefined) due.push({ at: deletionAt, happen: () => this.remove(family, member) })
      for (const [name, validTo] of member.copies) {
        if (validTo < Infinity) due.push({ at: validTo, happen: () => this.loseMaterial(family, member, name) })
      }
    }
    const { promotion, onDemand, automatic } = family
    if (promotion) {
      due.push({
        at: promotion.endsAt,
        happen: () => {
          family.primary = promotion.to
          delete family.promotion
        },
      })
    }
    if (onDemand) due.push({ at: onDemand.endsAt, happen: () => this.finishRotation(family, onDemand.version) })
    const primary = family.members.get(family.primary)
    if (automatic && (primary?.state === 'Enabled' || primary?.state === 'Updating')) {
      due.push({
        at: automatic.nextAt,
        happen: () => {
          automatic.nextAt += automatic.period * DAY_MS
          this.addVersion(family, 'AUTOMATIC')
        },
      })
    }
    return due
  }

  private finishRotation(family: Family, name: string | undefined): void {
    delete family.onDemand
    if (name === undefined) {
      this.addVersion(family, 'ON_DEMAND')
      return
    }
    const version = family.versions.find((each) => each.name === name)
    if (!version?.pending) return // deleted meanwhile
    delete version.pending
    family.rotations.push('ON_DEMAND')
    for (const member of family.members.values()) this.follow(family, member)
  }

  private addVersion(family: Family, type: 'AUTOMATIC' | 'ON_DEMAND'): void {
    family.versions.push({ name: String(family.versions.length) })
    family.rotations.push(type)
  }

  private remove(family: Family, { region, deletionAt = 0 }: Member): void {
    family.members.delete(region)
    for (const [name, keyId] of this.aliases) {
      if (keyId === family.keyId && name.startsWith(`${region} `)) this.aliases.delete(name)
    }
    const primary = family.members.get(family.primary)
    if (primary?.state === 'PendingReplicaDeletion' && family.members.size === 1) {
      primary.state = 'PendingDeletion'
      primary.deletionAt = deletionAt + (primary.window ?? 0) * DAY_MS
    }
  }
}

export type ImportType = 'NEW_KEY_MATERIAL' | 'EXISTING_KEY_MATERIAL' | undefined

function joined(names: string[], more: Refusals): Refusals {
  // What may be no refusal at all counts only when nothing else refuses.
  return { names: [...names, ...more.names], perhaps: names.length === 0 && more.perhaps }
}
