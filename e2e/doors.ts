// The dashboard's machine doors, for stories that speak to it as a script does.

import { type APIRequestContext, expect } from '@playwright/test'

export type MemberSeen = { region: string; role: string; state: string; known: string; aliases: string[] }
export type FamilySeen = { keyId: string; primaryRegion: string | null; members: MemberSeen[] }
export type RegionSeen = { name: string; status: string; since?: string; message?: string }
export type TopologySeen = { version: number; regions: RegionSeen[]; families: FamilySeen[] }
export type RunSeen = { id: string; keyIds: string[]; status: string; message: string; steps: { status: string }[] }
export type RequestData = { kind: string } & Record<string, unknown>
export type PlanSeen = { request: RequestData; fingerprint: string; confirmation: string | null }

/** What a door answers when it refuses. */
export const refusal = (code: string, message: RegExp) => ({
  error: expect.objectContaining({ code, message: expect.stringMatching(message) }),
})

export async function readEveryRegion(request: APIRequestContext): Promise<TopologySeen> {
  const response = await request.post('/api/topology/refresh', { data: {} })
  expect(response.status()).toBe(200)
  return response.json()
}

export async function regionIn(request: APIRequestContext, name: string): Promise<RegionSeen | undefined> {
  const { regions } = (await (await request.get('/api/topology')).json()) as TopologySeen
  return regions.find((region) => region.name === name)
}

export async function planFor(request: APIRequestContext, data: RequestData): Promise<PlanSeen> {
  const response = await request.post('/api/plans', { data })
  expect(response.status()).toBe(200)
  return response.json()
}

/** Starts what a script has planned, with all that is asked of it; answers the id of the run. */
export async function startRun(request: APIRequestContext, data: RequestData, reason = 'A story'): Promise<string> {
  const plan = await planFor(request, data)
  const response = await request.post('/api/runs', { data: startOf(plan, reason) })
  expect(response.status()).toBe(201)
  return ((await response.json()) as { id: string }).id
}

export const startOf = ({ request, fingerprint, confirmation }: PlanSeen, reason = 'A story') => ({
  request,
  fingerprint,
  reason,
  ...(confirmation !== null && { confirmation }),
})

export async function runOf(request: APIRequestContext, id: string): Promise<RunSeen> {
  return (await request.get(`/api/runs/${id}`)).json()
}

/** Until the run is in one of these statuses. */
export async function untilRunIs(request: APIRequestContext, id: string, status: string) {
  await expect.poll(async () => (await runOf(request, id)).status, { timeout: 30_000 }).toBe(status)
}
