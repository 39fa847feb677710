// Defined: objects that are equal are equal as JSON too.

/** The given fields without those that are undefined, so that equal things are equal as JSON too. */
export function defined<T extends object>(fields: T): T {
  const kept: Partial<T> = {}
  for (const field in fields) if (fields[field] !== undefined) kept[field] = fields[field]
  return kept as T
}
