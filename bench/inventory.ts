// How fast and with how many calls the multi-Region keys of an account are known, beside scripts and what is possible.

import { type RunningEmulator, withEmulator } from './emulator/process.ts'
import { CAN_PIN, CLIENT_CORE, end, nextMessage, SERVER_CORE, startProgram } from './processes.ts'
import { megabytes, milliseconds, printTable } from './table.ts'

const SCENARIO = 'fleet-1000'
const MEMBERS = 4000
/** By Region in alphabetical order. */
const WAN_MS = [5, 25, 80, 90, 150, 220]
/** Describes at once in each Region when nothing but describing is measured: about as many as sockets by default. */
const BARE_AT_ONCE = 16
/** A loop over all keys would take minutes with latency: it describes so many in each Region, and the rest is reckoned. */
const LOOP_KEYS_WITH_LATENCY = 40
const GOALS = { floor: 1.3, callsPerMember: 1.05 }

interface Round {
  firstFamilyMs: number
  wholeMs: number
  /** Processor time until then. */
  cpuMs: number
  calls: number
  peakBytes: number
}
type ScanRound = Omit<Round, 'calls'> & {
  /** By operation, until the topology was whole; and until the rotation settings were read as well. */
  calls: Record<string, number>
  allCalls: Record<string, number>
  withRotationMs: number
  versions: number
  /** How long the pacer makes the describes of the fullest Region last. */
  pacedMs: number
}

type Place = { emulator: RunningEmulator; regions: string[]; keys: Record<string, string[]>; latencies: number[] }

export async function benchInventory(): Promise<void> {
  await withEmulator({ args: ['--scenario', SCENARIO], core: SERVER_CORE }, async (emulator) => {
    const { regions } = (await emulator.door('GET', 'regions')) as { regions: { region: string }[] }
    const names = regions.map(({ region }) => region)
    const keys = await keysOf(emulator, names)
    for (const latencies of [names.map(() => 0), WAN_MS]) {
      for (const [index, region] of names.entries()) {
        await emulator.door('PUT', `regions/${region}`, { fault: null, latencyMs: latencies[index] })
      }
      await benchAt({ emulator, regions: names, keys, latencies })
    }
  })
}

/** The keys of each Region, asked of the emulator before anything is measured. */
async function keysOf(emulator: RunningEmulator, regions: string[]): Promise<Record<string, string[]>> {
  const keys: Record<string, string[]> = {}
  for (const region of regions) {
    const { Keys } = (await emulator.kms('ListKeys', { Limit: 1000 }, region)) as { Keys: { KeyId: string }[] }
    keys[region] = Keys.map(({ KeyId }) => KeyId).filter((keyId) => keyId.startsWith('mrk-'))
  }
  return keys
}

