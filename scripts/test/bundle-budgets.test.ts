import { describe, expect, it } from 'vitest'
import type { BuiltScripts } from './built-scripts.ts'
import { type Budget, judgeBundles, type Part } from './bundle-budgets.ts'

const filter: Part = { name: 'filter', mark: '"Filter"' }
const graph: Part = { name: 'graph', mark: 'graph version' }

const build: BuiltScripts = {
  pages: {
    '/': { first: ['frame.js', 'overview.js'], parts: [['frame.js', 'dialog.js', 'table.js']] },
    '/keys': {
      first: ['frame.js', 'table.js'],
      parts: [
        ['dialog.js', 'table.js'],
        ['table.js', 'filter.js'],
      ],
    },
  },
  scripts: {
    'frame.js': { text: 'frame', bytes: 100_000 },
    'overview.js': { text: 'overview', bytes: 10_000 },
    'table.js': { text: 'table', bytes: 20_000 },
    'dialog.js': { text: 'dialog', bytes: 30_000 },
    'filter.js': { text: 'name("Filter")', bytes: 5_000 },
    'graph.js': { text: 'graph version', bytes: 1_000_000 },
  },
}

const overview: Budget = { route: '/', bytes: 110_000, shows: [] }
const keys: Budget = { route: '/keys', bytes: 125_000, shows: [filter] }

const judge = (budgets: Budget[], of = build) => judgeBundles(of, budgets, [filter, graph])

describe('judgeBundles', () => {
  it('counts each script once: what is shown at once with the page, the rest as later', () => {
    expect(judge([overview, keys])).toEqual({
      spent: [
        { budget: overview, first: 110_000, shown: 0, later: 50_000 },
        { budget: keys, first: 120_000, shown: 5_000, later: 30_000 },
      ],
      faults: [],
    })
  })

  it('tells by how much a page is over its budget, what it shows at once included', () => {
    expect(judge([{ ...keys, bytes: 123_400 }]).faults).toEqual(['/keys loads 1.6 kB more than its budget.'])
    expect(judge([{ ...overview, bytes: 100_000 }]).faults).toEqual(['/ loads 10.0 kB more than its budget.'])
  })

  it('tells when a page loads what it does not use yet', () => {
    const { faults } = judge([{ ...keys, bytes: 2_000_000, shows: [] }, overview], {
      ...build,
      pages: { ...build.pages, '/keys': { first: ['filter.js', 'graph.js'], parts: [] } },
    })
    expect(faults).toEqual(['/keys loads the filter before it is used.', '/keys loads the graph before it is used.'])
  })

  it('tells when what a page shows is in none of its scripts, so that it was not counted', () => {
    const pages = { ...build.pages, '/keys': { first: ['frame.js'], parts: [] } }
    expect(judge([keys], { ...build, pages }).faults).toEqual([
      '/keys shows the filter, but loads no script with “"Filter"”.',
    ])
  })

  it('tells when a part is not recognised any more', () => {
    const { 'graph.js': _graph, ...scripts } = build.scripts
    expect(judge([overview], { ...build, scripts }).faults).toEqual([
      'No script of the build holds “graph version”, by which the graph is recognised.',
    ])
  })

  it('knows no budget for a page that was not built', () => {
    expect(() => judge([{ ...overview, route: '/settings' }])).toThrow('The build has no page /settings.')
  })
})
