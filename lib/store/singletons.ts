// What must exist once in a server process. Next.js evaluates a module several times (instrumentation, pages,
// route handlers), so such things live on `globalThis` under one symbol, and only here.

const held = Symbol.for('kms-atlas')

type Holder = typeof globalThis & { [held]?: Map<string, unknown> }

function holder(): Map<string, unknown> {
  const place = globalThis as Holder
  place[held] ??= new Map()
  return place[held]
}

/** The one instance of this name in the process, made at the first call. */
export function once<T>(name: string, make: () => T): T {
  const instances = holder()
  if (!instances.has(name)) instances.set(name, make())
  return instances.get(name) as T
}
