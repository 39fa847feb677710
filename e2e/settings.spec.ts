// Settings: what may be spent on reading, what that buys, and what it has cost.

import type { Page } from '@playwright/test'
import { readEveryRegion } from './doors'
import { expect, test } from './fixtures'
import { visit } from './visit'

// They change what holds for the whole product.
test.describe.configure({ mode: 'default' })

const MOST = 'In all, USD a month'
const UNWATCHED = 'While nobody watches, USD a month'

const field = (page: Page, name: string) => page.getByLabel(name)
const boughtRow = (page: Page, name: RegExp) =>
  page.getByRole('table', { name: 'What the budget buys' }).getByRole('row', { name })
const saved = (page: Page) => page.getByRole('status').filter({ hasText: 'Saved' })

async function saveBudget(page: Page, most: string, unwatched: string) {
  await field(page, MOST).fill(most)
  await field(page, UNWATCHED).fill(unwatched)
  await page.getByRole('button', { name: 'Save budget' }).click()
  await expect(saved(page)).toBeVisible()
}

test('a person raises the request budget, having seen what that buys, and finds it kept', async ({ page, request }) => {
  await visit(page, '/runs')
  await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Settings' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible()
  await expect(field(page, MOST)).toHaveValue('5')
  const usedUp = boughtRow(page, /savings used up/)
  await expect(usedUp).toBeVisible()

  await field(page, MOST).fill('500')
  await expect(page.getByRole('heading', { name: 'What this would buy' })).toBeVisible()
  await expect(boughtRow(page, /While somebody watches/)).toContainText('for ever')
  await expect(usedUp).toBeHidden()
  await field(page, MOST).fill('1')
  await expect(usedUp).toBeVisible()
  await saveBudget(page, '500', '2.50')

  await expect(page.getByText(/a month at the present pace, of at most 500\.00 USD/)).toBeVisible()
  const { settings, refreshing } = await (await request.get('/api/settings')).json()
  expect(settings.refreshBudget).toEqual({ watchedUsdPerMonth: 500, unwatchedUsdPerMonth: 2.5 })
  expect(refreshing).toMatchObject({ lastsSeconds: null, periods: { others: 60 } })

  await page.reload()
  await expect(field(page, MOST)).toHaveValue('500')
  await expect(field(page, UNWATCHED)).toHaveValue('2.5')
  await expect(page.getByText(/^Last changed by local operator/)).toBeVisible()
  await saveBudget(page, '5', '1')
})

test('a person is told at the field what is wrong with an amount, and loses nothing that was typed', async ({
  page,
  request,
}) => {
  await visit(page, '/settings')
  const save = page.getByRole('button', { name: 'Save budget' })
  for (const [most, words] of [
    ['five', 'Write an amount in USD, such as 2.50'],
    ['0.01', 'At least 0.10 USD a month: with less, changes would be seen days late'],
    ['1000.5', 'At most 1,000 USD a month'],
  ] as const) {
    await field(page, MOST).fill(most)
    await save.click()
    await expect(field(page, MOST)).toHaveAccessibleDescription(new RegExp(words.replace('.', '\\.')))
    await expect(field(page, MOST)).toHaveValue(most)
  }
  await field(page, MOST).fill('20')
  await field(page, UNWATCHED).fill('21')
  await save.click()
  await expect(field(page, UNWATCHED)).toHaveAccessibleDescription(/Not more than in all/)

  await page.route('**/settings', (route) => (route.request().method() === 'POST' ? route.abort() : route.fallback()))
  await field(page, UNWATCHED).fill('2')
  await save.click()
  await expect(page.getByText('The budget could not be saved')).toBeVisible()
  await expect(field(page, MOST)).toHaveValue('20')

  await page.getByRole('button', { name: 'Undo changes' }).click()
  await expect(field(page, MOST)).toHaveValue('5')
  const { settings } = await (await request.get('/api/settings')).json()
  expect(settings.refreshBudget).toEqual({ watchedUsdPerMonth: 5, unwatchedUsdPerMonth: 1 })
})

test('a person sees which Regions are read, how they do, and what that has cost this month', async ({
  page,
  request,
  emulator,
}) => {
  await visit(page, '/settings')
  await expect(page.getByText(/^6 Regions are read/)).toBeVisible()
  const regions = page.getByRole('table', { name: 'Regions' })
  await expect(regions.getByRole('row', { name: /us-east-1/ })).toContainText('Answers')

  const { requests } = await (await request.get('/api/settings')).json()
  const described = requests.counts.find(
    (count: { region: string; operation: string; purpose: string }) =>
      count.region === 'us-east-1' && count.operation === 'DescribeKey' && count.purpose === 'background',
  )
  expect(described.count).toBeGreaterThan(0)
  await expect(page.getByRole('application', { name: 'Requests to KMS this month by operation' })).toBeVisible()
  const row = page
    .getByRole('table', { name: 'Requests by operation and Region' })
    .getByRole('row', { name: /DescribeKey us-east-1/ })
  await expect(row).toBeVisible()

  await emulator.fault('us-west-2', 'unreachable')
  await readEveryRegion(request)
  await expect(regions.getByRole('row', { name: /us-west-2/ })).toContainText(/Does not answer, since/)
  await expect(page.getByText(/^6 Regions are read, 1 of them fails now\./)).toBeVisible()
})
