// Whatever a check blocks on KMS's behalf, the emulator refuses too.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type ChangeOperation, callKms } from '@/lib/kms/call'
import { startEmulator, type TestEmulator } from '@/lib/kms/emulator-for-tests'
import { toKmsError } from '@/lib/kms/errors'
import { readRotationFacts } from '@/lib/kms/rotation'
import { factKey } from '@/lib/topology/facts'
import { type GivenFamily, givenKeyId, withRegion } from '@/lib/topology/scenarios/given-readings'
import type { KeyState, RequestData, Topology } from '@/lib/topology/topology'
import { blocksOf, checkOf, givenPlan, givenTopology } from '../given-plans'
import type { Plan } from '../plan'
import { keyState } from './key-state'

const KEY = givenKeyId('a1')
const OTHER = givenKeyId('b2')
const PRIMARY = 'us-east-1'
const REPLICA = 'eu-west-1'
const ELSEWHERE = 'us-west-2'
/** Passing states last as long as a test needs them. */
const LONG_MS = 600_000

const family: GivenFamily = { keyId: KEY, primary: PRIMARY, replicas: [REPLICA], aliases: ['alias/orders'] }
const other: GivenFamily = { keyId: OTHER, primary: REPLICA, replicas: [PRIMARY], aliases: ['alias/taken'] }
const kind = (keySpec: string, keyUsage: string, origin = 'AWS_KMS') => ({
  all: { keySpec, keyUsage, origin, rotation: null },
})
const hmac = kind('HMAC_256', 'GENERATE_VERIFY_MAC')
const rsa = kind('RSA_2048', 'ENCRYPT_DECRYPT')
const imported = kind('SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT', 'EXTERNAL')
const pendingImport = { all: { ...imported.all, state: 'PendingImport' as const } }

interface Call {
  region: string
  operation: ChangeOperation
  input: Record<string, unknown>
}
const call = (region: string, operation: ChangeOperation, input: Record<string, unknown>): Call => ({
  region,
  operation,
  input,
})

let emulator: TestEmulator
beforeAll(async () => {
  emulator = await startEmulator()
})
afterAll(() => emulator?.stop())
beforeEach(async () => {
  await emulator.fault(PRIMARY, null)
  await emulator.settings({ transitionMs: 0 })
})

/** The topology, with an account of the emulator that is just like it. */
async function given(...families: GivenFamily[]): Promise<Topology> {
  const topology = givenTopology(families)
  const response = await fetch(`${emulator.url}/_emulator/topology`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(topology),
  })
  if (!response.ok) throw new Error(await response.text())
  return topology
}

/** The name of the exception with which KMS refuses, or `taken`. */
async function answerTo(change: Call): Promise<string> {
  try {
    await callKms(change)
    return 'taken'
  } catch (error) {
    return toKmsError(error, change.region).awsName
  }
}

/** The first step of the plan that sends this operation. */
function stepOf(plan: Plan, operation: ChangeOperation): Call {
  const step = plan.steps.find((each) => each.does === 'call' && each.operation === operation)
  if (step?.does !== 'call') throw new Error(`No step sends ${operation}`)
  return step
}

const create = (name: string, ...regions: string[]): RequestData => ({
  kind: 'set-aliases',
  keyId: KEY,
  changes: [{ change: 'create', name, regions }],
})
const retarget = (name: string, region: string): RequestData => ({
  kind: 'set-aliases',
  keyId: KEY,
  changes: [{ change: 'retarget', name, regions: [region] }],
})
const replicate = (...toRegions: string[]): RequestData => ({ kind: 'replicate', keyId: KEY, toRegions })
const setRotation: RequestData = { kind: 'set-rotation', keyId: KEY, enabled: true }
const rotateNow: RequestData = { kind: 'rotate-now', keyId: KEY }
const createPrimary = (more: object): RequestData => ({ kind: 'create-primary', region: PRIMARY, ...more })

interface Refusal {
  when: string
  world: GivenFamily[]
  request: RequestData
  check: string
  /** What the plan would send, or its step where it has one. */
  sends: Call | ChangeOperation
  exception: string
}

const createAlias = (name: string, region: string) => call(region, 'CreateAlias', { AliasName: name, TargetKeyId: KEY })

