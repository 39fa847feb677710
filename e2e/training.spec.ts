// The training switch: an outage made and ended on the screen, by whoever wants to practise.

import type { Page } from '@playwright/test'
import { readEveryRegion } from './doors'
import { expect, test } from './fixtures'
import { choose } from './plan-steps'

const NOTICED = { timeout: 45_000 }

const main = (page: Page) => page.getByRole('main')

test('an operator makes a Region fail and lifts it again', async ({ page, emulator: _healsAfterwards }) => {
  test.slow()
  await page.goto('/')
  await page.getByRole('button', { name: 'Practise an outage' }).click()
  const form = page.getByRole('form', { name: 'Practise an outage' })
  await form.getByRole('button', { name: 'Make it fail' }).click()
  await expect(form.getByRole('button', { name: /^Region/ })).toHaveAccessibleDescription(/Choose a Region/)

  await choose(form, /^Region/, /^ap-northeast-1/)
  await choose(form, /^Fault/, /^Denied/)
  await form.getByRole('button', { name: 'Make it fail' }).click()
  await expect(form.getByRole('status')).toContainText('ap-northeast-1 fails now')
  await expect(main(page)).toContainText('ap-northeast-1 denies every request, for training')
  await expect(main(page)).toContainText('ap-northeast-1 does not let the dashboard read it', NOTICED)

  await page.getByRole('button', { name: 'Lift the fault of ap-northeast-1' }).click()
  await expect(main(page)).not.toContainText('for training')
  await expect(main(page)).not.toContainText('ap-northeast-1 does not let the dashboard read it', NOTICED)
})

test('an operator sees a fault that ends by itself come and go', async ({ page, emulator }) => {
  test.slow()
  await page.goto('/')
  await emulator.fault('ap-northeast-1', 'unreachable', { forSeconds: 20 })
  await readEveryRegion(page.request)
  await expect(main(page)).toContainText(/ap-northeast-1 does not answer/)
  await expect(main(page)).not.toContainText(/ap-northeast-1 does not answer/, NOTICED)
})

test('an operator gives a fault an end on the screen', async ({ page, emulator: _healsAfterwards }) => {
  await page.goto('/runs')
  await page.getByRole('button', { name: 'Practise an outage' }).click()
  const form = page.getByRole('form', { name: 'Practise an outage' })
  await choose(form, /^Region/, /^ap-northeast-1/)
  await choose(form, /^Fault/, /^Throttled/)
  await choose(form, /^How long/, /^5 minutes/)
  await page.getByRole('button', { name: 'Make it fail' }).click()
  await expect(main(page)).toContainText(/ap-northeast-1 throttles every request, for training \(ends in .+\)/)
})
