// Sudden ends: whatever was acknowledged before a kill at any instant is there after the next start, and nothing is half
// there. Failures tell the seed.

import { once } from 'node:events'
import { existsSync, watch } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { CreateKeyCommand, GetPublicKeyCommand, ListKeysCommand } from '@aws-sdk/client-kms'
import { describe, expect, it, onTestFinished } from 'vitest'
import { exitOf, listening, start } from '../tests/program-for-tests.ts'
import { authorization, refusal } from '../tests/test-emulator.ts'
import { type Clients, clientsOf, Expected, look, makeChanges, problemsWith, randomFrom } from './changes-for-tests.ts'

const SEED = Math.floor(Math.random() * 2 ** 31)
const CLIENTS = 5

async function stateFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kms-emulator-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return join(folder, 'state.jsonl')
}

type Program = ReturnType<typeof start> & { url: string; clients: Clients }

async function startOn(dataFile: string, args: string[] = [], circumstances = {}): Promise<Program> {
  const program = start(['--port', '0', '--scenario', 'empty', '--data', dataFile, ...args], circumstances)
  const url = await listening(program)
  await fetch(`${url}/_emulator/settings`, { method: 'PUT', body: '{"transitionMs":0}' })
  return { ...program, url, clients: clientsOf(url) }
}

/** Several clients at once, until each has got no answer; `onAnswer` hears how many changes were acknowledged. */
async function load({ url }: Program, expected: Expected, random: () => number, onAnswer: (count: number) => void) {
  const clients = clientsOf(url)
  let count = 0
  const acknowledged = () => {
    count += 1
    onAnswer(count)
  }
  const seeds = Array.from({ length: CLIENTS }, () => Math.floor(random() * 2 ** 31))
  await Promise.all(seeds.map((seed) => makeChanges(clients, expected, randomFrom(seed), acknowledged)))
  clients.destroy()
  return count
}

/** Starts again on the file, and compares what is there with what was acknowledged. */
async function requireNothingLost(dataFile: string, expected: Expected, where: string, args: string[] = []) {
  const program = await startOn(dataFile, args)
  const found = await look(program.clients)
  expect(await problemsWith(program.clients, expected, found), where).toEqual([])
  expected.settle(found)
  return program
}

/** Rounds on one file: changes, a kill after a random number of answers, a start, a look. */
async function killAgainAndAgain(rounds: number, seed: number, args: string[] = []): Promise<number> {
  const dataFile = await stateFile()
  const random = randomFrom(seed)
  const expected = new Expected()
  let program = await startOn(dataFile, args)
  let changes = 0
  for (let round = 1; round <= rounds; round += 1) {
    const last = 1 + Math.floor(random() * 150)
    const { child } = program
    changes += await load(program, expected, random, (count) => {
      if (count === last) child.kill('SIGKILL')
    })
    program = await requireNothingLost(dataFile, expected, `seed ${seed}, round ${round}, killed after ${last}`, args)
  }
  program.child.kill('SIGKILL')
  return changes
}

describe('a kill at any instant', () => {
  it('loses nothing that was acknowledged', { timeout: 180_000 }, async () => {
    const changes = await Promise.all([
      killAgainAndAgain(5, SEED),
      killAgainAndAgain(5, SEED + 1),
      killAgainAndAgain(5, SEED + 2, ['--compact-after', '20000']),
      killAgainAndAgain(5, SEED + 3, ['--compact-after', '20000']),
    ])
    const sum = changes.reduce((all, each) => all + each, 0)
    console.warn(`20 kills, seeds ${SEED} to ${SEED + 3}: ${sum} acknowledged changes, none lost`)
  })

  it('loses nothing while the state file is being written anew', async () => {
    const dataFile = await stateFile()
    const random = randomFrom(SEED)
    const expected = new Expected()
    let unfinished = 0
    let program = await startOn(dataFile, ['--compact-after', '1'])
    for (let round = 1; round <= 5; round += 1) {
      const { child } = program
      const watcher = watch(dirname(dataFile), (_, name) => {
        if (name === basename(`${dataFile}.next`)) child.kill('SIGKILL')
      })
      await load(program, expected, random, () => {})
      watcher.close()
      if (existsSync(`${dataFile}.next`)) unfinished += 1
      program = await requireNothingLost(dataFile, expected, `seed ${SEED}, round ${round}`, ['--compact-after', '1'])
    }
    program.child.kill('SIGKILL')
    console.warn(`5 kills while the file was written anew, seed ${SEED}: ${unfinished} before the new one was in place`)
  })
})

