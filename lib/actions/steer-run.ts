'use server'

import { z } from 'zod'
import { runs } from '@/lib/runs/live'
import { guardedAction } from './guarded-action'

const steering = z.object({ id: z.string().min(1), how: z.enum(['pause', 'resume', 'abort', 'retry']) })

/** Pauses, resumes, aborts or retries a run; what its status does not allow is answered in words. */
export const steerRunAction = guardedAction(steering, ({ id, how }, actor) => runs()[how](id, actor))
