// Finds a Chromium for the browser stories, or installs one.

import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium } from '@playwright/test'
import { run } from './run.ts'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const MAC_APPS = ['Chromium.app/Contents/MacOS/Chromium', 'Google Chrome.app/Contents/MacOS/Google Chrome']

/** The path of the first one there is: the one asked for, Playwright's own, the system's, else one installed now. */
export async function findChromium(): Promise<string> {
  const asked = process.env.CHROMIUM_PATH
  if (asked && !existsSync(asked)) throw new Error(`CHROMIUM_PATH is ${asked}, but there is no such file.`)
  const found = asked || playwrightsOwn() || onSystem()
  if (found) return found

  console.log('No Chromium found: installing one.')
  await run('playwright', ['install', 'chromium'])
  const installed = playwrightsOwn() ?? (await fromDebian())
  if (installed) return installed
  throw new Error('No Chromium could be found or installed: set CHROMIUM_PATH to one.')
}

function playwrightsOwn(): string | undefined {
  const path = chromium.executablePath()
  return existsSync(path) ? path : undefined
}

function onSystem(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const places = [
    ...NAMES.flatMap((name) => folders.map((folder) => join(folder, name))),
    ...MAC_APPS.map((app) => join('/Applications', app)),
  ]
  return places.find((path) => existsSync(path))
}

async function fromDebian(): Promise<string | undefined> {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return undefined
  await run('apt-get', ['update', '-q'])
  await run('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'chromium'])
  return onSystem()
}
