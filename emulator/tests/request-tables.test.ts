// The table of every operation's request against the API: its names, types and enumerations as the newest SDK has them,
// its limits as the API Reference has them, and what each member answers to bad input.

import * as sdk from '@aws-sdk/client-kms'
import { describe, expect, it } from 'vitest'
import { OPERATIONS } from '../calls/operations.ts'
import type { Member, Members } from '../wire/validation.ts'
import { emulate } from './test-emulator.ts'

/** A structure among the SDK's schemas: the first `required` of its members are so. */
type Structure = [
  kind: 3,
  namespace: string,
  name: string,
  traits: unknown,
  names: string[],
  schemas: unknown[],
  required?: number,
]
type OperationSchema = [kind: 9, namespace: string, name: string, traits: unknown, input: () => unknown]

const exported: Record<string, unknown> = { ...sdk }
const operationSchemas = Object.values(exported).filter(
  (schema): schema is OperationSchema => Array.isArray(schema) && schema[0] === 9,
)

/** The request of an operation; one without members is no structure but a unit. */
function requestOf(operation: OperationSchema): { names: string[]; schemas: unknown[]; required: Set<string> } {
  const input = operation[4]()
  return isStructure(input) ? membersOf(input) : { names: [], schemas: [], required: new Set() }
}

const membersOf = ([, , , , names, schemas, required = 0]: Structure) => ({
  names,
  schemas,
  required: new Set(names.slice(0, required)),
})

const isStructure = (schema: unknown): schema is Structure => Array.isArray(schema) && schema[0] === 3

const SIMPLE_TYPES: Record<number, Member['type']> = {
  0: 'string',
  1: 'integer',
  2: 'boolean',
  4: 'timestamp',
  21: 'blob',
}
const LIST = 64
const MAP = 128

/** A schema is a number, a list of a number and traits, or a function that answers one of those. */
function typeOf(schema: unknown): Member['type'] {
  if (typeof schema === 'function') return typeOf((schema as () => unknown)())
  if (typeof schema === 'number')
    return SIMPLE_TYPES[schema] ?? (schema >= MAP ? 'map' : schema >= LIST ? 'list' : unknown(schema))
  if (isStructure(schema)) return 'structure'
  if (!Array.isArray(schema)) return unknown(schema)
  if (typeof schema[0] === 'function') return typeOf(schema[0]) // a member and its traits
  if (schema[0] === 1) return 'list'
  return schema[0] === 0 ? typeOf(schema[4]) : unknown(schema)
}

function unknown(schema: unknown): never {
  throw new Error(`the SDK has a kind of schema that this test does not know: ${String(schema)}`)
}

const tableOf = (operation: string): Members => OPERATIONS.get(operation)?.input ?? {}

describe('the operations', () => {
  it('are those of the SDK', () => {
    const names = operationSchemas.map(([, , name]) => name)
    expect(names.length).toBeGreaterThan(50)
    expect([...OPERATIONS.keys()].toSorted()).toEqual(names.toSorted())
  })
})

describe.each(operationSchemas.map((schema) => [schema[2], schema] as const))(
  'the table of %s',
  (operation, schema) => {
    const { names, schemas, required } = requestOf(schema)
    const table = tableOf(operation)

    it('has the members of the SDK, required where they are there', () => {
      expect(Object.keys(table).toSorted()).toEqual(names.toSorted())
      const requiredHere = names.filter((name) => table[name]?.required)
      expect(requiredHere.toSorted()).toEqual([...required].toSorted())
    })

    it('has their types', () => {
      expectTypes(table, names, schemas)
    })
  },
)

function expectTypes(table: Members, names: string[], schemas: unknown[]): void {
  for (const [index, name] of names.entries()) {
    const member = table[name]
    if (!member || member.type === 'unsupported') continue
    expect([name, member.type]).toEqual([name, typeOf(schemas[index])])
    const nested = structureIn(schemas[index])
    const nestedTable = member.type === 'list' ? member.of : member
    if (!nested || nestedTable.type !== 'structure') continue
    const inner = membersOf(nested)
    expect(Object.keys(nestedTable.members).toSorted()).toEqual(inner.names.toSorted())
    for (const each of inner.names) expect(nestedTable.members[each]?.required ?? false).toBe(inner.required.has(each))
    expectTypes(nestedTable.members, inner.names, inner.schemas)
  }
}

