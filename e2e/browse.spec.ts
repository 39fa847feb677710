import { expect, test } from './fixtures'
import { hears, visit } from './visit'

test('an operator sees every family, where it is and what is wrong with it, without a click', async ({ page, kms }) => {
  await visit(page, '/')
  await expect(page.getByRole('heading', { name: 'Overview', level: 1 })).toBeVisible()
  const count = (await kms.familyIds()).length
  await expect(
    page
      .getByRole('main')
      .getByRole('link', { name: String(count), exact: true })
      .first(),
  ).toBeVisible()

  const map = page.getByRole('group', { name: 'Region map' })
  await expect(map.getByRole('button', { name: /^us-east-1, \d+ primary · \d+ replica$/ })).toBeVisible()
  const attention = page.getByRole('listitem').filter({ has: page.getByRole('link', { name: 'alias/search-index' }) })
  await expect(attention).toContainText('alias/search-index points to another key in us-west-2')
  const target = await kms.aliasTarget('us-west-2', 'alias/search-index')
  expect(target).toBe(await kms.aliasTarget('us-west-2', 'alias/analytics-lake'))
})

test('an operator goes from a Region of the map to the families there', async ({ page, kms, givenFamily }) => {
  const there = await givenFamily({ primary: 'eu-central-1', replicas: ['eu-west-1'] })
  const elsewhere = await givenFamily({ primary: 'us-west-2' })
  await visit(page, '/')
  const region = page.getByRole('group', { name: 'Region map' }).getByRole('button', { name: /^eu-central-1,/ })
  await expect(region).toBeVisible()
  await region.focus()
  await region.press('Enter')

  await expect(page.getByRole('heading', { name: 'Keys', level: 1 })).toBeVisible()
  expect(new URL(page.url()).searchParams.get('region')).toBe('eu-central-1')
  await expect(page.getByRole('row').filter({ hasText: there.alias })).toContainText('eu-central-1')
  await expect(page.getByRole('row').filter({ hasText: elsewhere.alias })).toHaveCount(0)
  expect(await kms.describe('eu-central-1', there.keyId)).toBeDefined()
  expect(await kms.describe('eu-central-1', elsewhere.keyId)).toBeUndefined()
})

test('an operator goes from the findings to the families that have them', async ({
  page,
  kms,
  givenFamily,
  readAgain,
}) => {
  const missing = await givenFamily({ primary: 'us-east-1', replicas: ['eu-west-1'] })
  const healthy = await givenFamily({ primary: 'us-east-1', replicas: ['eu-west-1'] })
  await kms.deleteAlias('eu-west-1', missing.alias)
  await readAgain()
  await visit(page, '/')
  await page.getByRole('link', { name: /^\d+ medium$/ }).click()

  await expect(page.getByRole('heading', { name: 'Keys', level: 1 })).toBeVisible()
  await page.getByRole('button', { name: `findings of ${missing.alias}` }).click()
  await expect(page.getByRole('dialog', { name: missing.alias })).toContainText(
    `${missing.alias} does not exist in eu-west-1`,
  )
  expect(await kms.aliasTarget('eu-west-1', missing.alias)).toBeUndefined()
  expect(await kms.aliasTarget('eu-west-1', healthy.alias)).toBe(healthy.keyId)
})

test('an operator narrows the keys by properties, and the URL keeps the filter', async ({ page, kms, givenFamily }) => {
  const wanted = await givenFamily({ primary: 'ap-northeast-1', replicas: ['us-east-1'] })
  const other = await givenFamily({ primary: 'us-east-1', replicas: ['ap-northeast-1'] })
  await visit(page, '/keys')
  const filter = page.getByRole('combobox', { name: 'Filter keys' })
  await filter.fill('Primary Region = ap-northeast-1')
  await filter.press('Enter')

  const narrowed = async () => {
    await expect(page.getByRole('row').filter({ hasText: wanted.alias })).toBeVisible()
    await expect(page.getByRole('row').filter({ hasText: other.alias })).toHaveCount(0)
  }
  await narrowed()
  expect(new URL(page.url()).searchParams.get('primary')).toBe('ap-northeast-1')
  await page.reload()
  await hears(page)
  await narrowed()
  await expect(page.getByRole('group', { name: 'Primary Region equals ap-northeast-1' })).toBeVisible()
  expect(await kms.primaryRegionOf(wanted.keyId)).toBe('ap-northeast-1')
  expect(await kms.primaryRegionOf(other.keyId)).toBe('us-east-1')
})

