import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inputOf, paste } from '@/lib/plans/pasted-shell'
import { algorithmFor } from '@/lib/topology/key-spec'
import { type CryptoSnippetInput, type CryptoSnippets, cryptoSnippets } from './crypto-snippets'

const input: CryptoSnippetInput = {
  keySpec: 'SYMMETRIC_DEFAULT',
  keyUsage: 'ENCRYPT_DECRYPT',
  fromRegion: 'us-east-1',
  toRegion: 'eu-west-1',
  fromTarget: 'alias/orders',
  toTarget: 'arn:aws:kms:eu-west-1:111122223333:key/mrk-0000000000000000000000000000000a',
  text: 'Hello',
}
const kinds = [
  { keySpec: 'SYMMETRIC_DEFAULT', keyUsage: 'ENCRYPT_DECRYPT', make: 'Encrypt', attempt: 'Decrypt' },
  { keySpec: 'RSA_2048', keyUsage: 'ENCRYPT_DECRYPT', make: 'Encrypt', attempt: 'Decrypt' },
  { keySpec: 'RSA_2048', keyUsage: 'SIGN_VERIFY', make: 'Sign', attempt: 'Verify' },
  { keySpec: 'HMAC_256', keyUsage: 'GENERATE_VERIFY_MAC', make: 'GenerateMac', attempt: 'VerifyMac' },
]
const hostile = [
  `it's "quoted" \\ \${HOME} \`id\` $(id) %s %%`,
  'two\nlines\n',
  '\u001b[31m red \u0000 nul \u202e turned \ufeff',
  'Grüße 🗝️ 鍵 \\ud83d\\udddd',
  'tag \u{e0041} letter and \\\\\u{e0042}',
  'file:///etc/passwd',
  '-n',
  '\'\'\' """ </script> {{x}}',
]

function snippetsOf(change: Partial<CryptoSnippetInput>): CryptoSnippets {
  const snippets = cryptoSnippets({ ...input, ...change })
  if (!snippets) throw new Error('There are no snippets for this kind')
  return snippets
}

interface Call {
  region: string
  operation: string
  input: Record<string, unknown>
}

/** Runs a snippet with an SDK that notes what it is asked for, and whose ciphertext is the plaintext. */
async function runTypescript(source: string): Promise<Call[]> {
  const calls: Call[] = []
  class KMSClient {
    readonly options: { region: string }
    constructor(options: { region: string }) {
      this.options = options
    }
    async send({ operation, input }: Omit<Call, 'region'>) {
      const bytes = Object.values(input).find((value) => value instanceof Uint8Array)
      calls.push({ region: this.options.region, operation, input })
      return { KeyId: 'arn', Plaintext: bytes, CiphertextBlob: bytes, Signature: bytes, Mac: bytes }
    }
  }
  const names = ['Encrypt', 'Decrypt', 'Sign', 'Verify', 'GenerateMac', 'VerifyMac']
  const commands = names.map(
    (operation) =>
      class {
        readonly operation = operation
        readonly input: Record<string, unknown>
        constructor(input: Record<string, unknown>) {
          this.input = input
        }
      },
  )
  const body = source.replace(/^import .*$/m, '')
  const AsyncFunction = Object.getPrototypeOf(async () => undefined).constructor as FunctionConstructor
  const run = new AsyncFunction('KMSClient', 'console', ...names.map((name) => `${name}Command`), body)
  await run(KMSClient, { log: () => undefined }, ...commands)
  return calls
}

const python = ['python3', 'python'].find((name) => spawnSync(name, ['--version']).status === 0)