/** The structure that a member is, or that its list consists of. */
function structureIn(schema: unknown): Structure | undefined {
  if (typeof schema === 'function') return structureIn((schema as () => unknown)())
  if (isStructure(schema)) return schema
  return Array.isArray(schema) && schema[0] === 1 ? structureIn(schema[4]) : undefined
}

/**
 * The limits of the API Reference and its service model, by the name of the member or by that and its operation's. The
 * range of Limit and of PendingWindowInDays is the documented one, narrower than the model's.
 */
const LIMITS: Record<string, string> = {
  AliasName: 'string 1-256 ^[a-zA-Z0-9:/_-]+$',
  BypassPolicyLockoutSafetyCheck: 'boolean',
  CiphertextBlob: 'blob 1-6144',
  CloudHsmClusterId: 'string 19-24 cluster-[2-7a-zA-Z]{11,16}',
  Constraints: 'structure',
  'Constraints.EncryptionContextEquals': 'map',
  'Constraints.EncryptionContextSubset': 'map',
  'Constraints.SourceArn': 'string 20-512 ^arn:aws[a-z0-9-]*:[a-z0-9-]+:[a-z0-9-]*:[0-9]{12}:.+$',
  CustomKeyStoreId: 'string 1-64',
  CustomKeyStoreName: 'string 1-256',
  Description: 'string 0-8192',
  DestinationEncryptionContext: 'map',
  DestinationKeyId: 'string 1-2048',
  DryRun: 'boolean',
  EncryptedKeyMaterial: 'blob 1-6144',
  EncryptionContext: 'map',
  GrantId: 'string 1-128',
  GrantToken: 'string 1-8192',
  GrantTokens: 'list 0-10 of string 1-8192',
  GranteePrincipal: String.raw`string 1-256 ^[\w+=,.@:/-]+$`,
  GranteeServicePrincipal: String.raw`string 1-128 ^([A-Za-z0-9\-]+)\.([A-Za-z0-9\-]+)(\.[A-Za-z0-9\-]+)+$`,
  ImportToken: 'blob 1-6144',
  KeyId: 'string 1-2048',
  KeyMaterialDescription: String.raw`string 0-256 ^[a-zA-Z0-9:/_\s.-]+$`,
  KeyMaterialId: 'string 64-64 ^[a-f0-9]+$',
  KeyStorePassword: 'string 7-32 sensitive',
  'ListAliases.Limit': 'integer 1-100',
  'ListGrants.Limit': 'integer 1-100',
  'ListResourceTags.Limit': 'integer 1-50',
  'ListRetirableGrants.Limit': 'integer 1-100',
  Limit: 'integer 1-1000',
  Mac: 'blob 1-6144',
  Marker: String.raw`string 1-1024 [\u0020-\u00FF]*`,
  Message: 'blob 1-4096 sensitive',
  MultiRegion: 'boolean',
  Name: 'string 1-256 ^[a-zA-Z0-9:/_-]+$',
  NewCustomKeyStoreName: 'string 1-256',
  NumberOfBytes: 'integer 1-1024',
  PendingWindowInDays: 'integer 7-30',
  Plaintext: 'blob 1-4096 sensitive',
  Policy: String.raw`string 1-131072 [\u0009\u000A\u000D\u0020-\u00FF]+`,
  PolicyName: String.raw`string 1-128 [\w]+`,
  PrimaryRegion: String.raw`string 1-32 ^([a-z]+-){2,3}\d+$`,
  PublicKey: 'blob 1-8192',
  ReplicaRegion: String.raw`string 1-32 ^([a-z]+-){2,3}\d+$`,
  RetiringPrincipal: String.raw`string 1-256 ^[\w+=,.@:/-]+$`,
  RetiringServicePrincipal: String.raw`string 1-128 ^([A-Za-z0-9\-]+)\.([A-Za-z0-9\-]+)(\.[A-Za-z0-9\-]+)+$`,
  RotationPeriodInDays: 'integer 90-2560',
  SharedSecretCiphertextBlob: 'blob 1-6144',
  Signature: 'blob 1-6144',
  SourceEncryptionContext: 'map',
  SourceKeyId: 'string 1-2048',
  TagKeys: 'list of string 1-128',
  Tags: 'list of structure',
  'Tags.TagKey': 'string 1-128',
  'Tags.TagValue': 'string 0-256',
  TargetKeyId: 'string 1-2048',
  TrustAnchorCertificate: 'string 1-5000',
  ValidTo: 'timestamp',
  XksProxyAuthenticationCredential: 'structure',
  'XksProxyAuthenticationCredential.AccessKeyId': 'string 20-30 ^[A-Z2-7]+$ sensitive',
  'XksProxyAuthenticationCredential.RawSecretAccessKey': String.raw`string 43-64 ^[a-zA-Z0-9\/+=]+$ sensitive`,
  XksProxyUriEndpoint: 'string 10-128 ^https://[a-zA-Z0-9.-]+$',
  XksProxyUriPath: String.raw`string 10-128 ^(/[a-zA-Z0-9\/_-]+/kms/xks/v\d{1,2})$|^(/kms/xks/v\d{1,2})$`,
  XksProxyVpcEndpointServiceName: String.raw`string 20-64 ^(com|eu)\.amazonaws\.vpce\.([a-z]+-){2,3}\d+\.vpce-svc-[0-9a-z]+$`,
  XksProxyVpcEndpointServiceOwner: 'string 12-12 [0-9]{12}',
}

