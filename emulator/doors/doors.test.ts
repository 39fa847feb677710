// The control doors: scenarios, topology, faults, lost answers, settings, the record of calls, and who may use them.

import { request } from 'node:http'
import {
  CreateKeyCommand,
  DescribeKeyCommand,
  ListAliasesCommand,
  ListKeysCommand,
  ReplicateKeyCommand,
} from '@aws-sdk/client-kms'
import { describe, expect, it } from 'vitest'
import { OPERATIONS } from '../calls/operations.ts'
import { arnOf, emulate, refusal, type TestEmulator } from '../tests/test-emulator.ts'
import { Controls } from './controls.ts'

const list = (emulator: TestEmulator, region = 'us-east-1') =>
  emulator.kms(region).send(new ListKeysCommand({ Limit: 1000 }))

/** Until so many calls are on record. */
async function callsToArrive(emulator: TestEmulator, count: number): Promise<void> {
  const arrived = async () => (await emulator.door('GET', '/_emulator/calls?log=1')).body.calls as unknown[]
  while ((await arrived()).length < count);
}

const keyCount = async (emulator: TestEmulator) => (await list(emulator)).Keys?.length

describe('scenarios', () => {
  it('are listed, loaded and taken away again', async () => {
    const emulator = await emulate()
    const { body } = await emulator.door('GET', '/_emulator/scenarios')
    expect(body).toEqual({ scenarios: ['empty', 'demo', 'drift', 'fleet-1000', 'fleet-1000x6', 'evacuation'] })
    expect(await emulator.door('POST', '/_emulator/scenarios/demo')).toMatchObject({ status: 200 })
    expect(await keyCount(emulator)).toBeGreaterThan(10)
    expect((await emulator.door('POST', '/_emulator/reset')).status).toBe(200)
    expect(await keyCount(emulator)).toBe(0)
    await emulator.door('POST', '/_emulator/scenarios/drift')
    expect((await emulator.door('POST', '/moto-api/reset')).status).toBe(200)
    expect(await keyCount(emulator)).toBe(0)
    expect(await emulator.door('POST', '/_emulator/scenarios/nothing')).toMatchObject({
      status: 404,
      body: { error: { code: 'not-found' } },
    })
  })
})

