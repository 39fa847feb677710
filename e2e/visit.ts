// Opening a screen: what the server sent is seen before it can be used.

import { expect, type Page } from '@playwright/test'

/** The age of the reading counts up only in the browser, so from then on the page hears keys and clicks. */
export const hears = (page: Page) => expect(page.getByText(/^live · /)).toBeVisible()

export async function visit(page: Page, path: string): Promise<void> {
  await page.goto(path)
  await hears(page)
}
