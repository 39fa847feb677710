// Clients that change keys as fast as they can and remember of each thing what it may be: what was acknowledged last and,
// as long as there is no answer, what was asked for. And a look at all an emulator has, to compare that with.

import {
  CreateAliasCommand,
  CreateGrantCommand,
  CreateKeyCommand,
  DecryptCommand,
  DeleteAliasCommand,
  DescribeKeyCommand,
  EncryptCommand,
  KMSClient,
  KMSServiceException,
  ListGrantsCommand,
  ListKeyRotationsCommand,
  ListResourceTagsCommand,
  paginateListAliases,
  paginateListKeys,
  ReplicateKeyCommand,
  RevokeGrantCommand,
  RotateKeyOnDemandCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateAliasCommand,
  UpdatePrimaryRegionCommand,
} from '@aws-sdk/client-kms'

const REGIONS = ['us-east-1', 'eu-west-1', 'ap-southeast-2']
const NOTHING = 'nothing'
const MAX_ROTATIONS = 25
const MAX_TAGS = 20

/** The values each thing may have, and ciphertexts with what they must decrypt to. */
export class Expected {
  readonly values = new Map<string, Set<string>>()
  readonly ciphertexts: { region: string; ciphertext: Uint8Array; plaintext: string }[] = []

  asked(about: string, value: string): void {
    this.values.set(about, (this.values.get(about) ?? new Set([NOTHING])).add(value))
  }

  acknowledged(about: string, value: string): void {
    this.values.set(about, new Set([value]))
  }

  /** After a restart nothing is under way: what is there now is what must stay. */
  settle(found: Map<string, string>): void {
    for (const about of this.values.keys()) this.acknowledged(about, found.get(about) ?? NOTHING)
  }
}

export type Clients = { kms: (region: string) => KMSClient; destroy: () => void }

export function clientsOf(endpoint: string): Clients {
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' }
  const clients = new Map<string, KMSClient>()
  return {
    kms(region) {
      const client = clients.get(region) ?? new KMSClient({ region, endpoint, credentials, maxAttempts: 1 })
      clients.set(region, client)
      return client
    },
    destroy() {
      for (const client of clients.values()) client.destroy()
    },
  }
}

/** Numbers from 0 up to 1, the same ones for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

type KnownKey = {
  keyId: string
  primary: string
  members: string[]
  rotations: number
  tags: { region: string; name: string }[]
  aliases: { region: string; name: string }[]
  grants: { region: string; name: string; id: string }[]
}

/** What one client knows. Its keys are its own, so that nobody else changes what it expects of them. */
type Client = {
  kms: Clients['kms']
  expected: Expected
  random: () => number
  newName: () => string
  keys: KnownKey[]
}

/** What a change is about, what that becomes, how to ask for it, and what to remember when it is acknowledged. */
type Change = { about: string; becomes: string; send: () => Promise<() => void> }

let lastName = 0

/** Makes changes until one is not acknowledged; calls `acknowledged` after each that is. */
export async function makeChanges(
  { kms }: Clients,
  expected: Expected,
  random: () => number,
  acknowledged: () => void,
): Promise<void> {
  const newName = () => {
    lastName += 1
    return `n${lastName}`
  }
  const client: Client = { kms, expected, random, newName, keys: [] }
  try {
    for (;;) {
      const change = nextChange(client)
      if (!change) continue
      expected.asked(change.about, change.becomes)
      const remember = await change.send()
      expected.acknowledged(change.about, change.becomes)
      remember()
      acknowledged()
    }
  } catch (error) {
    if (error instanceof KMSServiceException && error.name !== 'KMSInternalException') throw error // none is to be refused
  }
}

function nextChange(client: Client): Change | undefined {
  const { random, keys } = client
  const key = oneOf(random, keys)
  if (!key || keys.length < 2 || random() < 0.05) return createKey(client)
  return oneOf(random, CHANGES)?.(client, key)
}

const CHANGES = [replicate, promote, createAlias, moveAlias, deleteAlias, tag, untag, rotate, grant, revoke, encrypt]

function createKey({ kms, random, expected, keys, newName }: Client): Change {
  const region = oneOf(random, REGIONS) ?? ''
  const Description = newName()
  return {
    about: `key ${Description} in ${region}`,
    becomes: 'there',
    async send() {
      const { KeyMetadata } = await kms(region).send(new CreateKeyCommand({ MultiRegion: true, Description }))
      const keyId = KeyMetadata?.KeyId ?? ''
      return () => {
        keys.push({ keyId, primary: region, members: [region], rotations: 0, tags: [], aliases: [], grants: [] })
        expected.acknowledged(`primary of ${keyId}`, region)
        expected.acknowledged(`member of ${keyId} in ${region}`, 'Enabled')
      }
    },
  }
}

