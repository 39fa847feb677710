// Lets a program of a benchmark import rooms of `lib` as they are: `@/` is the root, and endings may be left out.
// Node.js loads this first (`--import`); `startProgram` asks for it with `usesLib`.

import { existsSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const ROOT = pathToFileURL(`${join(import.meta.dirname, '..')}/`)

registerHooks({
  resolve(specifier, context, next) {
    const isOurs =
      specifier.startsWith('@/') || (specifier.startsWith('.') && !context.parentURL?.includes('/node_modules/'))
    if (!isOurs) return next(specifier, context)
    const url = specifier.startsWith('@/')
      ? new URL(specifier.slice('@/'.length), ROOT)
      : new URL(specifier, context.parentURL)
    return next(existsSync(fileURLToPath(url)) ? url.href : `${url.href}.ts`, context)
  },
})
