import { expect, test } from './fixtures'
import { visit } from './visit'

test('an operator promotes the replica in Ireland', async ({ page, kms, givenFamily }) => {
  const { keyId, alias } = await givenFamily({ primary: 'us-east-1', replicas: ['eu-west-1', 'us-west-2'] })
  const written = await kms.encrypt('us-east-1', alias, 'before the promotion')
  await visit(page, `/keys/${keyId}`)
  await expect(page.getByRole('row', { name: /us-east-1/ })).toContainText('Primary key')

  await page.getByRole('button', { name: 'Promote' }).click()
  await page.getByRole('radio', { name: /eu-west-1/ }).check()
  await page.getByRole('button', { name: 'Review plan' }).click()
  await page.getByLabel('Reason').fill('Failover drill')
  await page.getByLabel(/^Type .* to confirm$/).fill(alias)
  expect(await kms.primaryRegionOf(keyId)).toBe('us-east-1')
  await page.getByRole('button', { name: 'Start run' }).click()

  await expect(page.getByRole('status')).toContainText('eu-west-1 is the primary')
  expect(await kms.primaryRegionOf(keyId)).toBe('eu-west-1')
  for (const region of ['us-east-1', 'eu-west-1', 'us-west-2']) {
    const { KeyState, MultiRegionConfiguration: told } = (await kms.describe(region, keyId)) ?? {}
    expect({ KeyState, primary: told?.PrimaryKey?.Region }).toEqual({ KeyState: 'Enabled', primary: 'eu-west-1' })
    expect((await kms.decrypt(region, alias, written)).text).toBe('before the promotion')
    expect(await kms.aliasTarget(region, alias)).toBe(keyId)
  }

  const roles = page.getByRole('table', { name: 'Roles after the run' })
  await expect(roles.getByRole('row', { name: /eu-west-1/ })).toContainText('Primary key')
  await expect(roles.getByRole('row', { name: /us-east-1/ })).toContainText('Replica key')

  await page.getByRole('link', { name: `To the key family ${alias}` }).click()
  const graph = page.getByRole('group', { name: `Key family ${alias}` })
  await expect(graph.getByRole('button', { name: `eu-west-1, PRIMARY · Enabled, ${alias}` })).toBeVisible()
  await expect(graph.getByRole('button', { name: `us-east-1, replica · Enabled, ${alias}` })).toBeVisible()
  await expect(page.getByRole('row', { name: /us-east-1/ })).toContainText('Replica key')
  await page.getByRole('tab', { name: 'Activity' }).click()
  await expect(page.getByRole('row', { name: /eu-west-1/ })).toContainText('Failover drill')
})

test('an operator fails back over the button of the run', async ({ page, kms, givenFamily }) => {
  const { keyId, alias } = await givenFamily({ primary: 'us-east-1', replicas: ['eu-west-1'] })
  await visit(page, `/keys/${keyId}/promote?to=eu-west-1`)
  const promote = async () => {
    await page.getByRole('button', { name: 'Review plan' }).click()
    await page.getByLabel('Reason').fill('There and back')
    await page.getByLabel(/^Type .* to confirm$/).fill(alias)
    await page.getByRole('button', { name: 'Start run' }).click()
  }
  await promote()
  await expect(page.getByRole('status')).toContainText('eu-west-1 is the primary')
  expect(await kms.primaryRegionOf(keyId)).toBe('eu-west-1')

  await page.getByRole('button', { name: 'Fail back to us-east-1' }).click()
  await expect(page.getByRole('radio', { name: /us-east-1/ })).toBeChecked()
  await promote()
  await expect(page.getByRole('status')).toContainText('us-east-1 is the primary')
  expect(await kms.primaryRegionOf(keyId)).toBe('us-east-1')
  expect((await kms.describe('eu-west-1', keyId))?.MultiRegionConfiguration?.MultiRegionKeyType).toBe('REPLICA')
})

test('an operator chooses another target and keeps the reason', async ({ page, givenFamily }) => {
  const { keyId } = await givenFamily({ primary: 'us-east-1', replicas: ['eu-west-1', 'us-west-2'] })
  await visit(page, `/keys/${keyId}/promote?to=eu-west-1`)
  await page.getByRole('button', { name: 'Review plan' }).click()
  await page.getByLabel('Reason').fill('Closer to the callers')
  await page.getByRole('radio', { name: /us-west-2/ }).check()
  await page.getByRole('button', { name: 'Review plan' }).click()
  await expect(page.getByRole('button', { name: 'Start run' })).toBeEnabled()
  await expect(page.getByLabel('Reason')).toHaveValue('Closer to the callers')
})

test('an operator cannot start a promotion by a slip of the hand', async ({ page, kms, emulator, givenFamily }) => {
  const { keyId } = await givenFamily({ primary: 'us-east-1', replicas: ['eu-west-1'] })
  await visit(page, `/keys/${keyId}/promote?to=eu-west-1`)
  await page.getByRole('button', { name: 'Review plan' }).click()
  await page.getByLabel('Reason').fill('Wrong window')
  await page.getByLabel(/^Type .* to confirm$/).fill('alias/another')
  await page.getByRole('button', { name: 'Start run' }).click()
  await expect(page.getByLabel(/^Type .* to confirm$/)).toHaveAccessibleDescription(/exactly/)
  expect(await kms.primaryRegionOf(keyId)).toBe('us-east-1')
  const asked = (await emulator.callLog()).filter(({ operation }) => operation === 'UpdatePrimaryRegion')
  expect(asked.filter(({ key }) => key?.includes(keyId))).toEqual([])
})
