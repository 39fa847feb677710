// Browser stories in Chromium, each against the built product. `npm test` says which Chromium by CHROMIUM_PATH; without
// it, Playwright's own is used.

import { defineConfig } from '@playwright/test'

const { CHROMIUM_PATH, CI } = process.env

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results/stories',
  forbidOnly: Boolean(CI),
  retries: 0,
  // Each worker runs a product of its own: server, embedded database, emulator and browser.
  workers: 2,
  // Generous, as a busy machine is slow; what holds is seen at once all the same.
  timeout: 120_000,
  expect: { timeout: 30_000 },
  reporter: [['list'], ['json', { outputFile: 'test-results/stories.json' }]],
  use: {
    locale: 'en-GB',
    viewport: { width: 1280, height: 900 },
    // Tracing every story would cost a quarter of the whole run; where one fails, run it again with --trace on.
    trace: 'off',
    screenshot: 'only-on-failure',
    launchOptions: {
      ...(CHROMIUM_PATH ? { executablePath: CHROMIUM_PATH } : {}),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
})
