import type { Page } from '@playwright/test'
import { expect, test } from './fixtures'
import { choose, expectRunDone, startRun } from './plan-steps'
import { visit } from './visit'

const REGIONS = ['us-east-1', 'eu-west-1']

async function openAliases(page: Page, { keyId, alias }: { keyId: string; alias: string }) {
  await visit(page, `/keys/${keyId}?tab=aliases`)
  await page.getByRole('button', { name: 'Edit aliases' }).first().click()
  return page.getByRole('dialog', { name: `Edit aliases: ${alias}` })
}

test('a platform engineer adds an alias in every Region', async ({ page, kms, givenFamily }) => {
  const family = await givenFamily({ primary: 'us-east-1', replicas: ['eu-west-1'] })
  const added = `${family.alias}-added`
  const dialog = await openAliases(page, family)
  await dialog.getByRole('button', { name: 'Add an alias' }).click()
  await dialog.getByLabel('Alias', { exact: true }).fill(added.replace('alias/', ''))
  await dialog.getByRole('button', { name: 'Review plan' }).click()
  await startRun(dialog)
  await expectRunDone(dialog)
  for (const region of REGIONS) {
    expect(await kms.aliasTarget(region, added)).toBe(family.keyId)
    expect(await kms.aliasTarget(region, family.alias)).toBe(family.keyId)
  }
})

test('a platform engineer renames an alias in every Region', async ({ page, kms, givenFamily }) => {
  const family = await givenFamily({ primary: 'us-east-1', replicas: ['eu-west-1'] })
  const renamed = `${family.alias}-renamed`
  const dialog = await openAliases(page, family)
  await dialog.getByRole('button', { name: `Change ${family.alias}` }).click()
  await page.getByRole('menuitem', { name: 'Rename' }).click()
  await dialog.getByLabel('New name').fill(renamed.replace('alias/', ''))
  await dialog.getByRole('button', { name: 'Review plan' }).click()
  await startRun(dialog)
  await expectRunDone(page)
  await expect(page.getByRole('heading', { name: renamed, level: 1 })).toBeVisible()
  for (const region of REGIONS) {
    expect(await kms.aliasTarget(region, renamed)).toBe(family.keyId)
    expect(await kms.aliasTarget(region, family.alias)).toBeUndefined()
  }
})

test('a platform engineer makes an alias the same in every Region', async ({ page, kms, givenFamily, readAgain }) => {
  const family = await givenFamily({ primary: 'us-east-1', replicas: ['eu-west-1', 'us-west-2'] })
  await kms.deleteAlias('eu-west-1', family.alias)
  await readAgain()
  await visit(page, `/keys/${family.keyId}?tab=aliases`)
  const row = page.getByRole('table', { name: 'Aliases by Region' }).getByRole('row', { name: family.alias })
  await expect(row).toContainText('Missing')
  await page.getByRole('button', { name: `Make equal in every Region: ${family.alias}` }).click()
  const dialog = page.getByRole('dialog', { name: `Edit aliases: ${family.alias}` })
  await startRun(dialog)
  await expectRunDone(dialog)
  await expect(row).not.toContainText('Missing')
  for (const region of [...REGIONS, 'us-west-2']) {
    expect(await kms.aliasTarget(region, family.alias)).toBe(family.keyId)
  }
})

test('a platform engineer deletes an alias in one Region only', async ({ page, kms, givenFamily }) => {
  const family = await givenFamily({ primary: 'us-east-1', replicas: ['eu-west-1'] })
  const dialog = await openAliases(page, family)
  await dialog.getByRole('button', { name: `Change ${family.alias}` }).click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  await dialog.getByRole('button', { name: 'Leave out us-east-1' }).click()
  await dialog.getByRole('button', { name: 'Review plan' }).click()
  await startRun(dialog)
  await expectRunDone(dialog)
  expect(await kms.aliasTarget('eu-west-1', family.alias)).toBeUndefined()
  expect(await kms.aliasTarget('us-east-1', family.alias)).toBe(family.keyId)
})

test('a platform engineer chooses what becomes of an alias that another key holds', async ({
  page,
  kms,
  givenFamily,
}) => {
  const family = await givenFamily({ primary: 'us-east-1' })
  const holder = await givenFamily({ primary: 'eu-west-1', alias: family.alias })
  await visit(page, `/keys/${family.keyId}`)
  await page.getByRole('button', { name: 'Replicate', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: `Replicate: ${family.alias}` })
  await choose(dialog, /^Regions/, 'eu-west-1')
  await dialog.getByRole('button', { name: 'Review plan' }).click()

  const review = dialog.getByRole('region', { name: 'Review' })
  await expect(review.getByRole('listitem').filter({ hasText: 'points to another key in eu-west-1' })).toContainText(
    'Blocked: KMS would refuse',
  )
  await expect(dialog.getByRole('button', { name: 'Start run' })).toBeDisabled()
  await expect(review.getByRole('button', { name: `Skip ${family.alias} where it is taken` })).toBeVisible()
  await review.getByRole('button', { name: `Point ${family.alias} to this key` }).click()
  await expect(review.getByRole('row', { name: `Point ${family.alias} to this key in eu-west-1` })).toBeVisible()
  expect(await kms.aliasTarget('eu-west-1', family.alias)).toBe(holder.keyId)
  await startRun(dialog)
  await expectRunDone(dialog)
  expect(await kms.aliasTarget('eu-west-1', family.alias)).toBe(family.keyId)
})

test('a platform engineer points an alias back from another key', async ({ page, kms, givenFamily, readAgain }) => {
  const family = await givenFamily({ primary: 'us-east-1', replicas: ['eu-west-1'] })
  const other = await givenFamily({ primary: 'eu-west-1' })
  await kms.retargetAlias('eu-west-1', family.alias, other.keyId)
  await readAgain()
  const dialog = await openAliases(page, family)
  await expect(dialog.getByRole('row', { name: family.alias })).toContainText(`Another key: ${other.alias}`)
  await dialog.getByRole('button', { name: `Change ${family.alias}` }).click()
  await page.getByRole('menuitem', { name: 'Point to this key where another has it' }).click()
  await dialog.getByRole('button', { name: 'Review plan' }).click()
  await expect(dialog.getByRole('listitem').filter({ hasText: `leaves ${other.alias}` })).toContainText('Warning')
  await startRun(dialog)
  await expectRunDone(dialog)
  expect(await kms.aliasTarget('eu-west-1', family.alias)).toBe(family.keyId)
  expect(await kms.aliasTarget('eu-west-1', other.alias)).toBe(other.keyId)
})
