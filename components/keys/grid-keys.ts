// Moving in a grid by keyboard, as assistive technology expects it (WAI-ARIA Authoring Practices, "Grid").

export interface Place {
  row: number
  column: number
}

const PAGE_ROWS = 10

/** Where a key leads from a place, or null for keys that do not move. */
export function placeAfter(
  key: string,
  { row, column }: Place,
  { rows, columns, ctrl }: { rows: number; columns: number; ctrl: boolean },
): Place | null {
  const within = (next: Place): Place => ({
    row: Math.min(Math.max(0, next.row), Math.max(0, rows - 1)),
    column: Math.min(Math.max(0, next.column), Math.max(0, columns - 1)),
  })
  switch (key) {
    case 'ArrowUp':
      return within({ row: row - 1, column })
    case 'ArrowDown':
      return within({ row: row + 1, column })
    case 'ArrowLeft':
      return within({ row, column: column - 1 })
    case 'ArrowRight':
      return within({ row, column: column + 1 })
    case 'Home':
      return within({ row: ctrl ? 0 : row, column: 0 })
    case 'End':
      return within({ row: ctrl ? rows - 1 : row, column: columns - 1 })
    case 'PageUp':
      return within({ row: row - PAGE_ROWS, column })
    case 'PageDown':
      return within({ row: row + PAGE_ROWS, column })
    default:
      return null
  }
}
