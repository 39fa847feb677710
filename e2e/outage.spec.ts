// A Region fails while somebody works: nothing disappears, what cannot be done says why, and all comes back by itself.

import type { Page } from '@playwright/test'
import { startAtlas, startEmulator } from './atlas'
import { type FamilySeen, readEveryRegion, regionIn } from './doors'
import { EmulatorDoors, type Fault } from './emulator-doors'
import { expect, test } from './fixtures'
import { choose } from './plan-steps'

/** A hanging Region is waited for, several times over. */
const NOTICED = { timeout: 45_000 }

const main = (page: Page) => page.getByRole('main')

const faults: { fault: Fault; how: string }[] = [
  { fault: 'unreachable', how: 'closes every connection' },
  { fault: 'hang', how: 'never answers' },
]

for (const { fault, how } of faults) {
  test(`an operator keeps sight of everything while a Region ${how}`, async ({
    page,
    emulator,
    givenFamily,
    ownAlias,
  }) => {
    test.slow()
    const led = await givenFamily({ primary: 'ap-southeast-1', replicas: ['eu-west-1', 'us-west-2'] })
    const joined = await givenFamily({ primary: 'us-east-1', replicas: ['ap-southeast-1'] })
    const apart = await givenFamily({ primary: 'us-east-1' })

    const ours = encodeURIComponent(ownAlias)

    await page.goto('/')
    await expect(page.getByRole('heading', { name: 'Overview', level: 1 })).toBeVisible()
    await emulator.fault('ap-southeast-1', fault)

    // The overview notices by itself, and names for how long and why.
    await expect(main(page)).toContainText(/ap-southeast-1 does not answer for \d+ s/, NOTICED)
    await expect(main(page)).toContainText(/Nothing can be promoted out of ap-southeast-1 now/)
    const region = await regionIn(page.request, 'ap-southeast-1')
    expect(region).toMatchObject({ status: 'unreachable', since: expect.any(String), message: expect.any(String) })
    await expect(main(page)).toContainText(region?.message ?? '')

    // Its keys stay where they were, as last read.
    await page.goto(`/keys?q=${ours}`)
    for (const { alias } of [led, joined, apart]) {
      await expect(page.getByRole('grid').getByRole('link', { name: alias })).toBeVisible()
    }
    await expect(page.getByRole('row', { name: joined.alias })).toContainText(
      'ap-southeast-1: replica key, Enabled when last read',
    )
    await expect(main(page)).toContainText(/ap-southeast-1 could not be read/)

    await page.goto(`/keys?view=matrix&q=${ours}`)
    await expect(page.getByRole('columnheader', { name: /ap-southeast-1/ })).toContainText('no answer')
    const cell = (name: string) => page.getByRole('grid').getByRole('button', { name })
    await expect(cell(`${led.alias} in ap-southeast-1: primary key, Enabled when last read`)).toBeVisible()
    const empty = cell(`Replicate ${apart.alias} to ap-southeast-1: not readable, ap-southeast-1 does not answer`)
    await expect(empty).toBeDisabled()
    await expect(empty).toContainText('not readable')

    await page.goto(`/keys/${joined.keyId}`)
    await expect(page.getByRole('heading', { name: joined.alias, level: 1 })).toBeVisible()
    await expect(page.getByRole('row', { name: /ap-southeast-1/ })).toContainText('Enabled')
    await expect(page.getByRole('row', { name: /ap-southeast-1/ })).toContainText(region?.message ?? '')

    // Nothing is offered there that cannot work.
    await page.goto(`/keys/${apart.keyId}`)
    await page.getByRole('button', { name: 'Replicate', exact: true }).click()
    await page.getByRole('dialog').getByLabel('Regions').click()
    await expect(page.getByRole('option', { name: /us-west-2/ })).toBeEnabled()
    const option = page.getByRole('option', { name: /ap-southeast-1/ })
    await expect(option).toBeDisabled()
    await expect(option).toContainText(region?.message ?? '')

    await page.goto(`/keys/${led.keyId}/promote`)
    await expect(main(page)).toContainText('No promotion can start now')
    await expect(main(page)).toContainText(
      /Replica keys go on working without it: callers can use eu-west-1 and us-west-2 now/,
    )

    await page.goto(`/keys/${led.keyId}?tab=crypto-check`)
    const check = page.getByRole('tabpanel', { name: 'Crypto check' })
    await choose(page, /^Region A/, /eu-west-1 replica key/)
    await choose(page, /^Region B/, /us-west-2 replica key/)
    await check.getByRole('textbox', { name: 'Text' }).fill('still working')
    await check.getByRole('button', { name: 'Encrypt and decrypt' }).click()
    await expect(
      check.getByRole('region', { name: 'Decrypted text' }).or(check.getByLabel('Decrypted text')),
    ).toHaveText('still working', NOTICED)

    // Recovery shows without a click.
    await page.goto(`/keys/${joined.keyId}`)
    await expect(main(page)).toContainText(/ap-southeast-1 does not answer/)
    await emulator.fault('ap-southeast-1', null)
    await expect(main(page)).not.toContainText(/ap-southeast-1 does not answer/, NOTICED)
    await expect(page.getByRole('row', { name: /ap-southeast-1/ })).toContainText('Enabled')
    await expect(page.getByRole('row', { name: /ap-southeast-1/ })).not.toContainText(region?.message ?? '')
  })
}

