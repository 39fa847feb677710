// What a story is given: a running product, KMS as a second witness, the emulator's doors, and a family of its own.

import { test as base } from '@playwright/test'
import { type Atlas, startAtlas } from './atlas'
import { EmulatorDoors } from './emulator-doors'
import { type FamilyRequest, Kms } from './kms'

export { expect } from '@playwright/test'

export type GivenFamily = { keyId: string; alias: string }

type WorkerFixtures = {
  atlas: Atlas
  kms: Kms
  /** Tells the dashboard that something was changed behind its back; answers once it has read every Region. */
  readAgain: () => Promise<void>
}

type StoryFixtures = {
  emulator: EmulatorDoors
  /** An alias that no other story uses, for a key that the story has made by the dashboard. */
  ownAlias: string
  /** Makes a family that no other story uses, and tells the dashboard; its alias is in every Region unless given null. */
  givenFamily: (request: Omit<FamilyRequest, 'alias'> & { alias?: string | null }) => Promise<GivenFamily>
}

const START_MS = 180_000

export const test = base.extend<StoryFixtures, WorkerFixtures>({
  atlas: [
    async ({}, use) => {
      const atlas = await startAtlas()
      await use(atlas)
      await atlas.remove()
    },
    { scope: 'worker', timeout: START_MS },
  ],

  kms: [
    async ({ atlas }, use) => {
      const doors = new EmulatorDoors(atlas.emulatorUrl)
      const kms = new Kms(atlas.emulatorUrl, () => doors.regions())
      await use(kms)
      kms.close()
    },
    { scope: 'worker' },
  ],

  readAgain: [
    async ({ atlas }, use) => {
      await use(async () => {
        const response = await fetch(`${atlas.baseUrl}/api/topology/refresh`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: '{}',
        })
        if (!response.ok) throw new Error(`The dashboard answered ${response.status} when asked to read every Region`)
      })
    },
    { scope: 'worker' },
  ],

  emulator: async ({ atlas }, use) => {
    const doors = new EmulatorDoors(atlas.emulatorUrl)
    await use(doors)
    await doors.heal()
  },

  baseURL: async ({ atlas }, use) => use(atlas.baseUrl),

  ownAlias: async ({}, use, { title, testId }) => use(`alias/${slug(title)}-${testId.slice(-6)}`),

  givenFamily: async ({ kms, readAgain, ownAlias }, use) => {
    let made = 0
    await use(async ({ alias, ...request }) => {
      made += 1
      const name = alias ?? `${ownAlias}-${made}`
      const { keyId } = await kms.createFamily({ ...request, ...(alias === null ? {} : { alias: name }) })
      await readAgain()
      return { keyId, alias: alias === null ? '' : name }
    })
  },
})

/** Alias names allow letters, digits and few signs. */
const slug = (title: string) =>
  title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
