import { afterEach, describe, expect, it, vi } from 'vitest'
import { answerJson, door } from './door'

const request = new Request('http://127.0.0.1:3000/api/runs')

afterEach(() => {
  vi.restoreAllMocks()
})

describe('door', () => {
  it('answers what its handler answers', async () => {
    const response = await door(async ({ url }, more: string) => answerJson({ url, more }))(request, 'more')
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ url: request.url, more: 'more' })
  })

  it('refuses in the form of every refusal when something unexpected happens, and logs it once', async () => {
    const log = vi.spyOn(console, 'error').mockReturnValue()
    const failure = new Error('select * from runs failed')
    const response = await door(() => Promise.reject(failure))(request)
    expect(response.status).toBe(500)
    expect(await response.json()).toEqual({
      error: { code: 'internal', message: expect.not.stringContaining('select') },
    })
    expect(log.mock.calls).toEqual([[expect.any(String), failure]])
  })
})
