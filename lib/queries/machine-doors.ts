// Machine doors: how the browser reads from the server. Polling goes through GET, never through a server action:
// actions of one client queue behind one another.

import type { Refusal } from '@/lib/plans/answer'
import type { Run } from '@/lib/plans/run'
import type { Facts } from '@/lib/topology/facts'
import type { Family, Topology, TopologyDelta } from '@/lib/topology/topology'

/** A door that refused, or a server that does not answer (`code` is then `unavailable`). */
export class DoorError extends Error {
  readonly code: Refusal['code']

  constructor({ code, message }: Refusal) {
    super(message)
    this.name = 'DoorError'
    this.code = code
  }
}

const silent: Refusal = { code: 'unavailable', message: 'The dashboard’s own server does not answer' }

async function get<T>(path: string, signal: AbortSignal | undefined): Promise<T> {
  let response: Response
  try {
    response = await fetch(path, { signal, headers: { accept: 'application/json' } })
  } catch (error) {
    if (signal?.aborted) throw error
    throw new DoorError(silent)
  }
  const body: unknown = await response.json().catch(() => null)
  if (response.ok) return body as T
  const refusal = (body as { error?: Refusal } | null)?.error
  throw new DoorError(refusal ?? silent)
}

/** `open` are the key ids of the families on the screen. */
export function getTopologySince(version: number | undefined, open: string[], signal?: AbortSignal) {
  const asked = new URLSearchParams({
    ...(version !== undefined && { since: String(version) }),
    ...(open.length > 0 && { open: open.join(',') }),
  })
  return get<Topology | TopologyDelta>(`/api/topology?${asked}`, signal)
}

/** A family with policy, tags and rotations of every member. */
export interface FamilyFacts {
  family: Family
  facts: Facts
}

export const getFamilyFacts = (keyId: string, signal?: AbortSignal) =>
  get<FamilyFacts>(`/api/topology/${encodeURIComponent(keyId)}`, signal)

export const getRuns = (signal?: AbortSignal) => get<{ runs: Run[] }>('/api/runs', signal)

export const getRun = (id: string, signal?: AbortSignal) => get<Run>(`/api/runs/${encodeURIComponent(id)}`, signal)
