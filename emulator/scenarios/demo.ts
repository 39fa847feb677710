// demo: the account of a company that has used multi-Region keys for some years, with what goes wrong over years.

import { administeredPolicy, regionBoundPolicy } from './policies.ts'
import { DEMO_REGIONS } from './regions.ts'
import { addAwsManagedKeys, addFamily, type FamilyPlan, type MemberPlan, pointAliasTo, type World } from './world.ts'

const tags = (team: string, dataClass: string, env = 'prod') => ({ team, env, 'data-class': dataClass })

export function loadDemo(world: World): void {
  addAwsManagedKeys(world, DEMO_REGIONS)
  for (const plan of [...families(world.account), ...singleRegionKeys(world.account)]) addFamily(world, plan)
  pointAliasTo(world, 'us-west-2', 'alias/search-index', 'alias/analytics-lake')
}

/** A plan whose key id comes from its alias. */
const named = (alias: string, plan: Omit<FamilyPlan, 'seed' | 'aliases'>): FamilyPlan => ({
  seed: alias,
  aliases: [alias],
  ...plan,
})

function families(account: string): FamilyPlan[] {
  return [
    named('alias/global-data-key', {
      description: 'Envelope key for application data in all Regions',
      tags: tags('platform', 'confidential'),
      policy: administeredPolicy(account, 'AppRuntime'),
      createdDaysAgo: 1150,
      rotation: { onDemandDaysAgo: [97] },
      members: [
        { region: 'us-east-1' },
        { region: 'us-west-2' },
        { region: 'eu-west-1' },
        { region: 'ap-northeast-1' },
      ],
    }),
    named('alias/billing', {
      description: 'Invoices and payment references',
      tags: tags('finance', 'confidential'),
      policy: administeredPolicy(account, 'BillingService'),
      createdDaysAgo: 310,
      rotation: {},
      members: [{ region: 'us-east-1' }],
    }),
    named('alias/sessions', {
      description: 'Web session tickets',
      tags: tags('identity', 'internal'),
      policy: administeredPolicy(account, 'SessionService'),
      createdDaysAgo: 520,
      rotation: { periodInDays: 180 },
      members: [
        { region: 'us-east-1' },
        { region: 'us-west-2' },
        { region: 'eu-west-1', aliases: [], createdDaysAgo: 41 },
      ],
    }),
    named('alias/audit-log', {
      description: 'Audit trail, write once',
      tags: tags('security', 'restricted'),
      policy: administeredPolicy(account, 'AuditWriter'),
      createdDaysAgo: 780,
      rotation: {},
      members: [{ region: 'us-east-1' }, { region: 'us-west-2', state: 'Disabled' }, { region: 'eu-central-1' }],
    }),
    named('alias/customer-pii', {
      description: 'Personal data of European customers',
      tags: tags('privacy', 'restricted'),
      policy: regionBoundPolicy(account, 'CustomerService', ['eu-west-1', 'eu-central-1']),
      createdDaysAgo: 640,
      members: [{ region: 'eu-west-1' }, { region: 'eu-central-1' }],
    }),
    named('alias/orders', {
      description: 'Orders and shipments',
      tags: tags('commerce', 'confidential'),
      policy: administeredPolicy(account, 'OrderService'),
      createdDaysAgo: 455,
      rotation: {},
      members: [
        { region: 'us-east-1' },
        { region: 'us-west-2' },
        { region: 'eu-west-1', state: 'PendingDeletion', deletedInDays: 11, waitingPeriodDays: 14 },
      ],
    }),
    named('alias/eu-documents', {
      description: 'Contracts and signed documents',
      tags: tags('legal', 'restricted'),
      policy: administeredPolicy(account, 'DocumentStore'),
      createdDaysAgo: 890,
      rotation: { periodInDays: 730 },
      members: [{ region: 'eu-west-1' }, { region: 'eu-central-1' }, { region: 'us-east-1' }],
    }),
    named('alias/apac-payments', {
      description: 'Card tokens, Asia Pacific',
      tags: tags('payments', 'restricted'),
      policy: administeredPolicy(account, 'PaymentGateway'),
      createdDaysAgo: 365,
      rotation: { periodInDays: 90 },
      members: [{ region: 'ap-southeast-1' }, { region: 'ap-northeast-1' }, { region: 'us-west-2' }],
    }),
    named('alias/analytics-lake', {
      description: 'Data lake buckets',
      tags: tags('data', 'internal'),
      policy: administeredPolicy(account, 'LakeReader'),
      createdDaysAgo: 700,
      rotation: {},
      members: [
        { region: 'us-west-2' },
        { region: 'us-east-1' },
        { region: 'eu-central-1', tags: tags('data', 'internal', 'staging') },
      ],
    }),
    named('alias/search-index', {
      description: 'Search snapshots',
      tags: tags('search', 'internal'),
      createdDaysAgo: 290,
      rotation: {},
      members: [{ region: 'us-east-1' }, { region: 'us-west-2' }, { region: 'eu-central-1' }],
    }),
    named('alias/webhook-signing', {
      description: 'Signs webhooks to partners',
      keySpec: 'RSA_3072',
      keyUsage: 'SIGN_VERIFY',
      tags: tags('integrations', 'public-key'),
      createdDaysAgo: 610,
      members: [{ region: 'us-east-1' }, { region: 'eu-west-1' }],
    }),
    named('alias/api-tokens', {
      description: 'Message authentication of API tokens',
      keySpec: 'HMAC_256',
      keyUsage: 'GENERATE_VERIFY_MAC',
      tags: tags('identity', 'restricted'),
      createdDaysAgo: 480,
      members: [{ region: 'us-east-1' }, { region: 'us-west-2' }, { region: 'eu-west-1' }],
    }),
    named('alias/jwt-signing', {
      description: 'Signs access tokens (ES256)',
      keySpec: 'ECC_NIST_P256',
      keyUsage: 'SIGN_VERIFY',
      tags: tags('identity', 'public-key'),
      createdDaysAgo: 433,
      members: [{ region: 'us-east-1' }, { region: 'eu-west-1' }, { region: 'ap-southeast-1' }],
    }),
    named('alias/legacy-archive', {
      description: 'Archive of the old platform, to be deleted',
      tags: tags('platform', 'internal', 'legacy'),
      createdDaysAgo: 1600,
      rotation: {},
      members: [
        { region: 'us-east-1', state: 'PendingReplicaDeletion', waitingPeriodDays: 30 },
        { region: 'us-west-2', state: 'PendingDeletion', deletedInDays: 5, waitingPeriodDays: 7 },
      ],
    }),
  ]
}

