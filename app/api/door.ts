// Doors: what the route handlers share, so that all answer and refuse in one form.

import type { Answer, Refusal, RefusalCode } from '@/lib/plans/answer'

const statusOf: Record<RefusalCode, number> = {
  invalid: 400,
  forbidden: 403,
  'not-found': 404,
  stale: 409,
  held: 409,
  conflict: 409,
  blocked: 422,
  kms: 502,
  unavailable: 503,
  internal: 500,
}

/** The snapshot changes all the time, and keys do not belong into caches. */
const headers = { 'cache-control': 'no-store' }

export const answerJson = (value: unknown, status = 200) => Response.json(value, { status, headers })

export const refuse = (error: Refusal, status = statusOf[error.code]) => answerJson({ error }, status)

export const answerOf = <Value>(answer: Answer<Value>, status = 200) =>
  answer.ok ? answerJson(answer.value, status) : refuse(answer.error)

type Handler<Rest extends unknown[]> = (request: Request, ...rest: Rest) => Response | Promise<Response>

/** One door: what nobody expected is logged here, once, and refused in the form of everything else. */
export const door =
  <Rest extends unknown[]>(handle: Handler<Rest>) =>
  async (request: Request, ...rest: Rest): Promise<Response> => {
    try {
      return await handle(request, ...rest)
    } catch (error) {
      console.error('A machine door failed', error)
      return refuse({
        code: 'internal',
        message: 'Something happened that nobody expected: the log of the server says what',
      })
    }
  }

const MAX_BODY_CHARACTERS = 1024 * 1024

/** The JSON body of a request that changes something; the content type keeps plain HTML forms out. */
export async function readJson(request: Request): Promise<Answer<unknown>> {
  const wrong = (message: string): Answer<never> => ({ ok: false, error: { code: 'invalid', message } })
  if (!/^application\/json\s*(;|$)/i.test(request.headers.get('content-type') ?? '')) {
    return wrong('Send JSON, with the header content-type: application/json')
  }
  const text = await request.text()
  if (text.length > MAX_BODY_CHARACTERS) return wrong('The body is longer than 1 MiB')
  try {
    return { ok: true, value: text === '' ? {} : JSON.parse(text) }
  } catch {
    return wrong('The body is not valid JSON')
  }
}
