// All keys, aliases and grants of all accounts and Regions, in memory, with a journal behind them when a state file was given.

import { GrantIndex } from '../grants/grant-index.ts'
import type { Grant } from '../grants/grants.ts'
import { type Alias, aliasArn, type Family, type Key, keyArn, type LastUsage } from '../keys/family.ts'
import { nextDue, passTime } from '../keys/passing-time.ts'
import { Journal, readJournal } from './journal.ts'
import { familyFrom, familyRecord, type StateRecord } from './records.ts'

/** What one account has in one Region. */
type Shelf = {
  keys: Map<string, Key>
  aliases: Map<string, Alias>
  aliasNames: Map<string, Set<string>>
  sortedKeyIds?: string[]
  sortedAliasNames?: string[]
}

export type NewFamily = Omit<Family, 'members' | 'primaryRegion' | 'partition'> & { partition: string }

export type NewMember = Omit<Key, 'family' | 'arn'>

export class Store {
  #families = new Map<string, Family>()
  #shelves = new Map<string, Map<string, Shelf>>()
  readonly #grants = new GrantIndex()
  #unsaved = new Map<string, StateRecord | Family>()
  /** Families used since they were last written; that alone is not worth a line of the journal. */
  #usedSinceSaved = new Set<Family>()
  #journal: Journal | undefined
  #earliestDue = Infinity

  /** Reads `file` and keeps it up to date from the next commit on; answers whether it held a state. */
  async keepIn(file: string, compactAfterBytes?: number): Promise<boolean> {
    const lines = await readJournal(file)
    for (const [index, line] of (lines ?? []).entries()) {
      try {
        const changes = JSON.parse(line) as StateRecord | StateRecord[]
        for (const change of Array.isArray(changes) ? changes : [changes]) this.#replay(change)
      } catch (error) {
        throw new Error(`${file} cannot be read: line ${index + 2} is damaged`, { cause: error })
      }
    }
    this.#unsaved.clear()
    this.#earliestDue = -Infinity // catch up with whatever was due while nothing ran
    this.#journal = new Journal(file, () => this.#snapshot(), compactAfterBytes)
    return lines !== undefined
  }

