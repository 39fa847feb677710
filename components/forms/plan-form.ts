// Plan forms: what every form of a kind is given, and how it reads its fields by the schema that the server uses.

import type { z } from 'zod'
import { fieldMessages } from '@/lib/plans/field-messages'
import type { RequestData } from '@/lib/topology/topology'

export interface PlanFormProps {
  /** What is filled in so far; fields may be missing or wrong. */
  request: RequestData
  /** Messages by field path, e.g. `toRegions` or `tags.0.key`. */
  fields: Record<string, string>
  /** Called with a complete request. */
  onReview: (request: RequestData) => void
  /** The plan is being made. */
  reviewing: boolean
}

/** Messages by field path; the first of each field is the one to show. Empty for a complete request. */
export const fieldsOf = (schema: z.ZodType, data: unknown): Record<string, string> =>
  fieldMessages(schema.safeParse(data).error)

/** The message of a field or of anything in it: a list shows what is wrong with its items as well. */
export function messageAt(fields: Record<string, string>, path: string): string | undefined {
  const [, message] = Object.entries(fields).find(([field]) => field === path || field.startsWith(`${path}.`)) ?? []
  return message
}
