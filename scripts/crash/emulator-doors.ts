// What is asked of the emulator: keys to begin with, faults, and what it has taken, by its call log and by its state file.

import { readFile } from 'node:fs/promises'
import { z } from 'zod'

export const REGIONS = ['ap-southeast-1', 'eu-west-1', 'us-east-1']

/** How long a promotion settles, and how long a call takes. */
const TRANSITION_MS = 700
const LATENCY_MS = 120

const logSchema = z.object({
  calls: z.array(
    z.object({
      at: z.string(),
      region: z.string(),
      operation: z.string(),
      key: z.string().nullable(),
      outcome: z.string(),
    }),
  ),
})
export type LoggedCall = z.infer<typeof logSchema>['calls'][number]

const memberSchema = z.object({
  KeyMetadata: z.object({
    KeyState: z.string(),
    MultiRegionConfiguration: z.object({ PrimaryKey: z.object({ Region: z.string() }) }),
  }),
})

const recordSchema = z.object({
  family: z.object({
    keyId: z.string(),
    promotion: z.object({ from: z.string(), to: z.string(), startedAt: z.number() }).optional(),
  }),
})

export class EmulatorDoors {
  readonly #url: string

  constructor(url: string) {
    this.#url = url
  }

  /** Families with a member in each Region. */
  async loadFamilies(many: number, primaryRegion: string): Promise<void> {
    const families = Array.from({ length: many }, (_, index) => ({
      keyId: `mrk-${index.toString(16).padStart(32, '0')}`,
      ...{ primaryRegion, keySpec: 'SYMMETRIC_DEFAULT', keyUsage: 'ENCRYPT_DECRYPT', origin: 'AWS_KMS' },
      members: REGIONS.map((region) => ({ region, state: 'Enabled', aliases: [`alias/crash-${index}`] })),
    }))
    await this.#door('PUT', 'topology', { families })
  }

  /** Settings do not survive the emulator. */
  async prepare(): Promise<void> {
    await this.#door('PUT', 'settings', { transitionMs: TRANSITION_MS, quotas: true })
    for (const region of REGIONS) await this.#door('PUT', `regions/${region}`, { fault: null, latencyMs: LATENCY_MS })
  }

  async dropNextPromotion(): Promise<void> {
    await this.#door('PUT', 'operations/UpdatePrimaryRegion', { dropAnswerNext: 1 })
  }

  async promotionsLogged(): Promise<LoggedCall[]> {
    const { calls } = logSchema.parse(await this.#door('GET', 'calls?log=1'))
    return calls.filter(({ operation }) => operation === 'UpdatePrimaryRegion')
  }

  async memberIn(region: string, keyId: string): Promise<{ state: string; primaryRegion: string }> {
    const response = await fetch(this.#url, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'TrentService.DescribeKey',
        authorization: `AWS4-HMAC-SHA256 Credential=test/20261123/${region}/kms/aws4_request, SignedHeaders=host, Signature=00`,
      },
      body: JSON.stringify({ KeyId: keyId }),
    })
    const { KeyMetadata } = memberSchema.parse(await response.json())
    return {
      state: KeyMetadata.KeyState,
      primaryRegion: KeyMetadata.MultiRegionConfiguration.PrimaryKey.Region,
    }
  }

  async #door(method: string, path: string, body?: object): Promise<unknown> {
    const response = await fetch(`${this.#url}/_emulator/${path}`, {
      method,
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`)
    return text === '' ? undefined : JSON.parse(text)
  }
}

/** A promotion that KMS has taken. */
export interface Promotion {
  keyId: string
  to: string
  startedAt: number
}

/** Those in a line of the state file; the last line may have been cut off by a kill. */
function promotionIn(line: string): Promotion | null {
  let record: unknown
  try {
    record = JSON.parse(line)
  } catch {
    return null
  }
  const parsed = recordSchema.safeParse(record)
  if (!parsed.success || !parsed.data.family.promotion) return null
  const { keyId, promotion } = parsed.data.family
  return { keyId, to: promotion.to, startedAt: promotion.startedAt }
}

/**
 * Promotions that the state file tells of: every change is in it before it is answered. Emulators that start write it
 * anew, so it has to be read in between.
 */
export async function promotionsStored(file: string): Promise<Promotion[]> {
  const lines = (await readFile(file, 'utf8')).split('\n')
  return lines.flatMap((line) => promotionIn(line) ?? [])
}
