// Ten thousand requests that began as good ones and were then spoilt at random: each gets a well-formed answer, none of
// them an internal error, and the emulator goes on as if nothing had been. KMS_FUZZ_SEED=N repeats a run.

import { mkdtemp, rm } from 'node:fs/promises'
import { Agent, request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { OPERATIONS } from '../calls/operations.ts'
import { isJsonObject, type JsonObject } from '../wire/validation.ts'
import { type Example, exampleRequests, UNSUPPORTED } from './example-requests-for-tests.ts'
import { authorization, emulate, type TestEmulator, TRANSITION_MS } from './test-emulator.ts'

/** Policies are evaluated for each request there, which takes its time. */
const REQUESTS = { off: 10_000, policies: 2000 }
const CONNECTIONS = 32
const MENDED_EVERY = 500
const SLOWEST_MS = 300_000
const seed = Number(process.env.KMS_FUZZ_SEED ?? Date.now() % 2 ** 31)

type Request = { method: string; path: string; headers: Record<string, string>; body: Buffer }
type Received = { status: number; headers: Record<string, unknown>; body: string }

const goodRequest = (operation: string, body: JsonObject | string): Request => ({
  method: 'POST',
  path: '/',
  headers: {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': `TrentService.${operation}`,
    authorization: authorization('us-east-1'),
  },
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
})

function send(agent: Agent, url: string, { method, path, headers, body }: Request): Promise<Received> {
  return new Promise((resolve, reject) => {
    const allHeaders = { ...headers, 'content-length': body.length }
    const options = { agent, method, path, headers: allHeaders, timeout: 60_000 }
    const sent = httpRequest(new URL(url), options, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk) => chunks.push(chunk))
      response.on('end', () => {
        const { statusCode = 0, headers } = response
        resolve({ status: statusCode, headers, body: Buffer.concat(chunks).toString('utf8') })
      })
      response.on('error', reject)
    })
    sent.on('timeout', () => sent.destroy(new Error('no answer within 60 s')))
    sent.on('error', reject)
    sent.end(body)
  })
}

/** What is wrong with an answer, if anything is. */
function flawOf({ method }: Request, { status, headers, body }: Received): string | undefined {
  if (![200, 400, 404, 413].includes(status)) return `status ${status}: ${body.slice(0, 300)}`
  if (!/^[0-9a-f-]{36}$/.test(String(headers['x-amzn-requestid']))) return 'no request id'
  if (headers['content-type'] !== 'application/x-amz-json-1.1') {
    // A request without a target in the scope of STS is one of its query protocol, answered in its form.
    return headers['content-type'] === 'text/xml' && body.startsWith('<') ? undefined : 'another content type'
  }
  if (method === 'HEAD' || (status === 200 && body === '')) return undefined
  const answer = jsonIn(body)
  if (!answer) return `no JSON object: ${body.slice(0, 300)}`
  if (status === 200) return undefined
  const { __type, message, ...more } = answer
  if (typeof __type !== 'string' || !/^[A-Z][A-Za-z]+$/.test(__type)) return `no type: ${body.slice(0, 300)}`
  if (message !== undefined && (typeof message !== 'string' || message === '')) return 'an empty message'
  if (Object.keys(more).length > 0) return `more than an error: ${Object.keys(more).join(', ')}`
  return __type === 'KMSInternalException' ? 'an internal error' : undefined
}

function jsonIn(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as JsonObject) : undefined
  } catch {
    return undefined
  }
}

// Spoilt values. What JSON.stringify cannot write stands as a word that is replaced in the text.

const RAW = new Map([
  ['@1e400', '1e400'],
  ['@-1e400', '-1e400'],
  ['@1e-400', '1e-400'],
  ['@-0', '-0'],
  ['@NaN', 'NaN'],
  ['@long', '9'.repeat(400)],
  ['@deep', '['.repeat(2000) + ']'.repeat(2000)],
])

const anyText = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom('', ' ', '\0', '\ud800', '\u202e', '__proto__', 'constructor', 'toString', 'null', '%00', '../../..'),
  fc.constantFrom('alias/moves', 'alias/', 'alias/aws/s3', 'alias/none', 'mrk-', `mrk-${'0'.repeat(32)}`, 'key/x'),
  fc.constantFrom('arn:', 'arn:aws:kms:::key/', 'arn:aws:kms:eu-west-1:111122223333:key/x', 'arn:aws:iam::1:role/x'),
  fc.constantFrom('eu-west-1', 'us-east-1', 'cn-north-1', 'moon-base-1', 'DISABLED', 'RSA_2048', 'SM2', 'ECDH'),
  fc.constantFrom('eA==', 'eA', '====', Buffer.alloc(6145).toString('base64'), 'x'.repeat(10_000), '€'.repeat(3000)),
  fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes).toString('base64')),
)

