import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readBuiltScripts } from './built-scripts.ts'

const code = 'export const regions = ["eu-west-1", "eu-west-2", "eu-west-3"]\n'.repeat(50)

let root: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'atlas-build-'))
})

afterEach(() => rm(root, { recursive: true, force: true }))

async function given(files: Record<string, unknown>) {
  for (const [path, content] of Object.entries(files)) {
    const file = join(root, '.next', path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content))
  }
}

const built = {
  'diagnostics/route-bundle-stats.json': [
    { route: '/keys/[keyId]', firstLoadUncompressedJsBytes: 9, firstLoadChunkPaths: ['.next/static/chunks/page.js'] },
  ],
  'server/app/keys/[keyId]/page/react-loadable-manifest.json': {
    '7': { id: 7, files: ['static/chunks/part.js', 'static/chunks/part.css'] },
  },
  'static/chunks/page.js': code,
  'static/chunks/part.js': 'part()',
  'static/chunks/part.css': 'a {}',
}

describe('readBuiltScripts', () => {
  it('knows which scripts a page loads at first, which its parts, and how large each is compressed', async () => {
    await given(built)
    const { pages, scripts } = await readBuiltScripts(root)
    expect(pages).toEqual({ '/keys/[keyId]': { first: ['page.js'], parts: [['part.js']] } })
    expect(Object.keys(scripts).toSorted()).toEqual(['page.js', 'part.js'])
    expect(scripts['page.js']).toEqual({ text: code, bytes: gzipSync(code).length })
  })

  it('refuses a build that says it in another form', async () => {
    await given({ ...built, 'diagnostics/route-bundle-stats.json': { routes: [] } })
    await expect(readBuiltScripts(root)).rejects.toThrow()
  })
})
