'use server'

import { z } from 'zod'
import { env } from '@/lib/env'
import type { Answer } from '@/lib/plans/answer'
import { type RegionFault, regionFaults, type TrainedRegion } from '@/lib/topology/training'
import { guardedAction } from './guarded-action'

/**
 * The training switch: makes a Region of the emulator fail, for practice. It exists only when the start script handed
 * over the emulator's address.
 */
async function door(path: string, init?: RequestInit): Promise<Answer<unknown>> {
  const { ATLAS_TRAINING_URL } = env()
  if (ATLAS_TRAINING_URL === undefined) {
    return { ok: false, error: { code: 'unavailable', message: 'There is no training switch on real AWS' } }
  }
  const response = await fetch(new URL(`/_emulator/${path}`, ATLAS_TRAINING_URL), init).catch(() => null)
  if (!response?.ok) {
    return { ok: false, error: { code: 'unavailable', message: 'The emulator does not answer at its control doors' } }
  }
  return { ok: true, value: await response.json() }
}

const regionsAnswer = z.object({
  regions: z.array(
    z.object({ region: z.string(), fault: z.enum(regionFaults).nullable(), endsAt: z.iso.datetime().nullable() }),
  ),
})

export const listTrainedRegionsAction = guardedAction(z.object({}), async (): Promise<Answer<TrainedRegion[]>> => {
  const answer = await door('regions')
  return answer.ok ? { ok: true, value: regionsAnswer.parse(answer.value).regions } : answer
})

const training = z.object({
  region: z.string().regex(/^[a-z0-9-]+$/, 'Choose a Region'),
  fault: z.enum(regionFaults).nullable(),
  /** The fault ends by itself after this time; 0 keeps it until it is lifted. */
  forSeconds: z.int().min(0).max(86_400).default(0),
})

export const trainRegionAction = guardedAction(
  training,
  async ({ region, fault, forSeconds }): Promise<Answer<{ region: string; fault: RegionFault | null }>> => {
    const answer = await door(`regions/${encodeURIComponent(region)}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ fault, forSeconds }),
    })
    return answer.ok ? { ok: true, value: { region, fault } } : answer
  },
)
