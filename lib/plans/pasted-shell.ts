// For tests: pastes CLI texts into bash, with an `aws` that notes its arguments instead of calling anybody.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Pasted {
  /** The arguments of each call of `aws`, in order. */
  calls: string[][]
  stdout: string
}

/**
 * It stands in for the AWS CLI: notes its arguments on a channel of their own, and answers what the texts look at.
 * Encrypt, Sign and GenerateMac hand their bytes back as they are and Decrypt opens that again, so a proof passes
 * exactly when the right files are named. A wait that does not end at once is a failure.
 */
const STAND_IN = String.raw`
set -u
sleep() { exit 99; }
contents() {
  local file
  for file in "$@"; do
    case "$file" in fileb://*) base64 < "${'$'}{file#fileb://}" | tr -d '\n'; return ;; esac
  done
}
aws() {
  printf '%s\0' "$#" "$@" >&3
  case "$2" in
    create-key) echo mrk-born ;;
    encrypt|sign|generate-mac|decrypt) contents "$@" ;;
    describe-key|get-key-rotation-status|list-aliases) answer "$2 $4" ;;
  esac
}
`

/** `answers` by operation and Region, as in `describe-key us-east-1`: what `aws` prints there, where it matters. */
export function paste(text: string, answers: Record<string, string> = {}): Pasted {
  const folder = mkdtempSync(join(tmpdir(), 'atlas-cli-'))
  const cases = Object.entries(answers).map(([call, answer]) => `'${call}') echo '${answer}' ;;`)
  const answer = `answer() { case "$1" in ${cases.join(' ')} *) echo "arn:as:told:by:$1" ;; esac; }\n`
  try {
    const { status, stdout, stderr, output } = spawnSync('bash', ['-s'], {
      cwd: folder,
      input: `${answer}${STAND_IN}\n${text}\n`,
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
      encoding: 'utf8',
      timeout: 10_000,
    })
    if (status !== 0) throw new Error(`bash ended with ${status}: ${stderr}`)
    return { calls: callsOf(output[3] ?? ''), stdout }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Each call is its number of arguments and then these, all ended by NUL. */
function callsOf(noted: string): string[][] {
  const words = noted.split('\0').slice(0, -1)
  const calls: string[][] = []
  for (let at = 0; at < words.length; ) {
    const count = Number(words[at])
    calls.push(words.slice(at + 1, at + 1 + count))
    at += 1 + count
  }
  return calls
}

/** The input that the AWS CLI would make of the arguments of a call: options by name, JSON where it takes JSON. */
export function inputOf(call: string[]): { operation: string; region: string; input: Record<string, unknown> } {
  const [service, operation = '', ...rest] = call
  if (service !== 'kms') throw new Error(`aws ${service} is not called by plans`)
  const input: Record<string, unknown> = {}
  let region = ''
  const words = [...rest]
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const [, option = '', inline] = /^--([a-z-]+)(?:=([\s\S]*))?$/.exec(word) ?? []
    if (option === '') throw new Error(`${word} is no option`)
    const next = inline ?? (words[0]?.startsWith('-') ? undefined : words.shift())
    if (next === undefined) input[pascal(option.replace(/^no-/, ''))] = !option.startsWith('no-')
    else if (option === 'region') region = next
    else if (option === 'cli-input-json') Object.assign(input, JSON.parse(next))
    else if (option !== 'query' && option !== 'output') input[pascal(option)] = typed(option, next)
  }
  return { operation: pascal(operation), region, input }
}

const pascal = (option: string) =>
  option.replace(/(^|-)([a-z])/g, (_match, _dash, letter: string) => letter.toUpperCase())

/** Like the AWS CLI: numbers and lists are parsed, and a value that names a file is replaced by what is in it. */
function typed(option: string, value: string): unknown {
  if (option === 'tags') return JSON.parse(value)
  if (option === 'rotation-period-in-days') return Number(value)
  if (/^(file|http|https):\/\//.test(value)) throw new Error(`The AWS CLI would read ${value}`)
  return value
}
