import { describe, expect, it } from 'vitest'
import { SharedReads } from './shared-reads'

/** Reads that answer when they are told to. */
function reads() {
  const open: PromiseWithResolvers<number>[] = []
  return {
    open,
    read: () => {
      const reading = Promise.withResolvers<number>()
      open.push(reading)
      return reading.promise
    },
  }
}

describe('SharedReads', () => {
  it('serves all who join with the request that is under way', async () => {
    const shared = new SharedReads()
    const { open, read } = reads()
    const asked = [shared.join('keys', read), shared.join('keys', read), shared.join('keys', read)]
    expect(open).toHaveLength(1)
    open[0]?.resolve(1)
    expect(await Promise.all(asked)).toEqual([1, 1, 1])

    void shared.join('keys', read)
    expect(open).toHaveLength(2)
  })

  it('keeps requests for different things apart', () => {
    const shared = new SharedReads()
    const { open, read } = reads()
    void shared.join('keys', read)
    void shared.join('aliases', read)
    expect(open).toHaveLength(2)
  })

  it('answers who wants it fresh with one later request, shared by all who waited', async () => {
    const shared = new SharedReads()
    const { open, read } = reads()
    const early = shared.join('keys', read)
    const late = [shared.fresh('keys', read), shared.fresh('keys', read)]
    expect(open).toHaveLength(1)
    open[0]?.resolve(1)
    expect(await early).toBe(1)
    await expect.poll(() => open.length).toBe(2)
    open[1]?.resolve(2)
    expect(await Promise.all(late)).toEqual([2, 2])
    expect(open).toHaveLength(2)
  })

  it('asks again for the next one after a failure', async () => {
    const shared = new SharedReads()
    const { open, read } = reads()
    const early = shared.join('keys', read)
    const late = shared.fresh('keys', read)
    open[0]?.reject(new Error('lost'))
    await expect(early).rejects.toThrow('lost')
    await expect.poll(() => open.length).toBe(2)
    open[1]?.resolve(2)
    expect(await late).toBe(2)
  })
})