const anyValue: fc.Arbitrary<unknown> = fc.oneof(
  anyText,
  fc.constantFrom<unknown>(null, true, false, 0, 1, -1, 1.5, 2 ** 31, 2 ** 53, 1e300, ...RAW.keys()),
  fc.constantFrom<unknown>(
    [],
    [null],
    [[]],
    {},
    { a: 'b' },
    { a: null },
    [{}],
    Array.from({ length: 60 }, () => 'x'),
  ),
  fc.integer(),
  fc.double(),
  fc.array(anyText, { maxLength: 12 }),
  fc.dictionary(anyText, anyText, { maxKeys: 5 }),
  fc.dictionary(fc.constantFrom('TagKey', 'TagValue', 'EncryptionContextEquals', 'x'), anyText, { maxKeys: 3 }),
)

type Place = (string | number)[]

/** Every place in a value where something can be put, taken away or made another. */
function placesIn(value: unknown, at: Place = []): Place[] {
  if (typeof value !== 'object' || value === null) return [at]
  const inside = Array.isArray(value) ? value.map((_, index) => index) : Object.keys(value)
  return [at, ...inside.flatMap((name) => placesIn((value as Record<string | number, unknown>)[name], [...at, name]))]
}

function changed(value: unknown, [name, ...rest]: Place, change: (value: unknown) => unknown): unknown {
  if (name === undefined) return change(value)
  if (Array.isArray(value)) return value.map((item, index) => (index === name ? changed(item, rest, change) : item))
  const members = Object.entries(value as JsonObject).flatMap(([member, each]) => {
    if (member !== name) return [[member, each]]
    const after = changed(each, rest, change)
    return after === undefined ? [] : [[member, after]]
  })
  return Object.fromEntries(members) as JsonObject
}

function resized(value: unknown, factor: number): unknown {
  if (typeof value === 'string') return value.slice(0, 1000).repeat(factor).slice(0, 200_000)
  if (typeof value === 'number') return value * 10 ** factor
  if (Array.isArray(value)) return Array.from({ length: factor }, () => (value as unknown[]).slice(0, 10)).flat()
  return value
}

type Spoil = (body: JsonObject) => unknown

/** How to spoil the JSON of a request. */
function spoiling(names: string[], examples: Example[]): fc.Arbitrary<Spoil> {
  const somewhere = (change: fc.Arbitrary<(value: unknown) => unknown>): fc.Arbitrary<Spoil> =>
    fc.tuple(fc.nat(), change).map(([where, apply]) => (body) => {
      const places = placesIn(body)
      return changed(body, places[where % places.length] ?? [], apply)
    })
  const another = fc.constantFrom(...examples)
  return fc.oneof(
    somewhere(fc.constant(() => undefined)),
    somewhere(anyValue.map((value) => () => value)),
    somewhere(anyText.map((text) => (value) => (typeof value === 'string' ? text : value))),
    somewhere(fc.constantFrom(0, 2, 7, 60, 5000).map((factor) => (value) => resized(value, factor))),
    fc.tuple(fc.oneof(fc.constantFrom(...names), anyText), anyValue).map((added): Spoil => {
      return (body) => ({ ...body, ...Object.fromEntries([added]) })
    }),
    // What is good in another request: another key, a longer list, the ciphertext of something else.
    another.map((other): Spoil => {
      return (body) =>
        Object.fromEntries(Object.entries(body).map(([name, value]) => [name, other.body[name] ?? value]))
    }),
    another.map(
      (other): Spoil =>
        (body) => ({ ...other.body, ...body }),
    ),
  )
}

/** How to spoil bytes. */
const scrambling: fc.Arbitrary<(bytes: Buffer) => Buffer> = fc
  .tuple(
    fc.constantFrom('flip', 'cut', 'insert', 'remove', 'double', 'mark'),
    fc.nat(),
    fc.uint8Array({ maxLength: 8 }),
  )
  .map(([how, where, some]) => (bytes: Buffer) => {
    const index = bytes.length === 0 ? 0 : where % bytes.length
    const [before, after] = [bytes.subarray(0, index), bytes.subarray(index)]
    switch (how) {
      case 'flip':
        return Buffer.concat([before, Buffer.from([(after[0] ?? 0) ^ (1 << (where % 8))]), after.subarray(1)])
      case 'cut':
        return before
      case 'insert':
        return Buffer.concat([before, some, after])
      case 'remove':
        return Buffer.concat([before, after.subarray(1 + (where % 20))])
      case 'double':
        return Buffer.concat([bytes, after])
      default:
        return Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes])
    }
  })