describe('topology', () => {
  const keyId = 'mrk-0123456789abcdef0123456789abcdef'
  const member = {
    arn: 'x',
    region: 'us-east-1',
    role: 'PRIMARY',
    state: 'Enabled',
    description: 'one',
    aliases: ['alias/a'],
  }
  const family = {
    keyId,
    primaryRegion: 'us-east-1',
    keySpec: 'SYMMETRIC_DEFAULT',
    keyUsage: 'ENCRYPT_DECRYPT',
    origin: 'AWS_KMS',
    members: [member, { ...member, region: 'eu-west-1', role: 'REPLICA', state: 'Disabled' }],
    findings: [],
  }

  it('is loaded as it was seen elsewhere', async () => {
    const emulator = await emulate()
    const answer = await emulator.door('PUT', '/_emulator/topology', { version: 1, families: [family] })
    expect(answer).toEqual({ status: 200, body: { account: '111122223333', families: 1 } })
    const { KeyMetadata } = await emulator.kms('eu-west-1').send(new DescribeKeyCommand({ KeyId: 'alias/a' }))
    expect(KeyMetadata).toMatchObject({
      Arn: arnOf('eu-west-1', keyId),
      KeyState: 'Disabled',
      MultiRegionConfiguration: { MultiRegionKeyType: 'REPLICA', PrimaryKey: { Region: 'us-east-1' } },
    })
  })

  it('keeps the date at which a key is to be deleted, and deletes it then', async () => {
    const emulator = await emulate()
    const pending = (deletionDate: string) => [{ ...member, state: 'PendingDeletion', deletionDate }]
    const gone = { ...family, keyId: `mrk-${'f'.repeat(32)}`, members: pending('2026-01-01T00:00:00.000Z') }
    const members = pending('2099-01-02T03:04:05.000Z')
    await emulator.door('PUT', '/_emulator/topology', { families: [{ ...family, members }, gone] })
    const { KeyMetadata } = await emulator.kms().send(new DescribeKeyCommand({ KeyId: keyId }))
    expect(KeyMetadata).toMatchObject({
      KeyState: 'PendingDeletion',
      DeletionDate: new Date('2099-01-02T03:04:05.000Z'),
    })
    expect(await keyCount(emulator)).toBe(1)
  })

  it('takes a state that it does not know as Enabled', async () => {
    const emulator = await emulate()
    const members = [{ ...member, state: 'constructor' }]
    await emulator.door('PUT', '/_emulator/topology', { families: [{ ...family, members }] })
    const { KeyMetadata } = await emulator.kms().send(new DescribeKeyCommand({ KeyId: keyId }))
    expect(KeyMetadata).toMatchObject({ KeyState: 'Enabled' })
  })

  it.each([
    [{}],
    [{ families: [7] }],
    [{ families: [{ ...family, keyId: 'nonsense' }] }],
    [{ families: [{ ...family, keySpec: 'constructor' }] }],
    [{ families: [{ ...family, keyUsage: 'constructor' }] }],
    [{ families: [{ ...family, members: [] }] }],
    [{ families: [{ ...family, members: [member, member] }] }],
    [{ families: [{ ...family, members: [{ ...member, aliases: ['<script>'] }] }] }],
    [{ families: [family, family] }],
    [{ account: 'x', families: [] }],
  ])('is refused when it is not one: %j', async (topology) => {
    const emulator = await emulate()
    expect(await emulator.door('PUT', '/_emulator/topology', topology)).toMatchObject({
      status: 400,
      body: { error: { code: 'bad-request', message: expect.any(String) } },
    })
  })
})

