import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readBuildStamp, removeBuildStamp, sourceStamp, writeBuildStamp } from './build-stamp.ts'

let root = ''

async function put(path: string, content: string) {
  await mkdir(join(root, path, '..'), { recursive: true })
  await writeFile(join(root, path), content)
}

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'atlas-stamp-'))
  await put('app/page.tsx', 'page')
  await put('lib/plans/promote.ts', 'plan')
  await put('package-lock.json', '{}')
})

afterEach(() => rm(root, { recursive: true }))

describe('sourceStamp', () => {
  it.each([
    ['app/page.tsx', 'another page'],
    ['app/keys/[keyId]/page.tsx', 'a new page'],
    ['lib/store/migrations/0001.sql', 'create table'],
    ['public/icon.svg', '<svg/>'],
    ['package-lock.json', '{"a":1}'],
    ['next.config.js', 'export default {}'],
    ['instrumentation-node.ts', 'start'],
    ['proxy.ts', 'refuse'],
  ])('changes with %s', async (path, content) => {
    const before = await sourceStamp(root)
    await put(path, content)
    expect(await sourceStamp(root)).not.toBe(before)
  })

  it.each(['lib/plans/promote.test.ts', 'emulator/main.ts', 'e2e/start.spec.ts', 'README.md', '.next/BUILD_ID'])(
    'does not change with %s, which is in no build',
    async (path) => {
      const before = await sourceStamp(root)
      await put(path, 'anything')
      expect(await sourceStamp(root)).toBe(before)
    },
  )

  it('changes when a file moves', async () => {
    const before = await sourceStamp(root)
    await rename(join(root, 'app/page.tsx'), join(root, 'app/layout.tsx'))
    expect(await sourceStamp(root)).not.toBe(before)
  })
})

describe('the stamp of a build', () => {
  it('is there from the end of one build to the beginning of the next', async () => {
    expect(await readBuildStamp(root)).toBeUndefined()
    await mkdir(join(root, '.next'))
    await writeBuildStamp(root, 'abc')
    expect(await readBuildStamp(root)).toBe('abc')
    await removeBuildStamp(root)
    expect(await readBuildStamp(root)).toBeUndefined()
  })
})
