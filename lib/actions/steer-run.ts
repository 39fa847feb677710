'use server'

import { z } from 'zod'
import { retryRequest, skipRequest } from '@/lib/plans/steer-run'
import { runs } from '@/lib/runs/live'
import { guardedAction } from './guarded-action'

const id = z.string().min(1)

const steering = z.discriminatedUnion('how', [
  z.object({ id, how: z.enum(['pause', 'resume', 'abort']) }),
  retryRequest.extend({ id, how: z.literal('retry') }),
  skipRequest.extend({ id, how: z.literal('skip') }),
])

/** Steers a run or one of its parts; what its status does not allow is answered in words. */
export const steerRunAction = guardedAction(steering, (wish, actor) => {
  switch (wish.how) {
    case 'retry':
      return runs().retry(wish.id, actor, wish.part)
    case 'skip':
      return runs().skip(wish.id, actor, wish)
    default:
      return runs()[wish.how](wish.id, actor)
  }
})
