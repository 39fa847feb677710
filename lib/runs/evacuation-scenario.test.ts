// The scenario `evacuation` of the emulator, read as KMS answers it and planned as a person would.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Inventory } from '@/lib/inventory/inventory'
import { RARELY } from '@/lib/inventory/rarely'
import { callKms } from '@/lib/kms/call'
import { startEmulator, type TestEmulator } from '@/lib/kms/emulator-for-tests'
import { toKmsError } from '@/lib/kms/errors'
import { blocksOf } from '@/lib/plans/given-plans'
import type { Plan } from '@/lib/plans/plan'
import { familyOf } from '@/lib/topology/family'
import type { RequestData } from '@/lib/topology/topology'
import { makePlanFrom } from './make-plan'

const FROM = 'us-east-1'
const TO = 'eu-west-1'
const REGIONS = ['eu-central-1', TO, FROM, 'us-west-2']
const evacuate = { kind: 'evacuate', fromRegion: FROM, preferred: [TO] }

let emulator: TestEmulator
let inventory: Inventory
/** Of all families; it takes thousands of requests, so it is made once. */
let plan: Plan

beforeAll(async () => {
  emulator = await startEmulator('evacuation')
  inventory = new Inventory({ regions: REGIONS, maxReplicas: 10, periods: RARELY })
  await inventory.refresh()
  plan = await planOf(evacuate)
})
afterAll(async () => {
  inventory?.stop()
  await emulator?.stop()
})

async function planOf(request: RequestData): Promise<Plan> {
  const answer = await makePlanFrom({ inventory, runs: { recentPromotions: async () => ({}) } }, request)
  if (!answer.ok) throw new Error(answer.error.message)
  return answer.value
}

/** `verdict id`, with the number of families; the same check may be told once a reason. */
const countsOf = ({ checks }: Plan) =>
  checks
    .flatMap(({ id, verdict, families }) => (verdict === 'pass' ? [] : [`${verdict} ${id}: ${families?.length}`]))
    .sort()

describe('the scenario evacuation', () => {
  it('moves all families but those that KMS would refuse, each of them named with its reason', () => {
    expect(plan.families).toHaveLength(300)
    expect(plan.parts).toHaveLength(270)
    expect(countsOf(plan)).toEqual(
      [
        'block all-can-move: 30',
        // Disabled there, material missing there, Creating there, Disabled here
        'block key-state: 14',
        'block key-state: 4',
        'block key-state: 2',
        'block key-state: 4',
        'block target-is-replica: 6',
        // eu-west-1 has none, or one that is pending deletion
        'warn target-chosen: 20',
        'warn target-chosen: 6',
        'warn pending-deletion: 6',
        'warn alias-at-target: 12',
        'warn alias-at-target: 3',
        // 16 without promotion, 4 for nobody, 6 with the default policy
        'warn policy-drift: 26',
        'warn may-promote: 4',
        'warn successor-policy: 4',
        'unproven may-promote: 264',
        'unproven may-promote: 26',
        'unproven successor-permissions: 267',
        'unproven successor-permissions: 26',
      ].sort(),
    )
    const going = Map.groupBy(plan.parts, ({ title }) => title.split(' → ')[1])
    expect([...going].map(([region, parts]) => [region, parts.length])).toEqual([
      [TO, 244],
      ['us-west-2', 26],
    ])
    expect(plan.minimumSeconds).toBe(54)
  })

  it('stays as it was reviewed, and can start once those are left out', async () => {
    const stopped = plan.checks.find(({ id }) => id === 'all-can-move')?.families ?? []
    const some = plan.parts.slice(0, 5).flatMap(({ keyId }) => keyId ?? [])
    const chosen = { ...evacuate, keyIds: [...stopped, ...some] }
    const leaveOut = (await planOf(chosen)).checks.find(({ id }) => id === 'all-can-move')?.choices?.[0]?.request
    const without = await planOf(leaveOut ?? chosen)
    expect(blocksOf(without)).toEqual([])
    expect(without.parts.map(({ keyId }) => keyId).sort()).toEqual(some.sort())
    expect((await planOf(leaveOut ?? chosen)).fingerprint).toBe(without.fingerprint)
  })

  it('makes the replica keys that are missing, where it may', async () => {
    const keyIds = plan.checks.find(({ id }) => id === 'all-can-move')?.families ?? []
    const preferred = [TO, 'eu-central-1']
    const { parts, steps } = await planOf({ ...evacuate, keyIds, preferred, replicateFirst: true })
    const made = steps.flatMap((step) =>
      step.does === 'call' && step.operation === 'ReplicateKey' ? String(step.input.ReplicaRegion) : [],
    )
    // Where the key in eu-west-1 is Disabled or Creating, no second one may be made.
    expect(made.filter((region) => region === TO)).toHaveLength(6)
    expect(made.filter((region) => region === 'eu-central-1')).toHaveLength(16)
    expect(parts).toHaveLength(22)
  })

  it('foretells what KMS answers where it evaluates key policies', async () => {
    const families = (verdict: string) =>
      plan.checks.find((check) => check.id === 'may-promote' && check.verdict === verdict)?.families ?? []
    const going = new Set(plan.parts.map(({ keyId }) => keyId))
    const [refused = ''] = families('warn')
    const taken = families('unproven').find((keyId) => going.has(keyId)) ?? ''
    await emulator.settings({ authorization: 'policies', transitionMs: 0 })
    await emulator.actAs([{ Effect: 'Allow', Action: 'kms:*', Resource: '*' }])
    const promote = (KeyId: string) =>
      callKms({ region: FROM, operation: 'UpdatePrimaryRegion', input: { KeyId, PrimaryRegion: TO } }).then(
        () => 'taken',
        (error: unknown) => toKmsError(error, FROM).awsName,
      )
    expect(await promote(refused)).toBe('AccessDeniedException')
    expect(await promote(taken)).toBe('taken')
    await emulator.settings({ authorization: 'off' })

    // What has moved in the meantime is named, and nothing is planned for it.
    const chosen = await planOf({ ...evacuate, keyIds: [refused, taken] })
    expect(familyOf(inventory.topology(), taken)?.primaryRegion).toBe(TO)
    expect(chosen.parts.map(({ keyId }) => keyId)).toEqual([refused])
    expect(chosen.checks.find(({ id }) => id === 'primary-elsewhere')?.families).toEqual([taken])
  })

  it('asks a Region that does not answer for a few families only, and says what goes on without it', async () => {
    await emulator.fault(FROM, 'unreachable')
    await emulator.forgetCalls()
    const now = await planOf(evacuate)
    await emulator.fault(FROM, null)
    expect(now.parts).toEqual([])
    expect(blocksOf(now)).toEqual(
      expect.arrayContaining(['hidden-families (house rule)', 'primary-region-answers (kms)']),
    )
    const message = now.checks.find(({ id }) => id === 'primary-region-answers')?.message
    expect(message).toMatch(/it cannot start now. Replica keys go on working without it/)
    expect(await emulator.calls(FROM, 'DescribeKey')).toBeLessThan(plan.families.length)
    expect(await emulator.calls(FROM, 'GetKeyPolicy')).toBe(0)
  })
})
