// Crypto snippets: the crypto check of a family as code that a person can paste, for the shell, Python and TypeScript.

import { isPlain, quote, visibleJson } from '@/lib/plans/quoting'
import { algorithmFor } from '@/lib/topology/key-spec'

export interface CryptoSnippetInput {
  keySpec: string
  keyUsage: string
  fromRegion: string
  toRegion: string
  /** What names the key in each Region: an alias, the key id or that member's ARN. */
  fromTarget: string
  toTarget: string
  text: string
}

export interface CryptoSnippets {
  cli: string
  python: string
  typescript: string
}

/** How one usage makes something in one Region and tries it in another, in the spelling of each language. */
interface Pair {
  make: string
  attempt: string
  /** Input that holds the text when it is made, the output that is carried over, and the input that takes it. */
  textInput: string
  made: string
  madeInput: string
  algorithmInput: string
  /** Signing and MACs want the text once more when they are tried; a decryption gives it back. */
  givesTextBack: boolean
  /** Only for signatures. */
  messageType?: 'RAW'
}

const pairs: Readonly<Record<string, Pair>> = {
  ENCRYPT_DECRYPT: {
    make: 'Encrypt',
    attempt: 'Decrypt',
    textInput: 'Plaintext',
    made: 'CiphertextBlob',
    madeInput: 'CiphertextBlob',
    algorithmInput: 'EncryptionAlgorithm',
    givesTextBack: true,
  },
  SIGN_VERIFY: {
    make: 'Sign',
    attempt: 'Verify',
    textInput: 'Message',
    made: 'Signature',
    madeInput: 'Signature',
    algorithmInput: 'SigningAlgorithm',
    givesTextBack: false,
    messageType: 'RAW',
  },
  GENERATE_VERIFY_MAC: {
    make: 'GenerateMac',
    attempt: 'VerifyMac',
    textInput: 'Message',
    made: 'Mac',
    madeInput: 'Mac',
    algorithmInput: 'MacAlgorithm',
    givesTextBack: false,
  },
}

const words = (name: string, joint: string) =>
  name.replace(/(?<=[a-z])[A-Z]/g, (letter) => joint + letter).toLowerCase()
const kebab = (name: string) => words(name, '-')
const snake = (name: string) => words(name, '_')

const base64 = (text: string) => btoa(String.fromCharCode(...new TextEncoder().encode(text)))

function cliSnippet(input: CryptoSnippetInput, pair: Pair, algorithm: string): string {
  const aws = (operation: string, region: string, target: string, options: string[]) =>
    [
      `aws kms ${kebab(operation)} --region ${quote(region)} --key-id ${quote(target)}`,
      ...options,
      `--${kebab(pair.algorithmInput)} ${quote(algorithm)}`,
    ].join(' \\\n  ')
  const type = pair.messageType ? [`--message-type ${pair.messageType}`] : []
  // Text that a terminal would act on travels as base64.
  const text = isPlain(input.text)
    ? `printf '%s' ${quote(input.text)} > message.txt`
    : `printf '%s' ${quote(base64(input.text))} | base64 --decode > message.txt`
  const made = aws(pair.make, input.fromRegion, input.fromTarget, [
    ...type,
    `--${kebab(pair.textInput)} fileb://message.txt`,
    `--query ${pair.made} --output text`,
  ])
  const attempt = aws(pair.attempt, input.toRegion, input.toTarget, [
    ...type,
    ...(pair.givesTextBack ? ['--query Plaintext --output text'] : ['--message fileb://message.txt']),
    `--${kebab(pair.madeInput)} fileb://made.bin`,
  ])
  return [
    text,
    `${made} | base64 --decode > made.bin`,
    pair.givesTextBack ? `${attempt} | base64 --decode` : attempt,
  ].join('\n')
}

/** Python takes the two escapes of a surrogate pair for two characters, and can encode neither. */
const pythonLiteral = (text: string) =>
  visibleJson(text).replace(/\\(?:u(d[89ab]..)\\u(d[c-f]..)|.)/gi, (sequence, high?: string, low?: string) => {
    if (high === undefined || low === undefined) return sequence
    const pair = String.fromCharCode(Number.parseInt(high, 16), Number.parseInt(low, 16))
    return `\\U${pair.codePointAt(0)?.toString(16).padStart(8, '0')}`
  })

