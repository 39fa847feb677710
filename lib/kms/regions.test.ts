import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

/** The variables are parsed once, so each test reads them anew. */
async function regionsWith(variables: Record<string, string>): Promise<string[]> {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value)
  const { regionsToScan } = await import('./regions')
  return regionsToScan()
}

beforeEach(() => {
  vi.resetModules()
  vi.stubEnv('ATLAS_REGIONS', '')
  vi.stubEnv('AWS_REGION', '')
})
afterEach(() => {
  vi.unstubAllEnvs()
})

describe('regionsToScan', () => {
  it('takes the Regions that are named, each once and sorted', async () => {
    expect(await regionsWith({ ATLAS_REGIONS: 'us-east-1, eu-west-1,us-east-1' })).toEqual(['eu-west-1', 'us-east-1'])
  })

  it('takes the default Regions of the partition of AWS_REGION', async () => {
    expect(await regionsWith({ AWS_REGION: 'cn-north-1' })).toEqual(['cn-north-1', 'cn-northwest-1'])
  })

  it('takes those of the partition aws when nothing is named', async () => {
    const regions = await regionsWith({})
    expect(regions).toContain('eu-west-1')
    expect(regions).not.toContain('af-south-1')
  })
})
