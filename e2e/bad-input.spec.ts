// Bad input in every form: said at its field, nothing else lost, and put right without starting over.

import type { Locator, Page } from '@playwright/test'
import { expect, test } from './fixtures'
import { choose, expectRunDone, startRun } from './plan-steps'

const wrongAliases: { typed: string; says: string }[] = [
  { typed: 'alias/', says: 'Type a name after alias/' },
  { typed: 'two words', says: 'Use letters, digits, /, _ and - only (no colon, no space)' },
  { typed: 'team:orders', says: 'Use letters, digits, /, _ and - only (no colon, no space)' },
  { typed: 'aws/orders', says: 'Names under alias/aws/ are reserved for AWS' },
  { typed: 'alias/AWS/orders', says: 'Names under alias/aws/ are reserved for AWS' },
  { typed: 'a'.repeat(251), says: 'An alias has at most 256 characters, alias/ included' },
]

const wrongPeriods: { typed: string; says: string }[] = [
  { typed: '89', says: 'At least 90 days' },
  { typed: '2561', says: 'At most 2,560 days' },
  { typed: '90.5', says: 'Type a whole number of days' },
]

test('an operator is told what is wrong with a new key, field by field', async ({ page, kms }) => {
  const name = `put-right-${Date.now()}`
  await page.goto('/keys/new')
  const review = page.getByRole('button', { name: 'Review plan' })
  const region = page.getByRole('button', { name: /^Primary Region/ })
  const alias = page.getByRole('textbox', { name: 'Alias' })
  const period = page.getByRole('spinbutton', { name: 'Rotation period in days' })
  const description = page.getByRole('textbox', { name: 'Description' })

  await description.fill('Kept all the way')
  await review.click()
  await expectSaid(region, 'Choose a Region')
  await expect(region).toBeFocused()
  await choose(page, /^Primary Region/, /^us-east-1/)

  for (const { typed, says } of wrongAliases) {
    await alias.fill(typed)
    await review.click()
    await expectSaid(alias, says)
    await expect(alias).toBeFocused()
  }
  await alias.fill(name)

  for (const { typed, says } of wrongPeriods) {
    await period.fill(typed)
    await review.click()
    await expectSaid(period, says)
  }
  await expectNoLetters(page, period)
  await period.fill('90')

  await description.fill('d'.repeat(8193))
  await review.click()
  await expectSaid(description, 'A description has at most 8,192 characters')
  await description.fill('Kept all the way')

  await page.getByRole('button', { name: 'Add tag' }).click()
  const keys = page.getByRole('textbox', { name: 'Tag key' })
  const values = page.getByRole('textbox', { name: 'Value' })
  await keys.first().fill('aws:owner')
  await values.first().fill('me')
  await review.click()
  await expectSaid(keys.first(), 'Tag keys that begin with aws: are reserved')
  await keys.first().fill('owner')
  await page.getByRole('button', { name: 'Add tag' }).click()
  await keys.last().fill('owner')
  await review.click()
  await expectSaid(keys.last(), 'This tag key is there twice')
  await page.getByRole('button', { name: 'Remove tag owner' }).last().click()

  await page.getByRole('radio', { name: 'Write it here' }).check()
  const policy = page.getByRole('textbox', { name: 'Key policy as JSON' })
  const written = await policy.inputValue()
  expect(JSON.parse(written)).toHaveProperty('Statement')
  await policy.fill('{ "Version": "2012-10-17", ')
  await review.click()
  await expectSaid(policy, 'Line 1, column 28')
  await policy.fill('{}')
  await review.click()
  await expectSaid(policy, 'A key policy is a JSON object with a Statement')
  await policy.fill(written)

  await expect(alias).toHaveValue(name)
  await expect(period).toHaveValue('90')
  await expect(description).toHaveValue('Kept all the way')
  await expect(values).toHaveValue('me')
  await review.click()
  await startRun(page)
  await expectRunDone(page.getByRole('main'))
  const keyId = await kms.aliasTarget('us-east-1', `alias/${name}`)
  expect(await kms.describe('us-east-1', keyId ?? '')).toMatchObject({ Description: 'Kept all the way' })
})

