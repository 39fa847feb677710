import { expectNoAxeViolations } from './accessibility'
import { startRun, untilRunIs } from './doors'
import { expect, test } from './fixtures'
import { expectRunDone } from './plan-steps'
import { visit } from './visit'

const FROM = 'us-east-1'
const TO = 'eu-west-1'

test('an operator sees which family failed, leaves it out and the others go on', async ({
  page,
  kms,
  request,
  emulator,
  givenFamily,
}) => {
  const families = []
  for (let made = 0; made < 4; made += 1) families.push(await givenFamily({ primary: FROM, replicas: [TO] }))
  const keyIds = families.map(({ keyId }) => keyId)
  await emulator.forgetCalls()
  await emulator.settings({ transitionMs: 3_000 })
  const evacuate = { kind: 'evacuate', fromRegion: FROM, keyIds, preferred: [TO], waveSize: 1, maxFailures: 0 }
  const id = await startRun(request, evacuate)
  // While the canary family settles, the next promotion is made to fail.
  await expect.poll(() => emulator.calls(FROM, 'UpdatePrimaryRegion')).toBe(1)
  await emulator.failNext('UpdatePrimaryRegion', 1, 'AccessDeniedException', FROM)
  await untilRunIs(request, id, 'failed')
  await emulator.settings({ transitionMs: 300 })

  await visit(page, `/runs/${id}`)
  await expect(page.getByRole('status').filter({ hasText: '1 of 4 families promoted' })).toContainText(
    /1 failed and is unchanged; 2 not begun/,
  )
  const list = page.getByRole('list', { name: 'Families' })
  const failed = list.getByRole('listitem').first()
  await expect(failed).toContainText('Failed')
  await expect(failed).toContainText(/Ask for this permission/)
  await failed.getByRole('button', { name: /^Steps of / }).click()
  await expect(failed.getByRole('row', { name: /primary Region/ })).toContainText('AccessDeniedException')
  await expectNoAxeViolations(page)
  await page.setViewportSize({ width: 390, height: 844 })
  await expect(failed.getByRole('button', { name: /^Skip / })).toBeVisible()
  await page.setViewportSize({ width: 1280, height: 800 })

  await failed.getByRole('button', { name: /^Skip / }).click()
  await expect(failed.getByRole('button', { name: 'Skip family' })).toBeDisabled()
  await failed.getByLabel('Reason').fill('Another team moves it')
  await failed.getByRole('button', { name: 'Skip family' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'Retry goes on with the others' })).toBeVisible()
  await page.getByRole('button', { name: 'Retry', exact: true }).click()
  await expectRunDone(page, /3 of 4 families promoted; 1 skipped/)
  await expect(list.getByText('Skipped by local operator: Another team moves it')).toBeVisible()

  const primaries = await Promise.all(
    keyIds.map(async (keyId) => (await kms.describe(TO, keyId))?.MultiRegionConfiguration?.MultiRegionKeyType),
  )
  expect(primaries.toSorted()).toEqual(['PRIMARY', 'PRIMARY', 'PRIMARY', 'REPLICA'])
})
