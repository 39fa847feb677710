// Starting a run: what a person or a script sends with the plan that was reviewed. Apart from the types of runs, which
// every screen needs, so that pages without a form do not load the schemas.

import { z } from 'zod'

export const startRunRequest = z.object({
  request: z.looseObject({ kind: z.string() }, 'Send the request that the plan was made for'),
  fingerprint: z.string('Review the plan first').min(1, 'Review the plan first'),
  reason: z.string().trim().max(2000, 'A reason has at most 2,000 characters').default(''),
  confirmation: z.string().optional(),
})
export type StartRunRequest = z.input<typeof startRunRequest>
