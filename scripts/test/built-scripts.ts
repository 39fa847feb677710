// The scripts of a build: how large each is as it is sent, and which of them a page loads at first or later.

import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { z } from 'zod'

export type BuiltScripts = {
  /** By the route as the build spells it, e.g. `/keys/[keyId]`. */
  pages: Record<string, Page>
  scripts: Record<string, Script>
}

export type Page = {
  /** Names of the scripts that the page's HTML asks for. */
  first: string[]
  /** Names of the scripts of each part that the page loads by `next/dynamic`. */
  parts: string[][]
}

/** `bytes` as `next start` sends them, without headers. */
export type Script = { text: string; bytes: number }

const CHUNKS = 'static/chunks/'

/** What Next.js 16.4 writes. The script for browsers that know no modules is not among a route's. */
const routes = z.array(z.object({ route: z.string(), firstLoadChunkPaths: z.array(z.string()) }))
const dynamicParts = z.record(z.string(), z.object({ files: z.array(z.string()) }))

/** `root` holds the `.next` of a finished build; throws when one of its files is missing or looks otherwise. */
export async function readBuiltScripts(root: string): Promise<BuiltScripts> {
  const build = join(root, '.next')
  const built = routes.parse(await readJson(join(build, 'diagnostics/route-bundle-stats.json')))
  const pages = await Promise.all(
    built.map(async ({ route, firstLoadChunkPaths }) => {
      const parts = await readJson(join(build, 'server/app', route, 'page/react-loadable-manifest.json'))
      const scriptsOf = Object.values(dynamicParts.parse(parts)).map(({ files }) => scriptNames(files))
      return [route, { first: scriptNames(firstLoadChunkPaths), parts: scriptsOf }] as const
    }),
  )
  const names = scriptNames(await readdir(join(build, CHUNKS)))
  const scripts = await Promise.all(
    names.map(async (name) => [name, await readScript(join(build, CHUNKS, name))] as const),
  )
  return { pages: Object.fromEntries(pages), scripts: Object.fromEntries(scripts) }
}

/** Without their folder, which each file of the build writes in its own way. */
const scriptNames = (paths: string[]) =>
  paths.filter((path) => path.endsWith('.js')).map((path) => path.slice(path.lastIndexOf('/') + 1))

/** `next start` compresses with gzip at the level that zlib prefers. */
async function readScript(path: string): Promise<Script> {
  const content = await readFile(path)
  return { text: content.toString(), bytes: (await promisify(gzip)(content)).length }
}

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8'))
}
