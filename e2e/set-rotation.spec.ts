import { expect, test } from './fixtures'
import { expectRunDone, startRun } from './plan-steps'
import { visit } from './visit'

test('a security engineer turns rotation on at the primary key, and sees it on a replica key', async ({
  page,
  kms,
  givenFamily,
}) => {
  const { keyId, alias } = await givenFamily({ primary: 'us-east-1', replicas: ['eu-west-1'] })
  await visit(page, `/keys/${keyId}`)
  await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: 'Rotation settings' }).click()
  const dialog = page.getByRole('dialog', { name: `Set rotation: ${alias}` })
  await dialog.getByRole('radio', { name: 'On', exact: true }).check()
  await dialog.getByLabel('Rotation period in days').fill('180')
  await dialog.getByRole('button', { name: 'Review plan' }).click()
  await startRun(dialog)
  await expectRunDone(dialog)
  await dialog.getByRole('button', { name: 'Close', exact: true }).last().click()

  await page.getByRole('tab', { name: 'Rotation' }).click()
  const rotation = page.getByRole('table', { name: 'Rotation by Region' })
  await expect(rotation.getByRole('columnheader', { name: /eu-west-1/ })).toBeVisible()
  await expect(rotation.getByRole('row', { name: /^Automatic rotation/ })).toHaveAccessibleName(
    /every 180 days.*every 180 days/,
  )
  for (const region of ['us-east-1', 'eu-west-1']) {
    expect(await kms.rotation(region, keyId)).toMatchObject({ KeyRotationEnabled: true, RotationPeriodInDays: 180 })
  }
})
