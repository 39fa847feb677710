// Runs once when a server process starts, before the first request.

export async function register() {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return
  const { startServer } = await import('./instrumentation-node')
  await startServer()
}