/** The enumerations of the SDK by the name of the member. */
const ENUMERATIONS: Record<string, Record<string, string>> = {
  CustomKeyStoreType: sdk.CustomKeyStoreType,
  CustomerMasterKeySpec: sdk.CustomerMasterKeySpec,
  DestinationEncryptionAlgorithm: sdk.EncryptionAlgorithmSpec,
  DryRunModifiers: sdk.DryRunModifierType,
  EncapsulationAlgorithm: sdk.EncapsulationAlgorithmSpec,
  EncryptionAlgorithm: sdk.EncryptionAlgorithmSpec,
  ExpirationModel: sdk.ExpirationModelType,
  'GenerateDataKey.KeySpec': sdk.DataKeySpec,
  'GenerateDataKeyWithoutPlaintext.KeySpec': sdk.DataKeySpec,
  ImportType: sdk.ImportType,
  IncludeKeyMaterial: sdk.IncludeKeyMaterial,
  KeyAgreementAlgorithm: sdk.KeyAgreementAlgorithmSpec,
  KeyPairSpec: sdk.DataKeyPairSpec,
  KeySpec: sdk.KeySpec,
  KeyUsage: sdk.KeyUsageType,
  MacAlgorithm: sdk.MacAlgorithmSpec,
  MessageType: sdk.MessageType,
  Operations: sdk.GrantOperation,
  Origin: sdk.OriginType,
  SigningAlgorithm: sdk.SigningAlgorithmSpec,
  SourceEncryptionAlgorithm: sdk.EncryptionAlgorithmSpec,
  WrappingAlgorithm: sdk.AlgorithmSpec,
  WrappingKeySpec: sdk.WrappingKeySpec,
  XksProxyConnectivity: sdk.XksProxyConnectivityType,
}

type Cell = { operation: string; path: string; member: Member }

const cells: Cell[] = [...OPERATIONS].flatMap(([operation, { input }]) => cellsOf(operation, input, ''))

/** Every member of a table with those inside it. */
function cellsOf(operation: string, members: Members, prefix: string): Cell[] {
  return Object.entries(members).flatMap(([name, member]) => {
    const path = `${prefix}${name}`
    const inside = member.type === 'list' ? member.of : member
    const nested = inside.type === 'structure' ? cellsOf(operation, inside.members, `${path}.`) : []
    return [{ operation, path, member }, ...nested]
  })
}

function ownOrShared<T>(byName: Record<string, T>, { operation, path }: Cell): T | undefined {
  return byName[`${operation}.${path}`] ?? byName[path]
}

function limitsOf(member: Member): string {
  const words: (string | undefined)[] = [member.type]
  if ('minLength' in member || 'maxLength' in member) words.push(`${member.minLength ?? 0}-${member.maxLength ?? ''}`)
  if (member.type === 'integer') words.push(`${member.min}-${member.max}`)
  if (member.type === 'string') words.push(member.pattern)
  if ('sensitive' in member) words.push('sensitive')
  if (member.type === 'list') words.push(`of ${limitsOf(member.of)}`)
  return words.filter((word) => word !== undefined).join(' ')
}

const valuesOf = (member: Member): readonly string[] | undefined =>
  member.type === 'string' ? member.values : member.type === 'list' ? valuesOf(member.of) : undefined

const supported = cells.filter(({ member }) => member.type !== 'unsupported')

