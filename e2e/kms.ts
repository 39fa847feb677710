// KMS as a second witness: what the keys are according to the service, not according to the dashboard.

import {
  CreateAliasCommand,
  CreateKeyCommand,
  type CreateKeyCommandInput,
  DescribeKeyCommand,
  type KeyMetadata,
  KMSClient,
  ListAliasesCommand,
  NotFoundException,
  ReplicateKeyCommand,
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