async function benchAt(place: Place): Promise<void> {
  const { regions, latencies } = place
  const far = Math.max(...latencies) > 0
  // The bare rate is the SDK's own, so it is measured without latency in both cases.
  const bare = await withoutLatency(place, () => script(place, 'bare', 3, { keys: place.keys, atOnce: BARE_AT_ONCE }))
  const product = await rounds<ScanRound>(place, 'bench/programs/inventory-scan.ts', 3, {
    members: MEMBERS,
    fullest: Math.max(...Object.values(place.keys).map((ofRegion) => ofRegion.length)),
    scans: 3,
  })
  const parallel = await script(place, 'parallel', 2)
  const [loop] = await script(place, 'loop', 1, far ? { most: LOOP_KEYS_WITH_LATENCY } : {})
  const [bareFirst, ...bareAgain] = bare
  const [first, ...again] = product
  const [parallelFirst, parallelAgain] = parallel
  if (!loop || !bareFirst || !first || !parallelFirst || !parallelAgain) throw new Error('a round is missing')

  const paced = first.pacedMs
  const trips = 2 * Math.max(...latencies)
  const floors = {
    first: Math.max(paced, bareFirst.wholeMs) + trips,
    again: Math.max(paced, best(bareAgain).wholeMs) + trips,
  }
  const cells = (what: string, round: Round, floor: number) => [
    what,
    milliseconds(round.firstFamilyMs),
    milliseconds(round.wholeMs),
    milliseconds(round.cpuMs),
    ratio(round.wholeMs / floor),
    ratio(round.firstFamilyMs / loop.firstFamilyMs, 2),
    ratio(round.wholeMs / loop.wholeMs, 3),
    (round.calls / MEMBERS).toFixed(3),
    megabytes(round.peakBytes),
  ]
  const scan = (round: ScanRound): Round => ({ ...round, calls: callsOf(round) })
  printTable(
    `${SCENARIO} (${MEMBERS} members in ${regions.length} Regions), ${far ? `latency ${latencies.join(', ')} ms` : 'without latency'}, ${CAN_PIN ? 'client and emulator on a core each' : 'NOT pinned to cores'}`,
    [
      'what',
      'first family',
      'whole',
      'processor',
      '÷ floor',
      'first ÷ loop',
      'whole ÷ loop',
      'calls/member',
      'peak memory',
    ],
    [
      cells('SDK, bare describes, first', bareFirst, floors.first),
      cells('SDK, bare describes, again (best)', best(bareAgain), floors.again),
      cells('product, first scan of the process', scan(first), floors.first),
      cells('product, again (median)', scan(middle(again)), floors.again),
      cells('SDK, unbounded parallelism, first', parallelFirst, floors.first),
      cells('SDK, unbounded parallelism, again', parallelAgain, floors.again),
      cells(`SDK, plain loop${far ? ' (reckoned)' : ''}`, far ? { ...loop, cpuMs: Number.NaN } : loop, floors.first),
    ],
  )
  console.log(
    [
      '',
      `Floor: the longer of the pacer's ${milliseconds(paced)} for the fullest Region and ${MEMBERS} bare describes`,
      `(${milliseconds(bareFirst.wholeMs)} in a new process, ${milliseconds(best(bareAgain).wholeMs)} again), plus two round trips of ${trips / 2} ms: ${milliseconds(floors.first)}, again ${milliseconds(floors.again)}.`,
      ...(far
        ? [`The loop described ${LOOP_KEYS_WITH_LATENCY} keys in each Region; the others are taken to last as long.`]
        : []),
      `Calls of a scan: ${Object.entries(first.allCalls)
        .map(([operation, count]) => `${operation} ${count}`)
        .join(
          ', ',
        )}; with rotation after ${milliseconds(first.withRotationMs)}, again ${milliseconds(middle(again).withRotationMs)}; ${first.versions} versions published.`,
      `Whole within ${GOALS.floor} × the floor: first ${said(first.wholeMs / floors.first <= GOALS.floor)}, again ${said(middle(again).wholeMs / floors.again <= GOALS.floor)}. At most ${GOALS.callsPerMember} calls a member: ${said(scan(first).calls / MEMBERS <= GOALS.callsPerMember)}.`,
      `First family beyond the nearest Region's two round trips (${2 * Math.min(...latencies)} ms): ${milliseconds(first.firstFamilyMs - 2 * Math.min(...latencies))}, again ${milliseconds(middle(again).firstFamilyMs - 2 * Math.min(...latencies))}.`,
    ].join('\n'),
  )
}

async function withoutLatency<T>({ emulator, regions, latencies }: Place, work: () => Promise<T>): Promise<T> {
  const set = (of: (index: number) => number) =>
    Promise.all(
      regions.map((region, index) => emulator.door('PUT', `regions/${region}`, { fault: null, latencyMs: of(index) })),
    )
  await set(() => 0)
  const result = await work()
  await set((index) => latencies[index] ?? 0)
  return result
}

const script = (place: Place, how: string, count: number, more: object = {}) =>
  rounds<Round>(place, 'bench/programs/sdk-scripts.ts', count, { how, rounds: count, ...more })

/** Starts a program with an order, and takes what it tells of each round. */
async function rounds<T>({ emulator, regions }: Place, path: string, count: number, order: object): Promise<T[]> {
  const child = startProgram(path, [], { core: CLIENT_CORE, usesLib: true })
  try {
    child.send({ url: emulator.url, regions, ...order })
    const told: T[] = []
    while (told.length < count) told.push((await nextMessage(child)) as T)
    return told
  } finally {
    await end(child)
  }
}

const best = (all: Round[]) => all.reduce((a, b) => (b.wholeMs < a.wholeMs ? b : a))

/** The round with the median time; of two the slower one. */
function middle<T extends { wholeMs: number }>(all: T[]): T {
  const found = all.toSorted((a, b) => a.wholeMs - b.wholeMs)[Math.floor(all.length / 2)]
  if (!found) throw new Error('a round is missing')
  return found
}

const callsOf = ({ calls }: ScanRound) => Object.values(calls).reduce((sum, count) => sum + count, 0)
const ratio = (value: number, digits = 2) => value.toFixed(digits)
const said = (reached: boolean) => (reached ? 'yes' : 'NO')