/** Like `runTypescript`, for boto3; bytes come back as base64. */
function runPython(source: string): Call[] {
  const harness = `
import base64, json, sys, types
calls = []
def client(name, region_name):
    def method(operation):
        def call(**given):
            blob = next((value for value in given.values() if isinstance(value, bytes)), b"")
            shown = {key: base64.b64encode(value).decode() if isinstance(value, bytes) else value for key, value in given.items()}
            calls.append({"region": region_name, "operation": operation, "input": shown})
            names = ("Plaintext", "CiphertextBlob", "Signature", "Mac")
            return {"KeyId": "arn", "SignatureValid": True, "MacValid": True, **{key: blob for key in names}}
        return call
    class Client:
        def __getattr__(self, operation):
            return method(operation)
    return Client()
boto3 = types.ModuleType("boto3")
boto3.client = client
sys.modules["boto3"] = boto3
source, sys.stdout = sys.stdin.buffer.read().decode("utf-8"), open("/dev/null", "w", encoding="utf-8")
exec(source, {})
sys.__stdout__.write(json.dumps(calls))
`
  const { status, stdout, stderr } = spawnSync(python ?? '', ['-c', harness], { input: source, encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout) as Call[]
}

describe('cryptoSnippets', () => {
  it('has none for usages that one pair of calls cannot show', () => {
    for (const [keySpec, keyUsage] of [
      ['ECC_NIST_P256', 'KEY_AGREEMENT'],
      ['ML_KEM_768', 'ENCAPSULATE_DECAPSULATE'],
      ['HMAC_256', 'ENCRYPT_DECRYPT'],
      ['', ''],
      ['SYMMETRIC_DEFAULT', 'toString'],
    ] as const) {
      expect(cryptoSnippets({ ...input, keySpec, keyUsage })).toBeNull()
    }
  })

  it('shows nothing invisible', () => {
    fc.assert(
      fc.property(fc.oneof(fc.constantFrom(...hostile), fc.string({ unit: 'binary' })), (text) => {
        for (const snippet of Object.values(snippetsOf({ text }))) expect(snippet).not.toMatch(/[^\P{C}\n]/u)
      }),
    )
  })
})

describe.each(kinds)('the snippets for $keySpec, $keyUsage', ({ make, attempt, ...kind }) => {
  const algorithm = algorithmFor(kind.keySpec, kind.keyUsage)
  const expected = [
    { region: 'us-east-1', operation: make, KeyId: input.fromTarget },
    { region: 'eu-west-1', operation: attempt, KeyId: input.toTarget },
  ]
  const summary = ({ region, operation, input: { KeyId } }: Call) => ({ region, operation, KeyId })
  const algorithmIn = ({ input: given }: Call) =>
    Object.entries(given).find(([name]) => name.endsWith('Algorithm'))?.[1]

  it.each(hostile)('make and try %j in the shell', (text) => {
    const { calls, stdout } = paste(snippetsOf({ ...kind, text }).cli)
    const made = calls.map(inputOf)
    expect(made.map(summary)).toEqual(expected)
    expect(made.map(algorithmIn)).toEqual([algorithm, algorithm])
    if (attempt === 'Decrypt') expect(stdout).toBe(text)
  })

  it.each(hostile)('make and try %j in TypeScript', async (text) => {
    const calls = await runTypescript(snippetsOf({ ...kind, text }).typescript)
    expect(calls.map(summary)).toEqual(expected)
    expect(calls.map(algorithmIn)).toEqual([algorithm, algorithm])
    const { Plaintext, Message } = calls[0]?.input ?? {}
    expect(new TextDecoder().decode((Plaintext ?? Message) as Uint8Array)).toBe(text)
  })

  it.skipIf(!python).each(hostile)('make and try %j in Python', (text) => {
    const calls = runPython(snippetsOf({ ...kind, text }).python)
    const operation = (name: string) => name.replace(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter}`).toLowerCase()
    expect(calls.map(summary)).toEqual(expected.map((each) => ({ ...each, operation: operation(each.operation) })))
    expect(calls.map(algorithmIn)).toEqual([algorithm, algorithm])
    const { Plaintext, Message } = calls[0]?.input ?? {}
    expect(Buffer.from(String(Plaintext ?? Message), 'base64').toString()).toBe(text)
  })
})

describe('a text that cannot be written in UTF-8', () => {
  it('is mended alike in all three', async () => {
    const { cli, typescript, python: source } = snippetsOf({ text: 'half \ud83d of a pair' })
    expect(paste(cli).stdout).toBe('half \ufffd of a pair')
    const [made] = await runTypescript(typescript)
    expect(new TextDecoder().decode(made?.input.Plaintext as Uint8Array)).toBe('half \ufffd of a pair')
    expect(source).toContain('"half \ufffd of a pair"')
  })
})
