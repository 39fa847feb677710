// Create primary: a new multi-Region primary key, with alias, rotation and replica keys in one plan.

import { z } from 'zod'
import type { FactNeed, Facts } from '@/lib/topology/facts'
import { inWords } from '@/lib/topology/in-words'
import { describeKind, describeUsage, keySpecs, usagesOf } from '@/lib/topology/key-spec'
import type { RequestData, Topology } from '@/lib/topology/topology'
import { aliasesReadable, aliasHeldElsewhere, otherHolder } from './checks/aliases'
import { importedMaterial } from './checks/imported-material'
import { kindIsMultiRegion, kindRotates } from './checks/key-kind'
import { policyLockOut } from './checks/key-policy'
import { regionForNewKey } from './checks/new-regions'
import { replicaCount } from './checks/replica-count'
import { refusedByKms } from './checks/verdicts'
import { minimumSeconds, typicalSeconds } from './durations'
import type { CallInput, Check, PlanDraft, Ref } from './plan'
import {
  aliasField,
  DEFAULT_PERIOD_DAYS,
  descriptionField,
  MAX_TAGS,
  periodField,
  policyField,
  regionField,
  tagsField,
} from './request-fields'
import { call, createAlias, prove, type StepDraft, waitFor, waitForNewMember } from './steps'

export const createPrimaryRequest = z
  .object({
    kind: z.literal('create-primary'),
    region: regionField,
    alias: aliasField.optional(),
    description: descriptionField.optional(),
    keySpec: z.string().default('SYMMETRIC_DEFAULT'),
    keyUsage: z.string().default('ENCRYPT_DECRYPT'),
    origin: z.enum(['AWS_KMS', 'EXTERNAL'], 'Multi-Region keys have the origin AWS_KMS or EXTERNAL').default('AWS_KMS'),
    // One tag is left for the mark by which a run finds the key again.
    tags: tagsField.max(MAX_TAGS - 1, 'At most 49 tags: one more marks the key as made by this run').optional(),
    policy: policyField.optional(),
    rotation: z.object({ periodInDays: periodField.optional() }).optional(),
    replicaRegions: z.array(regionField).optional(),
  })
  .superRefine(({ region, keySpec, keyUsage, replicaRegions = [] }, context) => {
    if (!Object.hasOwn(keySpecs, keySpec)) {
      context.addIssue({ code: 'custom', path: ['keySpec'], message: `KMS has no key spec ${keySpec}` })
    } else if (!usagesOf(keySpec).some((usage) => usage === keyUsage)) {
      const usages = usagesOf(keySpec).map((usage) => `${usage} (${describeUsage(usage)})`)
      context.addIssue({
        code: 'custom',
        path: ['keyUsage'],
        message: `Keys of the spec ${keySpec} are for ${usages.join(' or ')}`,
      })
    }
    const taken = new Set([region])
    for (const [index, replica] of replicaRegions.entries()) {
      if (taken.has(replica)) {
        context.addIssue({
          code: 'custom',
          path: ['replicaRegions', index],
          message: replica === region ? `${region} gets the primary key already` : `${replica} is chosen twice`,
        })
      }
      taken.add(replica)
    }
  })

export type CreatePrimaryRequest = z.infer<typeof createPrimaryRequest>

const regionsOf = ({ region, replicaRegions = [] }: CreatePrimaryRequest) => [region, ...replicaRegions]

export const createPrimaryNeeds = (_topology: Topology, request: CreatePrimaryRequest): FactNeed[] =>
  regionsOf(request).map((region) => ({ need: 'region', region }))

/** The request without its alias, or without a replica Region. */
function withoutAlias({ alias: _, ...request }: CreatePrimaryRequest): RequestData {
  return request
}

const withoutRegion = (request: CreatePrimaryRequest, region: string): RequestData => ({
  ...request,
  replicaRegions: request.replicaRegions?.filter((replica) => replica !== region),
})

function aliasChecks(request: CreatePrimaryRequest, topology: Topology): Check[] {
  const { alias } = request
  if (alias === undefined) return []
  return regionsOf(request).flatMap((region) => {
    const leaveOut = { label: `Leave out ${region}`, request: withoutRegion(request, region) }
    const without = { label: 'Create the key without alias', request: withoutAlias(request) }
    const unread = aliasesReadable(topology, region, region === request.region ? [without] : [leaveOut, without])
    const holder = otherHolder(topology, region, alias, '')
    if (holder === null) return unread ? [unread] : []
    const taken = aliasHeldElsewhere(topology, { region, name: alias, holder }, request, {
      skip: without,
    })
    if (region === request.region) return [taken]
    return [{ ...taken, choices: [leaveOut, ...(taken.choices ?? [])] }]
  })
}