test('an operator is told what is wrong with a replication', async ({ page, kms, givenFamily }) => {
  const { keyId, alias } = await givenFamily({ primary: 'us-east-1' })
  await page.goto(`/keys/${keyId}`)
  await page.getByRole('button', { name: 'Replicate', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: `Replicate: ${alias}` })
  const review = dialog.getByRole('button', { name: 'Review plan' })
  const regions = dialog.getByRole('button', { name: /^Regions/ })
  await review.click()
  await expectSaid(regions, 'Choose at least one Region')
  await choose(dialog, /^Regions/, /^eu-west-1/)

  await dialog.getByRole('button', { name: 'Policy, description, tags and aliases' }).click()
  await dialog.getByRole('radio', { name: 'Write it here' }).check()
  const policy = dialog.getByRole('textbox', { name: 'Key policy' })
  await expect(policy).not.toHaveValue('')
  const written = await policy.inputValue()
  await policy.fill('no JSON at all')
  await review.click()
  await expectSaid(policy, 'A key policy is a JSON object with a Statement')
  await policy.fill(written)

  await ownOf(dialog, 'Description').uncheck()
  const description = dialog.getByRole('textbox', { name: 'Description' })
  await description.fill('d'.repeat(8193))
  await review.click()
  await expectSaid(description, 'A description has at most 8,192 characters')
  await description.fill('A replica of its own kind')

  await ownOf(dialog, 'Tags').uncheck()
  await dialog.getByRole('button', { name: 'Add tag' }).click()
  const tag = dialog.getByRole('textbox', { name: 'Tag key' })
  await tag.fill('AWS:owner')
  await review.click()
  await expectSaid(tag, 'Tag keys that begin with aws: are reserved')
  await tag.fill('owner')

  await ownOf(dialog, 'Aliases').uncheck()
  const name = dialog.getByRole('textbox', { name: 'Alias' })
  for (const { typed, says } of wrongAliases.filter((each) => each.typed.startsWith('alias/'))) {
    await name.fill(typed)
    await review.click()
    await expectSaid(name, says)
  }
  await name.fill('no-prefix')
  await review.click()
  await expectSaid(name, 'An alias begins with alias/')
  await name.fill(`${alias}-there`)

  await expect(description).toHaveValue('A replica of its own kind')
  await expect(tag).toHaveValue('owner')
  await review.click()
  await startRun(dialog)
  await expectRunDone(dialog)
  expect(await kms.describe('eu-west-1', keyId)).toMatchObject({ Description: 'A replica of its own kind' })
  expect(await kms.aliasTarget('eu-west-1', `${alias}-there`)).toBe(keyId)
})

test('an operator is told what is wrong with an alias', async ({ page, kms, givenFamily }) => {
  const { keyId, alias } = await givenFamily({ primary: 'us-east-1', replicas: ['eu-west-1'] })
  await page.goto(`/keys/${keyId}`)
  await page.getByRole('button', { name: 'Edit aliases' }).first().click()
  const dialog = page.getByRole('dialog', { name: `Edit aliases: ${alias}` })
  const review = dialog.getByRole('button', { name: 'Review plan' })
  await review.click()
  await expect(dialog).toContainText('Change at least one alias')

  await dialog.getByRole('button', { name: 'Add an alias' }).click()
  const name = dialog.getByRole('textbox', { name: 'Alias' })
  await expect(name).toBeFocused()
  await review.click()
  await expectSaid(name, /Type|An alias begins/)
  for (const { typed, says } of wrongAliases) {
    await name.fill(typed)
    await review.click()
    await expectSaid(name, says)
    await expect(name).toBeFocused()
  }
  await name.fill(`${alias}-more`)
  for (const region of ['us-east-1', 'eu-west-1']) {
    await dialog.getByRole('button', { name: `Leave out ${region}` }).click()
  }
  await review.click()
  await expectSaid(dialog.getByRole('button', { name: /^Regions/ }), 'Choose at least one Region')
  await expect(name).toHaveValue(`${alias}-more`.replace('alias/', ''))
  await choose(dialog, /^Regions/, /^eu-west-1/)
  await review.click()
  await startRun(dialog)
  await expectRunDone(dialog)
  expect(await kms.aliasTarget('eu-west-1', `${alias}-more`)).toBe(keyId)
  expect(await kms.aliasTarget('us-east-1', `${alias}-more`)).toBeUndefined()
})

