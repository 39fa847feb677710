// Field messages: what is wrong with an input, said at the field where it can be put right.

import type { z } from 'zod'

/** Messages by field path, e.g. `toRegions` or `changes.0.name`; the first of each field is the one to show. */
export function fieldMessages(error: z.ZodError | undefined): Record<string, string> {
  const fields: Record<string, string> = {}
  for (const { path, message } of error?.issues ?? []) fields[path.join('.')] ??= message
  return fields
}
