// Loaded before a child's own program: ends it when the process that started it is gone. Plain JavaScript, so that the
// server does not keep Node's TypeScript parser in memory.

import { isMainThread } from 'node:worker_threads'

const POLITE_MS = 4_000

if (isMainThread && process.send) {
  process.once('disconnect', () => {
    process.kill(process.pid, 'SIGTERM')
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), POLITE_MS)
  })
}