describe('faults of a Region', () => {
  it('refuse, throttle or close, in that Region only, until they end', async () => {
    const emulator = await emulate()
    const set = (fault: string | null, forSeconds = 0) =>
      emulator.door('PUT', '/_emulator/regions/us-east-1', { fault, forSeconds })
    await set('denied')
    expect(await refusal(list(emulator))).toContain('AccessDeniedException')
    await set('throttled')
    expect(await refusal(list(emulator))).toContain('ThrottlingException')
    await set('unreachable', 30)
    expect(await refusal(list(emulator))).toMatch(/ECONNRESET|socket hang up|TimeoutError/)
    expect(await refusal(list(emulator, 'eu-west-1'))).toBe('no refusal')
    emulator.advance(30_000)
    expect(await refusal(list(emulator))).toBe('no refusal')
    await set('denied')
    await set(null)
    expect(await refusal(list(emulator))).toBe('no refusal')
  })

  it('can leave a call without an answer, and still let the emulator end', async () => {
    const emulator = await emulate()
    await emulator.door('PUT', '/_emulator/regions/us-east-1', { fault: 'hang' })
    const call = refusal(list(emulator))
    await callsToArrive(emulator, 1)
    await emulator.close()
    expect(await call).not.toBe('no refusal')
  })

  it.each(['denied', 'throttled'])('answer %s as late as the Region is slow', async (fault) => {
    const emulator = await emulate()
    await emulator.door('PUT', '/_emulator/regions/us-east-1', { fault, latencyMs: 3_600_000, jitterMs: 1 })
    const late = refusal(list(emulator))
    for (let call = 0; call < 5; call += 1) await list(emulator, 'eu-west-1')
    await emulator.close()
    expect(await late).toMatch(/ECONNRESET|socket hang up|TimeoutError/)
    expect(await late).not.toMatch(/AccessDenied|Throttling/)
  })

  it('also end what was only slow, by themselves', async () => {
    const emulator = await emulate()
    await emulator.door('PUT', '/_emulator/regions/us-east-1', { latencyMs: 3_600_000, forSeconds: 10 })
    emulator.advance(10_000)
    expect(await refusal(list(emulator))).toBe('no refusal')
  })

  it('go on holding the call that came while the Region hung, also when that has ended', async () => {
    const emulator = await emulate()
    await emulator.door('PUT', '/_emulator/regions/us-east-1', { fault: 'hang', forSeconds: 10 })
    const held = refusal(list(emulator)).then((answer) => ({ answer }))
    await callsToArrive(emulator, 1)
    emulator.advance(10_000)
    expect(await refusal(emulator.kms('us-east-1', 'ANOTHER').send(new ListKeysCommand({})))).toBe('no refusal')
    expect(await Promise.race([held, 'nothing yet'])).toBe('nothing yet')
    await emulator.close()
    expect((await held).answer).not.toBe('no refusal')
  })

  it('are listed with the Regions', async () => {
    const emulator = await emulate()
    await emulator.door('PUT', '/_emulator/regions/sa-east-1', { fault: 'denied', latencyMs: 5, forSeconds: 60 })
    const { body } = await emulator.door('GET', '/_emulator/regions')
    const regions = body.regions as { region: string }[]
    expect(regions.map(({ region }) => region)).toContain('us-east-1')
    expect(regions.find(({ region }) => region === 'sa-east-1')).toEqual({
      region: 'sa-east-1',
      fault: 'denied',
      latencyMs: 5,
      jitterMs: 0,
      endsAt: new Date(emulator.now() + 60_000).toISOString(),
    })
  })

  it('are refused when they make no sense', async () => {
    const emulator = await emulate()
    const put = async (path: string, body: unknown) => (await emulator.door('PUT', path, body)).status
    expect(await put('/_emulator/regions/nowhere!', { fault: null })).toBe(400)
    expect(await put('/_emulator/regions/us-east-1', { fault: 'meteor' })).toBe(400)
    expect(await put('/_emulator/regions/us-east-1', { latencyMs: -1 })).toBe(400)
    expect(await put('/_emulator/regions/us-east-1', { latency: 1 })).toBe(400)
    expect(await put('/_emulator/regions/us-east-1', 'no json')).toBe(400)
    expect(await put('/_emulator/regions/%E0%A4%A', {})).toBe(400)
    expect(await put('/_emulator/nothing', {})).toBe(404)
  })
})

