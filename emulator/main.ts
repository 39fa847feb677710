// The emulator as a program: options in, a line with the address out, until it is told to end.

import { mkdir } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { isMakingKeyPairs } from './crypto/key-pair.ts'
import packageJson from './package.json' with { type: 'json' }
import { SCENARIO_NAMES } from './scenarios/scenarios.ts'
import { type Options, type RunningEmulator, startEmulator } from './server.ts'

/** Something the person who starts the program can put right. */
class UsageError extends Error {}

/** The options, each with what to put after it and what it does. */
const OPTIONS = {
  port: { type: 'string', default: '4566', value: 'NUMBER', does: 'where to listen on 127.0.0.1; 0 picks a free port' },
  scenario: {
    type: 'string',
    default: 'demo',
    value: 'NAME',
    does: `the keys to begin with: ${SCENARIO_NAMES.join(', ')}`,
  },
  data: {
    type: 'string',
    value: 'FILE',
    does: 'keeps the keys there; one that holds keys counts more than --scenario',
  },
  'compact-after': {
    type: 'string',
    value: 'BYTES',
    does: 'writes that file anew when so many bytes of changes have gathered; 8 MiB if not told',
  },
  account: { type: 'string', default: '111122223333', value: 'DIGITS', does: 'the account of callers, 12 digits' },
  help: { type: 'boolean', value: '', does: 'prints this and ends' },
  version: { type: 'boolean', value: '', does: 'prints the version and ends' },
} as const

const USAGE = `Usage: kms-emulator [options]

${packageJson.description}.

${Object.entries(OPTIONS).map(usageOf).join('\n')}

Doors, operations and differences from AWS: README.md of this package.`

try {
  const { values } = parse(process.argv.slice(2))
  if (values.help) console.log(USAGE)
  else if (values.version) console.log(packageJson.version)
  else await run(readOptions(values))
} catch (error) {
  console.error(sentenceFor(error))
  process.exit(1)
}

async function run(options: Options): Promise<void> {
  const emulator = await startWithFile(options)
  endWhenTold(emulator)
  console.log(`emulator ${emulator.url}`)
  process.send?.({ listening: emulator.url })
}

/** The system names a file beside the state file, or none at all: say which one was asked for. */
async function startWithFile(options: Options): Promise<RunningEmulator> {
  const { dataFile } = options
  if (dataFile === undefined) return startEmulator(options)
  try {
    await mkdir(dirname(dataFile), { recursive: true })
    return await startEmulator(options)
  } catch (error) {
    const { code, syscall, message } = error as NodeJS.ErrnoException
    if (code === undefined || syscall === 'listen') throw error
    throw new UsageError(`${dataFile} cannot keep the keys: ${message}. Name another file with --data.`)
  }
}

function usageOf([name, option]: [string, (typeof OPTIONS)[keyof typeof OPTIONS]]): string {
  const otherwise = 'default' in option ? ` (${option.default})` : ''
  return `  ${`--${name} ${option.value}`.padEnd(21)}  ${option.does}${otherwise}`
}

type Values = ReturnType<typeof parse>['values']

function readOptions(values: Values): Options {
  const port = Number(values.port)
  if (!/^\d+$/.test(values.port) || port > 65_535) {
    throw new UsageError(`--port must be a number from 0 to 65535, not ${values.port}.`)
  }
  if (!SCENARIO_NAMES.includes(values.scenario)) {
    throw new UsageError(`--scenario must be one of ${SCENARIO_NAMES.join(', ')}, not ${values.scenario}.`)
  }
  if (!/^\d{12}$/.test(values.account)) {
    throw new UsageError(`--account must be a number of 12 digits, not ${values.account}.`)
  }
  const { scenario, account, data, 'compact-after': compactAfter } = values
  if (compactAfter !== undefined && !/^\d+$/.test(compactAfter)) {
    throw new UsageError(`--compact-after must be a number of bytes, not ${compactAfter}.`)
  }
  return {
    port,
    scenario,
    account,
    ...(data === undefined ? {} : { dataFile: resolve(data) }),
    ...(compactAfter === undefined ? {} : { compactAfterBytes: Number(compactAfter) }),
  }
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS })
  } catch (error) {
    const [sentence = ''] = (error instanceof Error ? error.message : String(error)).split(/(?<=\.)\s/)
    throw new UsageError(`${sentence.replace(/\.$/, '')}; --help lists all options.`)
  }
}

function sentenceFor(error: unknown): string {
  if (error instanceof UsageError) return error.message
  if (!(error instanceof Error)) return String(error)
  const { code, message, port } = error as NodeJS.ErrnoException & { port?: number }
  if (code === 'EADDRINUSE') return `Port ${port} is taken; choose another with --port.`
  if (code === 'EACCES' && port !== undefined) return `Port ${port} may not be used; choose another with --port.`
  return message
}

function endWhenTold(emulator: RunningEmulator): void {
  let ending = false
  const end = () => {
    if (ending) return
    ending = true
    emulator.close().then(
      () => exit(0),
      (error: unknown) => {
        console.error(error)
        exit(1)
      },
    )
  }
  process.on('SIGTERM', end)
  process.on('SIGINT', end)
  if (!process.send) return
  process.on('disconnect', end)
  if (!process.connected) end()
}

/** By then everything is on disk; a key pair in the making, which may take seconds more, is of no use to anybody. */
function exit(code: number): void {
  if (isMakingKeyPairs()) process.kill(process.pid, 'SIGKILL') // process.exit would wait for it
  process.exit(code)
}
