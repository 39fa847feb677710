// fleet: many healthy families of the same make, to see what size does.

import { administeredPolicy } from './policies.ts'
import { DEMO_REGIONS } from './regions.ts'
import { addFamily, type MemberPlan, type World } from './world.ts'

export function loadFleet(world: World, { families, membersEach }: { families: number; membersEach: number }): void {
  const policy = administeredPolicy(world.account, 'AppRuntime')
  for (let index = 0; index < families; index++) {
    const alias = `alias/fleet-${String(index).padStart(4, '0')}`
    addFamily(world, {
      seed: alias,
      aliases: [alias],
      description: `Fleet key ${index}`,
      tags: { team: `team-${index % 20}`, env: 'prod' },
      policy,
      createdDaysAgo: 100 + (index % 600),
      rotation: {},
      members: membersFrom(index, membersEach),
    })
  }
}

/** Primaries are spread over all Regions, replicas follow in the order of the list. */
function membersFrom(index: number, count: number): [MemberPlan, ...MemberPlan[]] {
  const at = (offset: number): MemberPlan => ({
    region: DEMO_REGIONS[(index + offset) % DEMO_REGIONS.length] ?? 'us-east-1',
  })
  return [at(0), ...Array.from({ length: count - 1 }, (_, offset) => at(offset + 1))]
}
