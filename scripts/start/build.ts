// Builds the dashboard when its source files are not those of the build that is there.

import { readBuildStamp, removeBuildStamp, sourceStamp, writeBuildStamp } from './build-stamp.ts'
import { type Child, ROOT, startChild } from './children.ts'
import { Refusal } from './refusal.ts'

export const NEXT = 'node_modules/next/dist/bin/next'

/** Prints one line when it builds, and everything that the build said when it fails. */
export async function buildWhenNeeded(): Promise<void> {
  const stamp = await sourceStamp(ROOT)
  if ((await readBuildStamp(ROOT)) === stamp) return

  const began = performance.now()
  process.stdout.write('Building the dashboard … ')
  await removeBuildStamp(ROOT)
  const build = startChild(
    [NEXT, 'build'],
    { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
    {
      out: 'pipe',
      error: 'pipe',
    },
  )
  const output = outputOf(build)
  const { code } = await build.ended
  const seconds = ((performance.now() - began) / 1000).toFixed(0)
  if (code !== 0) {
    process.stdout.write('\n')
    throw new Refusal(`${await output}\nThe build of the dashboard failed; what it said stands above.`)
  }
  await writeBuildStamp(ROOT, stamp)
  process.stdout.write(`done in ${seconds} s\n`)
}

async function outputOf({ process: { stdout, stderr } }: Child): Promise<string> {
  const chunks: string[] = []
  const streams = [stdout, stderr].filter((stream) => stream !== null)
  await Promise.all(
    streams.map(async (stream) => {
      for await (const chunk of stream.setEncoding('utf8')) chunks.push(String(chunk))
    }),
  )
  return chunks.join('')
}
