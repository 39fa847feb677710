// The environment that the dashboard is started with, by mode.

import { devNull } from 'node:os'

export type Variables = Record<string, string | undefined>
export type EmulatorHandedOver = { url: string; regions: string[] }

/**
 * With the emulator, nothing of the user's AWS settings may reach the SDK: neither a variable nor a profile on disk.
 * Without it the chain stays untouched, and the training switch, which is the sign of emulator mode, is not handed over.
 */
export function dashboardVariables(
  variables: Variables,
  dataDir: string,
  emulator: EmulatorHandedOver | undefined,
): Variables {
  const { ATLAS_TRAINING_URL: _, ...own } = variables
  const common = { ATLAS_DATA_DIR: dataDir, NEXT_MANUAL_SIG_HANDLE: 'true', NEXT_TELEMETRY_DISABLED: '1' }
  if (!emulator) return { ...own, ...common }

  const withoutAws = Object.fromEntries(Object.entries(own).filter(([name]) => !name.startsWith('AWS_')))
  return {
    ...withoutAws,
    ...common,
    AWS_ENDPOINT_URL_KMS: emulator.url,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'us-east-1',
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: 'true',
    ATLAS_REGIONS: own.ATLAS_REGIONS || emulator.regions.join(','),
    ATLAS_TRAINING_URL: emulator.url,
  }
}
