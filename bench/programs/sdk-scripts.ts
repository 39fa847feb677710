// What scripts with the AWS SDK do to know the multi-Region keys of an account, and the bare describing of given keys.

import { setImmediate } from 'node:timers/promises'
import { DescribeKeyCommand, KMSClient, paginateListAliases, paginateListKeys } from '@aws-sdk/client-kms'
import { memoryOf } from '../processes.ts'
import { cpuMs, orderFor } from '../rate.ts'

type Order = {
  url: string
  regions: string[]
  /** `bare`: only describes, at once in each Region; `parallel`: all Regions and keys at once; `loop`: one by one. */
  how: 'bare' | 'parallel' | 'loop'
  rounds: number
  /** For `bare`, and how many at once in each Region. */
  keys?: Record<string, string[]>
  atOnce?: number
  /** `loop` describes only so many in each Region; the others are reckoned to take as long. */
  most?: number
}

const order = (await orderFor()) as Order
const credentials = { accessKeyId: 'bench', secretAccessKey: 'bench' }
const clients = new Map(
  order.regions.map((region) => [region, new KMSClient({ region, endpoint: order.url, credentials })]),
)
const each = [...clients]

let began = 0
let firstMs = Number.NaN
let calls = 0

async function describe(client: KMSClient, KeyId: string) {
  calls += 1
  const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId }))
  if (Number.isNaN(firstMs)) firstMs = performance.now() - began
  return KeyMetadata
}

async function multiRegionKeys(client: KMSClient): Promise<string[]> {
  const keyIds: string[] = []
  for await (const page of paginateListKeys({ client, pageSize: 1000 }, {})) {
    calls += 1
    keyIds.push(...(page.Keys ?? []).flatMap(({ KeyId }) => (KeyId?.startsWith('mrk-') ? KeyId : [])))
  }
  return keyIds
}

async function aliases(client: KMSClient) {
  const names: (string | undefined)[] = []
  for await (const page of paginateListAliases({ client, pageSize: 100 }, {})) {
    calls += 1
    names.push(...(page.Aliases ?? []).map(({ AliasName }) => AliasName))
  }
  return names
}

const HOW: Record<Order['how'], () => Promise<{ reckonedMs?: number }>> = {
  async bare() {
    await Promise.all(
      each.map(async ([region, client]) => {
        const keys = order.keys?.[region] ?? []
        let next = 0
        await Promise.all(
          Array.from({ length: order.atOnce ?? 1 }, async () => {
            for (let key = keys[next++]; key !== undefined; key = keys[next++]) await describe(client, key)
          }),
        )
      }),
    )
    return {}
  },
  async parallel() {
    await Promise.all(
      each.map(async ([, client]) => {
        const described = multiRegionKeys(client).then((keys) => Promise.all(keys.map((key) => describe(client, key))))
        await Promise.all([described, aliases(client)])
      }),
    )
    return {}
  },
  async loop() {
    let reckonedMs = 0
    for (const [, client] of each) {
      const keys = await multiRegionKeys(client)
      const some = keys.slice(0, order.most ?? keys.length)
      const start = performance.now()
      for (const key of some) await describe(client, key)
      reckonedMs += ((performance.now() - start) / some.length) * (keys.length - some.length)
      calls += keys.length - some.length
      await aliases(client)
    }
    return { reckonedMs }
  },
}

for (let round = 0; round < order.rounds; round += 1) {
  began = performance.now()
  firstMs = Number.NaN
  calls = 0
  const usedBefore = cpuMs()
  const { reckonedMs = 0 } = await HOW[order.how]()
  const wholeMs = performance.now() - began + reckonedMs
  process.send?.({
    firstFamilyMs: firstMs,
    wholeMs,
    cpuMs: cpuMs() - usedBefore,
    calls,
    peakBytes: memoryOf(process.pid).highest,
  })
  await setImmediate()
}
process.exit(0)
