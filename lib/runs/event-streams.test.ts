import { describe, expect, it } from 'vitest'
import { inventory } from '@/lib/inventory/live'
import { closeEventStreams, openEventStream } from './event-streams'

/** What the stream says until it ends. */
const readAll = (stream: ReadableStream<Uint8Array>) => new Response(stream).text()

const greeting = () => `event: topology\ndata: ${inventory().topology().version}\n\n`

describe('openEventStream', () => {
  it('begins with the version of now, and ends when its reader is gone', async () => {
    const reader = new AbortController()
    const said = readAll(openEventStream(reader.signal))
    reader.abort()
    expect(await said).toBe(greeting())
  })

  it('ends at once for a reader that has gone before it began', async () => {
    const said = readAll(openEventStream(AbortSignal.abort()))
    expect(await said).toBe('')
  })

  it('ends every stream when the server does', async () => {
    const said = [1, 2].map(() => readAll(openEventStream(new AbortController().signal)))
    closeEventStreams()
    expect(await Promise.all(said)).toEqual([greeting(), greeting()])
  })
})
