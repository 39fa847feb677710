// The one doorway of server actions: is the input sound, and what may the person put right?

import type { z } from 'zod'
import type { Answer } from '@/lib/plans/answer'
import { fieldMessages } from '@/lib/plans/field-messages'

/** Who acts, until people sign in: whoever sits at this machine. */
export const LOCAL_ACTOR = 'local operator'

/**
 * Wraps the work of an action. Input that does not fit is answered with a message at each field; what nobody expected
 * is logged here, once, and thrown to the error page. That the request comes from this machine, the proxy has checked.
 */
export function guardedAction<Schema extends z.ZodType, Value>(
  schema: Schema,
  work: (input: z.output<Schema>, actor: string) => Promise<Answer<Value>>,
) {
  return async (input: z.input<Schema>): Promise<Answer<Value>> => {
    const parsed = schema.safeParse(input)
    if (!parsed.success) {
      const fields = fieldMessages(parsed.error)
      const [message = 'The input is not valid'] = Object.values(fields)
      return { ok: false, error: { code: 'invalid', message, fields } }
    }
    try {
      return await work(parsed.data, LOCAL_ACTOR)
    } catch (error) {
      console.error('An action failed', error)
      throw error
    }
  }
}
