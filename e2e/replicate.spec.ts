import type { Page } from '@playwright/test'
import { expect, test } from './fixtures'
import type { Kms } from './kms'
import { choose, expectRunDone, startRun } from './plan-steps'
import { visit } from './visit'

const policy = JSON.stringify({
  Version: '2012-10-17',
  Id: 'story',
  Statement: [
    {
      Sid: 'AccountDecides',
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::111122223333:root' },
      Action: 'kms:*',
      Resource: '*',
    },
    {
      Sid: 'ApplicationUses',
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::111122223333:role/StoryApp' },
      Action: ['kms:Encrypt', 'kms:Decrypt'],
      Resource: '*',
    },
  ],
})

async function expectReplica(kms: Kms, region: string, { keyId, alias }: { keyId: string; alias: string }) {
  expect(await kms.describe(region, keyId)).toMatchObject({
    KeyState: 'Enabled',
    MultiRegionConfiguration: { MultiRegionKeyType: 'REPLICA' },
  })
  expect(await kms.aliasTarget(region, alias)).toBe(keyId)
}

/** Answers how often the person clicked, and how often a key was pressed, since the first page was opened. */
async function countGestures(page: Page): Promise<() => Promise<{ clicks: number; keys: number }>> {
  await page.addInitScript(() => {
    const count = (name: string) => sessionStorage.setItem(name, String(Number(sessionStorage.getItem(name)) + 1))
    // At the window, a press that Playwright takes back because its target moved would count as well as the one after.
    document.addEventListener('pointerdown', () => count('clicks'), true)
    document.addEventListener('keydown', () => count('keys'), true)
  })
  return () =>
    page.evaluate(() => ({
      clicks: Number(sessionStorage.getItem('clicks')),
      keys: Number(sessionStorage.getItem('keys')),
    }))
}

test('a platform engineer replicates a key to three Regions in one plan', async ({ page, kms, givenFamily }) => {
  const targets = ['eu-west-1', 'ap-southeast-1', 'us-west-2']
  const family = await givenFamily({
    primary: 'us-east-1',
    key: { Policy: policy, Tags: [{ TagKey: 'team', TagValue: 'payments' }] },
  })
  await visit(page, `/keys/${family.keyId}`)
  await page.getByRole('button', { name: 'Replicate', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: `Replicate: ${family.alias}` })
  await choose(dialog, /^Regions/, ...targets)
  await dialog.getByRole('button', { name: 'Review plan' }).click()

  const review = dialog.getByRole('region', { name: 'Review' })
  for (const region of targets) {
    await expect(review.getByRole('row', { name: `Create ${family.alias} in ${region}` })).toBeVisible()
    expect(await kms.describe(region, family.keyId)).toBeUndefined()
  }
  await startRun(dialog)
  await expectRunDone(dialog)
  await dialog.getByRole('button', { name: 'Close', exact: true }).last().click()

  const members = page.getByRole('table', { name: 'Members' })
  const primaryPolicy = await kms.policy('us-east-1', family.keyId)
  expect(primaryPolicy).toEqual(JSON.parse(policy))
  for (const region of targets) {
    await expect(members.getByRole('row', { name: new RegExp(region) })).toContainText('Replica key')
    await expectReplica(kms, region, family)
    expect(await kms.policy(region, family.keyId)).toEqual(primaryPolicy)
    expect(await kms.tags(region, family.keyId)).toEqual({ team: 'payments' })
  }
})

test('an operator fills an empty cell of the matrix with two clicks and no typing', async ({
  page,
  kms,
  givenFamily,
}) => {
  const family = await givenFamily({ primary: 'us-east-1', replicas: ['eu-west-1'] })
  const gestures = await countGestures(page)
  await visit(page, `/keys?view=matrix&q=${family.alias}`)
  await page.getByRole('button', { name: `Replicate ${family.alias} to us-west-2` }).click()
  await page.getByRole('button', { name: 'Start run' }).click()
  await expect(page.getByRole('button', { name: `${family.alias} in us-west-2: replica key, Enabled` })).toBeVisible()
  await expectRunDone(page)
  expect(await gestures()).toEqual({ clicks: 2, keys: 0 })
  await expectReplica(kms, 'us-west-2', family)
})

test('an operator replicates from a dashed Region of the graph with two clicks', async ({ page, kms, givenFamily }) => {
  const family = await givenFamily({ primary: 'us-east-1', replicas: ['eu-west-1'] })
  const gestures = await countGestures(page)
  await visit(page, `/keys/${family.keyId}`)
  const graph = page.getByRole('group', { name: `Key family ${family.alias}` })
  await graph.getByRole('button', { name: '+ eu-central-1, no key yet' }).click()
  await page.getByRole('button', { name: 'Start run' }).click()
  await expect(graph.getByRole('button', { name: `eu-central-1, replica · Enabled, ${family.alias}` })).toBeVisible()
  await expectRunDone(page)
  expect(await gestures()).toEqual({ clicks: 2, keys: 0 })
  await expectReplica(kms, 'eu-central-1', family)
})

test('an operator replicates a lone key from its finding with two clicks', async ({ page, kms, givenFamily }) => {
  const family = await givenFamily({ primary: 'us-west-2' })
  const gestures = await countGestures(page)
  await visit(page, `/keys/${family.keyId}?tab=findings`)
  const finding = page.getByRole('row', { name: `${family.alias} has no key outside us-west-2` })
  await finding.getByRole('button', { name: 'Replicate' }).click()
  const dialog = page.getByRole('dialog', { name: `Replicate: ${family.alias}` })
  await dialog.getByRole('button', { name: 'Start run' }).click()
  await expectRunDone(dialog, `Replicate ${family.alias} to us-east-1`)
  await expect(finding).toHaveCount(0)
  expect(await gestures()).toEqual({ clicks: 2, keys: 0 })
  await expectReplica(kms, 'us-east-1', family)
})
