// drift: one family for each way in which related keys come to disagree. The alias says which.

import { defaultKeyPolicy } from '../key-policy.ts'
import { administeredPolicy, openPolicy, withoutAccountRoot } from './policies.ts'
import { addFamily, type FamilyPlan, type MemberPlan, pointAliasTo, type World } from './world.ts'

const EAST: MemberPlan = { region: 'us-east-1' }
const WEST: MemberPlan = { region: 'us-west-2' }
const IRELAND: MemberPlan = { region: 'eu-west-1' }

export function loadDrift(world: World): void {
  const { account } = world
  const policy = administeredPolicy(account, 'AppRuntime')
  const drifted = (name: string, plan: Partial<Omit<FamilyPlan, 'seed' | 'aliases'>>) =>
    addFamily(world, {
      seed: `alias/${name}`,
      aliases: [`alias/${name}`],
      description: `Drift: ${name}`,
      tags: { team: 'platform', env: 'prod' },
      policy,
      rotation: {},
      members: [EAST, WEST, IRELAND],
      ...plan,
    })

  drifted('healthy', {})
  drifted('no-replica', { members: [EAST] })
  drifted('alias-missing', { members: [EAST, WEST, { ...IRELAND, aliases: [] }] })
  drifted('alias-elsewhere', {})
  pointAliasTo(world, 'eu-west-1', 'alias/alias-elsewhere', 'alias/healthy')
  drifted('no-alias-at-all', {
    members: [
      { ...EAST, aliases: [] },
      { ...WEST, aliases: [] },
    ],
  })
  drifted('extra-alias', { members: [EAST, { ...WEST, aliases: ['alias/extra-alias', 'alias/only-in-the-west'] }] })
  drifted('replica-disabled', { members: [EAST, { ...WEST, state: 'Disabled' }, IRELAND] })
  drifted('primary-disabled', { members: [{ ...EAST, state: 'Disabled' }, WEST] })
  drifted('all-disabled', {
    members: [
      { ...EAST, state: 'Disabled' },
      { ...WEST, state: 'Disabled' },
    ],
  })
  drifted('replica-pending-deletion', { members: [EAST, { ...WEST, state: 'PendingDeletion', deletedInDays: 9 }] })
  drifted('short-waiting-period', {
    members: [EAST, { ...WEST, state: 'PendingDeletion', waitingPeriodDays: 7, deletedInDays: 2 }],
  })
  drifted('primary-waits-for-replicas', { members: [{ ...EAST, state: 'PendingReplicaDeletion' }, WEST, IRELAND] })
  drifted('replica-stuck-creating', { members: [EAST, { ...WEST, state: 'Creating', createdDaysAgo: 1 }] })
  drifted('pending-import', { origin: 'EXTERNAL', members: [EAST, WEST] })
  drifted('policy-differs', { members: [EAST, { ...WEST, policy: administeredPolicy(account, 'OtherRuntime') }] })
  drifted('replica-with-default-policy', {
    members: [
      EAST,
      { ...WEST, policy: defaultKeyPolicy('aws', account) },
      { ...IRELAND, policy: defaultKeyPolicy('aws', account) },
    ],
  })
  drifted('policy-open', { members: [EAST, { ...WEST, policy: openPolicy(account) }] })
  drifted('policy-without-account', { members: [EAST, { ...WEST, policy: withoutAccountRoot(account) }] })
  drifted('tags-differ', {
    members: [EAST, { ...WEST, tags: { team: 'platform', env: 'staging' } }, { ...IRELAND, tags: {} }],
  })
  drifted('description-differs', { members: [EAST, { ...WEST, description: '' }] })
  drifted('rotation-off', { rotation: undefined, members: [EAST, WEST] })
  drifted('on-demand-nearly-used-up', {
    createdDaysAgo: 900,
    rotation: { onDemandDaysAgo: Array.from({ length: 24 }, (_, index) => 800 - index * 30) },
    members: [EAST, WEST],
  })
  drifted('primary-in-ireland', { members: [IRELAND, EAST, WEST] })
  drifted('one-of-everything', {
    members: [
      { ...EAST, description: 'Primary' },
      { ...WEST, state: 'Disabled', aliases: [], tags: {} },
      { ...IRELAND, state: 'PendingDeletion', deletedInDays: 3, policy: openPolicy(account) },
      { region: 'ap-southeast-1', aliases: ['alias/one-of-many'], description: 'Somewhere else' },
    ],
  })
}
