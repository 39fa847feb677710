// What others change shows by itself, what may not be read is said, and a restart shows what was known.

import {
  CreateAliasCommand,
  DisableKeyCommand,
  ReplicateKeyCommand,
  UpdatePrimaryRegionCommand,
} from '@aws-sdk/client-kms'
import type { Page } from '@playwright/test'
import { startAtlas, startEmulator } from './atlas'
import { readEveryRegion, type TopologySeen } from './doors'
import { expect, test } from './fixtures'

/** Within 20 s by itself; a busy machine needs longer to paint it. */
const SEEN = { timeout: 45_000 }

const main = (page: Page) => page.getByRole('main')

test('an operator sees what others do to a family, without a click', async ({ page, kms, givenFamily }) => {
  test.slow()
  const { keyId, alias } = await givenFamily({ primary: 'us-east-1', replicas: ['eu-west-1'] })
  await page.goto(`/keys/${keyId}`)
  const members = page.getByRole('table', { name: /members/i })
  await expect(members.getByRole('row', { name: /us-east-1/ })).toContainText('Primary')

  await kms.client('us-east-1').send(new ReplicateKeyCommand({ KeyId: keyId, ReplicaRegion: 'us-west-2' }))
  await expect(members.getByRole('row', { name: /us-west-2/ })).toContainText('Enabled', SEEN)

  const other = `${alias}-by-others`
  await kms.client('eu-west-1').send(new CreateAliasCommand({ AliasName: other, TargetKeyId: keyId }))
  await expect(members.getByRole('row', { name: /eu-west-1/ })).toContainText(other, SEEN)
  await kms.deleteAlias('eu-west-1', other)
  await expect(members).not.toContainText(other, SEEN)

  await kms.client('us-west-2').send(new DisableKeyCommand({ KeyId: keyId }))
  await expect(members.getByRole('row', { name: /us-west-2/ })).toContainText('Disabled', SEEN)

  await kms.client('us-east-1').send(new UpdatePrimaryRegionCommand({ KeyId: keyId, PrimaryRegion: 'eu-west-1' }))
  await expect(members.getByRole('row', { name: /eu-west-1/ })).toContainText('Primary', SEEN)
})

test('an operator sees a key that others have made, without a click', async ({ page, kms, ownAlias }) => {
  await page.goto(`/keys?q=${encodeURIComponent(ownAlias)}`)
  await expect(main(page)).toContainText('No family matches')
  await kms.createFamily({ primary: 'us-east-1', replicas: ['eu-west-1'], alias: ownAlias })
  const row = page.getByRole('row', { name: ownAlias })
  await expect(row).toContainText('eu-west-1', SEEN)
  await expect(row).toContainText('us-east-1')
})

test('an operator reads that aliases may not be listed in a Region, and everything else goes on', async ({
  page,
  emulator,
  givenFamily,
}) => {
  const { alias } = await givenFamily({ primary: 'us-east-1', replicas: ['eu-central-1'] })
  await emulator.failNext('ListAliases', 1_000_000, 'AccessDeniedException', 'eu-central-1')
  await readEveryRegion(page.request)
  const { blindSpots } = await (await page.request.get('/api/topology/blind-spots')).json()
  expect(blindSpots).toMatchObject([{ region: 'eu-central-1', part: 'aliases' }])

  await page.goto('/')
  await expect(main(page).getByRole('listitem').filter({ hasText: 'eu-central-1' })).toContainText(/alias/i)
  await page.goto(`/keys?q=${encodeURIComponent(alias)}`)
  await expect(page.getByRole('row', { name: alias })).toContainText('eu-central-1')

  await emulator.failNext('ListAliases', 0, 'AccessDeniedException', 'eu-central-1')
  await page.goto('/')
  await expect
    .poll(async () => (await page.request.get('/api/topology/blind-spots')).json(), SEEN)
    .toMatchObject({
      blindSpots: [],
    })
})

test('an operator sees after a restart what was known, and how old it is, while KMS is away', async ({ page }) => {
  test.slow()
  const kms = await startEmulator('demo')
  const aws = {
    AWS_ENDPOINT_URL_KMS: kms.url,
    AWS_ACCESS_KEY_ID: 'a',
    AWS_SECRET_ACCESS_KEY: 'b',
    AWS_REGION: 'us-east-1',
    ATLAS_REGIONS: 'us-east-1,eu-west-1',
  }
  const before = await startAtlas(aws, ['--aws'])
  const refreshed = await page.request.post(`${before.baseUrl}/api/topology/refresh`, { data: {} })
  const known = (await refreshed.json()) as TopologySeen
  expect(known.regions.map(({ status }) => status)).toEqual(['ok', 'ok'])
  before.kill('SIGTERM')
  expect(await before.ended).toBe(0)
  await kms.end()

  const after = await startAtlas({ ...aws, ATLAS_DATA_DIR: before.dataDir }, ['--aws'])
  try {
    await page.goto(`${after.baseUrl}/keys`)
    const row = page.getByRole('row', { name: 'alias/global-data-key' })
    await expect(row).toContainText('us-east-1: primary key, Enabled when last read', SEEN)
    await expect(main(page)).toContainText(/us-east-1.* could not be read/)
    await page.goto(after.baseUrl)
    await expect(main(page)).toContainText(/us-east-1 does not answer/, SEEN)
    await expect(main(page)).toContainText(/What is shown of it was read/)
  } finally {
    await after.remove()
    await before.remove()
  }
})
