// The control doors under /_emulator: scenarios, faults, settings and the record of calls. JSON in, JSON out.

import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { isIdentityPolicy } from '../authorization/identity-policy.ts'
import { loadPolicyEvaluator, POLICY_LIBRARY } from '../authorization/policy-evaluator.ts'
import type { Emulator } from '../calls/dispatch.ts'
import { OPERATIONS } from '../calls/operations.ts'
import { looksLikeRegion } from '../keys/partitions.ts'
import { DEMO_REGIONS } from '../scenarios/regions.ts'
import { loadScenario, SCENARIO_NAMES } from '../scenarios/scenarios.ts'
import type { Answer } from '../wire/answer.ts'
import { isLocalRequest } from '../wire/loopback.ts'
import { isJsonObject, type JsonObject } from '../wire/validation.ts'
import { accountOfCaller, type Caller } from './callers.ts'
import { FAULTS, type RegionControl } from './controls.ts'
import { familiesOfTopology, loadTopology } from './topology.ts'

class DoorError extends Error {
  readonly status: number
  readonly code: string
  readonly headers: Record<string, string>

  constructor(status: number, code: string, message: string, headers: Record<string, string> = {}) {
    super(message)
    this.status = status
    this.code = code
    this.headers = headers
  }
}

const badRequest = (message: string) => new DoorError(400, 'bad-request', message)

type Visit = { emulator: Emulator; params: string[]; query: URLSearchParams; body: JsonObject }
type Door = { method: string; path: RegExp; visit: (visit: Visit) => unknown }

const DOORS: Door[] = [
  { method: 'POST', path: /^\/_emulator\/reset$/, visit: reset },
  { method: 'POST', path: /^\/moto-api\/reset$/, visit: reset },
  { method: 'GET', path: /^\/_emulator\/scenarios$/, visit: () => ({ scenarios: SCENARIO_NAMES }) },
  { method: 'POST', path: /^\/_emulator\/scenarios\/([^/]+)$/, visit: openScenario },
  { method: 'PUT', path: /^\/_emulator\/topology$/, visit: openTopology },
  { method: 'GET', path: /^\/_emulator\/regions$/, visit: listRegions },
  { method: 'PUT', path: /^\/_emulator\/regions\/([^/]+)$/, visit: setRegion },
  { method: 'GET', path: /^\/_emulator\/operations$/, visit: listOperations },
  { method: 'DELETE', path: /^\/_emulator\/operations$/, visit: forgetOperations },
  { method: 'PUT', path: /^\/_emulator\/operations\/([^/]+)$/, visit: setOperation },
  { method: 'DELETE', path: /^\/_emulator\/operations\/([^/]+)$/, visit: forgetOperations },
  { method: 'GET', path: /^\/_emulator\/settings$/, visit: ({ emulator }) => emulator.controls.settings },
  { method: 'PUT', path: /^\/_emulator\/settings$/, visit: changeSettings },
  { method: 'GET', path: /^\/_emulator\/callers$/, visit: listCallers },
  { method: 'PUT', path: /^\/_emulator\/callers\/([^/]+)$/, visit: setCaller },
  { method: 'DELETE', path: /^\/_emulator\/callers\/([^/]+)$/, visit: forgetCaller },
  { method: 'GET', path: /^\/_emulator\/calls$/, visit: listCalls },
  { method: 'DELETE', path: /^\/_emulator\/calls$/, visit: forgetCalls },
]

export const isDoor = (path: string) => path.startsWith('/_emulator/') || path === '/moto-api/reset'

export async function answerDoor(
  emulator: Emulator,
  request: IncomingMessage,
  url: URL,
  text: string,
): Promise<Answer> {
  try {
    if (!isLocalRequest(request.headers.host, request.headers.origin)) {
      throw new DoorError(
        403,
        'forbidden',
        'The control doors answer this machine only, and no page of another origin.',
      )
    }
    const atPath = DOORS.filter(({ path }) => path.test(url.pathname))
    const door = atPath.find(({ method }) => method === request.method)
    if (atPath.length === 0) throw new DoorError(404, 'not-found', `There is no door ${url.pathname}.`)
    if (!door) throw methodNotAllowed(url.pathname, request.method, atPath)
    const params = (door.path.exec(url.pathname) ?? []).slice(1).map(decode)
    const answer = await door.visit({ emulator, params, query: url.searchParams, body: parseBody(text) })
    await emulator.store.commit()
    return json(200, answer)
  } catch (error) {
    if (error instanceof DoorError) {
      const { status, code, message, headers } = error
      return { ...json(status, { error: { code, message } }), headers }
    }
    console.error(error)
    return json(500, { error: { code: 'internal', message: 'The emulator failed at this; its output says why.' } })
  }
}

