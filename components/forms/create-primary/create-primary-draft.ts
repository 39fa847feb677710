// Create-primary draft: what the form holds while it is filled in, and how it becomes a request.

import { defaultPolicy } from '@/lib/plans/checks/key-policy'
import { DEFAULT_PERIOD_DAYS } from '@/lib/plans/request-fields'
import type { Tag } from '@/lib/topology/facts'
import { canRotate, keySpecs, multiRegionSupport, usagesOf } from '@/lib/topology/key-spec'
import type { RequestData, Topology } from '@/lib/topology/topology'

export interface CreatePrimaryDraft {
  region: string
  /** As typed, with or without the prefix. */
  alias: string
  description: string
  keySpec: string
  keyUsage: string
  origin: string
  rotates: boolean
  /** As typed; kept while rotation is off. */
  periodInDays: string
  replicaRegions: string[]
  tags: Tag[]
  policySource: 'default' | 'own'
  /** As typed; kept while the default is chosen. */
  policy: string
}

const ALIAS_PREFIX = 'alias/'

export const emptyDraft: CreatePrimaryDraft = {
  region: '',
  alias: '',
  description: '',
  keySpec: 'SYMMETRIC_DEFAULT',
  keyUsage: 'ENCRYPT_DECRYPT',
  origin: 'AWS_KMS',
  rotates: true,
  periodInDays: String(DEFAULT_PERIOD_DAYS),
  replicaRegions: [],
  tags: [],
  policySource: 'default',
  policy: '',
}

const text = (value: unknown, otherwise: string) => (typeof value === 'string' ? value : otherwise)

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** What stands in a request, complete or not, as the form shows it. */
export function draftOf(request: RequestData | null): CreatePrimaryDraft {
  if (!request) return emptyDraft
  const rotation = isRecord(request.rotation) ? request.rotation : null
  const tags = Array.isArray(request.tags) ? request.tags.filter(isRecord) : []
  const regions = Array.isArray(request.replicaRegions) ? request.replicaRegions : []
  const alias = text(request.alias, '')
  return {
    region: text(request.region, ''),
    alias: alias.startsWith(ALIAS_PREFIX) ? alias.slice(ALIAS_PREFIX.length) : alias,
    description: text(request.description, ''),
    keySpec: text(request.keySpec, emptyDraft.keySpec),
    keyUsage: text(request.keyUsage, emptyDraft.keyUsage),
    origin: text(request.origin, emptyDraft.origin),
    rotates: rotation !== null,
    periodInDays: typeof rotation?.periodInDays === 'number' ? String(rotation.periodInDays) : emptyDraft.periodInDays,
    replicaRegions: regions.filter((region) => typeof region === 'string'),
    tags: tags.map(({ key, value }) => ({ key: text(key, ''), value: text(value, '') })),
    policySource: typeof request.policy === 'string' ? 'own' : 'default',
    policy: text(request.policy, ''),
  }
}

const isEmpty = ({ key, value }: Tag) => key === '' && value === ''

/** Without the rows that nobody filled in, so that messages stand at the rows they speak of. */
export const tidied = (draft: CreatePrimaryDraft): CreatePrimaryDraft => ({
  ...draft,
  tags: draft.tags.filter((tag) => !isEmpty(tag)),
})

export const rotatesByItself = ({ keySpec, origin }: Pick<CreatePrimaryDraft, 'keySpec' | 'origin'>) =>
  canRotate({ keySpec, origin }).automatic

/** What is left empty is left out, so that KMS gives its default. */
export function requestOf(draft: CreatePrimaryDraft): RequestData {
  const { region, keySpec, keyUsage, origin, description, replicaRegions, tags, policySource, policy } = draft
  const alias = draft.alias.trim()
  const days = draft.periodInDays.trim()
  return {
    kind: 'create-primary',
    region,
    ...(alias !== '' && { alias: alias.startsWith(ALIAS_PREFIX) ? alias : `${ALIAS_PREFIX}${alias}` }),
    ...(description !== '' && { description }),
    keySpec,
    keyUsage,
    origin,
    ...(tags.length > 0 && { tags }),
    ...(policySource === 'own' && { policy }),
    ...(draft.rotates && rotatesByItself(draft) && { rotation: days === '' ? {} : { periodInDays: Number(days) } }),
    ...(replicaRegions.length > 0 && { replicaRegions }),
  }
}

/** Another key spec keeps the usage and origin where it allows them. */
export function withKeySpec(draft: CreatePrimaryDraft, keySpec: string): CreatePrimaryDraft {
  const usages = usagesOf(keySpec)
  const keyUsage = usages.find((usage) => usage === draft.keyUsage) ?? usages[0] ?? draft.keyUsage
  const origin = multiRegionSupport(keySpec, draft.origin) === 'no' ? 'AWS_KMS' : draft.origin
  return { ...draft, keySpec, keyUsage, origin }
}

/** The Region of the primary key takes no replica key. */
export const withRegion = (draft: CreatePrimaryDraft, region: string): CreatePrimaryDraft => ({
  ...draft,
  region,
  replicaRegions: draft.replicaRegions.filter((replica) => replica !== region),
})

/** A policy of one's own begins with the default one, so that nobody locks everybody out by an empty page. */
export function withPolicySource(
  draft: CreatePrimaryDraft,
  policySource: CreatePrimaryDraft['policySource'],
  { partition, account }: Pick<Topology, 'partition' | 'account'>,
): CreatePrimaryDraft {
  const begins = policySource === 'own' && draft.policy === '' && account !== null
  return begins
    ? { ...draft, policySource, policy: JSON.stringify(JSON.parse(defaultPolicy(partition, account)), null, 2) }
    : { ...draft, policySource }
}

/** Key specs that can be multi-Region in the partition. */
export const specsFor = (partition: string): string[] =>
  Object.entries(keySpecs)
    .filter(([name, spec]) => spec.partitions?.includes(partition) !== false && multiRegionSupport(name) !== 'no')
    .map(([name]) => name)
