// The settings view: what the screen and its machine door show, put together from the rooms that know it.

import { env } from '@/lib/env'
import { inventory } from '@/lib/inventory/live'
import { storedRequests } from '@/lib/metrics/live'
import type { SettingsView } from '@/lib/queries/machine-doors'
import { settings } from '@/lib/settings/settings'
import packageJson from '@/package.json'

function regionsFrom(): SettingsView['regionsFrom'] {
  const { ATLAS_TRAINING_URL, ATLAS_REGIONS } = env()
  // The start script names the emulator's Regions in the same variable.
  if (ATLAS_TRAINING_URL !== undefined) return 'emulator'
  return ATLAS_REGIONS === undefined ? 'default' : 'ATLAS_REGIONS'
}

function about(): SettingsView['about'] {
  const { ATLAS_TRAINING_URL, AWS_ENDPOINT_URL_KMS, DATABASE_URL, ATLAS_QUOTA_SHARE } = env()
  return {
    version: packageJson.version,
    mode: ATLAS_TRAINING_URL === undefined ? 'aws' : 'emulator',
    endpoint: AWS_ENDPOINT_URL_KMS ?? null,
    database: DATABASE_URL === undefined ? 'embedded' : 'postgresql',
    quotaShare: ATLAS_QUOTA_SHARE,
    node: process.version,
  }
}

export async function readSettingsView(): Promise<SettingsView> {
  const [stored, requests] = await Promise.all([settings(), storedRequests().thisMonth()])
  return {
    settings: stored,
    refreshing: inventory().refreshing(),
    requests,
    regionsFrom: regionsFrom(),
    about: about(),
  }
}