function singleRegionKeys(account: string): FamilyPlan[] {
  const single = (
    alias: string,
    region: string,
    team: string,
    more: Partial<FamilyPlan & MemberPlan> = {},
  ): FamilyPlan => {
    const { state, deletedInDays, ...plan } = more
    return {
      seed: `${region} ${alias}`,
      aliases: [alias],
      multiRegion: false,
      tags: tags(team, 'internal'),
      rotation: {},
      members: [{ region, ...(state ? { state } : {}), ...(deletedInDays ? { deletedInDays } : {}) }],
      ...plan,
    }
  }
  return [
    single('alias/app-config', 'us-east-1', 'platform', { description: 'Parameter store' }),
    single('alias/ci-artifacts', 'us-east-1', 'build', { description: 'Build artifacts', createdDaysAgo: 220 }),
    single('alias/terraform-state', 'us-east-1', 'platform', {
      description: 'Terraform state bucket',
      policy: administeredPolicy(account, 'TerraformRunner'),
    }),
    single('alias/rds-orders', 'us-east-1', 'commerce', { description: 'Orders database' }),
    single('alias/sns-alerts', 'us-east-1', 'sre', { description: 'Alert topics', createdDaysAgo: 130 }),
    single('alias/code-signing', 'us-east-1', 'build', {
      description: 'Signs release packages',
      keySpec: 'ECC_NIST_P384',
      keyUsage: 'SIGN_VERIFY',
    }),
    single('alias/old-backup', 'us-east-1', 'sre', {
      description: 'Unused',
      state: 'PendingDeletion',
      deletedInDays: 19,
    }),
    single('alias/eks-secrets', 'us-west-2', 'platform', { description: 'Kubernetes secrets' }),
    single('alias/dev-sandbox', 'us-west-2', 'build', { description: 'Experiments', state: 'Disabled' }),
    single('alias/eks-secrets', 'eu-west-1', 'platform', { description: 'Kubernetes secrets' }),
    single('alias/backup-vault', 'eu-west-1', 'sre', { description: 'Backup vault' }),
    single('alias/log-archive', 'eu-central-1', 'security', { description: 'Log archive' }),
    single('alias/redis-cache', 'ap-southeast-1', 'commerce', { description: 'Cache at rest', createdDaysAgo: 75 }),
  ].map(withoutRotationWhereImpossible)
}

function withoutRotationWhereImpossible({ rotation, ...plan }: FamilyPlan): FamilyPlan {
  return plan.keySpec === undefined && rotation ? { ...plan, rotation } : plan
}
