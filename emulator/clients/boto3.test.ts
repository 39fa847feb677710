// boto3 against the emulator: botocore's service model is a second opinion on the form of every answer.

import { fileURLToPath } from 'node:url'
import { ListKeysCommand } from '@aws-sdk/client-kms'
import { describe, expect, it } from 'vitest'
import { OPERATIONS } from '../calls/operations.ts'
import { emulate } from '../tests/test-emulator.ts'
import {
  answersWell,
  awsEnvironment,
  blocksOfReadme,
  EXAMPLE_URL,
  run,
  skipped,
  temporaryFolder,
  towards,
} from './programs-for-tests.ts'

const WALK = fileURLToPath(new URL('boto3_walk.py', import.meta.url))
const NEW_ENOUGH = "import boto3; boto3.client('kms', 'us-east-1').get_key_last_usage"
const LIMIT_MS = 300_000

type Report = { botocore: string; known: string[]; called: string[]; mismatches: string[] }

const reason = !answersWell('python3', '--version')
  ? 'there is no python3 on the PATH'
  : !answersWell('python3', '-c', 'import boto3')
    ? 'python3 has no boto3'
    : !answersWell('python3', '-c', NEW_ENOUGH)
      ? 'botocore is older than GetKeyLastUsage'
      : undefined

describe.skipIf(skipped('boto3', reason))('boto3', { timeout: LIMIT_MS }, () => {
  it('finds every answer in the form of the service model, for every operation', async () => {
    const emulator = await emulate({ realTime: true })
    const folder = temporaryFolder()
    const env = awsEnvironment(folder, {
      ...towards(emulator.url),
      NODE: process.execPath,
      SERVED: [...OPERATIONS.keys()].join(),
    })
    const { code, out, all } = await run('python3', [WALK], { folder, env })
    expect(code, all).toBe(0)
    const { botocore, known, called, mismatches } = JSON.parse(out) as Report
    expect(mismatches).toEqual([])
    const served = [...OPERATIONS.keys()]
    const unknown = served.filter((name) => !known.includes(name))
    console.warn(
      `botocore ${botocore}: ${called.length} answers compared, unknown to it: ${unknown.join(', ') || 'none'}`,
    )
    expect([...new Set(called)].toSorted()).toEqual(served.filter((name) => known.includes(name)).toSorted())
  })

  it('lists keys through the client that the README shows', async () => {
    const emulator = await emulate({ realTime: true, scenario: 'demo' })
    const folder = temporaryFolder()
    const [client = ''] = blocksOfReadme('With an SDK', 'python')
    const program = `import boto3\nprint(len(${client.trim().replace(EXAMPLE_URL, emulator.url)}.list_keys()['Keys']))`
    const { code, out, all } = await run('python3', ['-c', program], { folder, env: awsEnvironment(folder) })
    expect(code, all).toBe(0)
    const { Keys = [] } = await emulator.kms('eu-west-1').send(new ListKeysCommand({}))
    expect(Number(out)).toBe(Keys.length)
    expect(Keys).not.toEqual([])
  })
})
