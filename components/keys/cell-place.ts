// Where the keyboard finds the control of a cell in a grid.

/** `row:column`, and whether Tab leads there; arrow keys lead everywhere. */
export interface CellPlace {
  at: string
  isTabStop: boolean
}

/** For the element that takes the focus. */
export const focusable = ({ at, isTabStop }: CellPlace) => ({ 'data-at': at, tabIndex: isTabStop ? 0 : -1 })