const headerText = fc.string({ unit: fc.constantFrom(...'abcXYZ019 /-_=,.;:"%+*~é'), maxLength: 60 })
const anyScope = fc
  .tuple(
    fc.constantFrom('AKIDEXAMPLE', '444455556666', '', '__proto__', 'a/b'),
    fc.constantFrom('20261123', '2026', ''),
    fc.constantFrom('us-east-1', 'eu-west-1', 'cn-north-1', 'US-EAST-1', '', 'aa-bb-cc-1', '__proto__'),
    fc.constantFrom('kms', 'sts', 's3', ''),
  )
  .map((scope) => `AWS4-HMAC-SHA256 Credential=${scope.join('/')}/aws4_request, SignedHeaders=host, Signature=0`)

/** How to spoil what stands around the body. */
const bending = (operations: string[]): fc.Arbitrary<(request: Request) => Request> => {
  const header = (name: string, values: fc.Arbitrary<string>) =>
    values.map((value) => (request: Request) => ({ ...request, headers: { ...request.headers, [name]: value } }))
  return fc.oneof(
    header(
      'x-amz-target',
      fc.oneof(
        headerText,
        fc.constantFrom(...operations).map((name) => `TrentService.${name}`),
      ),
    ),
    header('authorization', fc.oneof(headerText, anyScope)),
    header('content-type', fc.oneof(headerText, fc.constantFrom('application/x-amz-json-1.1; x', 'application/json'))),
    header('x-more', headerText),
    header('host', headerText),
    fc
      .constantFrom('GET', 'PUT', 'HEAD', 'OPTIONS', 'DELETE', 'PATCH')
      .map((method) => (request: Request) => ({ ...request, method })),
    fc
      .constantFrom('/x', '//', '/?x=%', '/%zz', '/_emulated/reset', 'http://[', '*')
      .map((path) => (request: Request) => ({ ...request, path })),
    fc.constantFrom('x-amz-target', 'authorization', 'content-type').map((name) => (request: Request) => ({
      ...request,
      headers: Object.fromEntries(Object.entries(request.headers).filter(([each]) => each !== name)),
    })),
  )
}

function spoiltRequest(examples: Example[]): fc.Arbitrary<Request> {
  const operations = examples.map(({ operation }) => operation)
  const names = [...new Set(examples.flatMap(({ body }) => Object.keys(body)))]
  const json = fc
    .tuple(
      fc.constantFrom(...examples),
      fc.array(spoiling([...names, 'DryRun', 'Recipient'], examples), { maxLength: 3 }),
    )
    .map(([{ operation, body }, changes]) => {
      const spoilt = changes.reduce((value: unknown, change) => (isJsonObject(value) ? change(value) : value), body)
      let text = JSON.stringify(spoilt) ?? ''
      for (const [word, raw] of RAW) text = text.replaceAll(`"${word}"`, raw)
      return goodRequest(operation, text)
    })
  const scrambled = fc
    .tuple(json, fc.array(scrambling, { maxLength: 2 }))
    .map(([request, changes]) => ({ ...request, body: changes.reduce((bytes, change) => change(bytes), request.body) }))
  const bent = fc
    .tuple(scrambled, fc.array(bending(operations), { minLength: 1, maxLength: 2 }))
    .map(([request, changes]) => changes.reduce((value, change) => change(value), request))
  return fc.oneof({ weight: 6, arbitrary: json }, { weight: 3, arbitrary: scrambled }, { weight: 2, arbitrary: bent })
}

async function prepare(emulator: TestEmulator) {
  const call = async (operation: string, body: JsonObject): Promise<JsonObject> => {
    const response = await emulator.post(`TrentService.${operation}`, JSON.stringify(body))
    const text = await response.text()
    if (response.status !== 200) throw new Error(`${operation}: ${text}`)
    return text === '' ? {} : (JSON.parse(text) as JsonObject)
  }
  return { call, examples: await exampleRequests(call, () => emulator.advance(TRANSITION_MS)) }
}

