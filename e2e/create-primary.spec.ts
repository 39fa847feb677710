import { expect, test } from './fixtures'
import { choose, expectRunDone, startRun } from './plan-steps'
import { visit } from './visit'

test('a platform engineer creates a key with alias, tag and rotation', async ({ page, kms, ownAlias: alias }) => {
  await visit(page, '/')
  await page.getByRole('link', { name: 'Create key' }).click()
  await expect(page.getByRole('heading', { name: 'Create key', level: 1 })).toBeVisible()
  await choose(page, /^Primary Region/, 'us-east-1')
  await page.getByLabel('Alias', { exact: true }).fill(alias.replace('alias/', ''))
  await page.getByRole('checkbox', { name: 'Automatic rotation' }).check()
  await page.getByLabel('Rotation period in days').fill('200')
  await page.getByRole('button', { name: 'Add tag' }).click()
  await page.getByRole('textbox', { name: 'Tag key' }).fill('team')
  await page.getByRole('textbox', { name: 'Value' }).fill('platform')
  await page.getByRole('button', { name: 'Review plan' }).click()

  const review = page.getByRole('region', { name: 'Review' })
  await expect(review.getByRole('row', { name: /Create the primary key in us-east-1/ })).toContainText(
    'aws kms create-key',
  )
  expect(await kms.aliasTarget('us-east-1', alias)).toBeUndefined()
  await startRun(review)
  await expectRunDone(page)
  await page
    .getByRole('button', { name: 'Open the key family' })
    .or(page.getByRole('link', { name: 'Open the key family' }))
    .click()
  await expect(page.getByRole('heading', { name: alias, level: 1 })).toBeVisible()
  await expect(page.getByRole('row', { name: /us-east-1/ })).toContainText('Primary key')

  const keyId = (await kms.aliasTarget('us-east-1', alias)) ?? ''
  expect(await kms.describe('us-east-1', keyId)).toMatchObject({
    MultiRegion: true,
    KeyState: 'Enabled',
    MultiRegionConfiguration: { MultiRegionKeyType: 'PRIMARY' },
  })
  expect(await kms.tags('us-east-1', keyId)).toMatchObject({ team: 'platform' })
  expect(await kms.rotation('us-east-1', keyId)).toMatchObject({ KeyRotationEnabled: true, RotationPeriodInDays: 200 })
})

test('a platform engineer creates a key with a replica key in the same plan', async ({
  page,
  kms,
  ownAlias: alias,
}) => {
  await visit(page, '/keys/new')
  await choose(page, /^Primary Region/, 'us-east-1')
  await page.getByLabel('Alias', { exact: true }).fill(alias.replace('alias/', ''))
  await choose(page, /^Replica Regions/, 'eu-west-1')
  await page.getByRole('button', { name: 'Review plan' }).click()
  await startRun(page.getByRole('region', { name: 'Review' }))
  await expectRunDone(page)

  const keyId = (await kms.aliasTarget('us-east-1', alias)) ?? ''
  expect(await kms.aliasTarget('eu-west-1', alias)).toBe(keyId)
  expect(await kms.primaryRegionOf(keyId)).toBe('us-east-1')
  expect(await kms.describe('eu-west-1', keyId)).toMatchObject({
    KeyState: 'Enabled',
    MultiRegionConfiguration: { MultiRegionKeyType: 'REPLICA' },
  })
  await visit(page, `/keys/${keyId}`)
  await expect(page.getByRole('row', { name: /eu-west-1/ })).toContainText('Replica key')
})