describe('faults of an operation', () => {
  it('make the next calls fail, in one Region if so wished', async () => {
    const emulator = await emulate()
    await emulator.door('PUT', '/_emulator/operations/ListKeys', {
      failNext: 2,
      with: 'KMSInternalException',
      region: 'us-east-1',
    })
    expect(await refusal(list(emulator, 'eu-west-1'))).toBe('no refusal')
    const failed = await emulator.post('TrentService.ListKeys', '{}')
    expect([failed.status, await failed.json()]).toMatchObject([500, { __type: 'KMSInternalException' }])
    expect(await refusal(list(emulator))).toContain('KMSInternalException')
    expect(await refusal(list(emulator))).toBe('no refusal')
    expect((await emulator.door('PUT', '/_emulator/operations/Nothing', { failNext: 1 })).status).toBe(404)
  })

  it('are set for each Region by itself, beside what is set for all', async () => {
    const emulator = await emulate()
    const put = (body: unknown) => emulator.door('PUT', '/_emulator/operations/ListKeys', body)
    await put({ failNext: 1, with: 'KMSInternalException', region: 'us-east-1' })
    await put({ failNext: 2, with: 'DependencyTimeoutException', region: 'eu-west-1' })
    await put({ failNext: 1, with: 'KeyUnavailableException' })
    expect((await emulator.door('GET', '/_emulator/operations')).body.operations).toHaveLength(3)
    expect(await refusal(list(emulator, 'us-east-1'))).toContain('KMSInternalException')
    expect(await refusal(list(emulator, 'us-east-1'))).toContain('KeyUnavailableException')
    expect(await refusal(list(emulator, 'us-east-1'))).toBe('no refusal')
    expect(await refusal(list(emulator, 'eu-west-1'))).toContain('DependencyTimeoutException')
    expect((await emulator.door('GET', '/_emulator/operations')).body).toEqual({
      operations: [
        {
          operation: 'ListKeys',
          region: 'eu-west-1',
          failNext: 1,
          with: 'DependencyTimeoutException',
          dropAnswerNext: 0,
        },
      ],
    })
  })

  it.each([
    ['an empty object', 'PUT', '/_emulator/operations/ListKeys', {}],
    ['null', 'PUT', '/_emulator/operations/ListKeys', 'null'],
    ['DELETE of the operation', 'DELETE', '/_emulator/operations/ListKeys', undefined],
    ['DELETE of all', 'DELETE', '/_emulator/operations', undefined],
    ['a reset', 'POST', '/_emulator/reset', undefined],
  ])('are taken back by %s', async (_, method, path, body) => {
    const emulator = await emulate()
    await emulator.door('PUT', '/_emulator/operations/ListKeys', { failNext: 1, dropAnswerNext: 1 })
    expect((await emulator.door(method, path, body)).status).toBe(200)
    expect((await emulator.door('GET', '/_emulator/operations')).body).toEqual({ operations: [] })
    expect(await refusal(list(emulator))).toBe('no refusal')
  })

  it('of one operation leave the others as they are when they are taken back', async () => {
    const emulator = await emulate()
    await emulator.door('PUT', '/_emulator/operations/ListKeys', { failNext: 1, region: 'us-east-1' })
    await emulator.door('PUT', '/_emulator/operations/CreateKey', { failNext: 1 })
    await emulator.door('DELETE', '/_emulator/operations/ListKeys')
    expect((await emulator.door('GET', '/_emulator/operations')).body).toMatchObject({
      operations: [{ operation: 'CreateKey' }],
    })
    expect((await emulator.door('DELETE', '/_emulator/operations/Nothing')).status).toBe(404)
  })

  it('can be set for every operation there is', async () => {
    const emulator = await emulate()
    for (const operation of OPERATIONS.keys()) {
      const set = { failNext: 1, with: 'DependencyTimeoutException' }
      expect((await emulator.door('PUT', `/_emulator/operations/${operation}`, set)).status).toBe(200)
      const failed = await emulator.post(`TrentService.${operation}`, '{}')
      expect([failed.status, await failed.json()]).toMatchObject([500, { __type: 'DependencyTimeoutException' }])
    }
  })

  it.each(['KMSInternalException', 'DependencyTimeoutException', 'KeyUnavailableException'])(
    'answer %s with 500',
    async (name) => {
      const emulator = await emulate()
      await emulator.door('PUT', '/_emulator/operations/ListKeys', { failNext: 1, with: name })
      const failed = await emulator.post('TrentService.ListKeys', '{}')
      expect([failed.status, await failed.json()]).toMatchObject([500, { __type: name }])
    },
  )

  it.each(['ThrottlingException', 'LimitExceededException', 'KMSInvalidStateException'])(
    'answer %s with 400, and change nothing',
    async (name) => {
      const emulator = await emulate()
      await emulator.door('PUT', '/_emulator/operations/CreateKey', { failNext: 1, with: name })
      const failed = await emulator.post('TrentService.CreateKey', '{}')
      expect([failed.status, await failed.json()]).toMatchObject([400, { __type: name }])
      expect(await keyCount(emulator)).toBe(0)
    },
  )

  it('are refused when they make no sense', async () => {
    const emulator = await emulate()
    for (const body of [
      { failNext: -1 },
      { failNext: 1.5 },
      { failNext: '1' },
      { failNext: 1, with: 'not a name' },
      { failNext: 1, region: 'nowhere!' },
      { dropAnswerNext: true },
      { fail: 1 },
      [],
    ]) {
      const { status } = await emulator.door('PUT', '/_emulator/operations/ListKeys', body)
      expect([body, status]).toEqual([body, 400])
    }
  })

  it('lose the answer of a change that was made', async () => {
    const emulator = await emulate()
    await emulator.door('PUT', '/_emulator/operations/CreateKey', { dropAnswerNext: 1 })
    expect(await refusal(emulator.kms().send(new CreateKeyCommand({})))).not.toBe('no refusal')
    expect(await keyCount(emulator)).toBe(1)
    expect(await refusal(emulator.kms().send(new CreateKeyCommand({})))).toBe('no refusal')
  })

  it('lose no answer that tells of no change', async () => {
    const emulator = await emulate()
    await emulator.door('PUT', '/_emulator/operations/CreateKey', { failNext: 1, dropAnswerNext: 1 })
    const create = () => refusal(emulator.kms().send(new CreateKeyCommand({})))
    expect(await create()).toContain('KMSInternalException')
    expect(await create()).toMatch(/ECONNRESET|socket hang up|TimeoutError/)
    expect(await keyCount(emulator)).toBe(1)
  })
})

