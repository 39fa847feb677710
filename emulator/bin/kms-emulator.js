#!/usr/bin/env node
// The emulator as an installed command: the bundle that a package carries, or in a checkout the source files. Plain
// JavaScript for any Node.js, so that an old one gets a sentence and not a syntax error.

import { existsSync } from 'node:fs'
import module from 'node:module'

const bundle = new URL('../dist/main.js', import.meta.url)
const isPackage = existsSync(bundle)
const canRun = isPackage ? 'withResolvers' in Promise : process.features.typescript

if (canRun) {
  module.enableCompileCache?.() // in the system's folder for passing files: the next start takes a third of the work
  await import(isPackage ? bundle.href : '../main.ts')
} else {
  const needs = isPackage ? 'Node.js 24 or newer' : 'Node.js 24 or newer, which takes the types out of TypeScript'
  console.error(`kms-emulator needs ${needs}; this is ${process.version}.`)
  process.exitCode = 1
}
