// Machine doors: how the browser reads from the server. Polling goes through GET, never through a server action:
// actions of one client queue behind one another.

import type { Refusal } from '@/lib/plans/answer'
import type { PartWithSteps, Run } from '@/lib/plans/run'
import type { Facts } from '@/lib/topology/facts'
import type { RefreshBudget } from '@/lib/topology/refresh-budget'
import type { Refreshing } from '@/lib/topology/refreshing'
import type { MonthOfRequests } from '@/lib/topology/requests'
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

/** Without steps where there are many. */
export const getRun = (id: string, signal?: AbortSignal) =>
  get<Run>(`/api/runs/${encodeURIComponent(id)}?steps=few`, signal)

export const getRunPart = (id: string, part: number, signal?: AbortSignal) =>
  get<PartWithSteps>(`/api/runs/${encodeURIComponent(id)}/parts/${part}`, signal)

export interface SettingsView {
  settings: {
    refreshBudget: RefreshBudget
    /** ISO time and person of the last change; null while everything has its default. */
    updatedAt: string | null
    updatedBy: string | null
  }
  /** Null while it is not known, shortly after the start. */
  refreshing: Refreshing | null
  /** This calendar month, of all processes on the same database. */
  requests: MonthOfRequests
  /** Where the list of Regions comes from. */
  regionsFrom: 'emulator' | 'ATLAS_REGIONS' | 'default'
  about: {
    version: string
    mode: 'emulator' | 'aws'
    /** Null: that of AWS in each Region. */
    endpoint: string | null
    database: 'embedded' | 'postgresql'
    /** Percent of each request quota that background reads may use. */
    quotaShare: number
    node: string
  }
}

export const getSettings = (signal?: AbortSignal) => get<SettingsView>('/api/settings', signal)