describe('settings', () => {
  it('say how long transitions last', async () => {
    const emulator = await emulate()
    expect((await emulator.door('PUT', '/_emulator/settings', { transitionMs: 60_000 })).body).toEqual({
      transitionMs: 60_000,
      quotas: false,
      authorization: 'off',
    })
    const { KeyMetadata } = await emulator.kms().send(new CreateKeyCommand({ MultiRegion: true }))
    const KeyId = KeyMetadata?.KeyId
    await emulator.kms().send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: 'eu-west-1' }))
    const state = async () =>
      (await emulator.kms('eu-west-1').send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.KeyState
    emulator.advance(59_000)
    expect(await state()).toBe('Creating')
    emulator.advance(1_000)
    expect(await state()).toBe('Enabled')
  })

  it('do not pretend to switch on what is not there', async () => {
    const emulator = await emulate()
    const put = async (body: unknown) => (await emulator.door('PUT', '/_emulator/settings', body)).status
    expect(await put({ quotas: 'on' })).toBe(400)
    expect(await put({ authorization: 'everything' })).toBe(400)
    expect(await put({ quotas: false, authorization: 'off' })).toBe(200)
  })
})

describe('the record of calls', () => {
  it('counts by Region and operation, and keeps the calls in order', async () => {
    const emulator = await emulate()
    await list(emulator)
    await list(emulator)
    await emulator.kms('eu-west-1').send(new ListAliasesCommand({}))
    await refusal(emulator.kms('eu-west-1').send(new DescribeKeyCommand({ KeyId: 'alias/x' })))
    expect((await emulator.door('GET', '/_emulator/calls')).body).toEqual({
      'us-east-1': { ListKeys: 2 },
      'eu-west-1': { ListAliases: 1, DescribeKey: 1 },
    })
    const { body } = await emulator.door('GET', '/_emulator/calls?log=1')
    expect((body.calls as unknown[]).at(-1)).toEqual({
      at: new Date(emulator.now()).toISOString(),
      region: 'eu-west-1',
      operation: 'DescribeKey',
      key: 'alias/x',
      outcome: 'NotFoundException',
    })
    await emulator.door('DELETE', '/_emulator/calls')
    expect((await emulator.door('GET', '/_emulator/calls')).body).toEqual({})
  })
})

