// The doors for scripts, to the letter of what scripts rely on.

import { get } from 'node:http'
import {
  type FamilySeen,
  planFor,
  type RunSeen,
  readEveryRegion,
  refusal,
  runOf,
  startOf,
  startRun,
  untilRunIs,
} from './doors'
import { expect, test } from './fixtures'

const isoTime = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/)
const text = expect.stringMatching(/./)

test('a monitor is told that the dashboard and its database are well, and nothing about keys', async ({ request }) => {
  const response = await request.get('/api/health')
  expect(response.status()).toBe(200)
  const health = await response.json()
  expect(health).toMatchObject({ status: 'ok' })
  expect(JSON.stringify(health)).not.toContain('mrk-')
})

test('a monitor scrapes requests, ages, findings and runs', async ({ request, givenFamily }) => {
  await givenFamily({ primary: 'us-east-1', replicas: ['eu-west-1'] })
  const response = await request.get('/api/metrics')
  expect(response.status()).toBe(200)
  expect(response.headers()['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8')
  const scraped = await response.text()
  const asked = 'region="us-east-1",operation="DescribeKey",purpose="background",outcome="ok"'
  expect(scraped).toMatch(new RegExp(`^kms_atlas_kms_requests_total\\{${asked}\\} [1-9]`, 'm'))
  expect(scraped).toMatch(/^kms_atlas_snapshot_age_seconds\{region="eu-west-1"\} \d/m)
  expect(scraped).toMatch(/^kms_atlas_findings\{id="rotation-off",severity="\w+"\} [1-9]/m)
  expect(scraped).toMatch(/^kms_atlas_runs\{status="failed"\} \d/m)
  expect(scraped).not.toContain('mrk-')
})

test('a script reads what is set, how refreshing goes and what this month has cost', async ({ request }) => {
  const response = await request.get('/api/settings')
  expect(response.status()).toBe(200)
  expect(await response.json()).toMatchObject({
    settings: { refreshBudget: { watchedUsdPerMonth: expect.any(Number), unwatchedUsdPerMonth: expect.any(Number) } },
    refreshing: { periods: { keys: expect.any(Number) }, usdPerMonth: expect.any(Number), here: true },
    requests: {
      month: expect.stringMatching(/^\d{4}-\d\d$/),
      counts: expect.arrayContaining([expect.objectContaining({ operation: 'ListKeys', purpose: 'background' })]),
    },
    regionsFrom: 'emulator',
    about: { mode: 'emulator', database: 'embedded', version: text },
  })
})

test('a script reads the whole topology', async ({ request, givenFamily }) => {
  const { keyId, alias } = await givenFamily({ primary: 'us-east-1', replicas: ['eu-west-1'] })
  const response = await request.get('/api/topology')
  expect(response.status()).toBe(200)
  expect(response.headers()['content-type']).toContain('application/json')
  const topology = await response.json()
  expect(topology).toMatchObject({
    version: expect.any(Number),
    takenAt: isoTime,
    account: '111122223333',
    partition: 'aws',
    otherKeys: expect.any(Number),
  })
  expect(topology).not.toHaveProperty('since')
  expect(topology.regions).toContainEqual({ name: 'us-east-1', status: 'ok', asOf: isoTime })
  const blind = await (await request.get('/api/topology/blind-spots')).json()
  expect(blind).toEqual({ version: expect.any(Number), blindSpots: [] })

  const family = topology.families.find((each: FamilySeen) => each.keyId === keyId)
  expect(family).toEqual({
    keyId,
    primaryRegion: 'us-east-1',
    keySpec: 'SYMMETRIC_DEFAULT',
    keyUsage: 'ENCRYPT_DECRYPT',
    origin: 'AWS_KMS',
    members: [
      expect.objectContaining({
        arn: `arn:aws:kms:eu-west-1:111122223333:key/${keyId}`,
        region: 'eu-west-1',
        role: 'REPLICA',
        state: 'Enabled',
        description: '',
        aliases: [alias],
        asOf: isoTime,
        known: 'live',
      }),
      expect.objectContaining({
        arn: `arn:aws:kms:us-east-1:111122223333:key/${keyId}`,
        role: 'PRIMARY',
        rotation: { enabled: false },
      }),
    ],
    findings: [
      expect.objectContaining({ id: 'rotation-off', severity: text, regions: expect.any(Array), message: text }),
    ],
  })
})

test('a script that polls gets what changed since the version that it knows', async ({ request, givenFamily, kms }) => {
  const kept = await givenFamily({ primary: 'us-east-1' })
  const { version } = await readEveryRegion(request)
  const { keyId } = await kms.createFamily({ primary: 'us-west-2' })
  const refreshed = await readEveryRegion(request)
  expect(refreshed.version).toBeGreaterThan(version)

  const changed = await (await request.get(`/api/topology?since=${version}`)).json()
  expect(changed).toMatchObject({
    since: version,
    removed: [],
    version: expect.any(Number),
    regions: expect.any(Array),
    asOf: expect.any(Object),
  })
  expect(changed.families.map((family: FamilySeen) => family.keyId)).toContain(keyId)
  expect(changed.families.map((family: FamilySeen) => family.keyId)).not.toContain(kept.keyId)

  const everything = await (await request.get('/api/topology?since=999999999')).json()
  expect(everything).not.toHaveProperty('since')
  expect(everything.families.map((family: FamilySeen) => family.keyId)).toEqual(
    expect.arrayContaining([keyId, kept.keyId]),
  )

  const senseless = await request.get('/api/topology?since=yesterday')
  expect(senseless.status()).toBe(400)
  expect(await senseless.json()).toEqual(refusal('invalid', /whole number/))
})

test('a script gets the plan for a request, and words at the fields of a wrong one', async ({
  request,
  givenFamily,
}) => {
  const { keyId } = await givenFamily({ primary: 'us-east-1', replicas: ['eu-west-1'] })
  const plan = await planFor(request, { kind: 'replicate', keyId, toRegions: ['us-west-2'] })
  expect(plan).toMatchObject({
    fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
    title: text,
    undo: expect.anything(),
    minimumSeconds: expect.any(Number),
    confirmation: null,
  })
  const { checks, steps } = plan as unknown as { checks: object[]; steps: object[] }
  expect(checks).toContainEqual(expect.objectContaining({ id: text, verdict: 'pass', message: text }))
  expect(steps[0]).toMatchObject({
    title: text,
    region: 'us-east-1',
    operation: 'ReplicateKey',
    cli: expect.stringContaining('aws kms replicate-key'),
  })

  const wrong = await request.post('/api/plans', { data: { kind: 'replicate', keyId, toRegions: [] } })
  expect(wrong.status()).toBe(400)
  expect(await wrong.json()).toEqual({
    error: expect.objectContaining({
      code: 'invalid',
      message: text,
      fields: { toRegions: 'Choose at least one Region' },
    }),
  })
  const noKind = await request.post('/api/plans', { data: { kind: 'delete-everything', keyId } })
  expect(noKind.status()).toBe(400)
  expect(await noKind.json()).toEqual(refusal('invalid', /./))

  const unknown = await request.post('/api/plans', {
    data: { kind: 'rotate-now', keyId: 'mrk-00000000000000000000000000000000' },
  })
  expect(unknown.status()).toBe(404)
  expect(await unknown.json()).toEqual(refusal('not-found', /mrk-0{32}/))
})

test('a script starts a plan and follows its run', async ({ request, givenFamily, kms }) => {
  const { keyId } = await givenFamily({ primary: 'us-east-1', replicas: ['eu-west-1'] })
  const plan = await planFor(request, { kind: 'promote', keyId, toRegion: 'eu-west-1' })

  const unconfirmed = await request.post('/api/runs', { data: { ...startOf(plan), confirmation: 'yes', reason: '' } })
  expect(unconfirmed.status()).toBe(400)
  expect(await unconfirmed.json()).toEqual({
    error: expect.objectContaining({
      code: 'invalid',
      message: text,
      fields: { confirmation: `Type ${plan.confirmation} to confirm`, reason: text },
    }),
  })

  const started = await request.post('/api/runs', { data: startOf(plan, 'Moving house') })
  expect(started.status()).toBe(201)
  const { id } = (await started.json()) as { id: string }
  await untilRunIs(request, id, 'succeeded')
  expect(await runOf(request, id)).toMatchObject({
    id,
    kind: 'promote',
    status: 'succeeded',
    actor: text,
    reason: 'Moving house',
    startedAt: isoTime,
    endedAt: isoTime,
    steps: expect.arrayContaining([
      expect.objectContaining({
        title: text,
        region: 'us-east-1',
        status: 'done',
        startedAt: isoTime,
        endedAt: isoTime,
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        error: null,
      }),
    ]),
  })
  expect(await kms.primaryRegionOf(keyId)).toBe('eu-west-1')

  const { runs } = (await (await request.get('/api/runs')).json()) as { runs: RunSeen[] }
  expect(runs.map((run) => run.id)).toContain(id)
  const none = await request.get('/api/runs/never-was')
  expect(none.status()).toBe(404)
  expect(await none.json()).toEqual(refusal('not-found', /never-was/))
})

test('a script is refused a plan that the world has overtaken', async ({ request, givenFamily, kms }) => {
  const { keyId } = await givenFamily({ primary: 'us-east-1' })
  const plan = await planFor(request, { kind: 'set-rotation', keyId, enabled: true })
  await startRun(request, { kind: 'replicate', keyId, toRegions: ['us-west-2'] })
  await expect.poll(async () => (await kms.describe('us-west-2', keyId))?.KeyState).toBe('Enabled')
  await readEveryRegion(request)

  // While the replication is still at work, it is the reason; afterwards the plan is stale.
  await expect
    .poll(async () => (await (await request.post('/api/runs', { data: startOf(plan) })).json()).error.code)
    .toBe('stale')
  const stale = await request.post('/api/runs', { data: startOf(plan) })
  expect(stale.status()).toBe(409)
  expect(await stale.json()).toEqual({ error: { code: 'stale', message: 'The plan is stale: review it again' } })
})

test('a script is refused a plan that a check blocks', async ({ request, givenFamily }) => {
  const { keyId } = await givenFamily({
    primary: 'us-east-1',
    key: { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' },
  })
  const plan = await planFor(request, { kind: 'rotate-now', keyId })
  expect(plan).toMatchObject({
    checks: expect.arrayContaining([expect.objectContaining({ verdict: 'block', blockedBy: 'kms', message: text })]),
  })
  const blocked = await request.post('/api/runs', { data: startOf(plan) })
  expect(blocked.status()).toBe(422)
  expect(await blocked.json()).toEqual(refusal('blocked', /./))
})

test('a script pauses, resumes and aborts a run that holds its family', async ({ request, emulator, givenFamily }) => {
  const { keyId } = await givenFamily({ primary: 'us-east-1' })
  await emulator.settings({ transitionMs: 30_000 })
  const id = await startRun(request, { kind: 'replicate', keyId, toRegions: ['eu-central-1'] })
  const steer = (how: string) => request.post(`/api/runs/${id}/${how}`, { data: {} })

  const plan = await planFor(request, { kind: 'set-rotation', keyId, enabled: true })
  const held = await request.post('/api/runs', { data: startOf(plan) })
  expect(held.status()).toBe(409)
  expect(await held.json()).toEqual(refusal('held', new RegExp(id)))

  expect((await steer('pause')).status()).toBe(200)
  await untilRunIs(request, id, 'paused')
  const again = await steer('pause')
  expect(again.status()).toBe(409)
  expect(await again.json()).toEqual(refusal('conflict', /is paused/))

  expect((await steer('resume')).status()).toBe(200)
  await expect.poll(async () => (await runOf(request, id)).status).toMatch(/^(running|waiting)$/)
  const early = await steer('retry')
  expect(early.status()).toBe(409)
  expect(await early.json()).toEqual(refusal('conflict', /cannot be retried/))

  expect((await steer('abort')).status()).toBe(200)
  await untilRunIs(request, id, 'aborted')
  expect((await steer('resume')).status()).toBe(409)

  const undone = await steer('undo')
  expect(undone.status()).toBe(404)
  expect(await undone.json()).toEqual(refusal('not-found', /pause, resume, abort, retry/))
  expect((await request.post('/api/runs/never-was/pause', { data: {} })).status()).toBe(404)
})

test('a script tries a failed run again', async ({ request, emulator, givenFamily, kms }) => {
  const { keyId } = await givenFamily({ primary: 'us-east-1' })
  await emulator.failNext('ReplicateKey', 1, 'LimitExceededException', 'us-east-1')
  const id = await startRun(request, { kind: 'replicate', keyId, toRegions: ['us-west-2'] })
  await untilRunIs(request, id, 'failed')
  const { steps } = await runOf(request, id)
  expect(steps).toContainEqual(
    expect.objectContaining({ status: 'failed', error: expect.objectContaining({ name: 'LimitExceededException' }) }),
  )
  expect((await request.post(`/api/runs/${id}/retry`, { data: {} })).status()).toBe(200)
  await untilRunIs(request, id, 'succeeded')
  expect((await kms.describe('us-west-2', keyId))?.KeyState).toBe('Enabled')
})

test('a listener is told the version at once, then each run', async ({ atlas, request, givenFamily }) => {
  const { keyId } = await givenFamily({ primary: 'us-east-1' })
  const { version } = await readEveryRegion(request)
  const gone = new AbortController()
  const stream = await fetch(`${atlas.baseUrl}/api/events`, { signal: gone.signal })
  expect(stream.headers.get('content-type')).toContain('text/event-stream')
  const events = eventsOf(stream)
  const first = await events.next()
  expect(first.value).toEqual({ event: 'topology', data: expect.stringMatching(/^\d+$/) })
  expect(Number(first.value?.data)).toBeGreaterThanOrEqual(version)

  const id = await startRun(request, { kind: 'set-rotation', keyId, enabled: true })
  for await (const { event, data } of events) if (event === 'run' && data === id) break
  gone.abort()
})

test('a page of another place is refused', async ({ atlas, request }) => {
  const foreign: Record<string, string>[] = [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }]
  for (const headers of foreign) {
    const response = await request.post('/api/topology/refresh', { data: {}, headers })
    expect(response.status()).toBe(403)
    expect(await response.json()).toEqual(refusal('forbidden', /another origin/))
  }
  expect((await request.get('/api/topology', { headers: { origin: 'https://evil.example' } })).status()).toBe(403)
  const own = { origin: atlas.baseUrl }
  expect((await request.post('/api/topology/refresh', { data: {}, headers: own })).status()).toBe(200)

  // DNS rebinding: a foreign name that leads to this machine.
  for (const path of ['/', '/api/topology', '/api/events']) {
    expect(await statusFor(`${atlas.baseUrl}${path}`, 'evil.example')).toBe(403)
  }
})

test('a plain HTML form cannot change anything', async ({ request, givenFamily }) => {
  const { keyId } = await givenFamily({ primary: 'us-east-1' })
  const data = JSON.stringify({ kind: 'rotate-now', keyId })
  for (const door of ['/api/plans', '/api/runs', '/api/topology/refresh', '/api/runs/some/abort']) {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded']) {
      const response = await request.post(door, { data, headers: { 'content-type': type } })
      expect(response.status()).toBe(400)
      expect(await response.json()).toEqual(refusal('invalid', /content-type: application\/json/))
    }
  }
  const broken = await request.post('/api/plans', {
    data: Buffer.from('{"kind":'),
    headers: { 'content-type': 'application/json' },
  })
  expect(broken.status()).toBe(400)
  expect(await broken.json()).toEqual(refusal('invalid', /not valid JSON/))
})

