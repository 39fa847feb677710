// Whether the built product is the one of these source files: a stamp inside the build names what went into it.

import { createHash } from 'node:crypto'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const FOLDERS = ['app', 'components', 'lib', 'public']
const FILES = /^(package(-lock)?\.json|tsconfig\.json|next\.config\.js|proxy\.ts|instrumentation[\w-]*\.ts)$/
/** Tests never go into a build. */
const IGNORED = /\.test\.tsx?$/

const stampFile = (root: string) => join(root, '.next', 'build-stamp')

/** One hash of every file that goes into a build, by path and content, and of the Node version that builds. */
export async function sourceStamp(root: string): Promise<string> {
  const hash = createHash('sha256').update(process.version)
  for (const path of await sourceFiles(root)) {
    const content = await readFile(join(root, path))
    hash.update(`\0${path}\0${content.length}\0`).update(content)
  }
  return hash.digest('hex')
}

async function sourceFiles(root: string): Promise<string[]> {
  const atRoot = (await readdir(root)).filter((name) => FILES.test(name))
  const inFolders = await Promise.all(FOLDERS.map((folder) => filesUnder(root, folder)))
  return [...atRoot, ...inFolders.flat()].filter((path) => !IGNORED.test(path)).sort()
}

async function filesUnder(root: string, folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true }).catch(nothingIfMissing)
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length).replaceAll('\\', '/').replace(/^\//, ''))
}

function nothingIfMissing(error: NodeJS.ErrnoException): [] {
  if (error.code === 'ENOENT') return []
  throw error
}

/** The stamp of the build that is there, if a whole one is. */
export async function readBuildStamp(root: string): Promise<string | undefined> {
  return readFile(stampFile(root), 'utf8').catch(() => undefined)
}

export async function writeBuildStamp(root: string, stamp: string): Promise<void> {
  await writeFile(stampFile(root), stamp)
}

/** Before a build, so that an interrupted one is not taken for whole. */
export async function removeBuildStamp(root: string): Promise<void> {
  await rm(stampFile(root), { force: true })
}