const refusals: Refusal[] = [
  {
    when: 'an alias is held by another key',
    world: [family, other],
    request: create('alias/taken', REPLICA),
    check: 'alias-free',
    sends: createAlias('alias/taken', REPLICA),
    exception: 'AlreadyExistsException',
  },
  {
    when: 'an alias would move from an HMAC key to a symmetric one',
    world: [family, { ...other, ...hmac }],
    request: retarget('alias/taken', REPLICA),
    check: 'alias-target',
    sends: 'UpdateAlias',
    exception: 'ValidationException',
  },
  {
    when: 'an alias would move between RSA keys of different usage',
    world: [
      { ...family, ...rsa },
      { ...other, ...kind('RSA_2048', 'SIGN_VERIFY') },
    ],
    request: retarget('alias/taken', REPLICA),
    check: 'alias-target',
    sends: 'UpdateAlias',
    exception: 'ValidationException',
  },
  {
    when: 'an alias to be retargeted does not exist',
    world: [family],
    request: retarget('alias/new', REPLICA),
    check: 'alias-exists',
    sends: call(REPLICA, 'UpdateAlias', { AliasName: 'alias/new', TargetKeyId: KEY }),
    exception: 'NotFoundException',
  },
  {
    when: 'the Region of an alias has no key of the family',
    world: [family],
    request: create('alias/new', ELSEWHERE),
    check: 'member-in-region',
    sends: createAlias('alias/new', ELSEWHERE),
    exception: 'NotFoundException',
  },
  {
    when: 'the Region has a member already',
    world: [family],
    request: replicate(REPLICA),
    check: 'one-member-per-region',
    sends: 'ReplicateKey',
    exception: 'AlreadyExistsException',
  },
  {
    when: 'the Region has a member that is pending deletion',
    world: [{ ...family, in: { [REPLICA]: { state: 'PendingDeletion' } } }],
    request: replicate(REPLICA),
    check: 'one-member-per-region',
    sends: 'ReplicateKey',
    exception: 'AlreadyExistsException',
  },
  {
    when: 'the Region belongs to another partition',
    world: [family],
    request: replicate('cn-north-1'),
    check: 'region-known',
    sends: 'ReplicateKey',
    exception: 'ValidationException',
  },
  {
    when: 'the Region does not exist',
    world: [family],
    request: replicate('eu-west-9'),
    check: 'region-known',
    sends: 'ReplicateKey',
    exception: 'ValidationException',
  },
  {
    when: 'the target of a promotion has no replica key',
    world: [family],
    request: { kind: 'promote', keyId: KEY, toRegion: ELSEWHERE },
    check: 'target-is-replica',
    sends: call(PRIMARY, 'UpdatePrimaryRegion', { KeyId: KEY, PrimaryRegion: ELSEWHERE }),
    exception: 'UnsupportedOperationException',
  },
  {
    when: 'the target of a promotion is disabled',
    world: [{ ...family, in: { [REPLICA]: { state: 'Disabled' } } }],
    request: { kind: 'promote', keyId: KEY, toRegion: REPLICA },
    check: 'key-state',
    sends: 'UpdatePrimaryRegion',
    exception: 'DisabledException',
  },
  {
    when: 'the target of a promotion is pending deletion',
    world: [{ ...family, in: { [REPLICA]: { state: 'PendingDeletion' } } }],
    request: { kind: 'promote', keyId: KEY, toRegion: REPLICA },
    check: 'key-state',
    sends: 'UpdatePrimaryRegion',
    exception: 'KMSInvalidStateException',
  },
  {
    when: 'an HMAC key is to rotate by itself',
    world: [{ ...family, ...hmac }],
    request: setRotation,
    check: 'key-kind-rotates',
    sends: 'EnableKeyRotation',
    exception: 'UnsupportedOperationException',
  },
  {
    when: 'imported material is to rotate by itself',
    world: [{ ...family, ...pendingImport }],
    request: setRotation,
    check: 'key-kind-rotates',
    sends: 'EnableKeyRotation',
    exception: 'UnsupportedOperationException',
  },
  {
    when: 'an RSA key is to rotate now',
    world: [{ ...family, ...rsa }],
    request: rotateNow,
    check: 'key-kind-rotates',
    sends: 'RotateKeyOnDemand',
    exception: 'UnsupportedOperationException',
  },
  {
    when: 'no imported material awaits its rotation',
    world: [{ ...family, ...pendingImport }],
    request: rotateNow,
    check: 'material-imported',
    sends: 'RotateKeyOnDemand',
    exception: 'KMSInvalidStateException',
  },
  {
    when: 'material of this kind cannot be imported',
    world: [],
    request: createPrimary({ keySpec: 'ML_DSA_65', keyUsage: 'SIGN_VERIFY', origin: 'EXTERNAL' }),
    check: 'key-kind',
    sends: 'CreateKey',
    exception: 'UnsupportedOperationException',
  },
  {
    when: 'the key spec is one of China alone',
    world: [],
    request: createPrimary({ keySpec: 'SM2', keyUsage: 'SIGN_VERIFY' }),
    check: 'key-kind',
    sends: 'CreateKey',
    exception: 'UnsupportedOperationException',
  },
]