test('an operator sees a Region that denies everything as a blind spot', async ({ page, emulator, givenFamily }) => {
  const { alias } = await givenFamily({ primary: 'us-east-1', replicas: ['ap-northeast-1'] })
  await emulator.fault('ap-northeast-1', 'denied')
  await page.goto('/')
  await readEveryRegion(page.request)
  const spot = page.getByRole('listitem').filter({ hasText: /ap-northeast-1 does not let the dashboard read it/ })
  await expect(spot).toContainText('AccessDeniedException')
  await expect(spot).toContainText(/last read .+/)
  await expect(main(page)).toContainText('KMS itself answers in ap-northeast-1')
  const { blindSpots } = await (await page.request.get('/api/topology/blind-spots')).json()
  expect(blindSpots).toMatchObject([{ region: 'ap-northeast-1', part: 'region', status: 'denied' }])

  await page.goto(`/keys?q=${encodeURIComponent(alias)}`)
  await expect(page.getByRole('row', { name: alias })).toContainText(
    'ap-northeast-1: replica key, Enabled when last read',
  )

  await emulator.fault('ap-northeast-1', null)
  await expect(main(page)).not.toContainText('does not let the dashboard read it', NOTICED)
})

test('an operator learns of keys in a Region that was dead from the start', async ({ page, playwright }) => {
  test.slow()
  const kms = await startEmulator('demo')
  const doors = new EmulatorDoors(kms.url)
  await doors.fault('ap-southeast-1', 'unreachable')
  const aws = {
    AWS_ENDPOINT_URL_KMS: kms.url,
    AWS_ACCESS_KEY_ID: 'a',
    AWS_SECRET_ACCESS_KEY: 'b',
    AWS_REGION: 'us-east-1',
  }
  const atlas = await startAtlas({ ...aws, ATLAS_REGIONS: (await doors.regions()).join(',') })
  const request = await playwright.request.newContext({ baseURL: atlas.baseUrl })
  try {
    const { families, regions } = await readEveryRegion(request)
    expect(regions).toContainEqual(
      expect.objectContaining({ name: 'ap-southeast-1', status: 'unreachable', asOf: null }),
    )
    const payments = families.find(holds('alias/apac-payments'))
    expect(payments?.members).toContainEqual(
      expect.objectContaining({ region: 'ap-southeast-1', role: 'PRIMARY', state: 'Unknown', known: 'inferred' }),
    )
    await page.goto(`${atlas.baseUrl}/keys/${payments?.keyId}`)
    await expect(page.getByRole('row', { name: /ap-southeast-1/ })).toContainText('told by its relatives only')
    await page.goto(atlas.baseUrl)
    await expect(main(page)).toContainText('Nothing in it has been read since the dashboard started.')

    await doors.fault('ap-southeast-1', null)
    await expect(main(page)).not.toContainText('ap-southeast-1 does not answer', NOTICED)
    const healed = await readEveryRegion(request)
    expect(healed.families.find(holds('alias/apac-payments'))?.members).toContainEqual(
      expect.objectContaining({ region: 'ap-southeast-1', state: 'Enabled', known: 'live' }),
    )
  } finally {
    await request.dispose()
    await atlas.remove()
    await kms.end()
  }
})

