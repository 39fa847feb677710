'use server'

import { z } from 'zod'
import { inventory } from '@/lib/inventory/live'
import { guardedAction } from './guarded-action'

/** Reads every Region now; done when all have answered or failed. */
export const refreshTopologyAction = guardedAction(z.object({}), async () => {
  inventory().seen()
  const { version } = await inventory().refresh()
  return { ok: true, value: { version } }
})
