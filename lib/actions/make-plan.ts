'use server'

import { z } from 'zod'
import { makePlan } from '@/lib/runs/make-plan'
import { guardedAction } from './guarded-action'

/** The plan for a request of any kind; its own schema answers at the fields. */
export const makePlanAction = guardedAction(z.looseObject({ kind: z.string() }), makePlan)
