// Compares an answer of the emulator with one recorded from AWS, field by field, and says every difference.

import type { JsonObject } from '../wire/validation.ts'

/** What came over the wire: the HTTP status and the JSON, with nothing read into it. */
export type Answer = { status: number; body: JsonObject }

/** The values that placeholders of one case stand for: the same placeholder is the same value wherever it comes. */
export type Bindings = Map<string, string>

type Recorded = JsonObject & {
  ResponseMetadata?: { HTTPStatusCode: number }
  Error?: { Code: string; Message: string }
  message?: string
}

/** What a placeholder inside a text may stand for, until the case has said or shown it. */
const KINDS: [placeholder: RegExp, pattern: string][] = [
  [/^<key-arn>$/, 'arn:aws:kms:[a-z0-9-]+:\\d{12}:key/[0-9a-z-]{36}'],
  [/^<key-id:\d+>$/, '(?:arn:aws:kms:[a-z0-9-]+:\\d{12}:key/)?[0-9a-z-]{36}'],
  [/^<resource:\d+>$/, '[0-9a-z-]{36}'],
  [/^<(current-)?key-material-id:\d+>$/, '[0-9a-f]{64}'],
]

/** Bytes of chance: a recording says only that they were there. */
const BLOBS = [
  'ciphertext-blob',
  'import-token',
  'plaintext',
  'private-key-ciphertext-blob',
  'private-key-plaintext',
  'public-key',
  'shared-secret',
  '<mac>',
  '<signature>',
]

/** Members that the service has come to answer since a case was recorded, by the service model of the SDK. */
const ADDED_SINCE: { case: RegExp; members: string[]; since: string }[] = [
  { case: /^test_generate_data_key/, members: ['KeyMaterialId'], since: 'June 2025; recorded in May 2023' },
  {
    case: /^test_re_encrypt\[SYMMETRIC_DEFAULT/,
    members: ['SourceKeyMaterialId', 'DestinationKeyMaterialId'],
    since: 'June 2025; recorded in the days before',
  },
]

/** The lists of allowed values stand in no meaningful order and grow over the years: what was there must still be. */
const VALUES_IN_MESSAGE = /^(.* enum value set: )\[(.*)\]$/

/** The differences between what was recorded for one part of a case and what the emulator answered. */
export function differences(name: string, recorded: unknown, answer: Answer | { value: unknown }, bindings: Bindings) {
  const found: string[] = []
  if ('value' in answer) compare('', recorded, answer.value, bindings, found)
  else compareAnswer(name, recorded as Recorded, answer, bindings, found)
  return found
}

function compareAnswer(
  name: string,
  { ResponseMetadata, Error: error, message, ...members }: Recorded,
  { status, body }: Answer,
  bindings: Bindings,
  found: string[],
): void {
  if (status !== ResponseMetadata?.HTTPStatusCode)
    found.push(`status ${status}, not ${ResponseMetadata?.HTTPStatusCode}`)
  if (!error) {
    compare('', members, withoutAdded(name, members, body), bindings, found)
    return
  }
  const { __type, ...rest } = body
  compare('__type', error.Code, __type, bindings, found)
  // A declared exception shows its text as a member too; one that does not came without any.
  const wanted: JsonObject = error.Message === '' ? {} : { message: message ?? error.Message }
  compareMessage(wanted, rest, bindings, found)
}

function compareMessage(wanted: JsonObject, actual: JsonObject, bindings: Bindings, found: string[]): void {
  const [, words, values] = VALUES_IN_MESSAGE.exec(String(wanted.message)) ?? []
  const [, ourWords, ourValues] = VALUES_IN_MESSAGE.exec(String(actual.message)) ?? []
  if (words === undefined || values === undefined || ourValues === undefined) {
    compare('', wanted, actual, bindings, found)
    return
  }
  compare('message', words, ourWords, bindings, found)
  const ours = new Set(ourValues.split(', '))
  for (const value of values.split(', ')) if (!ours.has(value)) found.push(`message does not offer ${value}`)
}

function withoutAdded(name: string, recorded: JsonObject, body: JsonObject): JsonObject {
  const added = ADDED_SINCE.filter((entry) => entry.case.test(name)).flatMap(({ members }) => members)
  return Object.fromEntries(Object.entries(body).filter(([member]) => member in recorded || !added.includes(member)))
}

function compare(path: string, recorded: unknown, actual: unknown, bindings: Bindings, found: string[]): void {
  const at = path === '' ? 'the answer' : path
  if (typeof recorded === 'string') {
    const problem = compareText(recorded, actual, bindings)
    if (problem) found.push(`${at}: ${problem}`)
  } else if (typeof recorded !== 'object' || recorded === null) {
    if (recorded !== actual) found.push(`${at} is ${show(actual)}, not ${show(recorded)}`)
  } else if (Array.isArray(recorded) !== Array.isArray(actual) || typeof actual !== 'object' || actual === null) {
    found.push(`${at} is ${show(actual)}, not ${show(recorded)}`)
  } else {
    compareMembers(path, recorded as JsonObject, actual as JsonObject, bindings, found)
  }
}

function compareMembers(
  path: string,
  recorded: JsonObject,
  actual: JsonObject,
  bindings: Bindings,
  found: string[],
): void {
  for (const member of new Set([...Object.keys(recorded), ...Object.keys(actual)])) {
    const at = path === '' ? member : `${path}.${member}`
    if (!Object.hasOwn(actual, member)) found.push(`${at} is missing`)
    else if (!Object.hasOwn(recorded, member)) found.push(`${at} is too much: ${show(actual[member])}`)
    else compare(at, recorded[member], actual[member], bindings, found)
  }
}

function compareText(recorded: string, actual: unknown, bindings: Bindings): string | undefined {
  if (recorded === 'datetime') return isEpochSeconds(actual) ? undefined : `${show(actual)} is no moment in seconds`
  if (BLOBS.includes(recorded)) return isBase64(actual) ? undefined : `${show(actual)} is not base64`
  if (typeof actual !== 'string') return `${show(actual)} is no text`

  const unbound: string[] = []
  const pattern = recorded
    .split(/(<[a-z-]+(?::\d+)?>)/)
    .map((part) => {
      const bound = bindings.get(part)
      const kind = KINDS.find(([placeholder]) => placeholder.test(part))
      if (bound !== undefined || !kind) return escaped(bound ?? part)
      unbound.push(part)
      return `(${kind[1]})`
    })
    .join('')
  const match = new RegExp(`^${pattern}$`, 's').exec(actual)
  if (!match) return `${show(actual)} does not fit ${show(recorded)}`
  for (const [index, placeholder] of unbound.entries()) bindings.set(placeholder, match[index + 1] ?? '')
  return undefined
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
const isEpochSeconds = (value: unknown) => typeof value === 'number' && value > 1e9 && value < 1e10
const isBase64 = (value: unknown) =>
  typeof value === 'string' && value !== '' && Buffer.from(value, 'base64').toString('base64') === value

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 300 ? `${text.slice(0, 300)}…` : text
}
