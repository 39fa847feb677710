import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { assembleTopology } from '../assemble'
import { READ_AT } from './given-readings'

const here = new URL('.', import.meta.url)
const situations = readdirSync(here, { withFileTypes: true }).filter((entry) => entry.isDirectory())
const readJson = (path: string) => JSON.parse(readFileSync(new URL(path, here), 'utf8'))

describe('scenarios', () => {
  it('are there', () => {
    expect(situations.length).toBeGreaterThan(15)
  })

  it.each(situations.map((entry) => entry.name))('%s', (situation) => {
    const topology = assembleTopology(readJson(`${situation}/keys.json`), { version: 1, takenAt: READ_AT })
    expect(topology).toEqual(readJson(`${situation}/expected.json`))
  })
})
