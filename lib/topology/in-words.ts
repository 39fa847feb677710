// Lists in sentences.

/** `a`, `a and b`, `a, b and c`; from the sixth on they are counted: `a, b, c, d, e and 3 more`. */
export function inWords(items: readonly string[]): string {
  const shown = items.length > 6 ? [...items.slice(0, 5), `${items.length - 5} more`] : items
  const last = shown.at(-1) ?? ''
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(', ')} and ${last}`
}