/** A primary key that waits for its material can be neither replicated nor rotated (KMS Developer Guide, key states). */
function importFirst({ origin, replicaRegions = [] }: CreatePrimaryRequest, plain: RequestData): Check[] {
  if (origin !== 'EXTERNAL' || replicaRegions.length === 0) return []
  return [
    refusedByKms(
      'imported-material-first',
      'A key for imported material begins in PendingImport: KMS answers ReplicateKey with KMSInvalidStateException until its material is imported. Replicate it afterwards.',
      { choices: [{ label: 'Create the primary key alone', request: plain }] },
    ),
  ]
}

/**
 * Plans a new family. The key id is born in step 1, so later steps refer to it. All replications are asked for
 * first and waited for together; aliases come last, as they are what callers look for.
 *
 * Source: KMS API Reference, CreateKey and ReplicateKey: what is not given is the default of KMS, never the
 * primary's, so policy, description and tags are sent for every member.
 */
export function planCreatePrimary(topology: Topology, request: CreatePrimaryRequest, facts: Facts): PlanDraft {
  const { region, alias, description, keySpec, keyUsage, origin, tags = [], policy, rotation } = request
  const { replicaRegions = [] } = request
  const key: Ref = { step: 1, field: 'keyId' }
  const kind = { keySpec, keyUsage, origin }

  const own: CallInput = {
    ...(description && { Description: description }),
    ...(policy !== undefined && { Policy: policy }),
    ...(tags.length > 0 && { Tags: tags.map((tag) => ({ TagKey: tag.key, TagValue: tag.value })) }),
  }
  const periodInDays = rotation?.periodInDays ?? DEFAULT_PERIOD_DAYS

  const steps: StepDraft[] = [
    call(
      `Create the primary key in ${region}`,
      region,
      'CreateKey',
      { MultiRegion: true, KeySpec: keySpec, KeyUsage: keyUsage, Origin: origin, ...own },
      { is: 'key-created', region },
    ),
    waitForNewMember(key, region, origin),
    ...(alias === undefined ? [] : [createAlias(alias, region, key)]),
    ...(rotation
      ? [
          call(
            `Turn automatic rotation on in ${region}`,
            region,
            'EnableKeyRotation',
            { KeyId: key, RotationPeriodInDays: periodInDays },
            { is: 'rotation', keyId: key, region, enabled: true, periodInDays },
          ),
          waitFor(`Wait until ${region} says that rotation is on`, region, {
            is: 'rotation',
            keyId: key,
            region,
            enabled: true,
            periodInDays,
          }),
        ]
      : []),
    ...replicaRegions.map((replica) =>
      call(
        `Replicate to ${replica}`,
        region,
        'ReplicateKey',
        { KeyId: key, ReplicaRegion: replica, ...own },
        { is: 'member-exists', keyId: key, region: replica },
      ),
    ),
    ...replicaRegions.map((replica) => waitForNewMember(key, replica, origin)),
    ...(alias === undefined ? [] : replicaRegions.map((replica) => createAlias(alias, replica, key))),
    ...(origin === 'EXTERNAL' ? [] : prove({ keyId: key, keySpec, keyUsage }, region, replicaRegions)),
  ]

  const checks: Check[] = [
    ...regionsOf(request).flatMap((each) =>
      regionForNewKey(
        each,
        topology,
        facts,
        each === region ? [] : [{ label: `Leave out ${each}`, request: withoutRegion(request, each) }],
      ),
    ),
    kindIsMultiRegion(kind, topology.partition),
    ...(rotation ? [kindRotates(kind, 'automatic')] : []),
    ...aliasChecks(request, topology),
    ...(policy === undefined ? [] : [policyLockOut(policy)]),
    ...importFirst(request, { ...request, replicaRegions: [] }),
    ...importedMaterial(origin, [region]),
    ...(replicaRegions.length > 0 ? [replicaCount(replicaRegions.length, facts.limits.maxReplicas)] : []),
  ]

  const named = alias ?? 'a multi-Region key'
  const keys = replicaRegions.length + 1
  return {
    title: `Create ${named} in ${region}${replicaRegions.length > 0 ? ` with replicas in ${inWords(replicaRegions)}` : ''}`,
    families: [],
    checks,
    steps,
    changes: [
      `${keys === 1 ? 'One new key' : `${keys} new keys`} (${describeKind(keySpec, keyUsage)}) in ${inWords(regionsOf(request))}; each costs 1 USD a month, plus a surcharge for its first two rotations.`,
      policy === undefined
        ? 'Each key gets the default key policy of KMS: IAM policies of the account decide who may use it.'
        : 'Each key gets the given key policy.',
      ...(alias === undefined ? [] : [`${alias} points to the new key in ${inWords(regionsOf(request))}.`]),
      ...(rotation ? [`The key rotates every ${periodInDays} days, in all Regions together.`] : []),
    ],
    stays: ['Every other key, alias and policy. A key made as multi-Region stays so for good.'],
    undo: {
      sentence: `A key is never deleted at once: schedule its deletion (7 to 30 days)${replicaRegions.length > 0 ? ', replica keys before the primary key' : ''}. There is no plan for that yet.`,
    },
    confirmation: null,
    minimumSeconds: minimumSeconds(steps),
    typicalSeconds: typicalSeconds(steps),
  }
}