describe('the examples', () => {
  it('are one of each operation, and all succeed', async () => {
    const emulator = await emulate()
    const { call, examples } = await prepare(emulator)
    const operations = [...OPERATIONS.keys()].filter((name) => !UNSUPPORTED.includes(name))
    expect(examples.map(({ operation }) => operation).toSorted()).toEqual(operations.toSorted())
    for (const { operation, body } of examples) await call(operation, body)
  })
})

describe('spoilt requests', () => {
  it.each(['off', 'policies'] as const)(
    `are all answered, authorization being %s, seed ${seed}`,
    async (authorization) => {
      const folder = await mkdtemp(join(tmpdir(), 'kms-emulator-'))
      const dataFile = join(folder, 'state.jsonl')
      const emulator = await emulate({ dataFile })
      const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
      onTestFinished(async () => {
        agent.destroy()
        await emulator.close()
        await rm(folder, { recursive: true })
      })
      const logged = vi.spyOn(console, 'error')
      const { call, examples } = await prepare(emulator)
      expect(await emulator.door('PUT', '/_emulator/settings', { authorization })).toMatchObject({ status: 200 })
      const kept = await call('CreateKey', { Description: 'from before' })
      const { KeyId } = kept.KeyMetadata as { KeyId: string }

      const waiting = fc.sample(spoiltRequest(examples), { numRuns: REQUESTS[authorization], seed })
      const counts = new Map<string, number>()
      const flaws: string[] = []
      const sendOneByOne = async () => {
        for (let request = waiting.pop(); request; request = waiting.pop()) {
          if (waiting.length % MENDED_EVERY === 0) await mend(emulator, examples)
          const answer = await send(agent, emulator.url, request).catch((error: unknown) => ({
            status: 0,
            headers: {},
            body: String(error),
          }))
          const kind = answer.status === 200 ? '200' : `${answer.status} ${String(jsonIn(answer.body)?.__type)}`
          counts.set(kind, (counts.get(kind) ?? 0) + 1)
          const flaw = flawOf(request, answer)
          if (flaw) flaws.push(`${flaw}\n${shown(request)}`)
        }
      }
      await Promise.all(Array.from({ length: CONNECTIONS }, sendOneByOne))
      expect(flaws.slice(0, 5), `seed ${seed}: ${flaws.length} flaws`).toEqual([])
      expect(logged.mock.calls, `seed ${seed}: logged`).toEqual([])
      expect(await call('DescribeKey', { KeyId })).toEqual(kept)

      await emulator.close()
      const again = await prepareAgain(dataFile)
      expect(await again('DescribeKey', { KeyId })).toEqual(kept)

      const total = [...counts.values()].reduce((sum, count) => sum + count, 0)
      expect(total).toBe(REQUESTS[authorization])
      const most = [...counts].sort(([, a], [, b]) => b - a).map(([kind, count]) => `${count} × ${kind}`)
      console.warn(
        `fuzz: ${total} requests, authorization ${authorization}, seed ${seed}: ${most.slice(0, 12).join(', ')} and ${most.length - 12} others`,
      )
    },
    SLOWEST_MS, // for a machine that has much else to do
  )
})

/** Brings back the keys that were disabled or scheduled for deletion, so that not all the rest is refused for that. */
async function mend(emulator: TestEmulator, examples: Example[]): Promise<void> {
  emulator.advance(TRANSITION_MS)
  for (const KeyId of new Set(examples.map(({ body }) => body.KeyId))) {
    for (const operation of ['CancelKeyDeletion', 'EnableKey']) {
      const answer = await emulator.post(`TrentService.${operation}`, JSON.stringify({ KeyId }))
      await answer.arrayBuffer()
    }
  }
}

// Policies: mostly of good form, with now and then something in them that is not.

const mostlyText = (good: fc.Arbitrary<string>) =>
  fc.oneof({ weight: 15, arbitrary: good }, { weight: 1, arbitrary: anyText })
