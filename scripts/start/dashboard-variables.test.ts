import { devNull } from 'node:os'
import { describe, expect, it } from 'vitest'
import { dashboardVariables } from './dashboard-variables.ts'

const emulator = { url: 'http://127.0.0.1:4566', regions: ['eu-west-1', 'us-east-1'] }

describe('dashboardVariables', () => {
  it('lets nothing of the user’s AWS settings reach the emulator mode', () => {
    const users = {
      AWS_PROFILE: 'prod',
      AWS_ACCESS_KEY_ID: '123456789012',
      AWS_SESSION_TOKEN: 'token',
      AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/admin',
      AWS_WEB_IDENTITY_TOKEN_FILE: '/tokens/web',
      AWS_CONFIG_FILE: '/home/me/.aws/config',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
      AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true',
      AWS_REGION: 'cn-north-1',
    }
    const given = dashboardVariables({ PATH: '/bin', ...users }, '/data', emulator)
    expect(Object.fromEntries(Object.entries(given).filter(([name]) => name.startsWith('AWS_')))).toEqual({
      AWS_ENDPOINT_URL_KMS: 'http://127.0.0.1:4566',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: 'us-east-1',
      AWS_CONFIG_FILE: devNull,
      AWS_SHARED_CREDENTIALS_FILE: devNull,
      AWS_EC2_METADATA_DISABLED: 'true',
    })
    expect(given).toMatchObject({ PATH: '/bin', ATLAS_DATA_DIR: '/data', ATLAS_TRAINING_URL: 'http://127.0.0.1:4566' })
  })

  it('scans the emulator’s Regions unless others are given', () => {
    expect(dashboardVariables({}, '/data', emulator).ATLAS_REGIONS).toBe('eu-west-1,us-east-1')
    expect(dashboardVariables({ ATLAS_REGIONS: '' }, '/data', emulator).ATLAS_REGIONS).toBe('eu-west-1,us-east-1')
    expect(dashboardVariables({ ATLAS_REGIONS: 'eu-west-3' }, '/data', emulator).ATLAS_REGIONS).toBe('eu-west-3')
  })

  it('leaves the credential chain alone in AWS mode, where there is no training switch', () => {
    const given = dashboardVariables(
      { AWS_PROFILE: 'prod', AWS_CONFIG_FILE: '/c', ATLAS_TRAINING_URL: 'http://127.0.0.1:4566' },
      '/data',
      undefined,
    )
    expect(given).toEqual({
      AWS_PROFILE: 'prod',
      AWS_CONFIG_FILE: '/c',
      ATLAS_DATA_DIR: '/data',
      NEXT_MANUAL_SIG_HANDLE: 'true',
      NEXT_TELEMETRY_DISABLED: '1',
    })
  })
})
