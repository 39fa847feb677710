import type { Locator, Page } from '@playwright/test'
import { startAtlas } from './atlas'
import { EmulatorDoors } from './emulator-doors'
import { expect, test } from './fixtures'
import { Kms } from './kms'
import { expectRunDone, startRun } from './plan-steps'
import { hears, visit } from './visit'

/** The run says where it stopped, why, and what to do about it. */
async function expectDenied(within: Page | Locator, alias: string) {
  const stopped = within.getByRole('status').filter({ hasText: `Create ${alias} in eu-west-1` })
  await expect(stopped).toContainText(/Ask for this permission .* Retry goes on from there/)
  await expect(within.getByRole('row', { name: `Create ${alias} in eu-west-1` })).toContainText('AccessDeniedException')
}

test('an operator is refused a plan that KMS has overtaken, and reviews it again', async ({
  page,
  kms,
  givenFamily,
}) => {
  const { keyId, alias } = await givenFamily({ primary: 'us-east-1', replicas: ['eu-west-1'] })
  await visit(page, `/keys/${keyId}?plan=${JSON.stringify({ kind: 'replicate', keyId, toRegions: ['us-west-2'] })}`)
  const dialog = page.getByRole('dialog', { name: `Replicate: ${alias}` })
  await expect(dialog.getByRole('button', { name: 'Start run' })).toBeEnabled()
  await dialog.getByLabel('Reason').fill('West coast')
  await kms.deleteAlias('us-east-1', alias)
  await dialog.getByRole('button', { name: 'Start run' }).click()

  const refusal = dialog.getByRole('alert').filter({ hasText: 'The plan is stale: review it again' })
  await expect(refusal).toBeVisible()
  expect(await kms.describe('us-west-2', keyId)).toBeUndefined()
  await refusal.getByRole('button', { name: 'Review plan' }).click()
  await expect(refusal).toHaveCount(0)
  await expect(dialog.getByLabel('Reason')).toHaveValue('West coast')
  await dialog.getByRole('button', { name: 'Start run' }).click()
  await expectRunDone(dialog)
  expect(await kms.describe('us-west-2', keyId)).toMatchObject({ KeyState: 'Enabled' })
  expect(await kms.aliasTarget('us-west-2', alias)).toBeUndefined()
})

test('an operator reloads the page over which a run was started, and sees the run', async ({
  page,
  kms,
  givenFamily,
}) => {
  const { keyId, alias } = await givenFamily({ primary: 'us-east-1' })
  await visit(page, `/keys/${keyId}?plan=${JSON.stringify({ kind: 'replicate', keyId, toRegions: ['us-west-2'] })}`)
  const dialog = page.getByRole('dialog', { name: `Replicate: ${alias}` })
  await startRun(dialog)
  await expectRunDone(dialog)
  await page.reload()
  await hears(page)
  await expectRunDone(dialog)
  await expect(dialog.getByRole('button', { name: 'Start run' })).toHaveCount(0)
  expect(await kms.describe('us-west-2', keyId)).toMatchObject({ KeyState: 'Enabled' })
})

test('an operator is told which run holds a family', async ({ page, context, kms, emulator, givenFamily }) => {
  const { keyId, alias } = await givenFamily({ primary: 'us-east-1' })
  const other = await context.newPage()
  await visit(other, `/keys/${keyId}?plan=${JSON.stringify({ kind: 'set-rotation', keyId, enabled: true })}`)
  const second = other.getByRole('dialog', { name: `Set rotation: ${alias}` })
  await expect(second.getByRole('button', { name: 'Start run' })).toBeEnabled()

  await emulator.settings({ transitionMs: 20_000 })
  await visit(page, `/keys/${keyId}?plan=${JSON.stringify({ kind: 'replicate', keyId, toRegions: ['eu-west-1'] })}`)
  const first = page.getByRole('dialog', { name: `Replicate: ${alias}` })
  await startRun(first)
  await expect(first.getByRole('row', { name: 'Wait until eu-west-1 is Enabled' })).toContainText('Waiting')

  await second.getByRole('button', { name: 'Start run' }).click()
  const refusal = second.getByRole('alert').filter({ hasText: 'Another run is at work here' })
  await expect(refusal.getByRole('link', { name: `Replicate ${alias} to eu-west-1` })).toBeVisible()
  expect(await kms.rotation('us-east-1', keyId)).toMatchObject({ KeyRotationEnabled: false })

  await expectRunDone(first)
  expect(await kms.describe('eu-west-1', keyId)).toMatchObject({ KeyState: 'Enabled' })
})

