// The product's inventory, from nothing to the whole topology, again and again in one process.

import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import { Inventory } from '../../lib/inventory/inventory.ts'
import { RARELY } from '../../lib/inventory/rarely.ts'
import { callCounts } from '../../lib/kms/pacing.ts'
import { Tokens } from '../../lib/kms/tokens.ts'
import type { Topology } from '../../lib/topology/topology.ts'
import { memoryOf } from '../processes.ts'
import { cpuMs, orderFor } from '../rate.ts'

type Order = { url: string; regions: string[]; members: number; fullest: number; scans: number }
type Counts = ReturnType<typeof callCounts>

/** Of each quota, for background reads: what the product takes when nothing else is said. */
const SHARE = 0.25

const order = (await orderFor()) as Order
process.env.ATLAS_QUOTA_SHARE = String(SHARE * 100)
process.env.AWS_ENDPOINT_URL_KMS = order.url
process.env.AWS_ACCESS_KEY_ID = 'bench'
process.env.AWS_SECRET_ACCESS_KEY = 'bench'

const liveIn = (topology: Topology) =>
  topology.families.reduce((sum, { members }) => sum + members.filter(({ known }) => known === 'live').length, 0)

/** By operation, of all Regions together. */
function byOperation(counts: Counts, before: Counts): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const { operation, count } of counts) sums[operation] = (sums[operation] ?? 0) + count
  for (const { operation, count } of before) sums[operation] = (sums[operation] ?? 0) - count
  return sums
}

/** The least time in which the pacer lets so many describes of one Region go. */
function pacedMs(describes: number): number {
  const tokens = new Tokens(SHARE)
  const call = { region: 'us-east-1', operation: 'DescribeKey', purpose: 'background' } as const
  let now = 0
  for (let taken = 0; taken < describes; ) {
    const wait = tokens.take(call, now)
    if (wait === 0) taken += 1
    else now += wait
  }
  return now
}

async function scan() {
  const before = callCounts()
  const inventory = new Inventory({ regions: order.regions, maxReplicas: 10, periods: RARELY })
  const [began, usedBefore] = [performance.now(), cpuMs()]
  const times = { firstFamilyMs: Number.NaN, wholeMs: Number.NaN, cpuMs: Number.NaN }
  let versions = 0
  let calls: Record<string, number> = {}
  const whole = new Promise<void>((resolve) => {
    inventory.subscribe(() => {
      versions += 1
      const topology = inventory.topology()
      const now = performance.now() - began
      if (Number.isNaN(times.firstFamilyMs) && topology.families.length > 0) times.firstFamilyMs = now
      const complete = topology.regions.every(({ status }) => status === 'ok') && liveIn(topology) === order.members
      if (!complete || !Number.isNaN(times.wholeMs)) return
      times.wholeMs = now
      times.cpuMs = cpuMs() - usedBefore
      calls = byOperation(callCounts(), before)
      resolve()
    })
  })
  inventory.start()
  await whole
  const rotating = () =>
    inventory.topology().families.filter(({ members }) => members.some(({ rotation }) => rotation !== null)).length
  while (rotating() < inventory.topology().families.length) await sleep(10)
  const withRotationMs = performance.now() - began
  inventory.stop()
  await setImmediate()
  return {
    ...times,
    calls,
    allCalls: byOperation(callCounts(), before),
    withRotationMs,
    versions,
    pacedMs: pacedMs(order.fullest),
    peakBytes: memoryOf(process.pid).highest,
  }
}

for (let run = 0; run < order.scans; run += 1) process.send?.(await scan())
process.exit(0)
