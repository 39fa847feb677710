// What a request may contain is a table; this small interpreter checks a body against it and gives it its type.

import { type KmsError, serializationError, unsupported, validationError } from './errors.ts'

type Lengths = { minLength?: number; maxLength?: number }

export type Member = { required?: true } & (
  | ({
      type: 'string'
      /** The text of the API model, which must match the whole value. */
      pattern?: string
      values?: readonly string[]
      sensitive?: true
    } & Lengths)
  | { type: 'integer'; min?: number; max?: number }
  | { type: 'boolean' }
  /** Seconds since 1970 on the wire, with a fraction. */
  | { type: 'timestamp' }
  /** A sensitive value is left out of the messages about it. */
  | ({ type: 'blob'; sensitive?: true } & Lengths)
  | ({ type: 'list'; of: Member } & Lengths)
  | { type: 'structure'; members: Members }
  | { type: 'map' }
  /** A member of the API that this emulator does not act on; it says so instead of pretending. */
  | { type: 'unsupported'; because?: string }
)
export type Members = { readonly [name: string]: Member }

type ValueOf<M extends Member> = M extends { type: 'string'; values: readonly (infer V)[] }
  ? V
  : M extends { type: 'string' }
    ? string
    : M extends { type: 'integer' }
      ? number
      : M extends { type: 'boolean' }
        ? boolean
        : M extends { type: 'timestamp' }
          ? Date
          : M extends { type: 'blob' }
            ? Buffer
            : M extends { type: 'list'; of: infer O extends Member }
              ? ValueOf<O>[]
              : M extends { type: 'structure'; members: infer S extends Members }
                ? RequestOf<S>
                : M extends { type: 'map' }
                  ? Record<string, string>
                  : undefined

export type RequestOf<T extends Members> = {
  -readonly [K in keyof T]: T[K] extends { required: true } ? ValueOf<T[K]> : ValueOf<T[K]> | undefined
}

export type JsonObject = Record<string, unknown>

/** Unconfirmed: that a number beyond 32 bits is one that cannot be read, rather than one that is too large. */
const MAX_INTEGER = 2 ** 31 - 1

/** Checks `body` against the table; throws SerializationException for wrong types, ValidationException for the rest. */
export function parseRequest<T extends Members>(members: T, body: JsonObject): RequestOf<T> {
  const complaints: string[] = []
  const request = readStructure(members, body, '', complaints)
  if (complaints.length > 0) {
    const noun = complaints.length === 1 ? 'validation error' : 'validation errors'
    throw validationError(`${complaints.length} ${noun} detected: ${complaints.join('; ')}`)
  }
  return request as RequestOf<T>
}

function readStructure(members: Members, body: JsonObject, path: string, complaints: string[]): JsonObject {
  const result: JsonObject = {}
  for (const [name, member] of Object.entries(members)) {
    const value = Object.hasOwn(body, name) ? body[name] : undefined
    const at = path === '' ? lowerFirst(name) : `${path}.${lowerFirst(name)}`
    if (value === undefined || value === null) {
      if (member.required)
        complaints.push(`Value null at '${at}' failed to satisfy constraint: Member must not be null`)
    } else {
      result[name] = readValue(name, member, value, at, complaints)
    }
  }
  return result
}

function readValue(name: string, member: Member, value: unknown, at: string, complaints: string[]): unknown {
  const complain = (constraint: string, shown = ` '${String(value)}'`) =>
    complaints.push(`Value${shown} at '${at}' failed to satisfy constraint: Member must ${constraint}`)

  switch (member.type) {
    case 'string': {
      if (typeof value !== 'string') throw wrongType(value, 'String')
      const refuse = (constraint: string) => (member.sensitive ? complain(constraint, '') : complain(constraint))
      checkLength([...value].length, member, refuse)
      if (member.pattern !== undefined && !matchesWhole(member.pattern, value)) {
        refuse(`satisfy regular expression pattern: ${member.pattern}`)
      }
      if (member.values && !member.values.includes(value)) {
        refuse(`satisfy enum value set: [${member.values.join(', ')}]`)
      }
      return value
    }
    case 'integer': {
      if (typeof value !== 'number') throw wrongType(value, 'Integer')
      const whole = Math.trunc(value)
      if (Math.abs(whole) > MAX_INTEGER) throw serializationError('NUMBER_VALUE is out of the range of an Integer')
      if (member.min !== undefined && whole < member.min) complain(`have value greater than or equal to ${member.min}`)
      if (member.max !== undefined && whole > member.max) complain(`have value less than or equal to ${member.max}`)
      return whole
    }
    case 'boolean': {
      if (typeof value !== 'boolean') throw wrongType(value, 'Boolean')
      return value
    }
    case 'timestamp': {
      if (typeof value !== 'number') throw wrongType(value, 'Timestamp')
      const date = new Date(value * 1000)
      if (Number.isNaN(date.getTime())) throw serializationError('A timestamp is out of range')
      return date
    }
    case 'blob': {
      if (typeof value !== 'string') throw wrongType(value, 'Blob')
      const bytes = decodeBase64(value)
      const shown = member.sensitive ? '' : ` 'java.nio.HeapByteBuffer[pos=0 lim=${bytes.length} cap=${bytes.length}]'`
      checkLength(bytes.length, member, (constraint) => complain(constraint, shown))
      return bytes
    }
    case 'list': {
      if (!Array.isArray(value)) throw wrongType(value, 'List')
      checkLength(value.length, member, (constraint) => complain(constraint, ` '[${value.length} items]'`))
      return value.map((item: unknown, index) => {
        if (item === null || item === undefined) throw serializationError('A list cannot contain a null value')
        return readValue(name, member.of, item, `${at}.${index + 1}.member`, complaints)
      })
    }
    case 'structure': {
      if (!isJsonObject(value)) throw wrongType(value, 'Structure')
      return readStructure(member.members, value, at, complaints)
    }
    case 'map': {
      if (!isJsonObject(value)) throw wrongType(value, 'Map')
      for (const entry of Object.values(value)) if (typeof entry !== 'string') throw wrongType(entry, 'String')
      return value
    }
    case 'unsupported':
      throw unsupported(`The emulator does not support ${name}${member.because ? `: ${member.because}` : ''}.`)
  }
}

function checkLength(length: number, { minLength, maxLength }: Lengths, complain: (constraint: string) => void): void {
  if (minLength !== undefined && length < minLength) {
    complain(`have length greater than or equal to ${minLength}`)
  }
  if (maxLength !== undefined && length > maxLength) complain(`have length less than or equal to ${maxLength}`)
}

const expressions = new Map<string, RegExp>()

function matchesWhole(pattern: string, value: string): boolean {
  const expression = expressions.get(pattern) ?? new RegExp(`^(?:${pattern})$`)
  expressions.set(pattern, expression)
  return expression.test(value)
}

/** Strict, because Buffer.from would silently skip what is not base64. */
function decodeBase64(text: string): Buffer {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) {
    throw serializationError('A blob is not valid base64')
  }
  return Buffer.from(text, 'base64')
}

function wrongType(value: unknown, wanted: string): KmsError {
  if (Array.isArray(value)) return serializationError('Start of list found where not expected')
  if (typeof value === 'object') return serializationError('Start of structure or map found where not expected')
  const found = typeof value === 'boolean' ? `${value ? 'TRUE' : 'FALSE'}_VALUE` : `${typeof value}_VALUE`.toUpperCase()
  return serializationError(`${found} can not be converted to a ${wanted}`)
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const lowerFirst = (name: string) => name.charAt(0).toLowerCase() + name.slice(1)
