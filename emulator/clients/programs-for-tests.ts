// Other people's programs in tests: whether this machine has one, how it is run, and what keeps it from its user's
// configuration and from the network.

import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { onTestFinished } from 'vitest'

type Environment = NodeJS.ProcessEnv
export type Ended = {
  /** The exit code; null when a signal ended the program. */
  code: number | null
  out: string
  error: string
  /** Both streams, as they came: what a failure should show. */
  all: string
}

/** Variables that would lead a client elsewhere or change what it prints. */
const STRANGE = /^(AWS_|BOTO_|TF_|GODEBUG|(https?|all|no)_proxy$)/i

function isOnPath(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)))
}

/** Whether a program that is asked something small answers well: a name on the PATH may be an empty shell. */
export function answersWell(program: string, ...args: string[]): boolean {
  return isOnPath(program) && spawnSync(program, args, { env: quietEnvironment(), stdio: 'ignore' }).status === 0
}

/** For `it.skipIf`: prints why the tests of a client are skipped, when there is a reason. */
export function skipped(client: string, reason: string | undefined): boolean {
  if (reason !== undefined) console.warn(`skipped, ${client}: ${reason}`)
  return reason !== undefined
}

/** A folder of its own for one test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kms-emulator-clients-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** This process's variables without those of AWS and Terraform, and with AWS configuration files that are empty. */
export function awsEnvironment(folder: string, more: Record<string, string> = {}): Environment {
  const empty = join(folder, 'empty')
  writeFileSync(empty, '')
  return {
    ...quietEnvironment(),
    AWS_CONFIG_FILE: empty,
    AWS_SHARED_CREDENTIALS_FILE: empty,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_PAGER: '',
    ...more,
  }
}

/** What makes a client ask the emulator for KMS and STS, in no Region unless it names one. */
export const towards = (url: string) => ({
  AWS_ENDPOINT_URL_KMS: url,
  AWS_ENDPOINT_URL_STS: url,
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
})

function quietEnvironment(): Environment {
  const env = { ...process.env }
  for (const name of Object.keys(env)) if (STRANGE.test(name)) delete env[name]
  return env
}

export async function run(
  program: string,
  args: string[],
  { folder, env, input = '' }: { folder: string; env: Environment; input?: string },
): Promise<Ended> {
  const child = spawn(program, args, { cwd: folder, env })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  const ended: Ended = { code: null, out: '', error: '', all: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    ended.out += text
    ended.all += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    ended.error += text
    ended.all += text
  })
  child.stdin.on('error', () => {}) // of a program that ends without reading
  child.stdin.end(input)
  ended.code = await new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  return ended
}

/** A shell text as a person would paste it, ended by its first command that fails. */
export function runShell(text: string, options: { folder: string; env: Environment }): Promise<Ended> {
  return run('bash', ['-euo', 'pipefail', '-s'], { ...options, input: text })
}

/** The code blocks in one language under a heading of the emulator's README. */
export function blocksOfReadme(heading: string, language: string): string[] {
  const text = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const section = text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? ''
  return [...section.matchAll(/^```(\w+)\n(.*?)^```$/gms)]
    .filter(([, block]) => block === language)
    .map(([, , code = '']) => code)
}

/** The address that the README gives as an example. */
export const EXAMPLE_URL = 'http://127.0.0.1:4566'
