import { answerJson, door } from '@/app/api/door'
import { readSettingsView } from '@/app/settings/settings-view'

/** What is set, how refreshing goes, and what this month has cost. */
export const GET = door(async () => answerJson(await readSettingsView()))
