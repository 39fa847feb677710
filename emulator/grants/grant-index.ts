// Where grants are found in memory: by key, by Region and id, by who may retire them.

import { createHash } from 'node:crypto'
import type { Grant } from './grants.ts'

type GrantsOfKey = {
  byId: Map<string, Grant>
  /** The grants with a name, by everything that CreateGrant compares. */
  byProperties: Map<string, Grant>
  /** In the order of their ids; absent after a change. */
  sorted?: Grant[]
}

export class GrantIndex {
  readonly #byKey = new Map<string, GrantsOfKey>()
  readonly #byRegion = new Map<string, Map<string, Grant>>()
  readonly #retirable = new Map<string, Set<Grant>>()

  put(grant: Grant): void {
    const before = this.inRegion(grant.region, grant.id)
    if (before) this.remove(before)
    const ofKey: GrantsOfKey = this.#byKey.get(grant.keyArn) ?? { byId: new Map(), byProperties: new Map() }
    this.#byKey.set(grant.keyArn, ofKey)
    ofKey.byId.set(grant.id, grant)
    if (grant.name !== '') ofKey.byProperties.set(propertiesOf(grant), grant)
    delete ofKey.sorted

    const inRegion = this.#byRegion.get(grant.region) ?? new Map<string, Grant>()
    this.#byRegion.set(grant.region, inRegion.set(grant.id, grant))
    for (const name of retirersOf(grant)) this.#retirable.set(name, (this.#retirable.get(name) ?? new Set()).add(grant))
  }

  remove(grant: Grant): void {
    const ofKey = this.#byKey.get(grant.keyArn)
    if (ofKey) {
      ofKey.byId.delete(grant.id)
      if (grant.name !== '') ofKey.byProperties.delete(propertiesOf(grant))
      delete ofKey.sorted
      if (ofKey.byId.size === 0) this.#byKey.delete(grant.keyArn)
    }
    this.#byRegion.get(grant.region)?.delete(grant.id)
    for (const name of retirersOf(grant)) {
      const retirable = this.#retirable.get(name)
      retirable?.delete(grant)
      if (retirable?.size === 0) this.#retirable.delete(name)
    }
  }

  clear(): void {
    this.#byKey.clear()
    this.#byRegion.clear()
    this.#retirable.clear()
  }

  /** In the order of their ids. */
  ofKey(keyArn: string): readonly Grant[] {
    const ofKey = this.#byKey.get(keyArn)
    if (!ofKey) return []
    ofKey.sorted ??= sortedById(ofKey.byId.values())
    return ofKey.sorted
  }

  countOfKey(keyArn: string): number {
    return this.#byKey.get(keyArn)?.byId.size ?? 0
  }

  /** The grant with the same name and properties, if there is one; its id and its age do not count. */
  same(grant: Omit<Grant, 'id' | 'createdAt'>): Grant | undefined {
    return grant.name === '' ? undefined : this.#byKey.get(grant.keyArn)?.byProperties.get(propertiesOf(grant))
  }

  inRegion(region: string, id: string): Grant | undefined {
    return this.#byRegion.get(region)?.get(id)
  }

  /** In the order of their ids. */
  retirableBy(region: string, principal: string): Grant[] {
    return sortedById(this.#retirable.get(retirer(region, principal)) ?? [])
  }

  *all(): Iterable<Grant> {
    for (const { byId } of this.#byKey.values()) yield* byId.values()
  }
}

const sortedById = (grants: Iterable<Grant>) => [...grants].sort((a, b) => (a.id < b.id ? -1 : 1))

const retirer = (region: string, principal: string) => `${region} ${principal}`

const retirersOf = ({ region, retiringPrincipal, retiringServicePrincipal }: Grant) =>
  [retiringPrincipal, retiringServicePrincipal].flatMap((name) => (name === undefined ? [] : retirer(region, name)))

/** One short text for all that must be the same; the order of operations and of pairs is of no account. */
function propertiesOf(grant: Omit<Grant, 'id' | 'createdAt'>): string {
  const { EncryptionContextEquals, EncryptionContextSubset, SourceArn } = grant.constraints ?? {}
  const properties = [
    grant.name,
    grant.granteePrincipal,
    grant.granteeServicePrincipal,
    grant.retiringPrincipal,
    grant.retiringServicePrincipal,
    grant.issuingAccount,
    grant.operations.toSorted(),
    sortedPairs(EncryptionContextEquals),
    sortedPairs(EncryptionContextSubset),
    SourceArn,
  ].map((property) => property ?? null)
  return createHash('sha256').update(JSON.stringify(properties)).digest('base64')
}

const sortedPairs = (pairs: Record<string, string> | undefined) =>
  pairs && Object.entries(pairs).sort(([a], [b]) => (a < b ? -1 : 1))
