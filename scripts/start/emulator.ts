// The emulator as a child: it prints its own address, and its state lives beside the database.

import { once } from 'node:events'
import { join } from 'node:path'
import { z } from 'zod'
import { type Child, startChild } from './children.ts'
import type { EmulatorHandedOver } from './dashboard-variables.ts'
import { emulatorFolder } from './data-folder.ts'
import { Refusal } from './refusal.ts'

const listening = z.object({ listening: z.url() })
const regionList = z.object({ regions: z.array(z.object({ region: z.string() })) })

type EmulatorOptions = { port: number; scenario: string; dataDir: string }

export async function startEmulator(options: EmulatorOptions): Promise<EmulatorHandedOver & { child: Child }> {
  const where = ['--port', String(options.port), '--data', join(emulatorFolder(options.dataDir), 'keys.jsonl')]
  const child = startChild(['emulator/main.ts', ...where, '--scenario', options.scenario], process.env, {
    out: 'inherit',
    error: 'inherit',
  })
  const url = await Promise.race([addressOf(child), refusalOf(child)])
  const response = await fetch(`${url}/_emulator/regions`)
  const { regions } = regionList.parse(await response.json())
  return { child, url, regions: regions.map(({ region }) => region) }
}

async function addressOf({ process }: Child): Promise<string> {
  const [message] = await once(process, 'message')
  return listening.parse(message).listening
}

/** The emulator says in one sentence why it cannot start. */
async function refusalOf({ ended }: Child): Promise<never> {
  const { code } = await ended
  throw new Refusal(code === 1 ? '' : 'The emulator ended before it listened.')
}
