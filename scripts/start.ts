// `npm start` and `npm run dev`: the emulator (unless another endpoint is asked for), the build when needed, the
// dashboard. Ends everything together.

import { resolve } from 'node:path'
import { buildWhenNeeded } from './start/build.ts'
import { type Child, endChildren } from './start/children.ts'
import { type DashboardOptions, startDashboard } from './start/dashboard.ts'
import { dashboardVariables } from './start/dashboard-variables.ts'
import { claimDataFolder } from './start/data-folder.ts'
import { startEmulator } from './start/emulator.ts'
import { whenToldToEnd } from './start/end-when-told.ts'
import { readOptions, type StartOptions } from './start/options.ts'
import { requireFreePort } from './start/ports.ts'
import { Refusal } from './start/refusal.ts'

let ending = false

async function end(exitCode: number): Promise<void> {
  ending = true
  if (await endChildren()) process.exit(exitCode)
  console.error('What did not end in time was killed.')
  process.exit(1)
}

whenToldToEnd(() => void end(0))

try {
  await start(readOptions(process.argv.slice(2), process.env))
} catch (error) {
  if (!ending) {
    if (!(error instanceof Refusal)) console.error(error)
    else if (error.message !== '') console.error(error.message)
    await end(1)
  }
}

/** Runs until a child ends that should not. */
async function start({ mode, dev, env }: StartOptions): Promise<void> {
  const dataDir = resolve(env.ATLAS_DATA_DIR)
  await requireFreePort('PORT', env.PORT, env.HOST)
  if (mode === 'emulator') await requireFreePort('EMULATOR_PORT', env.EMULATOR_PORT, '127.0.0.1')
  claimDataFolder(dataDir, mode)

  const emulator =
    mode === 'emulator'
      ? await startEmulator({ port: env.EMULATOR_PORT, scenario: env.ATLAS_SCENARIO, dataDir })
      : undefined
  await Promise.race([
    serve({ dev, host: env.HOST, port: env.PORT, variables: dashboardVariables(process.env, dataDir, emulator) }),
    ...(emulator ? [unexpectedEnd('emulator', emulator.child)] : []),
  ])
}

async function serve(options: DashboardOptions): Promise<void> {
  if (!options.dev) await buildWhenNeeded()
  const { child, url } = await startDashboard(options)
  console.log(`ready ${url}`)
  await unexpectedEnd('dashboard', child)
}

async function unexpectedEnd(name: string, child: Child): Promise<never> {
  const { code, signal } = await child.ended
  throw new Refusal(`The ${name} ended unexpectedly (${signal ?? `code ${code}`}).`)
}
