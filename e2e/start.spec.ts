import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { expectNoAxeViolations } from './accessibility'
import { startAtlas } from './atlas'
import { expect, test } from './fixtures'

// Most of these start a product of their own, some twice.
test.describe.configure({ timeout: 180_000 })

test('an operator sees the families of the demo without a click', async ({ page }) => {
  await page.goto('/')
  await expect(page.getByRole('heading', { name: 'Overview', level: 1 })).toBeVisible()
  await expect(page.getByRole('main')).toContainText(/\d+ families/)
  await expect(page.getByRole('main')).toContainText('us-east-1')
  await expectNoAxeViolations(page)
})

test('a monitor hears that the dashboard is well', async ({ request }) => {
  const response = await request.get('/api/health')
  expect(response.status()).toBe(200)
  expect(await response.json()).toMatchObject({ status: 'ok' })
})

test('an operator ends everything with SIGTERM, open streams included', async () => {
  const atlas = await startAtlas()
  try {
    const stream = await fetch(`${atlas.baseUrl}/api/events`)
    expect(stream.headers.get('content-type')).toContain('text/event-stream')
    const children = await childrenOf(atlas.pid)
    atlas.kill('SIGTERM')
    // The start gives its children 4 s, kills what is left, and then ends with 1.
    expect(await atlas.ended).toBe(0)
    await stream.text().catch(() => 'cut off')
    expect(await stillThere(atlas, children)).toEqual([])
  } finally {
    await atlas.remove()
  }
})

test('a killed start leaves nothing behind', async () => {
  const atlas = await startAtlas()
  try {
    const stream = await fetch(`${atlas.baseUrl}/api/events`)
    const children = await childrenOf(atlas.pid)
    atlas.kill('SIGKILL')
    expect(await atlas.ended).toBe('SIGKILL')
    await expect.poll(() => stillThere(atlas, children)).toEqual([])
    await stream.text().catch(() => 'cut off')
  } finally {
    await atlas.remove()
  }
})

test('what was loaded is there again after a restart', async () => {
  const atlas = await startAtlas()
  const { families } = (await (await fetch(`${atlas.baseUrl}/api/topology`)).json()) as {
    families: { keyId: string }[]
  }
  atlas.kill('SIGTERM')
  await atlas.ended
  const again = await startAtlas({ ATLAS_DATA_DIR: atlas.dataDir, ATLAS_SCENARIO: 'empty' })
  try {
    const topology = (await (await fetch(`${again.baseUrl}/api/topology`)).json()) as { families: { keyId: string }[] }
    expect(topology.families.map(({ keyId }) => keyId).sort()).toEqual(families.map(({ keyId }) => keyId).sort())
  } finally {
    await again.remove()
    await atlas.remove()
  }
})

type Place = { baseUrl: string; emulatorUrl: string }

/** Processes that still run, and addresses that still answer. */
async function stillThere({ baseUrl, emulatorUrl }: Place, pids: number[]): Promise<string[]> {
  const answering = await Promise.all(
    [baseUrl, emulatorUrl].map((url) =>
      fetch(url).then(
        () => [url],
        () => [],
      ),
    ),
  )
  return [...answering.flat(), ...pids.filter((pid) => existsSync(`/proc/${pid}`)).map(String)]
}

/** Where the system has /proc; elsewhere the addresses alone must tell. */
async function childrenOf(parent: number): Promise<number[]> {
  if (!existsSync('/proc/self/stat')) return []
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  const parents = await Promise.all(pids.map(async (pid) => [pid, await parentOf(pid)] as const))
  const childrenIn = (of: number) => parents.filter(([, ppid]) => ppid === of).map(([pid]) => pid)
  const children = childrenIn(parent)
  expect(children.length).toBeGreaterThanOrEqual(2)
  return [...children, ...children.flatMap(childrenIn)]
}

async function parentOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return Number(stat.replace(/^.*\) /s, '').split(' ')[1])
}
