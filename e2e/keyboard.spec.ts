// Everything by keyboard: finding, moving, opening, closing, and the most dangerous change of all.

import type { Page } from '@playwright/test'
import { expect, test } from './fixtures'

test('an operator finds a family with Ctrl-K and opens it', async ({ page, givenFamily }) => {
  const { keyId, alias } = await givenFamily({ primary: 'us-east-1' })
  await page.goto('/runs')
  await hydrated(page)
  await page.keyboard.press('Control+k')
  const field = page.getByRole('combobox', { name: 'Find a key' })
  await expect(field).toBeFocused()
  await page.keyboard.type(alias)
  await expect(page.getByRole('option', { name: alias }).first()).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: alias })).toBeVisible()
  await expect(page).toHaveURL(new RegExp(`/keys/${keyId}$`))

  await page.keyboard.press('Control+k')
  await expect(field).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(field).toBeHidden()
})

test('an operator opens a plan with Ctrl-K', async ({ page, givenFamily }) => {
  const { alias } = await givenFamily({ primary: 'us-east-1' })
  await page.goto('/')
  await hydrated(page)
  await page.keyboard.press('Control+k')
  await page.keyboard.type(`replicate ${alias}`)
  await expect(page.getByRole('option', { name: new RegExp(`^Replicate.*${alias}`, 'i') }).first()).toHaveAttribute(
    'aria-selected',
    'true',
  )
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog', { name: new RegExp(`Replicate.*${alias}`) })).toBeVisible()
})

test('an operator reaches the filter of the keys with a slash', async ({ page, givenFamily }) => {
  const { alias } = await givenFamily({ primary: 'us-east-1' })
  await page.goto('/keys')
  await hydrated(page)
  const filter = page.getByRole('combobox', { name: /filter|find/i })
  await expect(filter).toBeVisible()
  await page.keyboard.press('/')
  await expect(filter).toBeFocused()
  await expect(filter).toHaveValue('')
  await page.keyboard.type(alias)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('grid').getByRole('link')).toHaveText([alias])
  // Inside a field a slash is a slash.
  await page.keyboard.type('alias/')
  await expect(filter).toHaveValue('alias/')
})

test('an operator walks the matrix with arrows and opens the plan of an empty cell', async ({ page, givenFamily }) => {
  const { keyId, alias } = await givenFamily({ primary: 'us-east-1' })
  await page.goto('/keys?view=matrix')
  await hydrated(page)
  const grid = page.getByRole('grid')
  const cell = grid.getByRole('button', { name: `Replicate ${alias} to eu-west-1` })
  await grid.getByRole('link', { name: alias }).focus()
  await page.keyboard.press('Home')
  const columns = await grid.getByRole('columnheader').allTextContents()
  const steps = columns.findIndex((text) => text.startsWith('eu-west-1'))
  expect(steps).toBeGreaterThan(0)
  for (let step = 0; step < steps; step += 1) await page.keyboard.press('ArrowRight')
  await expect(cell).toBeFocused()
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: new RegExp(`Replicate.*${alias}`) })
  await expect(dialog.getByRole('button', { name: 'Start run' })).toBeEnabled()
  expect(JSON.parse(new URL(page.url()).searchParams.get('plan') ?? '')).toEqual({
    kind: 'replicate',
    keyId,
    toRegions: ['eu-west-1'],
  })
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  await expect(page.getByRole('grid')).toBeVisible()
})

test('an operator opens a member of the matrix, and closes it again', async ({ page, givenFamily }) => {
  const { alias } = await givenFamily({ primary: 'us-east-1', replicas: ['us-west-2'] })
  await page.goto('/keys?view=matrix')
  await hydrated(page)
  const member = page.getByRole('button', { name: `${alias} in us-west-2: replica key` })
  await member.focus()
  await page.keyboard.press('Enter')
  const popover = page.getByRole('dialog', { name: 'us-west-2' })
  await expect(popover).toContainText('Replica key')
  await page.keyboard.press('Escape')
  await expect(popover).toBeHidden()
  await expect(member).toBeFocused()
})

test('an operator promotes with the keyboard alone', async ({ page, kms, givenFamily }) => {
  const { keyId, alias } = await givenFamily({ primary: 'us-east-1', replicas: ['eu-west-1'] })
  await page.goto(`/keys/${keyId}`)
  await hydrated(page)
  await tabTo(page, 'button', 'Promote')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: /^Promote/ })).toBeVisible()

  await tabTo(page, 'radio', /eu-west-1/)
  await page.keyboard.press('Space')
  await expect(page.getByRole('radio', { name: /eu-west-1/ })).toBeChecked()
  await tabTo(page, 'button', 'Review plan')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: 'Start run' })).toBeEnabled()

  await tabTo(page, 'textbox', 'Reason')
  await page.keyboard.type('No mouse at hand')
  await page.keyboard.press('Tab')
  await expect(page.getByRole('textbox', { name: /^Type .* to confirm$/ })).toBeFocused()
  await page.keyboard.type(alias)
  await tabTo(page, 'button', 'Start run')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('status').filter({ hasText: 'eu-west-1 is the primary' })).toBeVisible({
    timeout: 30_000,
  })
  expect(await kms.primaryRegionOf(keyId)).toBe('eu-west-1')
})

/** Keys before hydration would go nowhere; the filter and the links of the server are there earlier. */
const hydrated = (page: Page) => expect(page.getByText(/^live · /)).toBeVisible()

const MOST_STOPS = 120

/** Presses Tab until the control has the focus, as a person without a mouse does. */
async function tabTo(page: Page, role: 'button' | 'radio' | 'textbox', name: string | RegExp) {
  const control = page.getByRole(role, { name, ...(typeof name === 'string' ? { exact: true } : {}) }).first()
  await expect(control).toBeVisible()
  for (let stop = 0; stop < MOST_STOPS; stop += 1) {
    if (await control.evaluate((element) => element === document.activeElement)) return
    await page.keyboard.press('Tab')
  }
  await expect(control).toBeFocused()
}
