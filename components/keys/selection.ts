// Families that a person has selected: by key id, so that refreshes, filters and pages leave the selection as it is.

export type Selection = ReadonlySet<string>

export const nothingSelected: Selection = new Set()

/** With these key ids, or without them. */
export function selecting(before: Selection, keyIds: readonly string[], isSelected: boolean): Selection {
  const after = new Set(before)
  for (const keyId of keyIds) {
    if (isSelected) after.add(keyId)
    else after.delete(keyId)
  }
  return after
}

/** How much of a list is selected, as a checkbox above it shows it. */
export function shareSelected(selection: Selection, keyIds: readonly string[]): 'none' | 'some' | 'all' {
  const selected = keyIds.filter((keyId) => selection.has(keyId)).length
  if (selected === 0) return 'none'
  return selected === keyIds.length ? 'all' : 'some'
}

const number = (many: number) => many.toLocaleString('en-US')

/** `12 of 1,000 selected, 3 of them not in the list now`: what a filter hides stays selected, and is told. */
export function selectionInWords(counts: { selected: number; hidden: number; all: number }): string {
  const { selected, hidden, all } = counts
  if (selected === 0) return 'None selected'
  const words = `${number(selected)} of ${number(all)} selected`
  if (hidden === 0) return words
  return hidden === selected
    ? `${words}, none of them in the list now`
    : `${words}, ${number(hidden)} of them not in the list now`
}