function replicate({ kms, random }: Client, { keyId, primary, members }: KnownKey): Change | undefined {
  const elsewhere = REGIONS.filter((region) => !members.includes(region))
  const region = oneOf(random, elsewhere)
  if (region === undefined) return undefined
  return {
    about: `member of ${keyId} in ${region}`,
    becomes: 'Enabled',
    async send() {
      await kms(primary).send(new ReplicateKeyCommand({ KeyId: keyId, ReplicaRegion: region }))
      return () => members.push(region)
    },
  }
}

function promote({ kms, random }: Client, key: KnownKey): Change | undefined {
  const replicas = key.members.filter((region) => region !== key.primary)
  const region = oneOf(random, replicas)
  if (region === undefined) return undefined
  return {
    about: `primary of ${key.keyId}`,
    becomes: region,
    async send() {
      await kms(key.primary).send(new UpdatePrimaryRegionCommand({ KeyId: key.keyId, PrimaryRegion: region }))
      return () => {
        key.primary = region
      }
    },
  }
}

function createAlias({ kms, random, newName }: Client, { keyId, members, aliases }: KnownKey): Change {
  const region = oneOf(random, members) ?? ''
  const name = `alias/${newName()}`
  return {
    about: `${name} in ${region}`,
    becomes: keyId,
    async send() {
      await kms(region).send(new CreateAliasCommand({ AliasName: name, TargetKeyId: keyId }))
      return () => aliases.push({ region, name })
    },
  }
}

/** To another key of the same client, which need not have a member there. */
function moveAlias({ kms, random, keys }: Client, key: KnownKey): Change | undefined {
  const alias = oneOf(random, key.aliases)
  const target = alias && oneOf(random, keys)
  if (!alias || !target?.members.includes(alias.region)) return undefined
  return {
    about: `${alias.name} in ${alias.region}`,
    becomes: target.keyId,
    async send() {
      await kms(alias.region).send(new UpdateAliasCommand({ AliasName: alias.name, TargetKeyId: target.keyId }))
      return () => target.aliases.push(taken(key.aliases, alias))
    },
  }
}

function deleteAlias({ kms, random }: Client, { aliases }: KnownKey): Change | undefined {
  const alias = oneOf(random, aliases)
  if (!alias) return undefined
  return {
    about: `${alias.name} in ${alias.region}`,
    becomes: NOTHING,
    async send() {
      await kms(alias.region).send(new DeleteAliasCommand({ AliasName: alias.name }))
      return () => taken(aliases, alias)
    },
  }
}

function tag({ kms, random, newName }: Client, { keyId, members, tags }: KnownKey): Change | undefined {
  const region = oneOf(random, members) ?? ''
  const [name, value] = [newName(), newName()]
  if (tags.length === MAX_TAGS) return undefined
  return {
    about: `tag ${name} of ${keyId} in ${region}`,
    becomes: value,
    async send() {
      await kms(region).send(new TagResourceCommand({ KeyId: keyId, Tags: [{ TagKey: name, TagValue: value }] }))
      return () => tags.push({ region, name })
    },
  }
}

function untag({ kms, random }: Client, { keyId, tags }: KnownKey): Change | undefined {
  const found = oneOf(random, tags)
  if (!found) return undefined
  return {
    about: `tag ${found.name} of ${keyId} in ${found.region}`,
    becomes: NOTHING,
    async send() {
      await kms(found.region).send(new UntagResourceCommand({ KeyId: keyId, TagKeys: [found.name] }))
      return () => taken(tags, found)
    },
  }
}

function rotate({ kms }: Client, key: KnownKey): Change | undefined {
  if (key.rotations === MAX_ROTATIONS) return undefined
  return {
    about: `rotations of ${key.keyId}`,
    becomes: String(key.rotations + 1),
    async send() {
      await kms(key.primary).send(new RotateKeyOnDemandCommand({ KeyId: key.keyId }))
      return () => {
        key.rotations += 1
      }
    },
  }
}

function grant({ kms, random, newName }: Client, { keyId, members, grants }: KnownKey): Change {
  const region = oneOf(random, members) ?? ''
  const name = newName()
  const GranteePrincipal = 'arn:aws:iam::111122223333:role/Reader'
  return {
    about: `grant ${name} of ${keyId} in ${region}`,
    becomes: 'Decrypt',
    async send() {
      const call = new CreateGrantCommand({ KeyId: keyId, GranteePrincipal, Operations: ['Decrypt'], Name: name })
      const { GrantId = '' } = await kms(region).send(call)
      return () => grants.push({ region, name, id: GrantId })
    },
  }
}

function revoke({ kms, random }: Client, { keyId, grants }: KnownKey): Change | undefined {
  const found = oneOf(random, grants)
  if (!found) return undefined
  return {
    about: `grant ${found.name} of ${keyId} in ${found.region}`,
    becomes: NOTHING,
    async send() {
      await kms(found.region).send(new RevokeGrantCommand({ KeyId: keyId, GrantId: found.id }))
      return () => taken(grants, found)
    },
  }
}

