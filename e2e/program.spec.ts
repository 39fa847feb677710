// The program itself: what it refuses, what it keeps, and what it is when AWS, or anything like it, is asked.

import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import type { APIRequestContext } from '@playwright/test'
import { refusedStart, startAtlas, startEmulator } from './atlas'
import { type RunSeen, runOf, startRun, type TopologySeen, untilRunIs } from './doors'
import { EmulatorDoors } from './emulator-doors'
import { expect, test } from './fixtures'

/** The first page after a start comes when the Regions have been read. */
const STARTED = { timeout: 30_000 }

/** One sentence, and nothing else. */
const refusedWith = (sentence: RegExp) => ({
  code: 1,
  out: '',
  error: expect.stringMatching(new RegExp(`^${sentence.source}\\n$`)),
})

test('an operator is refused a second start on the same data folder', async ({ atlas, request }) => {
  expect(await refusedStart({ ATLAS_DATA_DIR: atlas.dataDir })).toEqual(
    refusedWith(/The data folder .* is in use by process \d+: .*/),
  )
  expect(await refusedStart({ ATLAS_DATA_DIR: atlas.dataDir, AWS_REGION: 'us-east-1' }, ['--aws'])).toEqual(
    refusedWith(/The data folder .* is in use by process \d+: .*/),
  )
  expect((await request.get('/api/health')).status()).toBe(200)
})

test('an operator is told which port is taken, and how to choose another', async ({ atlas }, { outputDir }) => {
  const { port } = new URL(atlas.baseUrl)
  expect(await refusedStart({ PORT: port, ATLAS_DATA_DIR: outputDir })).toEqual(
    refusedWith(new RegExp(`Port ${port} is taken; choose another with PORT\\.`)),
  )
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port: taken } = other.address() as AddressInfo
  expect(await refusedStart({ EMULATOR_PORT: String(taken), ATLAS_DATA_DIR: outputDir })).toEqual(
    refusedWith(new RegExp(`Port ${taken} is taken; choose another with EMULATOR_PORT\\.`)),
  )
  await new Promise((closed) => other.close(closed))
})

test('an operator is refused what would open the dashboard to others, or is misspelt', async ({}, { outputDir }) => {
  const start = (variables: Record<string, string>, options: string[] = []) =>
    refusedStart({ ATLAS_DATA_DIR: outputDir, ...variables }, options)
  expect(await start({ HOST: '0.0.0.0' })).toEqual(refusedWith(/HOST must be .*, not 0\.0\.0\.0: .*/))
  expect(await start({ HOST: '0.0.0.0' }, ['--aws'])).toEqual(refusedWith(/HOST must be .*, not 0\.0\.0\.0: .*/))
  expect(await start({}, ['--asw'])).toEqual(refusedWith(/Unknown option '--asw'; there are --aws and --dev\./))
  expect(await start({ PORT: 'eighty' })).toEqual(refusedWith(/.*PORT .*/))
  expect(await start({ ATLAS_REGIONS: 'Ireland' })).toEqual(refusedWith(/.*ATLAS_REGIONS.*/))
  expect(await start({ ATLAS_SCENARIO: 'paradise' })).toEqual(refusedWith(/.*demo.*, not paradise\./))
  expect(await start({ DATABASE_URL: 'mysql://elsewhere' })).toEqual(refusedWith(/.*DATABASE_URL.*/))
})

test('an operator finds keys and runs again after a restart, and what was under way goes on', async ({
  playwright,
}) => {
  test.slow()
  const first = await startAtlas()
  const before = await playwright.request.newContext({ baseURL: first.baseUrl })
  const { families } = (await (await before.get('/api/topology')).json()) as TopologySeen
  const keyId = keyIdOf(families, 'alias/billing')
  const done = await startRun(before, { kind: 'set-rotation', keyId, enabled: true, periodInDays: 91 }, 'Before')
  await untilRunIs(before, done, 'succeeded')
  await new EmulatorDoors(first.emulatorUrl).settings({ transitionMs: 2_000 })
  const underWay = await startRun(before, { kind: 'replicate', keyId, toRegions: ['eu-west-1'] })
  await before.dispose()
  first.kill('SIGTERM')
  expect(await first.ended).toBe(0)

  const again = await startAtlas({ ATLAS_DATA_DIR: first.dataDir, ATLAS_SCENARIO: 'empty' })
  const after = await playwright.request.newContext({ baseURL: again.baseUrl })
  try {
    expect(await runOf(after, done)).toMatchObject({ status: 'succeeded', reason: 'Before' })
    await untilRunIs(after, underWay, 'succeeded')
    const { runs } = (await (await after.get('/api/runs')).json()) as { runs: RunSeen[] }
    expect(runs.map(({ id }) => id)).toEqual([underWay, done])
    await expect.poll(() => membersOf(after, keyId)).toEqual(['eu-west-1 Enabled', 'us-east-1 Enabled'])
  } finally {
    await after.dispose()
    await again.remove()
    await first.remove()
  }
})

test('an operator looks at another KMS with --aws, and no training is offered', async ({ page }) => {
  test.slow()
  const kms = await startEmulator('demo')
  const aws = {
    AWS_ENDPOINT_URL_KMS: kms.url,
    AWS_ACCESS_KEY_ID: 'a',
    AWS_SECRET_ACCESS_KEY: 'b',
    AWS_REGION: 'us-east-1',
  }
  const atlas = await startAtlas({ ...aws, ATLAS_REGIONS: 'us-east-1,eu-west-1' }, ['--aws'])
  try {
    expect(atlas.emulatorUrl).toBe('')
    await page.goto(`${atlas.baseUrl}/keys`)
    await expect(page.getByRole('grid').getByRole('link', { name: 'alias/global-data-key' })).toBeVisible(STARTED)
    await expect(page.getByRole('banner')).toContainText('111122223333')
    await expect(page.getByRole('button', { name: 'Practise an outage' })).toBeHidden()
    await expect(page.getByText(/emulator/i)).toBeHidden()

    const topology = (await (await page.request.get(`${atlas.baseUrl}/api/topology`)).json()) as TopologySeen
    expect(topology.regions.map(({ name }) => name).sort()).toEqual(['eu-west-1', 'us-east-1'])
    expect(topology.families.find(({ members }) => members.some(({ known }) => known !== 'live'))).toBeDefined()
    expect((await fetch(`${kms.url}/_emulator/scenarios`)).status).toBe(200)
    expect((await fetch(`${atlas.baseUrl}/_emulator/scenarios`)).status).toBe(404)
  } finally {
    await atlas.remove()
    await kms.end()
  }
})

function keyIdOf(families: TopologySeen['families'], alias: string): string {
  const family = families.find(({ members }) => members.some(({ aliases }) => aliases.includes(alias)))
  expect(family).toBeDefined()
  return family?.keyId ?? ''
}

async function membersOf(request: APIRequestContext, keyId: string): Promise<string[] | undefined> {
  const { families } = (await (await request.get('/api/topology')).json()) as TopologySeen
  return families.find((family) => family.keyId === keyId)?.members.map(({ region, state }) => `${region} ${state}`)
}
