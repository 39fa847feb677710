// evacuation: 300 families whose primary keys all have to leave us-east-1 for eu-west-1, a third of them not without
// trouble.

import { createHash } from 'node:crypto'
import { defaultKeyPolicy } from '../authorization/key-policy.ts'
import { administeredPolicy, adminsCannotPromotePolicy, nobodyPromotesPolicy } from './policies.ts'
import { addFamily, type FamilyPlan, type MemberPlan, pointAliasTo, type World } from './world.ts'

const SOURCE = 'us-east-1'
const TARGET = 'eu-west-1'
const ELSEWHERE = 'us-west-2'
const USER = 'AppRuntime'

const ROTATES = { rotation: {} }

/** What a service keeps its keys for decides their kind; most are symmetric and rotate. */
const SERVICES: Record<string, Pick<FamilyPlan, 'keySpec' | 'keyUsage' | 'origin' | 'imports' | 'rotation'>> = {
  orders: ROTATES,
  ledger: ROTATES,
  profiles: ROTATES,
  inventory: ROTATES,
  search: ROTATES,
  messages: ROTATES,
  reports: ROTATES,
  media: ROTATES,
  backups: ROTATES,
  invoices: ROTATES,
  claims: { origin: 'EXTERNAL', imports: [{}] },
  routing: ROTATES,
  pricing: ROTATES,
  mailing: ROTATES,
  archives: ROTATES,
  sensors: { keySpec: 'ECC_NIST_P384', keyUsage: 'KEY_AGREEMENT' },
  'api-tokens': { keySpec: 'HMAC_256', keyUsage: 'GENERATE_VERIFY_MAC' },
  cookies: { keySpec: 'HMAC_512', keyUsage: 'GENERATE_VERIFY_MAC' },
  webhooks: { keySpec: 'RSA_3072', keyUsage: 'SIGN_VERIFY' },
  'partner-files': { keySpec: 'RSA_2048', keyUsage: 'ENCRYPT_DECRYPT' },
  jwt: { keySpec: 'ECC_NIST_P256', keyUsage: 'SIGN_VERIFY' },
  releases: { keySpec: 'ECC_NIST_P384', keyUsage: 'SIGN_VERIFY' },
  devices: { keySpec: 'ECC_NIST_EDWARDS25519', keyUsage: 'SIGN_VERIFY' },
  wallets: { keySpec: 'ECC_SECG_P256K1', keyUsage: 'SIGN_VERIFY' },
  firmware: { keySpec: 'ML_DSA_65', keyUsage: 'SIGN_VERIFY' },
}
const STAGES = ['prod', 'staging', 'batch']
const CELLS = ['cell-1', 'cell-2', 'cell-3', 'cell-4']

type Members = FamilyPlan['members']
type Trouble = {
  families: number
  members: (account: string) => Members
  /** Whether the alias names some other family's key in the target Region. */
  aliasElsewhere?: true
}

/** Imported material that was never imported into the target Region, in these families beside the ones below. */
const lacksImport = ({ service, stage }: { service: string; stage: string }) =>
  service === 'claims' && stage === 'batch'

const moving = (more: Partial<MemberPlan> = {}): MemberPlan => ({ region: SOURCE, ...more })
const arriving = (more: Partial<MemberPlan> = {}): MemberPlan => ({ region: TARGET, ...more })
const bystander: MemberPlan = { region: ELSEWHERE }

/** What an evacuation meets and in how many families; no family has two of these. */
const TROUBLES: Trouble[] = [
  // no member in the target Region
  { families: 20, members: () => [moving(), bystander] },
  { families: 6, members: () => [moving()] },
  // a member there, in a state that refuses a promotion
  { families: 14, members: () => [moving(), arriving({ state: 'Disabled' })] },
  { families: 6, members: () => [moving(), arriving({ state: 'PendingDeletion', deletedInDays: 6 }), bystander] },
  { families: 2, members: () => [moving(), arriving({ state: 'Creating', createdDaysAgo: 1 })] },
  // a primary key in a state that refuses it
  { families: 4, members: () => [moving({ state: 'Disabled' }), arriving(), bystander] },
  // a policy there that differs from the primary key's
  { families: 16, members: (account) => [moving(), arriving({ policy: adminsCannotPromotePolicy(account, USER) })] },
  { families: 4, members: (account) => [moving(), arriving({ policy: nobodyPromotesPolicy(account, USER) })] },
  { families: 6, members: (account) => [moving(), arriving({ policy: defaultKeyPolicy('aws', account) })] },
  // callers there who would not find the key, or would find another
  { families: 12, members: () => [moving(), arriving({ aliases: [] }), bystander] },
  { families: 3, members: () => [moving(), arriving()], aliasElsewhere: true },
]

export function loadEvacuation(world: World): void {
  const all = inNoOrder(
    Object.entries(SERVICES).flatMap(([service, kind]) =>
      STAGES.flatMap((stage) =>
        CELLS.map((cell) => ({ service, kind, stage, cell, alias: `alias/${stage}/${cell}/${service}` })),
      ),
    ),
  )
  const families = [...all.filter((each) => !lacksImport(each)), ...all.filter(lacksImport)]
  const troubles = dealtOut(TROUBLES)
  const membersOf = (family: (typeof families)[number], index: number): Members =>
    lacksImport(family)
      ? [moving(), arriving({ holds: [] })]
      : (troubles[index]?.members(world.account) ?? withoutTrouble(index))

  for (const [index, family] of families.entries()) {
    const { service, kind, stage, cell, alias } = family
    addFamily(world, {
      seed: alias,
      aliases: [alias],
      description: `${service} (${stage}, ${cell})`,
      tags: { team: service, env: stage, cell },
      policy: administeredPolicy(world.account, USER),
      createdDaysAgo: 200 + index * 3,
      members: membersOf(family, index),
      ...kind,
    })
  }
  const another = families[troubles.length]?.alias ?? ''
  for (const [index, { alias }] of families.entries()) {
    if (troubles[index]?.aliasElsewhere) pointAliasTo(world, TARGET, alias, another)
  }
}

/** One entry for each family that has the trouble. */
const dealtOut = (troubles: Trouble[]): Trouble[] =>
  troubles.flatMap((trouble) => Array.from({ length: trouble.families }, () => trouble))

/** Shuffled, and the same each time, so that troubles meet services without any system. */
function inNoOrder<T extends { alias: string }>(families: T[]): T[] {
  const lots = new Map(families.map(({ alias }) => [alias, createHash('sha256').update(alias).digest('hex')]))
  return families.toSorted((a, b) => ((lots.get(a.alias) ?? '') < (lots.get(b.alias) ?? '') ? -1 : 1))
}

function withoutTrouble(index: number): Members {
  const more = [...(index % 3 === 0 ? [] : [bystander]), ...(index % 5 === 0 ? [{ region: 'eu-central-1' }] : [])]
  return [moving(), arriving(), ...more]
}