const mostly = (good: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 15, arbitrary: good }, { weight: 1, arbitrary: anyValue })
const names = (...known: string[]) => {
  const one = mostlyText(fc.constantFrom(...known))
  return mostly(fc.oneof(one, fc.array(one, { maxLength: 3 })))
}
const operators = [
  'StringEquals',
  'StringLike',
  'Bool',
  'Null',
  'NumericLessThan',
  'DateLessThan',
  'IpAddress',
  'ArnLike',
]
const conditions = fc.dictionary(
  mostlyText(fc.constantFrom(...operators, 'ForAllValues:StringEquals', 'ForAnyValue:StringLike', 'BoolIfExists')),
  mostly(
    fc.dictionary(
      mostlyText(fc.constantFrom('kms:ViaService', 'aws:PrincipalArn', 'kms:EncryptionContext:a', 'kms:MultiRegion')),
      names('true', 'b', '*', '10.0.0.0/8', '7', '2026-01-01T00:00:00Z', 'arn:aws:iam::111122223333:role/*'),
      { maxKeys: 2 },
    ),
  ),
  { maxKeys: 2 },
)
const principals = mostly(
  fc.oneof(
    fc.constant('*'),
    fc.dictionary(
      mostlyText(fc.constantFrom('AWS', 'Service', 'Federated', 'CanonicalUser')),
      names('*', 'arn:aws:iam::111122223333:root', '111122223333', 'arn:aws:iam::*:role/*', 's3.amazonaws.com'),
      { minKeys: 1, maxKeys: 2 },
    ),
  ),
)
const statements = fc
  .record({
    Effect: mostly(fc.constantFrom('Allow', 'Deny')),
    principal: principals,
    actions: names('kms:*', '*', 'kms:Describe*', 'kms:?ncrypt', 'KMS:PUTKEYPOLICY', 's3:*'),
    resources: names('*', 'arn:aws:kms:*:*:key/*'),
    not: fc.array(fc.constantFrom('Principal', 'Action', 'Resource'), { maxLength: 1 }),
    Condition: fc.option(mostly(conditions), { nil: undefined }),
    Sid: anyText,
  })
  .map(({ principal, actions, resources, not, ...statement }) => ({
    ...statement,
    [not.includes('Principal') ? 'NotPrincipal' : 'Principal']: principal,
    [not.includes('Action') ? 'NotAction' : 'Action']: actions,
    [not.includes('Resource') ? 'NotResource' : 'Resource']: resources,
  }))
const anyPolicy = fc.record({
  Version: mostly(fc.constantFrom('2012-10-17', '2008-10-17')),
  Id: mostly(anyText),
  Statement: mostly(fc.oneof(fc.array(statements, { minLength: 1, maxLength: 3 }), statements)),
})

describe('policies of any form', () => {
  it('are refused when they are put, or evaluated when they are asked', async () => {
    const emulator = await emulate()
    await emulator.door('PUT', '/_emulator/settings', { authorization: 'policies' })
    const role = { arn: 'arn:aws:iam::111122223333:role/Application' }
    await emulator.door('PUT', '/_emulator/callers/AKIDROLE', role)
    const call = async (operation: string, body: JsonObject, accessKeyId = 'AKIDEXAMPLE') => {
      const headers = { authorization: authorization('us-east-1', 'kms', accessKeyId) }
      const response = await emulator.post(`TrentService.${operation}`, JSON.stringify(body), headers)
      return { status: response.status, body: (await response.json().catch(() => ({}))) as JsonObject }
    }
    let accepted = 0
    await fc.assert(
      fc.asyncProperty(anyPolicy, async (policy) => {
        const Policy = JSON.stringify(policy)
        const { status, body } = await call('CreateKey', { Policy, BypassPolicyLockoutSafetyCheck: true })
        expect([200, 400]).toContain(status)
        if (status !== 200) return
        accepted += 1
        const { KeyId } = body.KeyMetadata as { KeyId: string }
        for (const accessKeyId of ['AKIDEXAMPLE', 'AKIDROLE']) {
          expect([200, 400]).toContain((await call('DescribeKey', { KeyId }, accessKeyId)).status)
          const Plaintext = 'eA=='
          const encrypted = await call('Encrypt', { KeyId, Plaintext, EncryptionContext: { a: 'b' } }, accessKeyId)
          expect([200, 400]).toContain(encrypted.status)
        }
      }),
      { numRuns: 1000 },
    )
    console.warn(`policies: ${accepted} of 1000 taken and evaluated`)
    expect(accepted).toBeGreaterThan(0)
  })
})

async function prepareAgain(dataFile: string) {
  const emulator = await emulate({ dataFile })
  return async (operation: string, body: JsonObject) => {
    const response = await emulator.post(`TrentService.${operation}`, JSON.stringify(body))
    return (await response.json()) as JsonObject
  }
}

function shown({ method, path, headers, body }: Request): string {
  const text = body.toString('utf8')
  return `${method} ${path}\n${JSON.stringify(headers)}\n${text.length > 2000 ? `${text.slice(0, 2000)}…` : text}`
}
