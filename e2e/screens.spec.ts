// What every screen must do for everybody: pass axe in both colour schemes, and fit the width of a phone.

import type { Locator, Page } from '@playwright/test'
import { expectNoAxeViolations } from './accessibility'
import { type RunSeen, startRun, untilRunIs } from './doors'
import { expect, type GivenFamily, test } from './fixtures'
import { visit } from './visit'

// Each screen is a story of its own: they are shared out among the workers.
test.describe.configure({ mode: 'parallel' })

const PHONE = { width: 390, height: 844 }

const main = (page: Page) => page.getByRole('main')
const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name })

/** Dialogs and graphs are loaded when they are first wanted, which takes its time beside other stories. */
const LOADED = { timeout: 30_000 }

/** Opens an address; the screen is there when what is asked for is seen. */
async function open(page: Page, path: string, seen: Locator) {
  await visit(page, path)
  await expect(seen).toBeVisible(LOADED)
}

type Screen = { name: string; open: (page: Page, family: GivenFamily) => Promise<void> }

const tabs = ['Members', 'Aliases', 'Policies', 'Rotation', 'Tags', 'Crypto check', 'Findings', 'Activity']

const planOf = (keyId: string, kind: string, more: object = {}) =>
  `/keys/${keyId}?plan=${encodeURIComponent(JSON.stringify({ kind, keyId, ...more }))}`

const rotating = (keyId: string) => ({ kind: 'set-rotation', keyId, enabled: true })

async function runOn(page: Page, keyId: string): Promise<string | undefined> {
  const { runs } = (await (await page.request.get('/api/runs')).json()) as { runs: RunSeen[] }
  return runs.find(({ keyIds }) => keyIds.includes(keyId))?.id
}

const dialog = (page: Page) => page.getByRole('dialog')

const screens: Screen[] = [
  {
    name: 'Overview',
    open: async (page) => {
      await open(page, '/', heading(page, 'Overview'))
      await expect(
        page
          .getByRole('img', { name: /Region/ })
          .or(main(page).getByRole('button', { name: /us-east-1/ }))
          .first(),
      ).toBeVisible(LOADED)
    },
  },
  { name: 'Keys as a table', open: (page) => open(page, '/keys', main(page).getByRole('row').nth(2)) },
  { name: 'Keys as a matrix', open: (page) => open(page, '/keys?view=matrix', page.getByRole('grid')) },
  ...tabs.map(
    (tab): Screen => ({
      name: `A family, ${tab}`,
      open: async (page, { keyId, alias }) => {
        await open(page, `/keys/${keyId}`, heading(page, alias))
        await page.getByRole('tab', { name: tab }).click()
        await expect(page.getByRole('tabpanel', { name: tab })).toContainText(/\S/)
      },
    }),
  ),
  { name: 'Create key', open: (page) => open(page, '/keys/new', heading(page, 'Create key')) },
  {
    name: 'Replicate, form',
    open: (page, { keyId }) =>
      open(page, planOf(keyId, 'replicate'), dialog(page).getByRole('button', { name: 'Review plan' })),
  },
  {
    name: 'Replicate, review',
    open: (page, { keyId }) =>
      open(
        page,
        planOf(keyId, 'replicate', { toRegions: ['ap-northeast-1'] }),
        dialog(page).getByRole('button', { name: 'Start run' }),
      ),
  },
  {
    name: 'Edit aliases',
    open: (page, { keyId }) =>
      open(page, planOf(keyId, 'set-aliases'), dialog(page).getByRole('button', { name: 'Review plan' })),
  },
  {
    name: 'Rotation settings',
    open: (page, { keyId }) =>
      open(page, planOf(keyId, 'set-rotation'), dialog(page).getByRole('button', { name: 'Review plan' })),
  },
  {
    name: 'Rotate now',
    open: (page, { keyId }) =>
      open(page, planOf(keyId, 'rotate-now'), dialog(page).getByRole('button', { name: 'Start run' })),
  },
  {
    name: 'Promote',
    open: async (page, { keyId }) => {
      await open(page, `/keys/${keyId}/promote?to=eu-west-1`, heading(page, /^Promote/))
      await page.getByRole('button', { name: 'Review plan' }).click()
      await expect(page.getByRole('button', { name: 'Start run' })).toBeVisible(LOADED)
    },
  },
  { name: 'Runs', open: (page) => open(page, '/runs', page.getByRole('table').getByRole('row').nth(1)) },
  {
    name: 'A run',
    open: async (page, { keyId }) => {
      const id = (await runOn(page, keyId)) ?? (await startRun(page.request, rotating(keyId)))
      await untilRunIs(page.request, id, 'succeeded')
      await open(page, `/runs/${id}`, page.getByRole('table', { name: 'Steps' }))
    },
  },
  {
    name: 'Settings',
    open: async (page) => {
      await open(page, '/settings', page.getByRole('table', { name: 'What the budget buys' }).getByRole('row').nth(1))
      await expect(page.getByRole('application', { name: /Requests to KMS/ })).toBeVisible(LOADED)
    },
  },
  { name: 'Nothing is here', open: (page) => open(page, '/nowhere', heading(page, 'Nothing is here')) },
  {
    name: 'No such family',
    open: (page) => open(page, '/keys/mrk-00000000000000000000000000000000', heading(page, /./)),
  },
  { name: 'No such run', open: (page) => open(page, '/runs/never-was', heading(page, 'No such run')) },
  {
    name: 'Find a key',
    open: async (page) => {
      await open(page, '/runs', heading(page, 'Runs'))
      await page.getByRole('button', { name: /^Find/ }).click()
      await page.getByRole('combobox', { name: 'Find a key' }).fill('alias')
      await expect(page.getByRole('option').first()).toBeVisible(LOADED)
    },
  },
  {
    name: 'Practise an outage',
    open: async (page) => {
      await open(page, '/runs', heading(page, 'Runs'))
      await page.getByRole('button', { name: 'Practise an outage' }).click()
      await expect(page.getByRole('form', { name: 'Practise an outage' })).toBeVisible(LOADED)
    },
  },
]

for (const screen of screens) {
  test(`anybody can use “${screen.name}”, light, dark and on a phone`, async ({ page, givenFamily }) => {
    test.slow()
    const family = await givenFamily({ primary: 'us-east-1', replicas: ['eu-west-1', 'us-west-2'] })
    await page.emulateMedia({ reducedMotion: 'reduce' })
    await screen.open(page, family)
    await expectNoAxeViolations(page)
    // What is open stays open: the scheme of the page turns as its own switch would turn it.
    await page.evaluate(() => document.body.classList.add('awsui-dark-mode'))
    await expectNoAxeViolations(page)
    await page.setViewportSize(PHONE)
    await expectNoSidewaysScroll(page)
  })
}

/** The page fits; what is wider, such as a table, scrolls inside itself. */
async function expectNoSidewaysScroll(page: Page) {
  const { wide, window } = await page.evaluate(() => ({
    wide: document.documentElement.scrollWidth,
    window: document.documentElement.clientWidth,
  }))
  expect(wide).toBeLessThanOrEqual(window)
}
