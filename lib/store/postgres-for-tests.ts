// For tests: a PostgreSQL server of their own, in a temporary folder on a free port.

import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process'
import { once as eventOf } from 'node:events'
import { accessSync, chownSync, constants, globSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { Client } from 'pg'

/** Ends the server with the process that started it, whose end closes the pipe. */
const WITH_PARENT = '"$@" & server=$!; cat > /dev/null; kill -INT $server; wait $server'

/** Nothing of it has to survive a crash of the machine. */
const SETTINGS = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', listen_addresses: '127.0.0.1' }

function isExecutable(path: string) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** The folder with `initdb` and `postgres`: in the PATH, or where Debian puts them, the newest first. */
function findPrograms(): string | undefined {
  const inPath = (process.env.PATH ?? '').split(delimiter)
  const ofDebian = globSync('/usr/lib/postgresql/*/bin').sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
  return [...inPath, ...ofDebian].find((folder) =>
    ['initdb', 'postgres'].every((program) => isExecutable(join(folder, program))),
  )
}

/** PostgreSQL refuses to run as root: then it runs as nobody. */
function otherUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const idOf = (option: string) => Number(execFileSync('id', [option, 'nobody'], { encoding: 'utf8' }))
  return { uid: idOf('-u'), gid: idOf('-g') }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await eventOf(server, 'listening')
  const address = server.address()
  server.close()
  if (typeof address !== 'object' || address === null) throw new Error('No free port')
  return address.port
}

/** Resolves when the server says that it accepts connections; rejects with what it has said when it ends before. */
function ready(server: ChildProcessByStdio<Writable, null, Readable>): Promise<void> {
  return new Promise((resolve, reject) => {
    const said: string[] = []
    createInterface({ input: server.stderr }).on('line', (line) => {
      if (said.length < 100) said.push(line)
      if (line.includes('ready to accept connections')) resolve()
    })
    server.once('exit', () => reject(new Error(`PostgreSQL did not start:\n${said.join('\n')}`)))
  })
}

export interface TestPostgres {
  url: string
  /** Asks the server something, on a connection of its own. */
  query: (sql: string, values?: unknown[]) => Promise<Record<string, unknown>[]>
  /** Ends all its connections with this application name. */
  cutConnections: (name: string) => Promise<void>
  stop: () => Promise<void>
}

async function startServer(programs: string): Promise<TestPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'atlas-postgres-'))
  const user = otherUser()
  if (user) chownSync(folder, user.uid, user.gid)
  const data = join(folder, 'data')
  execFileSync(
    join(programs, 'initdb'),
    ['--pgdata', data, '--username', 'atlas', '--auth', 'trust', '--encoding', 'UTF8', '--locale', 'C', '--no-sync'],
    { ...user, cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] },
  )
  const port = await freePort()
  const settings = Object.entries({ ...SETTINGS, port, unix_socket_directories: folder })
  const server = spawn(
    '/bin/sh',
    ['-c', WITH_PARENT, 'sh', join(programs, 'postgres'), '-D', data].concat(
      settings.flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ),
    { ...user, cwd: folder, stdio: ['pipe', 'ignore', 'pipe'] },
  )
  const url = `postgres://atlas@127.0.0.1:${port}/postgres`
  await ready(server)

  async function query(sql: string, values: unknown[] = []) {
    const client = new Client({ connectionString: url, application_name: 'test' })
    await client.connect()
    try {
      return (await client.query(sql, values)).rows
    } finally {
      await client.end()
    }
  }

  return {
    url,
    query,
    cutConnections: async (name) => {
      await query('select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1', [name])
    },
    stop: async () => {
      const exit = eventOf(server, 'exit')
      server.stdin.end()
      await exit
      rmSync(folder, { recursive: true })
    },
  }
}

/** Starts a server; null, and a printed reason, where PostgreSQL is not installed. */
export async function startPostgres(): Promise<TestPostgres | null> {
  const programs = findPrograms()
  if (programs) return startServer(programs)
  console.warn('Skipped: no PostgreSQL server is installed here (initdb and postgres, in the PATH or as Debian does).')
  return null
}
