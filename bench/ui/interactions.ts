// What a person does on the screens, each with the event that begins it and what must be there at the end.

import { expect, type Page } from '@playwright/test'

export const SCREEN = { width: 1280, height: 900 }
export const ROUNDS = 20

export interface Interaction {
  name: string
  goalMs?: number
  /** Once, before the first round. */
  open: (page: Page) => Promise<void>
  /** Before each round, not measured. */
  prepare?: (page: Page, round: number) => Promise<void>
  act: (page: Page, round: number) => Promise<void>
  event: 'click' | 'keydown' | 'wheel'
  /** A selector: measured is until it is painted, else until nothing changes any more. */
  seen?: string
  /** Fails unless the interaction did what it says. */
  check?: (page: Page, round: number) => Promise<void>
}

/** From here on the page hears keys and clicks. */
const hears = (page: Page) => page.getByText(/^live · /).waitFor()

const open = (path: string) => async (page: Page) => {
  await page.goto(path)
  await hears(page)
}

const openKeys = async (page: Page) => {
  await open('/keys')(page)
  await filterField(page).waitFor()
}

const filterField = (page: Page) => page.getByRole('combobox', { name: 'Filter keys' })
const heading = (page: Page, name: string) => page.getByRole('heading', { level: 2, name })
const counts = (page: Page, name: string, text: string) =>
  expect(heading(page, name)).toContainText(text, { timeout: 5000 })

const showAll = (page: Page) => page.getByRole('button', { name: 'Show all' }).click()

const unfiltered = async (page: Page, round: number) => {
  if (round > 0) await showAll(page)
  await counts(page, 'Families', '(1000)')
}

/** Other keys than those shown before: every row of the page is another one. */
const textOf = (round: number) => `fleet-0${(round % 9) + 1}`

const REGIONS = ['ap-northeast-1', 'ap-southeast-1', 'eu-central-1', 'eu-west-1', 'us-east-1', 'us-west-2']
const propertyOf = (round: number) => `Primary Region = ${REGIONS[round % REGIONS.length]}`

const COLUMNS = ['Alias', 'Members', 'Key state', 'Findings', 'Primary Region', 'Rotation', 'Kind', 'Key id']

const FAST_MS = 100

export const INTERACTIONS: Interaction[] = [
  {
    name: 'filter by text',
    goalMs: FAST_MS,
    open: openKeys,
    prepare: async (page, round) => {
      await unfiltered(page, round)
      await filterField(page).fill(textOf(round))
    },
    event: 'keydown',
    act: (page) => page.keyboard.press('Enter'),
    check: (page) => counts(page, 'Families', '(100/1000)'),
  },
  {
    name: 'filter by property',
    goalMs: FAST_MS,
    open: openKeys,
    prepare: async (page, round) => {
      await unfiltered(page, round)
      await filterField(page).fill(propertyOf(round))
    },
    event: 'keydown',
    act: (page) => page.keyboard.press('Enter'),
    check: (page) => counts(page, 'Families', '/1000)'),
  },
  {
    name: 'clear the filter',
    goalMs: FAST_MS,
    open: openKeys,
    prepare: async (page, round) => {
      await filterField(page).fill(textOf(round))
      await page.keyboard.press('Enter')
      await counts(page, 'Families', '(100/1000)')
    },
    event: 'click',
    act: showAll,
    check: (page) => counts(page, 'Families', '(1000)'),
  },
  {
    name: 'type a letter into the filter',
    goalMs: FAST_MS,
    open: openKeys,
    prepare: async (page) => {
      await filterField(page).fill('')
      await filterField(page).pressSequentially('fl')
    },
    event: 'keydown',
    act: (page) => page.keyboard.press('e'),
  },
  ...COLUMNS.map(
    (column): Interaction => ({
      name: `sort by ${column}`,
      goalMs: FAST_MS,
      open: openKeys,
      event: 'click',
      act: (page) => page.getByRole('columnheader', { name: column }).getByRole('button').click(),
    }),
  ),
  {
    name: 'next page',
    goalMs: FAST_MS,
    open: openKeys,
    prepare: async (page, round) => {
      if (round % 9 === 0 && round > 0) await openKeys(page)
    },
    event: 'click',
    act: (page) => page.getByRole('button', { name: 'Next page' }).click(),
  },
  {
    name: 'from the table to the matrix',
    goalMs: FAST_MS,
    open: openKeys,
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Table', exact: true }).click()
    },
    event: 'click',
    act: (page) => page.getByRole('button', { name: 'Matrix', exact: true }).click(),
    check: (page) => counts(page, 'Families by Region', '(1000)'),
  },
  {
    name: 'from the matrix to the table',
    goalMs: FAST_MS,
    open: openKeys,
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Matrix', exact: true }).click()
    },
    event: 'click',
    act: (page) => page.getByRole('button', { name: 'Table', exact: true }).click(),
    check: (page) => counts(page, 'Families', '(1000)'),
  },
  {
    name: 'matrix: from one end to the other',
    goalMs: FAST_MS,
    open: async (page) => {
      await open('/keys?view=matrix')(page)
      await page.getByRole('grid').getByRole('link').first().focus()
    },
    event: 'keydown',
    act: (page, round) => page.keyboard.press(round % 2 === 0 ? 'Control+End' : 'Control+Home'),
  },
  {
    name: 'Overview: Region map from a click on the link',
    goalMs: 300,
    open: open('/'),
    prepare: async (page) => {
      await page.getByRole('link', { name: 'Runs', exact: true }).click()
      await page.getByRole('heading', { level: 1, name: 'Runs' }).waitFor()
    },
    event: 'click',
    act: (page) => page.getByRole('link', { name: 'Overview' }).click(),
    seen: 'svg[aria-label="Region map"]',
  },
  {
    name: 'family: graph from a click on its name',
    goalMs: 150,
    open: openKeys,
    prepare: async (page) => {
      await page.getByRole('link', { name: 'Keys', exact: true }).click()
      await page.getByRole('heading', { level: 1, name: 'Keys' }).waitFor()
    },
    event: 'click',
    act: (page, round) => page.getByRole('link', { name: `alias/fleet-${String(round).padStart(4, '0')}` }).click(),
    seen: 'svg[aria-label^="Key family"]',
  },
  {
    name: 'command palette: a letter',
    goalMs: FAST_MS,
    open: open('/runs'),
    prepare: async (page) => {
      await page.keyboard.press('Escape')
      await page.keyboard.press('Control+k')
      await page.getByRole('combobox', { name: 'Find a key' }).pressSequentially('fle')
    },
    event: 'keydown',
    act: (page) => page.keyboard.press('e'),
  },
]
