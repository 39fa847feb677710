// Memory of the server with a thousand families in six Regions, over as much work as an hour of watching makes.

import { type BenchFamily, type Product, withProduct } from './product.ts'
import { median, megabytes, printTable } from './table.ts'

const SCENARIO = 'fleet-1000x6'
const REGIONS = 6
const GOAL_BYTES = 700e6
/** Lists are read every 16 s while somebody watches: so often in an hour. */
const ROUNDS = 225
/** Pages of ListKeys and ListAliases, the members of 50 open families, and the rotation: what such an hour asks of KMS. */
const REQUESTS_OF_AN_HOUR = ROUNDS * (REGIONS * (1 + 10) + 50 * REGIONS) + 421
const WHOLE_READS = 12
const CHANGES_A_ROUND = 4
/** So many families are changed, to and fro: what is known must not grow by itself. */
const FAMILIES_CHANGED = 40
const STREAMS = 4
const SAMPLE_EVERY = 5
/** A trend of less than this is what single values scatter. */
const LEVEL = 0.03

interface MemorySample {
  round: number
  resident: number
  heap: number
}

export async function benchServerMemory(): Promise<void> {
  await withProduct(SCENARIO, async (product) => {
    const empty = await sampleOf(product, 0)
    const { families } = await product.refresh()
    const read = await sampleOf(product, 0)
    const before = await requestsOf(product)
    const began = performance.now()
    const samples = await hourOfWatching(product, families)
    const minutes = (performance.now() - began) / 60_000
    print(empty, read, samples, { requests: (await requestsOf(product)) - before, minutes })
  })
}

const requestsOf = async (product: Product) => (await product.metrics()).sum('kms_atlas_kms_requests_total')

async function sampleOf(product: Product, round: number): Promise<MemorySample> {
  const metrics = await product.metrics()
  return {
    round,
    resident: metrics.sum('process_resident_memory_bytes'),
    heap: metrics.sum('nodejs_heap_size_used_bytes'),
  }
}

/** Each round: a family is opened, its aliases and state are changed outside, a page polls, another one connects. */
async function hourOfWatching(product: Product, families: BenchFamily[]): Promise<MemorySample[]> {
  const samples: MemorySample[] = []
  const streams: AbortController[] = []
  let version = 0
  for (let round = 0; round < ROUNDS; round += 1) {
    const some = Array.from({ length: CHANGES_A_ROUND }, (_, index) =>
      at(families, (round * CHANGES_A_ROUND + index) % FAMILIES_CHANGED),
    )
    await Promise.all(some.map((family) => changeOutside(product, family, round)))
    streams.push(await openStream(product))
    if (streams.length > STREAMS) streams.shift()?.abort()
    const open = Array.from({ length: 50 }, (_, index) => at(families, round + index).keyId).join(',')
    const answer = (await product.get(`/api/topology?since=${version}&open=${open}`)) as { version: number }
    version = answer.version
    await product.get(`/api/topology/${at(families, round * CHANGES_A_ROUND).keyId}`)
    if (round % Math.floor(ROUNDS / WHOLE_READS) === 0) await product.refresh()
    if (round % SAMPLE_EVERY === 0) samples.push(await sampleOf(product, round))
  }
  for (const stream of streams) stream.abort()
  return samples
}

function at(families: BenchFamily[], index: number): BenchFamily {
  const family = families[index % families.length]
  if (!family) throw new Error('the product shows no family')
  return family
}

/** Disables or enables a member, and makes an alias or takes it away again. */
async function changeOutside({ emulator }: Product, family: BenchFamily, round: number): Promise<void> {
  const { keyId } = family
  const [region = ''] = family.members.map((member) => member.region)
  const isOdd = Math.floor((round * CHANGES_A_ROUND) / FAMILIES_CHANGED) % 2 === 1
  await emulator.kms(isOdd ? 'EnableKey' : 'DisableKey', { KeyId: keyId }, region)
  const name = `alias/bench-${keyId.slice(-8)}`
  const { Aliases } = (await emulator.kms('ListAliases', { KeyId: keyId }, region)) as {
    Aliases: { AliasName: string }[]
  }
  const isThere = Aliases.some(({ AliasName }) => AliasName === name)
  if (isThere) await emulator.kms('DeleteAlias', { AliasName: name }, region)
  else await emulator.kms('CreateAlias', { AliasName: name, TargetKeyId: keyId }, region)
}

/** A page that listens, until it is given up. */
async function openStream({ url }: Product): Promise<AbortController> {
  const end = new AbortController()
  const response = await fetch(`${url}/api/events`, { signal: end.signal })
  const reader = response.body?.getReader()
  const drain = async () => {
    while (!(await reader?.read())?.done);
  }
  drain().catch(() => undefined)
  return end
}

/** Bytes a round, by least squares. */
function slopeOf(samples: MemorySample[], of: 'resident' | 'heap'): number {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const [round, value] = [mean(samples.map((sample) => sample.round)), mean(samples.map((sample) => sample[of]))]
  const above = samples.reduce((sum, sample) => sum + (sample.round - round) * (sample[of] - value), 0)
  return above / samples.reduce((sum, sample) => sum + (sample.round - round) ** 2, 0)
}

function print(
  empty: MemorySample,
  read: MemorySample,
  samples: MemorySample[],
  work: { requests: number; minutes: number },
) {
  const third = Math.floor(samples.length / 3)
  const thirds = [samples.slice(0, third), samples.slice(third, 2 * third), samples.slice(2 * third)]
  const row = (what: string, of: MemorySample[]) => [
    what,
    megabytes(median(of.map(({ resident }) => resident))),
    megabytes(Math.max(...of.map(({ resident }) => resident))),
    megabytes(Math.min(...of.map(({ heap }) => heap))),
    megabytes(Math.max(...of.map(({ heap }) => heap))),
  ]
  printTable(
    `Memory of the server, ${SCENARIO}, an hour's worth of watching in ${work.minutes.toFixed(1)} min`,
    ['when', 'resident, median', 'highest', 'heap, lowest', 'highest'],
    [
      row('ready', [empty]),
      row('all read', [read]),
      row('first third', thirds[0] ?? []),
      row('middle third', thirds[1] ?? []),
      row('last third', thirds[2] ?? []),
    ],
  )
  const highest = Math.max(...[empty, read, ...samples].map(({ resident }) => resident))
  const later = samples.slice(third)
  const medians = thirds.map((of) => median(of.map(({ resident }) => resident)))
  const [, middle = 0, last = 0] = medians
  const lowestHeap = thirds.map((of) => Math.min(...of.map(({ heap }) => heap)))
  const level = last <= middle * (1 + LEVEL) && (lowestHeap[2] ?? 0) <= (lowestHeap[1] ?? 0) * (1 + LEVEL)
  console.log(
    [
      '',
      `${work.requests} requests to KMS, among them ${WHOLE_READS} whole reads; an hour with 50 families open makes ${REQUESTS_OF_AN_HOUR}.`,
      `Trend over the last two thirds: resident ${perHour(slopeOf(later, 'resident'))}, heap ${perHour(slopeOf(later, 'heap'))}; median of the last third ÷ middle third ${(last / middle).toFixed(3)}.`,
      `Under 700 MB: ${highest < GOAL_BYTES ? 'yes' : 'NO'}, highest ${megabytes(highest)}. No growth (median resident and lowest heap of the last third at most ${LEVEL * 100} % above the middle third): ${level ? 'yes' : 'NO'}.`,
    ].join('\n'),
  )
}

const perHour = (bytesARound: number) => `${((bytesARound * ROUNDS) / 1e6).toFixed(1)} MB an hour`
