// drift: each way in which the members of a family can disagree, once. The alias says which. What members share (key
// spec, usage, origin, material, rotation) cannot disagree, and each has its own moment of creation.

import { defaultKeyPolicy } from '../authorization/key-policy.ts'
import { administeredPolicy, adminsCannotPromotePolicy, openPolicy, withoutAccountRoot } from './policies.ts'
import { addFamily, type FamilyPlan, type GrantPlan, type MemberPlan, type World } from './world.ts'

const EAST: MemberPlan = { region: 'us-east-1' }
const WEST: MemberPlan = { region: 'us-west-2' }
const IRELAND: MemberPlan = { region: 'eu-west-1' }
const TAGS = { team: 'platform', env: 'prod' }

export function loadDrift(world: World): void {
  const { account } = world
  const common = (name: string) => ({
    seed: `alias/${name}`,
    aliases: [`alias/${name}`],
    description: 'Keeps what the platform keeps',
    tags: TAGS,
    policy: administeredPolicy(account, 'AppRuntime'),
  })
  for (const [name, members] of Object.entries(families(account))) {
    addFamily(world, { ...common(name), rotation: {}, members })
  }
  for (const [name, plan] of Object.entries(familiesWithImports)) {
    addFamily(world, { ...common(name), origin: 'EXTERNAL', ...plan })
  }
  addFamily(world, {
    seed: 'the other key of alias/alias-elsewhere',
    aliases: ['alias/alias-elsewhere'],
    description: 'Has the alias of a family',
    multiRegion: false,
    members: [IRELAND],
  })
}

const families = (account: string): Record<string, FamilyPlan['members']> => ({
  healthy: [EAST, WEST, IRELAND],
  'region-missing': [EAST, WEST],

  'alias-missing': [EAST, WEST, { ...IRELAND, aliases: [] }],
  'alias-elsewhere': [EAST, WEST, { ...IRELAND, aliases: [] }],
  'alias-extra': [EAST, { ...WEST, aliases: ['alias/alias-extra', 'alias/only-in-the-west'] }, IRELAND],

  'replica-disabled': [EAST, { ...WEST, state: 'Disabled' }, IRELAND],
  'primary-disabled': [{ ...EAST, state: 'Disabled' }, WEST, IRELAND],
  'replica-stuck-creating': [EAST, { ...WEST, state: 'Creating', createdDaysAgo: 1 }, IRELAND],
  'promotion-stuck-updating': [{ ...EAST, state: 'Updating' }, { ...WEST, state: 'Updating' }, IRELAND],
  'replica-pending-deletion': [
    EAST,
    { ...WEST, state: 'PendingDeletion', waitingPeriodDays: 7, deletedInDays: 2 },
    IRELAND,
  ],
  'primary-waits-for-replicas': [{ ...EAST, state: 'PendingReplicaDeletion' }, WEST, IRELAND],

  'policy-differs': [EAST, { ...WEST, policy: administeredPolicy(account, 'OtherRuntime') }, IRELAND],
  'policy-without-promotion': [EAST, { ...WEST, policy: adminsCannotPromotePolicy(account, 'AppRuntime') }, IRELAND],
  'policy-default': [EAST, { ...WEST, policy: defaultKeyPolicy('aws', account) }, IRELAND],
  'policy-open': [EAST, { ...WEST, policy: openPolicy(account) }, IRELAND],
  'policy-without-account': [EAST, { ...WEST, policy: withoutAccountRoot(account) }, IRELAND],

  'tag-value-differs': [EAST, { ...WEST, tags: { ...TAGS, env: 'staging' } }, IRELAND],
  'tags-missing': [EAST, { ...WEST, tags: {} }, IRELAND],
  'description-differs': [EAST, { ...WEST, description: '' }, IRELAND],

  'grant-missing': [{ ...EAST, grants: [worker(account)] }, WEST, { ...IRELAND, grants: [worker(account)] }],
  'grant-narrower': [
    { ...EAST, grants: [worker(account)] },
    { ...WEST, grants: [{ ...worker(account), operations: ['Decrypt'] }] },
    { ...IRELAND, grants: [worker(account)] },
  ],

  'used-in-one-region': [{ ...EAST, lastUsedDaysAgo: 1 }, WEST, IRELAND],
})

const worker = (account: string): GrantPlan => ({
  granteePrincipal: `arn:aws:iam::${account}:role/Worker`,
  operations: ['Encrypt', 'Decrypt', 'GenerateDataKey'],
})

const familiesWithImports: Record<string, Pick<FamilyPlan, 'imports' | 'members'>> = {
  'material-missing': { imports: [{}], members: [EAST, { ...WEST, holds: [] }, IRELAND] },
  'material-expires': { imports: [{}], members: [EAST, { ...WEST, materialExpiresInDays: 5 }, IRELAND] },
  'new-material-missing': { imports: [{}, { pending: true }], members: [EAST, { ...WEST, holds: [0] }, IRELAND] },
}