function methodNotAllowed(path: string, method: string | undefined, doors: Door[]): DoorError {
  const allow = doors.map((door) => door.method).join(', ')
  return new DoorError(405, 'method-not-allowed', `${path} takes ${allow}, not ${method}.`, { Allow: allow })
}

function json(status: number, value: unknown): Answer {
  return { status, contentType: 'application/json', requestId: randomUUID(), body: JSON.stringify(value) }
}

function decode(param: string): string {
  try {
    return decodeURIComponent(param)
  } catch {
    throw badRequest(`${param} is not well-formed.`)
  }
}

function parseBody(text: string): JsonObject {
  if (text.trim() === '') return {}
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    throw badRequest('The body is not valid JSON.')
  }
  if (body === null) return {} // as good as an empty object: nothing is to be set
  if (!isJsonObject(body)) throw badRequest('The body must be a JSON object.')
  return body
}

function reset({ emulator }: Visit) {
  emulator.store.clear()
  emulator.controls.reset()
  emulator.callers.clear()
  return { reset: true }
}

function openScenario({ emulator, params: [name = ''] }: Visit) {
  if (!SCENARIO_NAMES.includes(name)) {
    throw new DoorError(404, 'not-found', `There is no scenario ${name}; there are ${SCENARIO_NAMES.join(', ')}.`)
  }
  loadScenario(name, emulator.store, emulator.account, emulator.clock())
  return { scenario: name }
}

function openTopology({ emulator, body }: Visit) {
  const topology = familiesOfTopology(body, emulator.account)
  if ('problem' in topology) throw badRequest(topology.problem)
  loadTopology(topology, emulator.store, emulator.clock())
  return { account: topology.account, families: topology.families.length }
}

function listRegions({ emulator: { store, controls, clock } }: Visit) {
  const now = clock()
  const regions = new Set([...DEMO_REGIONS, ...store.regions(), ...controls.regionsWithFaults()])
  return { regions: [...regions].sort().map((region) => describeRegion(region, controls.region(region, now))) }
}

function describeRegion(region: string, { fault, latencyMs, jitterMs, endsAt }: RegionControl) {
  const ends = endsAt === undefined ? null : new Date(endsAt).toISOString()
  return { region, fault, latencyMs, jitterMs, endsAt: ends }
}

function setRegion({ emulator: { controls, clock }, params: [region = ''], body }: Visit) {
  if (!looksLikeRegion(region)) throw badRequest(`${region} is not the name of a Region.`)
  requireMembers(body, ['fault', 'latencyMs', 'jitterMs', 'forSeconds'])
  const fault = FAULTS.find((each) => each === body.fault)
  if (body.fault !== undefined && body.fault !== null && !fault) {
    throw badRequest(`fault must be null or one of ${FAULTS.join(', ')}.`)
  }
  const forSeconds = numberIn(body, 'forSeconds', 0)
  controls.setRegion(region, {
    fault: fault ?? null,
    latencyMs: numberIn(body, 'latencyMs', 0),
    jitterMs: numberIn(body, 'jitterMs', 0),
    ...(forSeconds > 0 ? { endsAt: clock() + forSeconds * 1000 } : {}),
  })
  return describeRegion(region, controls.region(region, clock()))
}

function listOperations({ emulator: { controls } }: Visit) {
  return { operations: controls.operations() }
}

