'use server'

import { saveSettings, settingsPatchSchema } from '@/lib/settings/settings'
import { guardedAction } from './guarded-action'

/** Stores settings for all processes; what does not fit is said at its field. */
export const saveSettingsAction = guardedAction(settingsPatchSchema, async (patch, actor) => ({
  ok: true,
  value: await saveSettings(patch, actor),
}))
