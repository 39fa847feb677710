// What is loaded apart from a page: at the latest when it is wanted, and without harm when it cannot be loaded.

import type { Page } from '@playwright/test'
import { expect, test } from './fixtures'
import { choose, expectRunDone, startRun } from './plan-steps'
import { hears, visit } from './visit'

/** The browser never has time to spare, so that parts are loaded at the very moment in which they are wanted. */
const neverIdle = (page: Page) => page.addInitScript(() => Object.assign(window, { requestIdleCallback: () => 0 }))

const SCRIPTS = '**/*.js'

test('an operator is told that a plan cannot be opened, and has it after a reload', async ({
  page,
  kms,
  givenFamily,
}) => {
  const { keyId, alias } = await givenFamily({ primary: 'us-east-1' })
  await neverIdle(page)
  await visit(page, `/keys/${keyId}`)
  await page.route(SCRIPTS, (route) => route.abort())
  await page.getByRole('button', { name: 'Replicate', exact: true }).click()
  const failed = page.getByRole('dialog', { name: 'Plan' })
  await expect(failed.getByRole('alert')).toContainText('The plan could not be loaded')
  await failed.getByRole('button', { name: 'Close' }).click()
  await expect(page.getByRole('heading', { level: 1, name: alias })).toBeVisible()

  await page.getByRole('button', { name: 'Replicate', exact: true }).click()
  await page.unroute(SCRIPTS)
  await failed.getByRole('button', { name: 'Reload the page' }).click()
  const dialog = page.getByRole('dialog', { name: `Replicate: ${alias}` })
  await choose(dialog, /^Regions/, 'eu-west-1')
  await dialog.getByRole('button', { name: 'Review plan' }).click()
  await startRun(dialog)
  await expectRunDone(dialog)
  expect(await kms.describe('eu-west-1', keyId)).toMatchObject({ KeyState: 'Enabled' })
})

test('an operator reads the Region map as tables, loaded as they are unfolded', async ({ page, kms, givenFamily }) => {
  const { keyId } = await givenFamily({ primary: 'ap-northeast-1', replicas: ['us-west-2'] })
  await neverIdle(page)
  await visit(page, '/')
  const unfold = page.getByRole('button', { name: 'The same as tables' })
  const map = page.getByRole('group', { name: 'Region map' })
  await expect(map).toBeVisible()
  await page.route(SCRIPTS, (route) => route.abort())
  await unfold.click()
  await expect(page.getByRole('alert').filter({ hasText: 'The tables could not be loaded' })).toBeVisible()
  await expect(map).toBeVisible()

  await page.unroute(SCRIPTS)
  await page.getByRole('button', { name: 'Reload the page' }).click()
  await hears(page)
  await unfold.click()
  await page.getByRole('link', { name: /^\d+ from ap-northeast-1 to us-west-2$/ }).click()
  await expect(page.locator(`tr[data-key-id="${keyId}"]`)).toBeVisible()
  expect(await kms.primaryRegionOf(keyId)).toBe('ap-northeast-1')
})
