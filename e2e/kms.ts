// KMS as a second witness: what the keys are according to the service, not according to the dashboard.

import {
  CreateAliasCommand,
  CreateKeyCommand,
  type CreateKeyCommandInput,
  DecryptCommand,
  DeleteAliasCommand,
  DescribeKeyCommand,
  EncryptCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  type GetKeyRotationStatusCommandOutput,
  type KeyMetadata,
  KMSClient,
  ListAliasesCommand,
  ListKeysCommand,
  ListResourceTagsCommand,
  NotFoundException,
  ReplicateKeyCommand,
  UpdateAliasCommand,
} from '@aws-sdk/client-kms'
import { expect } from '@playwright/test'

export type FamilyRequest = {
  primary: string
  replicas?: string[]
  /** Made in every Region of the family. */
  alias?: string
  key?: CreateKeyCommandInput
}

export class Kms {
  readonly #endpoint: string
  readonly #regions: () => Promise<string[]>
  readonly #clients = new Map<string, KMSClient>()

  constructor(endpoint: string, regions: () => Promise<string[]>) {
    this.#endpoint = endpoint
    this.#regions = regions
  }

  /** The SDK's own client of a Region, for whatever the words below do not cover. */
  client(region: string): KMSClient {
    const client =
      this.#clients.get(region) ??
      new KMSClient({
        region,
        endpoint: this.#endpoint,
        credentials: { accessKeyId: 'story', secretAccessKey: 'story' },
      })
    this.#clients.set(region, client)
    return client
  }

  /** A member of a family, or undefined when the Region has none. */
  async describe(region: string, keyId: string): Promise<KeyMetadata | undefined> {
    try {
      return (await this.client(region).send(new DescribeKeyCommand({ KeyId: keyId }))).KeyMetadata
    } catch (error) {
      if (error instanceof NotFoundException) return undefined
      throw error
    }
  }

  /** The Region whose own key says that it is the primary key; undefined while none does. */
  async primaryRegionOf(keyId: string): Promise<string | undefined> {
    for (const region of await this.#regions()) {
      const member = await this.describe(region, keyId)
      if (member?.MultiRegionConfiguration?.MultiRegionKeyType === 'PRIMARY') return region
    }
    return undefined
  }

  /** The key id that an alias points to in a Region. */
  async aliasTarget(region: string, name: string): Promise<string | undefined> {
    let marker: string | undefined
    do {
      const page = await this.client(region).send(new ListAliasesCommand({ Marker: marker }))
      const alias = page.Aliases?.find(({ AliasName }) => AliasName === name)
      if (alias) return alias.TargetKeyId
      marker = page.Truncated ? page.NextMarker : undefined
    } while (marker)
    return undefined
  }

  /** Every multi-Region family that has a key in a Region of the emulator. */
  async familyIds(): Promise<string[]> {
    const found = new Set<string>()
    for (const region of await this.#regions()) {
      let marker: string | undefined
      do {
        const page = await this.client(region).send(new ListKeysCommand({ Marker: marker }))
        for (const { KeyId = '' } of page.Keys ?? []) if (KeyId.startsWith('mrk-')) found.add(KeyId)
        marker = page.Truncated ? page.NextMarker : undefined
      } while (marker)
    }
    return [...found]
  }

  /** The key policy of a member, parsed. */
  async policy(region: string, keyId: string): Promise<unknown> {
    const { Policy = '' } = await this.client(region).send(new GetKeyPolicyCommand({ KeyId: keyId }))
    return JSON.parse(Policy)
  }

  async tags(region: string, keyId: string): Promise<Record<string, string>> {
    const { Tags = [] } = await this.client(region).send(new ListResourceTagsCommand({ KeyId: keyId }))
    return Object.fromEntries(Tags.map(({ TagKey = '', TagValue = '' }) => [TagKey, TagValue]))
  }

  rotation(region: string, keyId: string): Promise<GetKeyRotationStatusCommandOutput> {
    return this.client(region).send(new GetKeyRotationStatusCommand({ KeyId: keyId }))
  }

  async deleteAlias(region: string, name: string) {
    await this.client(region).send(new DeleteAliasCommand({ AliasName: name }))
  }

  async retargetAlias(region: string, name: string, keyId: string) {
    await this.client(region).send(new UpdateAliasCommand({ AliasName: name, TargetKeyId: keyId }))
  }

  async encrypt(region: string, keyId: string, text: string): Promise<Uint8Array> {
    const made = await this.client(region).send(new EncryptCommand({ KeyId: keyId, Plaintext: Buffer.from(text) }))
    return made.CiphertextBlob ?? new Uint8Array()
  }

  async decrypt(region: string, keyId: string, ciphertext: Uint8Array): Promise<{ text: string; arn?: string }> {
    const { Plaintext = [], KeyId } = await this.client(region).send(
      new DecryptCommand({ KeyId: keyId, CiphertextBlob: ciphertext }),
    )
    return { text: Buffer.from(Plaintext).toString(), ...(KeyId ? { arn: KeyId } : {}) }
  }

  /** Answers once every member is Enabled. */
  async createFamily({ primary, replicas = [], alias, key }: FamilyRequest): Promise<{ keyId: string }> {
    const created = await this.client(primary).send(new CreateKeyCommand({ ...key, MultiRegion: true }))
    const keyId = created.KeyMetadata?.KeyId ?? ''
    await this.#settled(primary, keyId)
    for (const ReplicaRegion of replicas) {
      await this.client(primary).send(new ReplicateKeyCommand({ KeyId: keyId, ReplicaRegion }))
    }
    for (const region of [primary, ...replicas]) {
      await this.#settled(region, keyId)
      if (alias) await this.client(region).send(new CreateAliasCommand({ AliasName: alias, TargetKeyId: keyId }))
    }
    return { keyId }
  }

  close() {
    for (const client of this.#clients.values()) client.destroy()
  }

  async #settled(region: string, keyId: string) {
    await expect.poll(async () => (await this.describe(region, keyId))?.KeyState, { intervals: [50] }).toBe('Enabled')
  }
}
