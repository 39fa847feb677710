// The scenarios by name. Loading one replaces all keys and aliases.

import type { Store } from '../state/store.ts'
import { loadDemo } from './demo.ts'
import { loadDrift } from './drift.ts'
import { loadEvacuation } from './evacuation.ts'
import { loadFleet } from './fleet.ts'
import type { World } from './world.ts'

const SCENARIOS: Record<string, (world: World) => void> = {
  empty: () => {},
  demo: loadDemo,
  drift: loadDrift,
  'fleet-1000': (world) => loadFleet(world, { families: 1000, membersEach: 4 }),
  'fleet-1000x6': (world) => loadFleet(world, { families: 1000, membersEach: 6 }),
  evacuation: loadEvacuation,
}

export const SCENARIO_NAMES = Object.keys(SCENARIOS)

export function loadScenario(name: string, store: Store, account: string, now: number): void {
  const load = SCENARIOS[name]
  if (!load) throw new Error(`there is no scenario ${name}`)
  store.clear()
  load({ store, account, now })
}
