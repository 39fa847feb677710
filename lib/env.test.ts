import { describe, expect, it } from 'vitest'
import { parseEnv } from './env'

describe('parseEnv', () => {
  it('takes what is not set, or empty, as its default', () => {
    expect(parseEnv({ PORT: '', ATLAS_REGIONS: '' })).toMatchObject({ PORT: 3000, ATLAS_MAX_REPLICAS: 10 })
    expect(parseEnv({})).not.toHaveProperty('ATLAS_REGIONS')
  })

  it('reads numbers and lists', () => {
    expect(parseEnv({ PORT: '0', ATLAS_REGIONS: ' us-east-1, eu-west-1,,' })).toMatchObject({
      PORT: 0,
      ATLAS_REGIONS: ['us-east-1', 'eu-west-1'],
    })
  })

  it.each([
    [{ PORT: 'many' }, 'PORT (not a whole number)'],
    [{ PORT: '0x10' }, 'PORT (not a whole number)'],
    [{ EMULATOR_PORT: '70000' }, 'EMULATOR_PORT (not a port: 0 to 65535)'],
    [{ ATLAS_REGIONS: 'Ireland,Oregon' }, 'ATLAS_REGIONS (write Regions like us-east-1,eu-west-1)'],
    [{ ATLAS_REGIONS: ',' }, 'ATLAS_REGIONS (name at least one Region)'],
    [{ ATLAS_MAX_REPLICAS: '0' }, 'ATLAS_MAX_REPLICAS (at least 1)'],
    [{ DATABASE_URL: 'mysql://x:secret@db/atlas' }, 'DATABASE_URL (write it like postgres://user@host/name)'],
    [{ AWS_ENDPOINT_URL_KMS: 'localhost:4566' }, 'AWS_ENDPOINT_URL_KMS (write it like https://host)'],
    [{ PORT: 'x', ATLAS_MAX_REPLICAS: '0' }, 'PORT (not a whole number); ATLAS_MAX_REPLICAS (at least 1)'],
  ])('says in one sentence what is wrong with %j', (variables, wrong) => {
    expect(() => parseEnv(variables)).toThrow(new Error(`Wrong value in the environment: ${wrong}`))
  })
})
