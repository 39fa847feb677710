// Replicate draft: what the form holds while it is filled in, and how it becomes a request.

import { defaultPolicy } from '@/lib/plans/checks/key-policy'
import type { Tag } from '@/lib/topology/facts'
import { memberIn } from '@/lib/topology/family'
import { isRead } from '@/lib/topology/region-trouble'
import { regionName } from '@/lib/topology/regions'
import type { Family, RegionView, RequestData, Topology } from '@/lib/topology/topology'

export type PolicySource = 'primary' | 'edited' | 'default'

export interface ReplicateDraft {
  toRegions: string[]
  policySource: PolicySource
  /** Kept while another source is chosen, so that nothing typed is lost. */
  policy: string | undefined
  /** Undefined: as the primary's. */
  description: string | undefined
  tags: Tag[] | undefined
  aliases: string[] | undefined
}

const texts = (value: unknown): string[] | undefined =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : undefined

function tagsIn(value: unknown): Tag[] | undefined {
  if (!Array.isArray(value)) return undefined
  return value.map((tag: Partial<Tag> | null) => ({ key: String(tag?.key ?? ''), value: String(tag?.value ?? '') }))
}

type Account = Pick<Topology, 'partition' | 'account'>

const defaultOf = ({ partition, account }: Account) =>
  account === null ? undefined : defaultPolicy(partition, account)

/** What stands in a request, complete or not, as the form shows it. */
export function draftOf(request: RequestData, account: Account): ReplicateDraft {
  const policy = typeof request.policy === 'string' ? request.policy : undefined
  const isDefault = policy !== undefined && policy === defaultOf(account)
  return {
    toRegions: texts(request.toRegions) ?? [],
    policySource: policy === undefined ? 'primary' : isDefault ? 'default' : 'edited',
    policy: isDefault ? undefined : policy,
    description: typeof request.description === 'string' ? request.description : undefined,
    tags: tagsIn(request.tags),
    aliases: texts(request.aliases),
  }
}

function policyOf({ policySource, policy }: ReplicateDraft, account: Account): string | undefined {
  if (policySource === 'primary') return undefined
  return policySource === 'default' ? defaultOf(account) : (policy ?? '')
}

/** What is left as the primary's is left out, so that the planner takes what the primary has then. */
export function requestOf(request: RequestData, draft: ReplicateDraft, account: Account): RequestData {
  const { toRegions, description, tags, aliases } = draft
  const policy = policyOf(draft, account)
  return {
    kind: 'replicate',
    keyId: request.keyId,
    toRegions,
    ...(policy !== undefined && { policy }),
    ...(description !== undefined && { description }),
    ...(tags !== undefined && { tags }),
    ...(aliases !== undefined && { aliases }),
    ...(request.aliasConflicts !== undefined && { aliasConflicts: request.aliasConflicts }),
  }
}

export interface RegionOption {
  value: string
  /** Its long name, and why it cannot be chosen. */
  description: string
  disabled: boolean
}

function reasonAgainst(family: Family | undefined, region: RegionView): string | undefined {
  const { name, status, message } = region
  const member = family && memberIn(family, name)
  if (member) return `Has a key of this family already (${member.state})`
  // Fewer requests only make it slower.
  if (isRead(region, 'keys') || status === 'throttled') return undefined
  return message ?? `Cannot be read now: ${status}`
}

/** Every Region that is read: those that can take a replica key first, the others with the reason why not. */
export function regionOptions(family: Family | undefined, regions: readonly RegionView[]): RegionOption[] {
  const options = regions.map((region): RegionOption => {
    const reason = reasonAgainst(family, region)
    const name = regionName(region.name)
    return reason === undefined
      ? { value: region.name, description: name, disabled: false }
      : { value: region.name, description: `${name} · ${reason}`, disabled: true }
  })
  return [...options.filter(({ disabled }) => !disabled), ...options.filter(({ disabled }) => disabled)]
}