test('a link to a family that is nowhere is answered 404, after KMS was asked once', async ({ request, emulator }) => {
  const keyId = 'mrk-feedfeedfeedfeedfeedfeedfeedfeed'
  await emulator.forgetCalls()
  expect((await request.get(`/keys/${keyId}`)).status()).toBe(404)
  const asked = (await emulator.callLog()).filter(({ key, operation }) => operation === 'DescribeKey' && key === keyId)
  const regions = asked.map(({ region }) => region)
  expect(regions.length).toBeGreaterThan(0)
  expect(regions).toEqual([...new Set(regions)])

  for (const path of [`/keys/${keyId}/promote`, '/runs/never-was', '/nowhere']) {
    expect((await request.get(path)).status()).toBe(404)
  }
  const door = await request.get(`/api/topology/${keyId}`)
  expect(door.status()).toBe(404)
  expect(await door.json()).toEqual(refusal('not-found', /mrk-feed/))
})

test('a link to a family that no reading has shown yet opens it', async ({ request, kms }) => {
  const { keyId } = await kms.createFamily({ primary: 'eu-west-1', alias: 'alias/made-this-moment' })
  const response = await request.get(`/keys/${keyId}`)
  expect(response.status()).toBe(200)
  expect(await response.text()).toContain('alias/made-this-moment')
})

/** Events as they arrive. */
async function* eventsOf({ body }: Response): AsyncGenerator<{ event: string; data: string }> {
  if (!body) return
  let rest = ''
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    const blocks = `${rest}${chunk}`.split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const [, event, data] = /^event: (.*)\ndata: (.*)$/.exec(block) ?? []
      if (event && data !== undefined) yield { event, data }
    }
  }
}

/** A browser never lets a page set Host; a raw request can. */
function statusFor(url: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get(url, { headers: { host } }, (response) => {
      response.destroy()
      resolve(response.statusCode)
    }).on('error', reject)
  })
}