function pythonSnippet(input: CryptoSnippetInput, pair: Pair, algorithm: string): string {
  const literal = pythonLiteral
  const call = (region: string, operation: string, target: string, parts: string[]) => [
    `boto3.client("kms", region_name=${literal(region)}).${snake(operation)}(`,
    ...[`KeyId=${literal(target)}`, ...parts, `${pair.algorithmInput}=${literal(algorithm)}`].map(
      (part) => `    ${part},`,
    ),
    ')',
  ]
  const type = pair.messageType ? [`MessageType=${literal(pair.messageType)}`] : []
  return [
    'import boto3',
    '',
    `text = ${literal(input.text)}.encode("utf-8")`,
    '',
    `made = ${call(input.fromRegion, pair.make, input.fromTarget, [`${pair.textInput}=text`, ...type]).join('\n')}`,
    `tried = ${call(input.toRegion, pair.attempt, input.toTarget, [
      ...(pair.givesTextBack ? [] : ['Message=text']),
      `${pair.madeInput}=made["${pair.made}"]`,
      ...type,
    ]).join('\n')}`,
    'print(made["KeyId"], "->", tried["KeyId"])',
    pair.givesTextBack ? 'print(tried["Plaintext"].decode("utf-8"))' : `print(tried["${pair.madeInput}Valid"])`,
    '',
  ].join('\n')
}

function typescriptSnippet(input: CryptoSnippetInput, pair: Pair, algorithm: string): string {
  const literal = (text: string) => visibleJson(text)
  const send = (region: string, operation: string, target: string, parts: string[]) => [
    `await new KMSClient({ region: ${literal(region)} }).send(`,
    `  new ${operation}Command({`,
    ...[`KeyId: ${literal(target)}`, ...parts, `${pair.algorithmInput}: ${literal(algorithm)}`].map(
      (part) => `    ${part},`,
    ),
    '  }),',
    ')',
  ]
  const type = pair.messageType ? [`MessageType: ${literal(pair.messageType)}`] : []
  const commands = [pair.attempt, pair.make].map((operation) => `${operation}Command`).sort()
  return [
    `import { ${commands.join(', ')}, KMSClient } from '@aws-sdk/client-kms'`,
    '',
    `const text = new TextEncoder().encode(${literal(input.text)})`,
    '',
    `const made = ${send(input.fromRegion, pair.make, input.fromTarget, [`${pair.textInput}: text`, ...type]).join('\n')}`,
    `const tried = ${send(input.toRegion, pair.attempt, input.toTarget, [
      ...(pair.givesTextBack ? [] : ['Message: text']),
      `${pair.madeInput}: made.${pair.made}`,
      ...type,
    ]).join('\n')}`,
    "console.log(made.KeyId, '->', tried.KeyId)",
    pair.givesTextBack
      ? 'console.log(new TextDecoder().decode(tried.Plaintext))'
      : `console.log(tried.${pair.madeInput}Valid)`,
    '',
  ].join('\n')
}

/**
 * The same check three times: make something in one Region, try it in another, each Region's own client naming its
 * own key. Null for usages that cannot be shown with one pair of calls (key agreement, encapsulation).
 *
 * Decrypt of a symmetric ciphertext would find the key without being told; naming the target is the better habit,
 * as nobody else's ciphertext is then accepted (KMS API Reference, Decrypt).
 */
export function cryptoSnippets(input: CryptoSnippetInput): CryptoSnippets | null {
  const pair = Object.hasOwn(pairs, input.keyUsage) ? pairs[input.keyUsage] : undefined
  const algorithm = algorithmFor(input.keySpec, input.keyUsage)
  if (!pair || algorithm === null) return null
  // Half a surrogate pair cannot be written in UTF-8.
  const sound = { ...input, text: input.text.toWellFormed() }
  return {
    cli: cliSnippet(sound, pair, algorithm),
    python: pythonSnippet(sound, pair, algorithm),
    typescript: typescriptSnippet(sound, pair, algorithm),
  }
}
