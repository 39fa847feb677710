// Every way in which a start is told to end: a signal, or the end of the process that started it.

const ASK_FOR_PARENT_MS = 500

/**
 * Calls `end` once, however many signals come: npm and the terminal both send the same Ctrl-C. A killed `npm` leaves
 * its script running under another parent, and a killed test runner closes its channel: both mean to end.
 */
export function whenToldToEnd(end: () => void): void {
  let told = false
  const tell = () => {
    if (told) return
    told = true
    end()
  }
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, tell)
  if (process.send) process.on('disconnect', tell)
  if (process.env.npm_lifecycle_event) whenParentChanges(tell)
}

function whenParentChanges(tell: () => void): void {
  const parent = process.ppid
  setInterval(() => {
    if (process.ppid !== parent) tell()
  }, ASK_FOR_PARENT_MS).unref()
}
