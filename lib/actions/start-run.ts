'use server'

import { startRunRequest } from '@/lib/plans/start-run'
import { startRun } from '@/lib/runs/start-run'
import { guardedAction } from './guarded-action'

/** Starts a reviewed plan; refused when its families have changed since the review. */
export const startRunAction = guardedAction(startRunRequest, startRun)
