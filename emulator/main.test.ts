// The emulator as a program: its lines, its exit codes, and that it ends when told.

import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { SCENARIO_NAMES } from './scenarios/scenarios.ts'
import { exitOf, listening, start } from './tests/program-for-tests.ts'

describe('the program', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'says where it listens, and ends at %s, hanging calls included',
    async (signal) => {
      const program = start(['--port', '0', '--scenario', 'empty'])
      const url = await listening(program)
      await fetch(`${url}/_emulator/regions/us-east-1`, { method: 'PUT', body: '{"fault":"hang"}' })
      const authorization = 'AWS4-HMAC-SHA256 Credential=A/20261123/us-east-1/kms/aws4_request'
      const hanging = fetch(url, { method: 'POST', headers: { authorization }, body: '{}' }).catch(() => 'cut off')
      while (Object.keys((await (await fetch(`${url}/_emulator/calls`)).json()) as object).length === 0);
      program.child.kill(signal)
      expect(await exitOf(program.child)).toBe(0)
      expect(await hanging).toBe('cut off')
      expect(program.output.error).toBe('')
    },
  )

  it('tells its parent where it listens, and ends when the parent is gone', async () => {
    const program = start(['--port', '0'], { ipc: true })
    const [message] = (await once(program.child, 'message')) as unknown[]
    expect(message).toEqual({ listening: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) })
    // Its streams stay open on this side after `disconnect`, so `exit` is the event to wait for.
    const ended = once(program.child, 'exit')
    program.child.disconnect()
    expect(await ended).toEqual([0, null])
  })

  it.each([
    [['--prot', '1'], "Unknown option '--prot'"],
    [['--port', 'many'], '--port must be a number from 0 to 65535, not many.'],
    [['--port', '70000'], '--port must be a number from 0 to 65535, not 70000.'],
    [['--scenario', 'none'], '--scenario must be one of'],
    [['--account', '12'], '--account must be a number of 12 digits, not 12.'],
    [['--port', '0', '--data', '/dev/null/x'], '/dev/null/x cannot keep the keys: '],
    [['--port', '0', '--data', '/dev'], '/dev cannot keep the keys: '],
  ])('ends with one sentence for %j', async (args, sentence) => {
    const { child, output } = start(args)
    expect(await exitOf(child)).toBe(1)
    expect(output.error).toContain(sentence)
    expect(output.error.trim().split('\n')).toHaveLength(1)
  })

  it('tells all its options and its version', async () => {
    const help = start(['--help'])
    expect(await exitOf(help.child)).toBe(0)
    for (const option of [
      '--port NUMBER',
      '--scenario NAME',
      '--data FILE',
      '--account DIGITS',
      '--help',
      '--version',
    ]) {
      expect(help.output.out).toContain(`\n  ${option} `)
    }
    for (const scenario of SCENARIO_NAMES) expect(help.output.out).toContain(scenario)
    const version = start(['--version'])
    expect(await exitOf(version.child)).toBe(0)
    expect(version.output.out).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  it('ends with one sentence when the port is taken', async () => {
    const first = start(['--port', '0'])
    const port = new URL(await listening(first)).port
    const second = start(['--port', port])
    expect(await exitOf(second.child)).toBe(1)
    expect(second.output.error).toBe(`Port ${port} is taken; choose another with --port.\n`)
  })
})
