import { describe, expect, it } from 'vitest'
import { readOptions } from './options.ts'

const read = (args: string[], variables: Record<string, string> = {}) =>
  readOptions(args, { NODE_ENV: 'production', ...variables })

describe('readOptions', () => {
  it('starts the emulator when nothing is configured', () => {
    const { mode, dev, env } = read([])
    expect({ mode, dev, port: env.PORT, emulatorPort: env.EMULATOR_PORT }).toEqual({
      mode: 'emulator',
      dev: false,
      port: 3000,
      emulatorPort: 4566,
    })
  })

  it.each([
    [['--aws'], {}, 'aws'],
    [[], { AWS_ENDPOINT_URL_KMS: 'http://127.0.0.1:4000' }, 'aws'],
    [[], { AWS_ENDPOINT_URL_KMS: '' }, 'emulator'],
    [[], { AWS_PROFILE: 'prod', AWS_ACCESS_KEY_ID: 'AKIA' }, 'emulator'],
  ])('takes %j with %j for the mode %s', (args, variables, mode) => {
    expect(read(args, variables).mode).toBe(mode)
  })

  it('reads --dev in both modes', () => {
    expect(read(['--dev']).dev).toBe(true)
    expect(read(['--dev', '--aws'])).toMatchObject({ dev: true, mode: 'aws' })
  })

  it.each([
    [['--asw'], {}, "Unknown option '--asw'; there are --aws and --dev."],
    [['production'], {}, "Unexpected argument 'production'; there are --aws and --dev."],
    [[], { PORT: '70000' }, /^Wrong value in the environment: PORT /],
    [[], { ATLAS_REGIONS: 'Ireland' }, /^Wrong value in the environment: ATLAS_REGIONS/],
    [[], { PORT: '4000', EMULATOR_PORT: '4000' }, 'PORT and EMULATOR_PORT must differ; both are 4000.'],
  ])('refuses %j with %j in one sentence', (args, variables, sentence) => {
    expect(() => read(args, variables)).toThrow(sentence)
  })

  it.each([[[]], [['--aws']]])('refuses any address but loopback with %j', (args) => {
    expect(() => read(args, { HOST: '0.0.0.0' })).toThrow(
      /^HOST must be 127\.0\.0\.1, ::1 or localhost, not 0\.0\.0\.0/,
    )
    for (const HOST of ['127.0.0.1', '::1', 'localhost']) expect(read(args, { HOST }).env.HOST).toBe(HOST)
  })
})
