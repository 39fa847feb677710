// The dashboard as a child: Next.js, built or with hot reload, until its first page answers.

import { createInterface } from 'node:readline'
import { stripVTControlCharacters } from 'node:util'
import { NEXT } from './build.ts'
import { type Child, startChild } from './children.ts'
import type { Variables } from './dashboard-variables.ts'
import { Refusal } from './refusal.ts'

const ASK_AGAIN_MS = 100
const FIRST_PAGE_MS = 120_000
const ONE_REQUEST_MS = 60_000

/**
 * V8 takes memory to save time, where this dashboard has time enough:
 * - The embedded database is WebAssembly. Compiling it anew with all optimisations, once it is used much, takes another
 *   500 MB for some seconds; it stays with the code that is compiled first.
 * - Garbage may grow to half of what is in use before it is collected, instead of to three times that.
 */
const LITTLE_MEMORY = ['--liftoff-only', '--heap-growing-percent=50']

/** Next.js names the address it listens on; the rest of its greeting would only repeat ours. */
const ADDRESS = /^\s*- Local:\s+(http:\/\/\S+)/
const GREETING = /^\s*(▲ Next\.js|- (Local|Network|Environments):|✓ (Starting|Ready|Running next\.config)|$)/

export type DashboardOptions = { dev: boolean; host: string; port: number; variables: Variables }

export async function startDashboard(options: DashboardOptions): Promise<{ child: Child; url: string }> {
  const NODE_ENV = options.dev ? 'development' : 'production'
  const colours = process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}
  const where = ['-H', options.host, '-p', String(options.port)]
  const child = startChild(
    [...LITTLE_MEMORY, NEXT, options.dev ? 'dev' : 'start', ...where],
    { ...options.variables, ...colours, NODE_ENV },
    { out: 'pipe', error: 'inherit' },
  )
  const url = await Promise.race([addressOf(child), refusalOf(child)])
  await Promise.race([firstPageOf(url), refusalOf(child)])
  return { child, url }
}

/** Passes on what the dashboard prints, its greeting excepted. */
function addressOf({ process: { stdout } }: Child): Promise<string> {
  return new Promise((resolve) => {
    if (!stdout) return
    createInterface({ input: stdout }).on('line', (line) => {
      const plain = stripVTControlCharacters(line)
      const address = ADDRESS.exec(plain)?.[1]
      if (address) resolve(address)
      if (!GREETING.test(plain)) console.log(line)
    })
  })
}

async function firstPageOf(url: string): Promise<void> {
  const deadline = performance.now() + FIRST_PAGE_MS
  let answered = 'nothing'
  while (performance.now() < deadline) {
    const response = await fetch(url, { signal: AbortSignal.timeout(ONE_REQUEST_MS) }).catch(() => undefined)
    await response?.body?.cancel()
    if (response?.status === 200) return
    answered = response ? `status ${response.status}` : 'nothing'
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS))
  }
  throw new Refusal(`The first page of the dashboard answered ${answered} for ${FIRST_PAGE_MS / 1000} s.`)
}

/** Exit code 1 comes with the dashboard's own words, for example that the data folder is in use. */
async function refusalOf({ ended }: Child): Promise<never> {
  const { code, signal } = await ended
  throw new Refusal(code === 1 ? '' : `The dashboard ended before it was ready (${signal ?? `code ${code}`}).`)
}
