// What a person does with every plan, whatever its kind: fill in, start it, see it end well.

import { expect, type Locator, type Page } from '@playwright/test'

type Screen = Page | Locator

/** Opens the list of a field and chooses in it, as many as are given. */
export async function choose(within: Screen, field: string | RegExp, ...options: (string | RegExp)[]): Promise<void> {
  const list = within.getByRole('button', { name: field })
  await list.click()
  for (const name of options) await list.page().getByRole('option', { name }).click()
  // A list for several stays open.
  if ((await list.getAttribute('aria-expanded')) === 'true') await list.page().keyboard.press('Escape')
}

/** The plan under review can be started as it stands. */
export async function startRun(within: Screen, typed?: { reason: string; confirmation: string }): Promise<void> {
  if (typed) {
    await within.getByLabel('Reason').fill(typed.reason)
    await within.getByLabel(/^Type .* to confirm$/).fill(typed.confirmation)
  }
  await within.getByRole('button', { name: 'Start run' }).click()
}

/** What is announced when a run has ended well. */
export const expectRunDone = (within: Screen, words: string | RegExp = /^Done: /) =>
  expect(within.getByRole('status').filter({ hasText: 'Done: ' })).toContainText(words, { timeout: 60_000 })