describe('the limits of members', () => {
  it('are those of the API Reference', () => {
    for (const cell of supported.filter(({ member }) => !valuesOf(member))) {
      const name = `${cell.operation}.${cell.path}`
      expect(`${name}: ${limitsOf(cell.member)}`).toBe(`${name}: ${ownOrShared(LIMITS, cell)}`)
    }
  })

  it('are those of the enumerations of the SDK', () => {
    for (const cell of supported.filter(({ member }) => valuesOf(member))) {
      const name = `${cell.operation}.${cell.path}`
      const values = Object.values(ownOrShared(ENUMERATIONS, cell) ?? {})
      expect([name, ...(valuesOf(cell.member) ?? []).toSorted()]).toEqual([name, ...values.toSorted()])
    }
  })
})

const OF_ANOTHER_TYPE: Record<Member['type'], unknown> = {
  string: 7,
  integer: '7',
  boolean: 'true',
  timestamp: 'today',
  blob: 7,
  list: 'one',
  structure: 'one',
  map: ['one'],
  unsupported: undefined,
}

/** Values beyond the limits of a member, each with what the answer says about it. */
function beyondLimits(member: Member): [value: unknown, constraint: string][] {
  const bad: [value: unknown, constraint: string][] = []
  const tooShort = (length: number) => `have length greater than or equal to ${length}`
  const tooLong = (length: number) => `have length less than or equal to ${length}`
  const ofLength = (length: number): unknown =>
    member.type === 'blob'
      ? Buffer.alloc(length).toString('base64')
      : member.type === 'list'
        ? Array.from({ length }, () => 'x')
        : 'x'.repeat(length)
  if ('minLength' in member && member.minLength) bad.push([ofLength(member.minLength - 1), tooShort(member.minLength)])
  if ('maxLength' in member && member.maxLength) bad.push([ofLength(member.maxLength + 1), tooLong(member.maxLength)])
  if (member.type === 'integer' && member.min !== undefined && member.max !== undefined) {
    bad.push([member.min - 1, `have value greater than or equal to ${member.min}`])
    bad.push([member.max + 1, `have value less than or equal to ${member.max}`])
  }
  if (member.type === 'string' && member.pattern) {
    bad.push(['\u2713\n', `satisfy regular expression pattern: ${member.pattern}`])
  }
  if (member.type === 'string' && member.values) {
    bad.push(['NOTHING', `satisfy enum value set: [${member.values.join(', ')}]`])
  }
  return bad
}

describe('bad input', () => {
  const topLevel = supported.filter(({ path }) => !path.includes('.'))
  const shownAt = (path: string) =>
    `at '${path.charAt(0).toLowerCase()}${path.slice(1)}' failed to satisfy constraint: Member must`

  it('of another type is refused for every member of every operation', async () => {
    const emulator = await emulate()
    for (const { operation, path, member } of topLevel) {
      const response = await emulator.post(
        `TrentService.${operation}`,
        JSON.stringify({ [path]: OF_ANOTHER_TYPE[member.type] }),
      )
      const { __type } = (await response.json()) as { __type: string }
      expect([operation, path, response.status, __type]).toEqual([operation, path, 400, 'SerializationException'])
    }
  })

  it('beyond its limits is refused for every member of every operation, in the words of KMS', async () => {
    const emulator = await emulate()
    for (const { operation, path, member } of topLevel) {
      for (const [value, constraint] of beyondLimits(member)) {
        const response = await emulator.post(`TrentService.${operation}`, JSON.stringify({ [path]: value }))
        const { __type, message } = (await response.json()) as { __type: string; message: string }
        expect([operation, response.status, __type]).toEqual([operation, 400, 'ValidationException'])
        expect(message).toContain(`${shownAt(path)} ${constraint}`)
      }
    }
  })

  it('that is missing is refused for every operation, all members at once', async () => {
    const emulator = await emulate()
    for (const schema of operationSchemas) {
      const { required } = requestOf(schema)
      if (required.size === 0) continue
      const response = await emulator.post(`TrentService.${schema[2]}`, '{}')
      const { message } = (await response.json()) as { message: string }
      const count = required.size === 1 ? '1 validation error detected' : `${required.size} validation errors detected`
      expect(message).toContain(count)
      for (const name of required) expect(message).toContain(`Value null ${shownAt(name)} not be null`)
    }
  })

  it('of a secret is not repeated', async () => {
    const emulator = await emulate()
    const body = JSON.stringify({ CustomKeyStoreName: 'a', KeyStorePassword: 'secret' })
    const response = await emulator.post('TrentService.CreateCustomKeyStore', body)
    expect(await response.json()).toEqual({
      __type: 'ValidationException',
      message:
        "1 validation error detected: Value at 'keyStorePassword' failed to satisfy constraint: Member must have length greater than or equal to 7",
    })
  })
})