test('an operator is told what is wrong with a rotation period', async ({ page, givenFamily }) => {
  const { keyId, alias } = await givenFamily({ primary: 'us-east-1' })
  await page.goto(`/keys/${keyId}`)
  await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: 'Rotation settings' }).click()
  const dialog = page.getByRole('dialog', { name: `Set rotation: ${alias}` })
  const review = dialog.getByRole('button', { name: 'Review plan' })
  await review.click()
  await expectSaid(dialog.getByRole('radiogroup', { name: 'Automatic rotation' }), 'Choose on or off')
  await dialog.getByRole('radio', { name: 'On' }).check()
  const period = dialog.getByRole('spinbutton', { name: 'Rotation period in days' })
  for (const { typed, says } of wrongPeriods) {
    await period.fill(typed)
    await review.click()
    await expectSaid(period, says)
    await expect(period).toHaveValue(typed)
  }
  await expectNoLetters(page, period)
  await period.fill('2560')
  await review.click()
  await startRun(dialog)
  await expectRunDone(dialog)
  await expect(dialog).toContainText('2560')
})

test('an operator cannot promote by mistake', async ({ page, kms, givenFamily }) => {
  const { keyId, alias } = await givenFamily({ primary: 'us-east-1', replicas: ['eu-west-1'] })
  await page.goto(`/keys/${keyId}/promote`)
  await page.getByRole('button', { name: 'Review plan' }).click()
  await expectSaid(
    page.getByRole('radiogroup', { name: 'Replica key to promote' }),
    'Choose the Region whose replica key becomes the primary key',
  )
  await page.getByRole('radio', { name: /^eu-west-1/ }).check()
  await page.getByRole('button', { name: 'Review plan' }).click()

  const reason = page.getByRole('textbox', { name: 'Reason' })
  const confirmation = page.getByRole('textbox', { name: `Type ${alias} to confirm` })
  const start = page.getByRole('button', { name: 'Start run' })
  await start.click()
  await expectSaid(reason, 'Say why: the reason is kept with the run')
  await expectSaid(confirmation, `Type ${alias} exactly`)
  await expect(reason).toBeFocused()

  await reason.fill('Moving the primary')
  await confirmation.fill(alias.toUpperCase())
  await start.click()
  await expectSaid(confirmation, `Type ${alias} exactly`)
  await expect(confirmation).toBeFocused()
  await expect(reason).toHaveValue('Moving the primary')

  await reason.fill('r'.repeat(2001))
  await confirmation.fill(alias)
  await start.click()
  await expectSaid(reason, 'A reason has at most 2,000 characters')
  await expect(confirmation).toHaveValue(alias)
  expect(await kms.primaryRegionOf(keyId)).toBe('us-east-1')

  await reason.fill('Moving the primary')
  await start.click()
  await expectRunDone(page)
  expect(await kms.primaryRegionOf(keyId)).toBe('eu-west-1')
})

test('an operator is told how much text a key takes', async ({ page, givenFamily }) => {
  const { keyId } = await givenFamily({
    primary: 'us-east-1',
    replicas: ['eu-west-1'],
    key: { KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT_DECRYPT' },
  })
  await page.goto(`/keys/${keyId}?tab=crypto-check`)
  const check = page.getByRole('tabpanel', { name: 'Crypto check' })
  const text = check.getByRole('textbox', { name: 'Text' })
  const button = check.getByRole('button', { name: 'Encrypt and decrypt' })
  for (const { typed, says } of [
    { typed: '', says: 'Type a text' },
    { typed: 'x'.repeat(191), says: 'This key takes at most 190 bytes' },
    // Bytes, not letters.
    { typed: 'é'.repeat(96), says: 'This key takes at most 190 bytes' },
  ]) {
    await text.fill(typed)
    await button.click()
    await expectSaid(text, says)
    await expect(text).toHaveValue(typed)
  }
  await text.fill('é'.repeat(95))
  await button.click()
  await expect(check).toContainText('Decrypted in eu-west-1')
  await expect(check.getByLabel('Decrypted text')).toHaveText('é'.repeat(95))
})

/** The field is wrong, and says why to everybody. */
async function expectSaid(field: Locator, words: string | RegExp) {
  await expect(field).toHaveAccessibleDescription(typeof words === 'string' ? new RegExp(escaped(words)) : words)
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')

/** The choice whether a replica key takes something over from the primary key. */
const ownOf = (dialog: Locator, what: string) => dialog.getByRole('checkbox', { name: `${what}: as the primary key’s` })

/** A field for numbers takes no letters. */
async function expectNoLetters(page: Page, field: Locator) {
  await field.fill('')
  await field.focus()
  await page.keyboard.type('ninety')
  await expect(field).toHaveValue('')
}
