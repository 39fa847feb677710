// The form that key policies and identity policies have in common.

import { isJsonObject } from '../wire/validation.ts'

export const isTextOrTexts = (value: unknown): value is string | string[] =>
  typeof value === 'string' || (Array.isArray(value) && value.every((item) => typeof item === 'string'))

/** Source: IAM User Guide, "IAM JSON policy elements: Condition operators". */
const CONDITION_OPERATOR =
  /^((ForAllValues:|ForAnyValue:)?(String(Not)?(Equals(IgnoreCase)?|Like)|Numeric((Not)?Equals|(Less|Greater)Than(Equals)?)|Date((Not)?Equals|(Less|Greater)Than(Equals)?)|Bool|BinaryEquals|(Not)?IpAddress|Arn(Not)?(Equals|Like))(IfExists)?|Null)$/i

/** What is wrong with the conditions of a statement, if anything; a statement may do without. */
export function problemOfConditions(conditions: unknown): string | undefined {
  if (conditions === undefined) return undefined
  if (!isJsonObject(conditions)) return 'Condition must be a JSON object'
  for (const [operator, keys] of Object.entries(conditions)) {
    if (!CONDITION_OPERATOR.test(operator)) return `Condition has an unknown operator ${operator}`
    if (!isJsonObject(keys)) return `The keys of the condition ${operator} must be a JSON object`
  }
  return undefined
}