test('an operator reads why a step failed, puts it right and retries', async ({ page, kms, emulator, givenFamily }) => {
  const { keyId, alias } = await givenFamily({ primary: 'us-east-1' })
  await emulator.failNext('CreateAlias', 1, 'AccessDeniedException', 'eu-west-1')
  await visit(page, `/keys/${keyId}?plan=${JSON.stringify({ kind: 'replicate', keyId, toRegions: ['eu-west-1'] })}`)
  const dialog = page.getByRole('dialog', { name: `Replicate: ${alias}` })
  await startRun(dialog)
  await expectDenied(dialog, alias)
  expect(await kms.describe('eu-west-1', keyId)).toMatchObject({ KeyState: 'Enabled' })
  expect(await kms.aliasTarget('eu-west-1', alias)).toBeUndefined()

  await dialog.getByRole('link', { name: 'Open it on its own page' }).click()
  await expect(page.getByRole('heading', { name: `Replicate ${alias} to eu-west-1`, level: 1 })).toBeVisible()
  await page.reload()
  await hears(page)
  await expectDenied(page, alias)
  await page.getByRole('button', { name: 'Retry' }).click()
  await expectRunDone(page)
  await page.reload()
  await hears(page)
  await expectRunDone(page)
  expect(await kms.aliasTarget('eu-west-1', alias)).toBe(keyId)
  const replications = (await emulator.callLog()).filter(({ operation }) => operation === 'ReplicateKey')
  expect(replications.filter(({ key }) => key?.includes(keyId))).toHaveLength(1)
})

test('an operator finds a failed run again after the server was restarted', async ({ page }) => {
  test.setTimeout(240_000)
  const atlas = await startAtlas({ ATLAS_SCENARIO: 'empty' })
  const doors = new EmulatorDoors(atlas.emulatorUrl)
  const kms = new Kms(atlas.emulatorUrl, () => doors.regions())
  const alias = 'alias/restarted'
  const { keyId } = await kms.createFamily({ primary: 'us-east-1', alias })
  await doors.failNext('CreateAlias', 1, 'AccessDeniedException', 'eu-west-1')
  const plan = JSON.stringify({ kind: 'replicate', keyId, toRegions: ['eu-west-1'] })
  await visit(page, `${atlas.baseUrl}/keys/${keyId}?plan=${plan}`)
  const dialog = page.getByRole('dialog', { name: `Replicate: ${alias}` })
  await startRun(dialog)
  await expectDenied(dialog, alias)
  atlas.kill('SIGTERM')
  await atlas.ended
  kms.close()

  const again = await startAtlas({ ATLAS_DATA_DIR: atlas.dataDir, ATLAS_SCENARIO: 'empty' })
  const doorsAgain = new EmulatorDoors(again.emulatorUrl)
  const kmsAgain = new Kms(again.emulatorUrl, () => doorsAgain.regions())
  try {
    await visit(page, `${again.baseUrl}/runs`)
    await page.getByRole('link', { name: `Replicate ${alias} to eu-west-1` }).click()
    await expectDenied(page, alias)
    await page.getByRole('button', { name: 'Retry' }).click()
    await expectRunDone(page)
    expect(await kmsAgain.aliasTarget('eu-west-1', alias)).toBe(keyId)
    expect(await kmsAgain.describe('eu-west-1', keyId)).toMatchObject({ KeyState: 'Enabled' })
  } finally {
    kmsAgain.close()
    await again.remove()
  }
})
