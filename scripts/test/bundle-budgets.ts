// How much JavaScript a page may load before it lives, and what must not be loaded where it is not used.

import type { BuiltScripts } from './built-scripts.ts'

/** A part that is loaded only where it is used. */
export type Part = {
  name: string
  /** A text that stands in its code and in no other: a build keeps no names of files. */
  mark: string
}

export type Budget = {
  /** As the build spells it, e.g. `/keys/[keyId]`. */
  route: string
  /** At most so many bytes, compressed. */
  bytes: number
  /** Parts that are loaded apart, but shown at once: they count as well. */
  shows: Part[]
}

/** Bytes, compressed. */
export type Spent = {
  budget: Budget
  /** Of the scripts that the page's HTML asks for. */
  first: number
  /** Of the parts that it shows at once. */
  shown: number
  /** Of the other parts that have a place on it: loaded when the page idles, or when they are opened. */
  later: number
}

const propertyFilter: Part = { name: 'property filter', mark: '"PropertyFilter"' }
const mermaid: Part = { name: 'Mermaid', mark: 'mermaid version' }

const ONLY_WHERE_USED = [propertyFilter, mermaid]

/** The first two are goals of the product; the page of a family, which every finding leads to, is held to the same. */
const BUDGETS: Budget[] = [
  { route: '/', bytes: 350_000, shows: [] },
  { route: '/keys', bytes: 450_000, shows: [propertyFilter] },
  { route: '/keys/[keyId]', bytes: 450_000, shows: [] },
]

/** What each route spends, and what is wrong with that, one sentence each. */
export function judgeBundles(
  build: BuiltScripts,
  budgets = BUDGETS,
  onlyWhereUsed = ONLY_WHERE_USED,
): { spent: Spent[]; faults: string[] } {
  const spent = budgets.map((budget) => spentBy(build, budget))
  const faults = [
    ...spent.flatMap(overspent),
    ...budgets.flatMap((budget) => budget.shows.flatMap((part) => notFound(build, budget, part))),
    ...budgets.flatMap((budget) => onlyWhereUsed.flatMap((part) => loadedUnused(build, budget, part))),
    ...onlyWhereUsed.flatMap((part) => outdatedMark(build, part)),
  ]
  return { spent, faults }
}

function spentBy(build: BuiltScripts, budget: Budget): Spent {
  const { first, parts } = pageOf(build, budget)
  const isShown = (scripts: string[]) => budget.shows.some((part) => holds(build, scripts, part))
  const shown = without(first, parts.filter(isShown).flat())
  const later = without([...first, ...shown], parts.flat())
  return { budget, first: bytesOf(build, first), shown: bytesOf(build, shown), later: bytesOf(build, later) }
}

/** Each of the others once. */
const without = (known: string[], others: string[]) => [...new Set(others)].filter((name) => !known.includes(name))

function overspent({ budget, first, shown }: Spent): string[] {
  const over = first + shown - budget.bytes
  return over > 0 ? [`${budget.route} loads ${inKilobytes(over)} more than its budget.`] : []
}

function notFound(build: BuiltScripts, budget: Budget, { name, mark }: Part): string[] {
  const { first, parts } = pageOf(build, budget)
  return holds(build, [...first, ...parts.flat()], { name, mark })
    ? []
    : [`${budget.route} shows the ${name}, but loads no script with “${mark}”.`]
}

function loadedUnused(build: BuiltScripts, budget: Budget, part: Part): string[] {
  return !budget.shows.includes(part) && holds(build, pageOf(build, budget).first, part)
    ? [`${budget.route} loads the ${part.name} before it is used.`]
    : []
}

/** Otherwise nobody would notice that a part is not recognised any more. */
function outdatedMark(build: BuiltScripts, { name, mark }: Part): string[] {
  return holds(build, Object.keys(build.scripts), { name, mark })
    ? []
    : [`No script of the build holds “${mark}”, by which the ${name} is recognised.`]
}

function pageOf(build: BuiltScripts, { route }: Budget) {
  const page = build.pages[route]
  if (!page) throw new Error(`The build has no page ${route}.`)
  return page
}

const holds = (build: BuiltScripts, scripts: string[], { mark }: Part) =>
  scripts.some((name) => scriptOf(build, name).text.includes(mark))

const bytesOf = (build: BuiltScripts, scripts: Iterable<string>) =>
  [...scripts].reduce((sum, name) => sum + scriptOf(build, name).bytes, 0)

function scriptOf(build: BuiltScripts, name: string) {
  const script = build.scripts[name]
  if (!script) throw new Error(`The build has no script ${name}.`)
  return script
}

export const inKilobytes = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`