describe('KMS refuses what a check blocks on its behalf', () => {
  it.each(refusals)('when $when: $exception', async ({ world, request, check, sends, exception }) => {
    const topology = await given(...world)
    const plan = givenPlan(topology, request)
    expect(blocksOf(plan)).toContain(`${check} (kms)`)
    const [named] = /[A-Za-z]+Exception/.exec(checkOf(plan, check).message) ?? [exception]
    expect(named).toBe(exception)
    expect(await answerTo(typeof sends === 'string' ? stepOf(plan, sends) : sends)).toBe(exception)
  })

  it('when a key that waits for its material is to be replicated', async () => {
    const plan = givenPlan(await given(), createPrimary({ origin: 'EXTERNAL', replicaRegions: [REPLICA] }))
    expect(blocksOf(plan)).toEqual(['imported-material-first (kms)'])
    const { keyId } = await callKms(stepOf(plan, 'CreateKey'))
    const { region, input } = stepOf(plan, 'ReplicateKey')
    expect(await answerTo(call(region, 'ReplicateKey', { ...input, KeyId: keyId }))).toBe('KMSInvalidStateException')
    expect(checkOf(plan, 'imported-material-first').message).toContain('KMSInvalidStateException')
  })

  it('when all rotations on demand are used', async () => {
    const topology = await given({ ...family, all: { currentKeyMaterialId: 'aa', rotation: { enabled: false } } })
    const planNow = async () => {
      const value = await readRotationFacts({ region: PRIMARY, purpose: 'run' }, KEY)
      return givenPlan(topology, rotateNow, { rotations: { [factKey(PRIMARY, KEY)]: { ok: true, value } } })
    }
    for (let used = 0; used < 25; used += 1) {
      if (used === 24) expect(blocksOf(await planNow())).toEqual([])
      await callKms(call(PRIMARY, 'RotateKeyOnDemand', { KeyId: KEY }))
    }
    const plan = await planNow()
    expect(blocksOf(plan)).toEqual(['on-demand-left (kms)'])
    expect(checkOf(plan, 'on-demand-left').message).toContain('LimitExceededException')
    expect(await answerTo(stepOf(plan, 'RotateKeyOnDemand'))).toBe('LimitExceededException')
  })

  it('when the Region of the primary key does not answer', async () => {
    await given(family)
    await emulator.fault(PRIMARY, 'unreachable')
    const silent = givenTopology([family], (readings) =>
      withRegion(readings, PRIMARY, () => ({ status: 'unreachable', message: 'no answer' })),
    )
    const plan = givenPlan(silent, { kind: 'promote', keyId: KEY, toRegion: REPLICA })
    expect(blocksOf(plan)).toEqual(['primary-region-answers (kms)'])
    await expect(callKms(stepOf(plan, 'UpdatePrimaryRegion'))).rejects.toMatchObject({ kind: 'unreachable' })
    const elsewhere = { ...stepOf(plan, 'UpdatePrimaryRegion'), region: REPLICA }
    expect(await answerTo(elsewhere)).toBe('UnsupportedOperationException')
  })

  it('where it only warns: a policy that lets nobody change it', async () => {
    const policy = JSON.stringify({
      Statement: { Effect: 'Allow', Principal: '*', Action: 'kms:Decrypt', Resource: '*' },
    })
    const plan = givenPlan(await given(), createPrimary({ policy }))
    expect(checkOf(plan, 'policy-lock-out').message).toContain('MalformedPolicyDocumentException')
    expect(await answerTo(stepOf(plan, 'CreateKey'))).toBe('MalformedPolicyDocumentException')
  })
})