test('an operator loses nothing typed while a Region fails', async ({ page, emulator, kms }) => {
  test.slow()
  const name = `typed-in-an-outage-${Date.now()}`
  await page.goto('/keys/new')
  await choose(page, /^Primary Region/, /^eu-central-1/)
  await page.getByLabel('Alias').fill(name)
  await page.getByLabel('Description').fill('Typed before the outage')
  await page.getByRole('button', { name: 'Add tag' }).click()
  await page.getByRole('textbox', { name: 'Tag key' }).fill('team')
  await page.getByRole('textbox', { name: 'Value' }).fill('sre')

  await emulator.fault('eu-central-1', 'unreachable')
  await readEveryRegion(page.request)
  await expect(main(page)).toContainText('eu-central-1 does not answer')
  await page.getByRole('button', { name: 'Review plan' }).click()
  await expect(main(page)).toContainText(/eu-central-1 does not answer \(/)
  await expect(page.getByRole('button', { name: 'Start run' })).toBeDisabled()
  await expectTyped()

  await emulator.fault('eu-central-1', null)
  await readEveryRegion(page.request)
  await expect(main(page)).not.toContainText('eu-central-1 does not answer:')
  await expectTyped()
  await page.getByRole('button', { name: 'Review plan' }).click()
  await page.getByRole('button', { name: 'Start run' }).click()
  await expect.poll(() => kms.aliasTarget('eu-central-1', `alias/${name}`), NOTICED).toMatch(/^mrk-/)

  async function expectTyped() {
    await expect(page.getByLabel('Alias')).toHaveValue(name)
    await expect(page.getByLabel('Description')).toHaveValue('Typed before the outage')
    await expect(page.getByRole('textbox', { name: 'Tag key' })).toHaveValue('team')
    await expect(page.getByRole('textbox', { name: 'Value' })).toHaveValue('sre')
  }
})

test('an operator loses nothing typed while the dashboard’s own server is away', async ({ page, givenFamily, kms }) => {
  const { keyId } = await givenFamily({ primary: 'us-east-1' })
  await page.goto(`/keys/${keyId}`)
  await page.getByRole('button', { name: 'Replicate', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: /^Replicate/ })
  await choose(dialog, /^Regions/, /^us-west-2/)
  await dialog.getByRole('button', { name: 'Policy, description, tags and aliases' }).click()
  await dialog.getByRole('checkbox', { name: 'as the primary key’s' }).first().uncheck()
  await dialog.getByRole('textbox', { name: 'Description' }).fill('Typed without a server')

  await page.route('**/*', (route) => route.abort())
  await dialog.getByRole('button', { name: 'Review plan' }).click()
  await expect(dialog.getByRole('alert')).toContainText('The dashboard’s own server does not answer')
  await expect(dialog.getByRole('textbox', { name: 'Description' })).toHaveValue('Typed without a server')

  await page.unroute('**/*')
  await dialog.getByRole('button', { name: 'Ask again' }).click()
  await dialog.getByRole('button', { name: 'Start run' }).click()
  await expect
    .poll(async () => (await kms.describe('us-west-2', keyId))?.Description, NOTICED)
    .toBe('Typed without a server')
})

const holds =
  (alias: string) =>
  ({ members }: FamilySeen) =>
    members.some(({ aliases }) => aliases.includes(alias))
