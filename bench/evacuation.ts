// Evacuations of 300 families with the request quotas kept: how near to what the quotas allow, and what the server needs.

import { setTimeout as sleep } from 'node:timers/promises'
import { type Product, withProduct } from './product.ts'
import { below, megabytes, percent, printTable } from './table.ts'

const FAMILIES = 300
const REGIONS = ['ap-southeast-1', 'eu-central-1', 'eu-west-1', 'us-east-1', 'us-west-2', 'sa-east-1']
const [TO, FROM] = ['eu-west-1', 'us-east-1']
/** UpdatePrimaryRegion a second, in each of the two Regions. */
const PER_SECOND = 5
const WAVE_SIZES = [100, 20]
const GOALS = { floor: 1.1, growthBytes: 100e6, estimate: 0.2 }
const LOOK_EVERY_MS = 500
/** Shares of the families at which the estimate is compared with what came. */
const LOOKED_AT = [0.1, 0.25, 0.5, 0.75]

interface Part {
  wave: number
  status: string
  startedAt: string
  endedAt: string
}
interface Run {
  status: string
  message: string
  startedAt: string
  endedAt: string
  secondsLeft: number | null
  counts: { parts: Record<string, number> }
  parts: Part[]
  undo: { request: RequestData }
}
type RequestData = { kind: string } & Record<string, unknown>

interface Estimate {
  share: number
  at: number
  secondsLeft: number | null
}

export async function benchEvacuation(): Promise<void> {
  await withProduct('empty', async (product) => {
    await product.emulator.door('PUT', 'topology', { families: fleet() })
    await product.emulator.door('PUT', 'settings', { quotas: true })
    await product.refresh()
    const rows: string[][] = []
    let request: RequestData = { kind: 'evacuate', fromRegion: FROM, preferred: [TO] }
    // What runs the first time is compiled, and kept.
    for (const waveSize of WAVE_SIZES) {
      const { run, row } = await measured(product, { ...request, waveSize })
      rows.push(row)
      request = run.undo.request
    }
    printTable(
      `${FAMILIES} families with a member in each of ${REGIONS.length} Regions, quotas kept, keys settle in 300 ms`,
      [
        ...['wave', 'took', 'floor', '÷ floor', `≤ ${GOALS.floor}`, 'throttled'],
        ...['memory before', 'highest', 'growth', `< ${megabytes(GOALS.growthBytes)}`],
        ...LOOKED_AT.map((share) => `left at ${percent(share)}`),
      ],
      rows,
    )
    console.log(
      [
        '',
        `Floor: what the canary family took, and then ${FAMILIES - 1} promotions at ${PER_SECOND} a second.`,
        'Left: as the run said, and in brackets by how much of what then came that was wrong.',
      ].join('\n'),
    )
  })
}

const fleet = () =>
  Array.from({ length: FAMILIES }, (_, index) => ({
    keyId: `mrk-${index.toString(16).padStart(32, '0')}`,
    ...{ primaryRegion: FROM, keySpec: 'SYMMETRIC_DEFAULT', keyUsage: 'ENCRYPT_DECRYPT', origin: 'AWS_KMS' },
    members: REGIONS.map((region) => ({ region, state: 'Enabled', aliases: [`alias/fleet-${index}`] })),
  }))

async function measured(product: Product, request: RequestData): Promise<{ run: Run; row: string[] }> {
  const before = await sampleOf(product)
  const id = await start(product, request)
  const estimates: Estimate[] = []
  let highest = before.resident
  let run: Run
  for (;;) {
    await sleep(LOOK_EVERY_MS)
    run = (await product.get(`/api/runs/${id}?steps=few`)) as Run
    highest = Math.max(highest, (await sampleOf(product)).resident)
    if (run.endedAt) break
    const share = (run.counts.parts.done ?? 0) / FAMILIES
    const next = LOOKED_AT[estimates.length]
    if (next !== undefined && share >= next) estimates.push({ share, at: Date.now(), secondsLeft: run.secondsLeft })
  }
  if (run.status !== 'succeeded') throw new Error(`The run ended as ${run.status}: ${run.message}`)
  const throttled = (await sampleOf(product)).throttled - before.throttled
  return { run, row: rowOf(request, run, { before: before.resident, highest, throttled, estimates }) }
}

function rowOf(
  request: RequestData,
  run: Run,
  seen: { before: number; highest: number; throttled: number; estimates: Estimate[] },
): string[] {
  const seconds = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / 1_000
  const [canary] = run.parts.filter(({ wave }) => wave === 1)
  const floor = (canary ? seconds(canary.startedAt, canary.endedAt) : 0) + (FAMILIES - 1) / PER_SECOND
  const took = seconds(run.startedAt, run.endedAt)
  const growth = seen.highest - seen.before
  return [
    String(request.waveSize),
    `${took.toFixed(1)} s`,
    `${floor.toFixed(1)} s`,
    (took / floor).toFixed(3),
    below(took / floor, GOALS.floor),
    String(seen.throttled),
    ...[megabytes(seen.before), megabytes(seen.highest), megabytes(growth), below(growth, GOALS.growthBytes)],
    ...LOOKED_AT.map((_, index) => estimateIn(seen.estimates[index], Date.parse(run.endedAt))),
  ]
}

function estimateIn(estimate: Estimate | undefined, endedAt: number): string {
  if (!estimate || estimate.secondsLeft === null) return 'not told'
  const came = (endedAt - estimate.at) / 1_000
  const wrong = (estimate.secondsLeft - came) / came
  return `${estimate.secondsLeft} s (${wrong > 0 ? '+' : ''}${percent(wrong)})`
}

async function start({ post }: Product, request: RequestData): Promise<string> {
  const plan = (await post('/api/plans', request)) as { fingerprint: string; confirmation: string }
  const { fingerprint, confirmation } = plan
  const answer = await post('/api/runs', { request, fingerprint, confirmation, reason: 'Benchmark' })
  return (answer as { id: string }).id
}

async function sampleOf(product: Product) {
  const metrics = await product.metrics()
  return {
    resident: metrics.sum('process_resident_memory_bytes'),
    throttled: metrics.sum('kms_atlas_kms_requests_total', { outcome: 'throttled' }),
  }
}
