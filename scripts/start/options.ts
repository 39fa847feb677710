// What `npm start` was asked for, by options and by variables.

import { parseArgs } from 'node:util'
import { type Env, parseEnv } from '../../lib/env.ts'
import { Refusal } from './refusal.ts'

export type StartOptions = { mode: 'emulator' | 'aws'; dev: boolean; env: Env }

const LOOPBACK = ['127.0.0.1', '::1', 'localhost']

export function readOptions(args: string[], variables: NodeJS.ProcessEnv): StartOptions {
  const { aws, dev } = parse(args)
  const env = parseVariables(variables)
  if (!LOOPBACK.includes(env.HOST)) {
    throw new Refusal(
      `HOST must be 127.0.0.1, ::1 or localhost, not ${env.HOST}: without sign-in only this machine may ask.`,
    )
  }
  const mode = aws || env.AWS_ENDPOINT_URL_KMS !== undefined ? 'aws' : 'emulator'
  if (mode === 'emulator' && env.PORT !== 0 && env.PORT === env.EMULATOR_PORT) {
    throw new Refusal(`PORT and EMULATOR_PORT must differ; both are ${env.PORT}.`)
  }
  return { mode, dev, env }
}

function parse(args: string[]): { aws: boolean; dev: boolean } {
  try {
    const { values } = parseArgs({
      args,
      options: { aws: { type: 'boolean', default: false }, dev: { type: 'boolean', default: false } },
    })
    return values
  } catch (error) {
    const [sentence = ''] = (error instanceof Error ? error.message : String(error)).split(/(?<=\.)\s|\n/)
    throw new Refusal(`${sentence.replace(/\.$/, '')}; there are --aws and --dev.`)
  }
}

function parseVariables(variables: NodeJS.ProcessEnv): Env {
  try {
    return parseEnv(variables)
  } catch (error) {
    throw new Refusal(error instanceof Error ? error.message : String(error))
  }
}