describe('KMS takes only at the primary key', () => {
  it.each<[ChangeOperation, RequestData, string]>([
    ['ReplicateKey', replicate(ELSEWHERE), REPLICA],
    ['UpdatePrimaryRegion', { kind: 'promote', keyId: KEY, toRegion: REPLICA }, REPLICA],
    ['EnableKeyRotation', { ...setRotation, periodInDays: 90 }, REPLICA],
    ['DisableKeyRotation', { ...setRotation, enabled: false }, REPLICA],
    ['RotateKeyOnDemand', rotateNow, REPLICA],
  ])('%s, and that is where the plan sends it', async (operation, request, replica) => {
    const topology = await given({ ...family, all: { currentKeyMaterialId: 'aa' } })
    const plan = givenPlan(topology, request)
    expect(blocksOf(plan)).toEqual([])
    const step = stepOf(plan, operation)
    expect(step.region).toBe(PRIMARY)
    expect(await answerTo({ ...step, region: replica })).toBe('UnsupportedOperationException')
    expect(await answerTo(step)).toBe('taken')
  })
})

describe('the key states that each operation takes', () => {
  const operations = {
    ReplicateKey: { KeyId: KEY, ReplicaRegion: ELSEWHERE },
    UpdatePrimaryRegion: { KeyId: KEY, PrimaryRegion: REPLICA },
    EnableKeyRotation: { KeyId: KEY },
    DisableKeyRotation: { KeyId: KEY },
    RotateKeyOnDemand: { KeyId: KEY },
    CreateAlias: { AliasName: 'alias/new', TargetKeyId: KEY },
    UpdateAlias: { AliasName: 'alias/taken', TargetKeyId: KEY },
  }
  type Operation = keyof typeof operations
  const all = Object.keys(operations) as Operation[]

  /** Brings the member about which is asked into the state, and says where it is. */
  const situations: Record<string, { state: KeyState; reach: () => Promise<string>; except?: Operation[] }> = {
    Enabled: { state: 'Enabled', reach: () => given(family, other).then(() => PRIMARY) },
    Disabled: {
      state: 'Disabled',
      reach: () => given({ ...family, in: { [PRIMARY]: { state: 'Disabled' } } }, other).then(() => PRIMARY),
    },
    PendingReplicaDeletion: {
      state: 'PendingReplicaDeletion',
      reach: () =>
        given({ ...family, in: { [PRIMARY]: { state: 'PendingReplicaDeletion' } } }, other).then(() => PRIMARY),
    },
    PendingDeletion: {
      state: 'PendingDeletion',
      reach: () =>
        given({ ...family, replicas: [], in: { [PRIMARY]: { state: 'PendingDeletion' } } }, other).then(() => PRIMARY),
    },
    PendingImport: {
      state: 'PendingImport',
      reach: () => given({ ...family, ...pendingImport }, other).then(() => PRIMARY),
      // The origin is what is refused: see `key-kind-rotates`.
      except: ['EnableKeyRotation', 'DisableKeyRotation'],
    },
    Creating: {
      state: 'Creating',
      reach: async () => {
        await given({ ...family, replicas: [] }, other)
        await emulator.settings({ transitionMs: LONG_MS })
        await callKms(call(PRIMARY, 'ReplicateKey', { KeyId: KEY, ReplicaRegion: REPLICA }))
        return REPLICA
      },
    },
    Updating: {
      state: 'Updating',
      reach: async () => {
        await given(family, other)
        await emulator.settings({ transitionMs: LONG_MS })
        await callKms(call(PRIMARY, 'UpdatePrimaryRegion', { KeyId: KEY, PrimaryRegion: REPLICA }))
        return PRIMARY
      },
      // Refused for its role, not for its state: `primary-known` waits until a promotion has ended.
      except: ['UpdatePrimaryRegion'],
    },
  }

  describe.each(Object.entries(situations))('while it is %s', (_name, { state, reach, except = [] }) => {
    it.each(all.filter((operation) => !except.includes(operation)))('%s', async (operation) => {
      const region = await reach()
      const check = keyState({ region, state, known: 'live' }, operation)
      const answer = await answerTo(call(region, operation, operations[operation]))
      if (check.verdict === 'pass') expect(answer).toBe('taken')
      else expect(check.message).toContain(`${operation} with ${answer}`)
    })
  })
})
