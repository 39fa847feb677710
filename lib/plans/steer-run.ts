// Steering a run: what a person or a script sends to have something tried again, or left out.

import { z } from 'zod'

const partField = z.int('Name the part by its number').min(1, 'Parts are counted from 1')

/** Without a part, all that failed. */
export const retryRequest = z.object({ part: partField.optional() })

export const skipRequest = z.object({
  part: partField,
  reason: z
    .string('Say why: it is kept with the run')
    .trim()
    .min(1, 'Say why: it is kept with the run')
    .max(2000, 'A reason has at most 2,000 characters'),
})