function setOperation({ emulator: { controls }, params: [operation = ''], body }: Visit) {
  requireOperation(operation)
  requireMembers(body, ['failNext', 'with', 'region', 'dropAnswerNext'])
  const region = body.region ?? null
  if (region !== null && (typeof region !== 'string' || !looksLikeRegion(region))) {
    throw badRequest('region must be the name of a Region.')
  }
  const name = body.with ?? 'KMSInternalException'
  if (typeof name !== 'string' || !/^[A-Za-z]{1,100}$/.test(name)) {
    throw badRequest('with must be the name of an exception.')
  }
  const [failNext, dropAnswerNext] = [countIn(body, 'failNext'), countIn(body, 'dropAnswerNext')]
  const control = { operation, region, failNext, with: name, dropAnswerNext }
  controls.setOperation(control)
  return { ...control } // as it was set: the numbers count down
}

function forgetOperations({ emulator: { controls }, params: [operation] }: Visit) {
  if (operation !== undefined) requireOperation(operation)
  controls.forgetOperations(operation)
  return { operations: controls.operations() }
}

function requireOperation(operation: string): void {
  if (!OPERATIONS.has(operation)) throw new DoorError(404, 'not-found', `There is no operation ${operation}.`)
}

async function changeSettings({ emulator: { controls }, body }: Visit) {
  requireMembers(body, ['transitionMs', 'quotas', 'authorization'])
  const { quotas = controls.settings.quotas } = body
  if (typeof quotas !== 'boolean') throw badRequest('quotas must be true or false.')
  const { authorization = controls.settings.authorization } = body
  if (authorization !== 'off' && authorization !== 'policies') {
    throw badRequest('authorization must be "off" or "policies".')
  }
  const transitionMs = numberIn(body, 'transitionMs', controls.settings.transitionMs)
  if (authorization === 'policies' && !(await loadPolicyEvaluator())) {
    const { name, version } = POLICY_LIBRARY
    throw badRequest(
      `authorization "policies" needs the package ${name}, which is not installed: npm install ${name}@${version}`,
    )
  }
  controls.settings = { ...controls.settings, transitionMs, quotas, authorization }
  return controls.settings
}

function listCallers({ emulator: { callers } }: Visit) {
  return { callers: callers.list().map(([accessKeyId, caller]) => describeCaller(accessKeyId, caller)) }
}

const describeCaller = (accessKeyId: string, { arn, policies }: Caller) => ({ accessKeyId, arn, policies })

function setCaller({ emulator: { callers }, params: [accessKeyId = ''], body }: Visit) {
  if (!/^\w{1,128}$/.test(accessKeyId)) throw badRequest(`${accessKeyId} is not an access key id.`)
  requireMembers(body, ['arn', 'policies'])
  const { arn, policies = [] } = body
  const account = typeof arn === 'string' ? accountOfCaller(arn) : undefined
  if (typeof arn !== 'string' || account === undefined) {
    throw badRequest('arn must be the ARN of a user, of a role, or of a session: assumed-role/ROLE/SESSION.')
  }
  if (!Array.isArray(policies) || !policies.every(isIdentityPolicy)) {
    throw badRequest(
      'policies must be a list of identity policies: objects, not texts, whose statements have Effect (Allow or Deny), Action, Resource and no Principal.',
    )
  }
  callers.set(accessKeyId, { arn, account, policies })
  return describeCaller(accessKeyId, { arn, account, policies })
}

function forgetCaller({ emulator: { callers }, params: [accessKeyId = ''] }: Visit) {
  if (!callers.delete(accessKeyId)) throw new DoorError(404, 'not-found', `There is no caller ${accessKeyId}.`)
  return {}
}

function listCalls({ emulator: { controls }, query }: Visit) {
  return query.get('log') === '1' ? { calls: controls.calls() } : controls.callCounts()
}

function forgetCalls({ emulator: { controls } }: Visit) {
  controls.forgetCalls()
  return {}
}

function requireMembers(body: JsonObject, allowed: string[]): void {
  const unknown = Object.keys(body).find((name) => !allowed.includes(name))
  if (unknown !== undefined) throw badRequest(`${unknown} is not known here; known are ${allowed.join(', ')}.`)
}

function countIn(body: JsonObject, name: string): number {
  const value = numberIn(body, name, 0)
  if (!Number.isInteger(value)) throw badRequest(`${name} must be a whole number.`)
  return value
}

function numberIn(body: JsonObject, name: string, otherwise: number): number {
  const value = body[name] ?? otherwise
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0 || value > 1e9) {
    throw badRequest(`${name} must be a number from 0 to 1000000000.`)
  }
  return value
}
