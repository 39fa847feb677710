// Says before anything is built whether a port can be had.

import { createServer } from 'node:net'
import { Refusal } from './refusal.ts'

/** `variable` is the one to change when the port is taken. Port 0 is always free. */
export async function requireFreePort(variable: string, port: number, host: string): Promise<void> {
  const server = createServer()
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen(port, host, resolve)
  try {
    await promise
  } catch (error) {
    throw new Refusal(sentenceFor((error as NodeJS.ErrnoException).code, variable, port, host))
  }
  await new Promise((closed) => server.close(closed))
}

function sentenceFor(code: string | undefined, variable: string, port: number, host: string): string {
  if (code === 'EADDRINUSE') return `Port ${port} is taken; choose another with ${variable}.`
  if (code === 'EACCES') return `Port ${port} may not be used; choose another with ${variable}.`
  return `Nothing can listen on ${host}, port ${port} (${code}).`
}