  /** Resolves once every change made so far would survive the end of the process. */
  async commit(): Promise<void> {
    if (!this.#journal) return this.#unsaved.clear()
    if (this.#unsaved.size > 0) this.#journal.append(lineOf([...this.#unsaved.values()]))
    this.#unsaved.clear()
    await this.#journal.flushed()
  }

  async close(): Promise<void> {
    for (const family of this.#usedSinceSaved) this.#note(family)
    try {
      await this.commit()
    } finally {
      await this.#journal?.close()
    }
  }

  /** Forgets everything. */
  clear(): void {
    this.#families.clear()
    this.#shelves.clear()
    this.#grants.clear()
    this.#unsaved.clear()
    this.#usedSinceSaved.clear()
    this.#earliestDue = Infinity
    this.#journal?.rewriteNext()
  }

  /** Lets everything happen that is due by now, in every family. */
  passTime(now: number): void {
    if (now < this.#earliestDue) return
    let earliest = Infinity
    for (const family of [...this.#families.values()]) {
      if (passTime(family, now, (key) => this.removeMember(key))) this.#note(family)
      if (family.members.size > 0) earliest = Math.min(earliest, nextDue(family))
    }
    this.#earliestDue = earliest
  }

  /** To be called after any change to a family or one of its members. */
  save(family: Family): void {
    this.#note(family)
    this.#earliestDue = Math.min(this.#earliestDue, nextDue(family))
  }

  /** Kept in memory, and written with the next change to the family or when the store is closed. */
  noteUse(key: Key, usage: LastUsage): void {
    key.lastUsage = usage
    if (this.#has(key.family)) this.#usedSinceSaved.add(key.family)
  }

  addFamily(shared: NewFamily, first: NewMember): Key {
    const family: Family = { ...shared, primaryRegion: first.region, members: new Map() }
    this.#families.set(`${family.account}/${family.keyId}`, family)
    return this.addMember(family, first)
  }

  addMember(family: Family, member: NewMember): Key {
    const arn = keyArn(family.partition, member.region, family.account, family.keyId)
    const key: Key = { ...member, family, arn }
    this.#shelve(key)
    this.save(family)
    return key
  }

  /** Deletes one key for good, with its aliases and grants; the family ends with its last member. */
  removeMember(key: Key): void {
    const { family, region } = key
    const shelf = this.#shelf(family.account, region)
    for (const alias of this.aliasesOf(key)) this.removeAlias(alias)
    this.#removeGrantsOf(key.arn)
    shelf.keys.delete(family.keyId)
    delete shelf.sortedKeyIds
    family.members.delete(region)
    if (family.members.size > 0) {
      this.save(family)
      return
    }
    this.#families.delete(`${family.account}/${family.keyId}`)
    this.#usedSinceSaved.delete(family)
    this.#unsaved.set(`key ${family.account}/${family.keyId}`, {
      familyGone: { account: family.account, keyId: family.keyId },
    })
  }

  key(account: string, region: string, keyId: string): Key | undefined {
    return this.#shelfIfAny(account, region)?.keys.get(keyId)
  }

  /** Whether an account has that many customer managed keys in a Region. */
  hasCustomerManagedKeys(account: string, region: string, enough: number): boolean {
    const keys = this.#shelfIfAny(account, region)?.keys
    if (!keys || keys.size < enough) return false // nearly always; counting them takes a while
    return [...keys.values()].filter(({ family }) => family.keyManager === 'CUSTOMER').length >= enough
  }

  keyOfAnyAccount(region: string, keyId: string): Key | undefined {
    for (const shelves of this.#shelves.values()) {
      const key = shelves.get(region)?.keys.get(keyId)
      if (key) return key
    }
    return undefined
  }

  keyIds(account: string, region: string): string[] {
    const shelf = this.#shelfIfAny(account, region)
    if (!shelf) return []
    shelf.sortedKeyIds ??= [...shelf.keys.keys()].sort()
    return shelf.sortedKeyIds
  }

  alias(account: string, region: string, name: string): Alias | undefined {
    return this.#shelfIfAny(account, region)?.aliases.get(name)
  }

  aliasNames(account: string, region: string): string[] {
    const shelf = this.#shelfIfAny(account, region)
    if (!shelf) return []
    shelf.sortedAliasNames ??= [...shelf.aliases.keys()].sort()
    return shelf.sortedAliasNames
  }

  aliasesOf(key: Key): Alias[] {
    const shelf = this.#shelf(key.family.account, key.region)
    const names = [...(shelf.aliasNames.get(key.family.keyId) ?? [])].sort()
    return names.flatMap((name) => shelf.aliases.get(name) ?? [])
  }

  addAlias(partition: string, alias: Omit<Alias, 'arn'>): void {
    this.#putAlias({ ...alias, arn: aliasArn(partition, alias.region, alias.account, alias.name) })
  }

  retargetAlias(alias: Alias, targetKeyId: string, now: number): void {
    this.#putAlias({ ...alias, targetKeyId, updatedAt: now })
  }

  removeAlias({ account, region, name, targetKeyId }: Alias): void {
    const shelf = this.#shelf(account, region)
    shelf.aliases.delete(name)
    delete shelf.sortedAliasNames
    if (targetKeyId !== undefined) shelf.aliasNames.get(targetKeyId)?.delete(name)
    this.#unsaved.set(`alias ${account}/${region}/${name}`, { aliasGone: { account, region, name } })
  }

  /** The grants of one key, in the order of their ids. */
  grantsOf(key: Key): readonly Grant[] {
    return this.#grants.ofKey(key.arn)
  }

  countOfGrants(key: Key): number {
    return this.#grants.countOfKey(key.arn)
  }

  /** A grant on any account's key in this Region. */
  grant(region: string, id: string): Grant | undefined {
    return this.#grants.inRegion(region, id)
  }

  /** The grant of the same key with the same name and properties. */
  sameGrant(grant: Omit<Grant, 'id' | 'createdAt'>): Grant | undefined {
    return this.#grants.same(grant)
  }

  /** The grants on any account's keys in this Region that `principal` may retire, in the order of their ids. */
  retirableGrants(region: string, principal: string): Grant[] {
    return this.#grants.retirableBy(region, principal)
  }

  addGrant(grant: Grant): void {
    this.#grants.put(grant)
    this.#unsaved.set(`grant ${grant.region}/${grant.id}`, { grant })
  }

  removeGrant(grant: Grant): void {
    this.#grants.remove(grant)
    const { region, id } = grant
    this.#unsaved.set(`grant ${region}/${id}`, { grantGone: { region, id } })
  }

  /** The Regions in which there is anything. */
  regions(): string[] {
    const regions = new Set<string>()
    for (const shelves of this.#shelves.values()) {
      for (const [region, { keys, aliases }] of shelves) if (keys.size > 0 || aliases.size > 0) regions.add(region)
    }
    return [...regions].sort()
  }

  #removeGrantsOf(keyArn: string): void {
    const grants = this.#grants.ofKey(keyArn)
    if (grants.length === 0) return
    for (const grant of grants) {
      this.#grants.remove(grant)
      this.#unsaved.delete(`grant ${grant.region}/${grant.id}`)
    }
    const name = `grants of ${keyArn}`
    this.#unsaved.delete(name) // so that it comes after whatever was noted meanwhile
    this.#unsaved.set(name, { grantsGone: { keyArn } })
  }

  #putAlias(alias: Alias): void {
    const shelf = this.#shelf(alias.account, alias.region)
    const before = shelf.aliases.get(alias.name)
    if (before?.targetKeyId !== undefined) shelf.aliasNames.get(before.targetKeyId)?.delete(alias.name)
    if (!before) delete shelf.sortedAliasNames
    shelf.aliases.set(alias.name, alias)
    if (alias.targetKeyId !== undefined) {
      const names = shelf.aliasNames.get(alias.targetKeyId) ?? new Set()
      shelf.aliasNames.set(alias.targetKeyId, names.add(alias.name))
    }
    this.#unsaved.set(`alias ${alias.account}/${alias.region}/${alias.name}`, { alias })
  }

  #shelve(key: Key): void {
    key.family.members.set(key.region, key)
    const shelf = this.#shelf(key.family.account, key.region)
    shelf.keys.set(key.family.keyId, key)
    delete shelf.sortedKeyIds
  }

  #note(family: Family): void {
    this.#usedSinceSaved.delete(family)
    if (this.#has(family)) this.#unsaved.set(`key ${family.account}/${family.keyId}`, family)
  }

  /** Slow work may still hold a family that is gone by now; that one must not come back. */
  #has(family: Family): boolean {
    return this.#families.get(`${family.account}/${family.keyId}`) === family && family.members.size > 0
  }