/** Changes nothing, but what it answered must stay readable. */
function encrypt({ kms, random, expected, newName }: Client, { keyId, members }: KnownKey): Change {
  const region = oneOf(random, members) ?? ''
  const plaintext = newName()
  return {
    about: `ciphertext of ${plaintext}`,
    becomes: NOTHING,
    async send() {
      const call = new EncryptCommand({ KeyId: keyId, Plaintext: Buffer.from(plaintext) })
      const { CiphertextBlob } = await kms(region).send(call)
      return () => expected.ciphertexts.push({ region, plaintext, ciphertext: CiphertextBlob ?? Buffer.of() })
    },
  }
}

function oneOf<T>(random: () => number, all: readonly T[]): T | undefined {
  return all[Math.floor(random() * all.length)]
}

function taken<T>(all: T[], one: T): T {
  all.splice(all.indexOf(one), 1)
  return one
}

/** Everything an emulator has, under the same names. Were two keys to say PRIMARY, both would be named. */
export async function look({ kms }: Clients): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  const lookIn = async (region: string) => {
    const client = kms(region)
    const aliases = await all(paginateListAliases({ client }, {}), ({ Aliases }) => Aliases)
    for (const { AliasName, TargetKeyId } of aliases) found.set(`${AliasName} in ${region}`, TargetKeyId ?? NOTHING)
    const keys = await all(paginateListKeys({ client }, {}), ({ Keys }) => Keys)
    const facts = await Promise.all(keys.map(({ KeyId = '' }) => lookAtKey(client, region, KeyId)))
    for (const [about, value] of facts.flat()) {
      const before = found.get(about)
      found.set(about, before === undefined ? value : `${before} and ${value}`)
    }
  }
  await Promise.all(REGIONS.map(lookIn))
  return found
}

async function lookAtKey(client: KMSClient, region: string, KeyId: string): Promise<[string, string][]> {
  const [{ KeyMetadata }, { Tags = [] }, { Grants = [] }] = await Promise.all([
    client.send(new DescribeKeyCommand({ KeyId })),
    client.send(new ListResourceTagsCommand({ KeyId })),
    client.send(new ListGrantsCommand({ KeyId, Limit: 100 })),
  ])
  const found: [string, string][] = [
    [`member of ${KeyId} in ${region}`, KeyMetadata?.KeyState ?? NOTHING],
    ...Tags.map(({ TagKey, TagValue = '' }): [string, string] => [`tag ${TagKey} of ${KeyId} in ${region}`, TagValue]),
    ...Grants.map(({ Name, Operations = [] }): [string, string] => [
      `grant ${Name} of ${KeyId} in ${region}`,
      Operations.join(),
    ]),
  ]
  if (KeyMetadata?.Description) found.push([`key ${KeyMetadata.Description} in ${region}`, 'there'])
  if (KeyMetadata?.MultiRegionConfiguration?.MultiRegionKeyType === 'PRIMARY') {
    const { Rotations = [] } = await client.send(new ListKeyRotationsCommand({ KeyId }))
    found.push([`primary of ${KeyId}`, region])
    if (Rotations.length > 0) found.push([`rotations of ${KeyId}`, String(Rotations.length)])
  }
  return found
}

async function all<Page, Item>(
  pages: AsyncIterable<Page>,
  itemsOf: (page: Page) => Item[] | undefined,
): Promise<Item[]> {
  const items: Item[] = []
  for await (const page of pages) items.push(...(itemsOf(page) ?? []))
  return items
}

/** In words, each thing that is not as it may be, and each that is only half there. */
export async function problemsWith(
  clients: Clients,
  expected: Expected,
  found: Map<string, string>,
): Promise<string[]> {
  const lost = [...expected.values].flatMap(([about, values]) => {
    const value = found.get(about) ?? NOTHING
    return values.has(value) ? [] : [`${about} is ${value}, not ${[...values].join(' or ')}`]
  })
  const unreadable = await Promise.all(
    expected.ciphertexts.map(async ({ region, ciphertext, plaintext }) => {
      const { Plaintext } = await clients.kms(region).send(new DecryptCommand({ CiphertextBlob: ciphertext }))
      return Buffer.from(Plaintext ?? []).toString() === plaintext ? [] : [`the ciphertext of ${plaintext} is lost`]
    }),
  )
  return [...lost, ...unreadable.flat(), ...danglingAliases(found)]
}

function danglingAliases(found: Map<string, string>): string[] {
  return [...found].flatMap(([about, target]) => {
    const [, region] = /^alias\/\S+ in (\S+)$/.exec(about) ?? []
    return region && !found.has(`member of ${target} in ${region}`)
      ? [`${about} points to ${target}: no key there`]
      : []
  })
}
