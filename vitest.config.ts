import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { alias: { '@': fileURLToPath(new URL('.', import.meta.url)) } },
  test: {
    include: ['{app,components,lib,emulator,scripts}/**/*.test.{ts,tsx}'],
    environment: 'node',
    // Many tests wait for programs and timeouts: on two cores one worker would leave both idle.
    maxWorkers: '100%',
    // Bounds for what hangs, not for what a busy machine is slow at: some tests start programs and databases.
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