test('an operator looks at the keys as a matrix of families and Regions', async ({ page, kms, givenFamily }) => {
  const { keyId, alias } = await givenFamily({ primary: 'us-east-1', replicas: ['eu-west-1'] })
  await visit(page, `/keys?q=${alias}`)
  await page.getByRole('button', { name: 'Matrix' }).click()
  const matrix = page.getByRole('grid', { name: 'Families by Region' })
  await expect(matrix.getByRole('button', { name: `${alias} in us-east-1: primary key, Enabled` })).toBeVisible()
  await expect(matrix.getByRole('button', { name: `Replicate ${alias} to us-west-2` })).toBeVisible()
  await matrix.getByRole('button', { name: `${alias} in eu-west-1: replica key, Enabled` }).click()

  const member = page.getByRole('dialog', { name: 'eu-west-1' })
  await expect(member).toContainText(alias)
  await expect(member).toContainText('Replica key')
  const arn = (await kms.describe('eu-west-1', keyId))?.Arn ?? 'none'
  await expect(member.getByRole('button', { name: 'Copy ARN in eu-west-1' })).toBeVisible()
  await expect(member.getByTitle(arn)).toBeVisible()
  await page.reload()
  await hears(page)
  await expect(matrix).toBeVisible()
})

test('an operator reads a family as a graph, by keyboard, and as a table', async ({ page, kms, givenFamily }) => {
  const { keyId, alias } = await givenFamily({ primary: 'us-east-1', replicas: ['eu-west-1', 'us-west-2'] })
  await visit(page, `/keys/${keyId}`)
  const graph = page.getByRole('group', { name: `Key family ${alias}` })
  const primary = graph.getByRole('button', { name: `us-east-1, PRIMARY · Enabled, ${alias}` })
  const replica = graph.getByRole('button', { name: `eu-west-1, replica · Enabled, ${alias}` })
  await expect(graph.getByRole('button', { name: '+ eu-central-1, no key yet' })).toBeVisible()

  await primary.focus()
  await page.keyboard.press('ArrowLeft')
  await expect(replica).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(replica).toHaveAttribute('aria-pressed', 'true')
  await expect(page.getByRole('heading', { name: 'eu-west-1', level: 2 })).toBeVisible()
  const arn = (await kms.describe('eu-west-1', keyId))?.Arn ?? 'none'
  await expect(page.getByRole('main')).toContainText(arn)
  expect(new URL(page.url()).searchParams.get('region')).toBe('eu-west-1')

  const members = page.getByRole('table', { name: 'Members' })
  await expect(members.getByRole('row', { name: /us-east-1/ })).toContainText('Primary key')
  await expect(members.getByRole('row', { name: /us-west-2/ })).toContainText('Replica key')
  expect(await kms.primaryRegionOf(keyId)).toBe('us-east-1')
})

test('an operator compares the Regions of a family from every side', async ({ page, kms, givenFamily }) => {
  const { keyId, alias } = await givenFamily({
    primary: 'us-east-1',
    replicas: ['eu-west-1'],
    key: { Tags: [{ TagKey: 'team', TagValue: 'payments' }] },
  })
  await visit(page, `/keys/${keyId}`)
  const tab = (name: string | RegExp) => page.getByRole('tab', { name }).click()
  const shown = page.getByRole('tabpanel')

  await tab('Aliases')
  await expect(page.getByRole('table', { name: 'Aliases by Region' }).getByRole('row', { name: alias })).toContainText(
    'This key',
  )
  await tab('Policies')
  await expect(shown).toContainText('kms:*')
  await tab('Rotation')
  await expect(shown.getByRole('row', { name: /Automatic rotation/ })).toContainText('off')
  await tab('Tags')
  await expect(shown.getByRole('row', { name: /team/ })).toContainText('payments')
  await tab('Crypto check')
  await expect(shown.getByRole('button', { name: 'Encrypt and decrypt' })).toBeVisible()
  await tab(/^Findings/)
  await expect(shown.getByRole('row', { name: /rotation is off/ })).toContainText('us-east-1')
  await tab('Activity')
  await expect(shown).toContainText('No run has changed this family.')
  expect(new URL(page.url()).searchParams.get('tab')).toBe('activity')
  await page.reload()
  await hears(page)
  await expect(page.getByRole('tab', { name: 'Activity' })).toHaveAttribute('aria-selected', 'true')

  expect(await kms.tags('us-east-1', keyId)).toEqual({ team: 'payments' })
  expect(await kms.tags('eu-west-1', keyId)).toEqual({})
})

test('a link to a key that no Region knows is answered with 404', async ({ page, kms }) => {
  const keyId = 'mrk-00000000000000000000000000000000'
  const response = await page.goto(`/keys/${keyId}`)
  expect(response?.status()).toBe(404)
  await expect(page.getByRole('heading', { name: 'No such key family', level: 1 })).toBeVisible()
  expect(await kms.primaryRegionOf(keyId)).toBeUndefined()
})