describe('SIGTERM amid changes', () => {
  it('ends the emulator with calls that hang, are slow or half sent, and loses nothing', async () => {
    const dataFile = await stateFile()
    const expected = new Expected()
    const program = await startOn(dataFile)
    const { child, url, output } = program
    const put = (path: string, body: string) => fetch(`${url}${path}`, { method: 'PUT', body })
    await put('/_emulator/regions/sa-east-1', '{"fault":"hang"}')
    await put('/_emulator/regions/ca-central-1', '{"latencyMs":3600000}')
    const call = (region: string) =>
      fetch(url, {
        method: 'POST',
        headers: { authorization: authorization(region), 'x-amz-target': 'TrentService.ListKeys' },
        body: '{}',
      }).catch(() => 'cut off')
    const unanswered = Promise.all([call('sa-east-1'), call('ca-central-1')])
    const halfSent = connect(Number(new URL(url).port), '127.0.0.1')
    halfSent.on('error', () => {})
    halfSent.write('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{')

    const ended = exitOf(child)
    await load(program, expected, randomFrom(SEED), (count) => {
      if (count === 60) child.kill('SIGTERM')
    })
    expect([await ended, output.error]).toEqual([0, ''])
    expect(await unanswered).toEqual(['cut off', 'cut off'])
    const next = await requireNothingLost(dataFile, expected, `seed ${SEED}`)
    next.child.kill('SIGKILL')
  })
})

describe('SIGTERM while many key pairs are being made', () => {
  it('does not wait for them all', async () => {
    const dataFile = await stateFile()
    const { child, clients } = await startOn(dataFile)
    const kms = clients.kms('us-east-1')
    const create = () => kms.send(new CreateKeyCommand({ KeySpec: 'RSA_4096', KeyUsage: 'SIGN_VERIFY' }))
    const keys = await Promise.all(Array.from({ length: 100 }, create))
    const answers = keys.map(({ KeyMetadata }) =>
      refusal(kms.send(new GetPublicKeyCommand({ KeyId: KeyMetadata?.KeyId }))),
    )
    await Promise.race(answers)
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    // 0, or a kill by itself when one that was begun would still take its time.
    expect([
      [0, null],
      [null, 'SIGKILL'],
    ]).toContainEqual(await ended)
    expect((await Promise.all(answers)).filter((answer) => answer !== 'no refusal').length).toBeGreaterThan(0)
    const next = await startOn(dataFile)
    expect((await next.clients.kms('us-east-1').send(new ListKeysCommand({}))).Keys).toHaveLength(100)
    next.child.kill('SIGKILL')
  })
})

describe('a disk that is full in the middle of a line', () => {
  it('acknowledges nothing that is not on it, and tells of nothing either', async () => {
    const dataFile = await stateFile()
    const expected = new Expected()
    const small = await startOn(dataFile, [], { maxFileBlocks: 100 })
    const read = () => refusal(small.clients.kms('us-east-1').send(new ListKeysCommand({})))
    let changes = 0
    // At first there is room for the file when it is written anew; in the end there is none for that either.
    do changes += await load(small, expected, randomFrom(SEED + changes), () => {})
    while ((await read()) === 'no refusal')
    expect(await read()).toContain('KMSInternalException')
    expect(changes).toBeGreaterThan(0)
    small.child.kill('SIGKILL')
    const next = await requireNothingLost(dataFile, expected, `seed ${SEED}`)
    next.child.kill('SIGKILL')
  })
})