  #shelfIfAny(account: string, region: string): Shelf | undefined {
    return this.#shelves.get(account)?.get(region)
  }

  #shelf(account: string, region: string): Shelf {
    const shelves = this.#shelves.get(account) ?? new Map<string, Shelf>()
    this.#shelves.set(account, shelves)
    const shelf = shelves.get(region) ?? { keys: new Map(), aliases: new Map(), aliasNames: new Map() }
    shelves.set(region, shelf)
    return shelf
  }

  #replay(record: StateRecord): void {
    if ('family' in record) {
      this.#forgetFamily(record.family.account, record.family.keyId)
      const family = familyFrom(record.family)
      this.#families.set(`${family.account}/${family.keyId}`, family)
      for (const key of family.members.values()) this.#shelve(key)
    } else if ('familyGone' in record) {
      this.#forgetFamily(record.familyGone.account, record.familyGone.keyId)
    } else if ('alias' in record) {
      this.#putAlias(record.alias)
    } else if ('grant' in record) {
      this.#grants.put(record.grant)
    } else if ('grantGone' in record) {
      const grant = this.#grants.inRegion(record.grantGone.region, record.grantGone.id)
      if (grant) this.#grants.remove(grant)
    } else if ('grantsGone' in record) {
      for (const grant of this.#grants.ofKey(record.grantsGone.keyArn)) this.#grants.remove(grant)
    } else {
      const { account, region, name } = record.aliasGone
      const alias = this.alias(account, region, name)
      if (alias) this.removeAlias(alias)
    }
  }

  #forgetFamily(account: string, keyId: string): void {
    const family = this.#families.get(`${account}/${keyId}`)
    for (const region of family?.members.keys() ?? []) this.#shelf(account, region).keys.delete(keyId)
    this.#families.delete(`${account}/${keyId}`)
  }

  #snapshot(): string[] {
    const lines = [...this.#families.values()].map((family) => JSON.stringify(familyRecord(family)))
    for (const shelves of this.#shelves.values()) {
      for (const { aliases } of shelves.values()) {
        for (const alias of aliases.values()) lines.push(JSON.stringify({ alias }))
      }
    }
    for (const grant of this.#grants.all()) lines.push(JSON.stringify({ grant }))
    return lines
  }
}

/** Changes that were made together are one line, so that a crash leaves all of them or none. */
function lineOf(changes: (StateRecord | Family)[]): string {
  const records = changes.map((change) => ('members' in change ? familyRecord(change) : change))
  return JSON.stringify(records.length === 1 ? records[0] : records)
}