describe('the log of calls', () => {
  it('tells the outcome of each call, also of those that got no answer', async () => {
    const emulator = await emulate()
    const outcomes = async () => {
      const { body } = await emulator.door('GET', '/_emulator/calls?log=1')
      return (body.calls as { operation: string; outcome: string }[]).map(
        (call) => `${call.operation}: ${call.outcome}`,
      )
    }
    const region = (fault: string | null) => emulator.door('PUT', '/_emulator/regions/us-east-1', { fault })
    await list(emulator)
    await emulator.post('TrentService.Nothing', '{}')
    await emulator.post('TrentService.ListKeys', 'no json')
    for (const fault of ['denied', 'throttled', 'unreachable']) {
      await region(fault)
      await refusal(list(emulator))
    }
    await region('hang')
    const hanging = refusal(list(emulator))
    await callsToArrive(emulator, 7)
    await region(null)
    await emulator.door('PUT', '/_emulator/operations/CreateKey', { dropAnswerNext: 1 })
    await refusal(emulator.kms().send(new CreateKeyCommand({})))
    expect(await outcomes()).toEqual([
      'ListKeys: ok',
      'unknown: UnknownOperationException',
      'ListKeys: SerializationException',
      'ListKeys: AccessDeniedException',
      'ListKeys: ThrottlingException',
      'ListKeys: unreachable',
      'ListKeys: hang',
      'CreateKey: ok, answer dropped',
    ])
    await emulator.close()
    expect(await hanging).not.toBe('no refusal')
  })

  it('keeps the last 10,000, in order', () => {
    const controls = new Controls({ transitionMs: 0, quotas: false, authorization: 'off' })
    const call = { at: '', region: 'us-east-1', operation: 'ListKeys', outcome: 'ok' }
    for (let number = 1; number <= 12_345; number += 1) controls.recordCall({ ...call, key: String(number) })
    expect(controls.calls().map(({ key }) => key)).toEqual(
      Array.from({ length: 10_000 }, (_, index) => String(index + 2_346)),
    )
    expect(controls.callCounts()).toEqual({ 'us-east-1': { ListKeys: 12_345 } })
  })
})

describe('the doors', () => {
  it.each([
    ['GET', '/_emulator/reset', 'POST'],
    ['PUT', '/moto-api/reset', 'POST'],
    ['POST', '/_emulator/scenarios', 'GET'],
    ['PUT', '/_emulator/scenarios/demo', 'POST'],
    ['POST', '/_emulator/regions/us-east-1', 'PUT'],
    ['GET', '/_emulator/operations/ListKeys', 'PUT, DELETE'],
    ['POST', '/_emulator/operations', 'GET, DELETE'],
    ['DELETE', '/_emulator/settings', 'GET, PUT'],
    ['PATCH', '/_emulator/calls', 'GET, DELETE'],
  ])('answer %s %s with 405, and that they take %s', async (method, path, allow) => {
    const emulator = await emulate()
    const response = await fetch(`${emulator.url}${path}`, { method })
    expect([response.status, response.headers.get('allow')]).toEqual([405, allow])
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(await response.json()).toMatchObject({ error: { code: 'method-not-allowed', message: expect.any(String) } })
  })

  const statusFor = (url: string, headers: Record<string, string>) =>
    new Promise<number | undefined>((resolve, reject) => {
      const call = request(`${url}/_emulator/reset`, { method: 'POST', headers }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
      call.on('error', reject)
      call.end()
    })

  it('open to this machine only, and to no page of another origin', async () => {
    const emulator = await emulate()
    const port = new URL(emulator.url).port
    expect(await statusFor(emulator.url, { host: `evil.example:${port}` })).toBe(403)
    expect(await statusFor(emulator.url, { host: `127.0.0.1.evil.example:${port}` })).toBe(403)
    expect(await statusFor(emulator.url, { origin: 'https://evil.example' })).toBe(403)
    expect(await statusFor(emulator.url, { origin: 'null' })).toBe(403)
    expect(await statusFor(emulator.url, { origin: 'http://127.0.0.1:3000' })).toBe(403)
    expect(await statusFor(emulator.url, { host: `localhost:${port}` })).toBe(200)
    expect(await statusFor(emulator.url, { origin: emulator.url })).toBe(200)
  })
})
