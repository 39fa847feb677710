// evacuation: forty families whose primary keys all have to leave us-east-1, a few of them not without trouble.

import { administeredPolicy } from './policies.ts'
import { addFamily, type MemberPlan, type World } from './world.ts'

const SERVICES = [
  'orders',
  'ledger',
  'profiles',
  'inventory',
  'search',
  'messages',
  'reports',
  'media',
  'tokens',
  'backups',
]
const STAGES = ['prod', 'staging', 'batch', 'edge']

export function loadEvacuation(world: World): void {
  const names = STAGES.flatMap((stage) =>
    SERVICES.map((service) => ({ stage, service, alias: `alias/${service}-${stage}` })),
  )
  for (const [index, { stage, service, alias }] of names.entries()) {
    addFamily(world, {
      seed: alias,
      aliases: [alias],
      description: `${service} (${stage})`,
      tags: { team: service, env: stage },
      policy: administeredPolicy(world.account, 'AppRuntime'),
      createdDaysAgo: 200 + index * 11,
      rotation: {},
      members: [{ region: 'us-east-1' }, ...replicasOf(index)],
    })
  }
}

/** Every eighth family or so has one of the problems an evacuation meets. */
function replicasOf(index: number): MemberPlan[] {
  switch (index) {
    case 7: // target disabled
      return [{ region: 'us-west-2', state: 'Disabled' }, { region: 'eu-west-1' }]
    case 15: // alias missing at the target
      return [{ region: 'us-west-2', aliases: [] }, { region: 'eu-west-1' }]
    case 23: // nowhere to go
      return []
    case 31: // every target disabled
      return [
        { region: 'us-west-2', state: 'Disabled' },
        { region: 'eu-west-1', state: 'Disabled' },
      ]
    case 39: // target pending deletion
      return [
        { region: 'us-west-2', state: 'PendingDeletion', deletedInDays: 6 },
        { region: 'eu-west-1', aliases: [] },
      ]
    default:
      return index % 3 === 2 ? [{ region: 'us-west-2' }] : [{ region: 'us-west-2' }, { region: 'eu-west-1' }]
  }
}
