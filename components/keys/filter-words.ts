// The words in the empty filter, the same before and after it has been loaded.

export const FILTER_PLACEHOLDER = 'Filter by alias, key id, Region, key state…   /'
