// Fields that several requests share, with the messages that stand beside them in a form.

import { z } from 'zod'
import { MARK_TAG } from '@/lib/topology/mark-tag'

/** KMS API Reference, CreateKey and ReplicateKey. */
const MAX_DESCRIPTION_CHARACTERS = 8192
/** KMS API Reference, PutKeyPolicy: the documented limit, below that of the service model. */
const MAX_POLICY_BYTES = 32_768
/** KMS API Reference, CreateAlias: the whole value with its prefix. */
const MAX_ALIAS_CHARACTERS = 256
/** Observed: the 51st tag is refused with TagException. */
export const MAX_TAGS = 50

export const keyIdField = z
  .string('Choose a key')
  .regex(/^mrk-[0-9A-Za-z-]+$/, 'A multi-Region key id begins with mrk-')

export const regionField = z
  .string('Choose a Region')
  .min(1, 'Choose a Region')
  .max(32, 'A Region has at most 32 characters')
  .regex(/^([a-z]+-){2,3}\d+$/, 'Write the Region like eu-west-1')

export const regionsField = z
  .array(regionField, 'Choose at least one Region')
  .min(1, 'Choose at least one Region')
  .refine((regions) => new Set(regions).size === regions.length, 'A Region is chosen twice')

/**
 * A name that KMS would take for an alias. The colon passes the pattern of the service model, but is refused.
 *
 * Source: KMS API Reference, CreateAlias; KMS Developer Guide, "Aliases".
 */
export const aliasField = z
  .string('Type an alias')
  .startsWith('alias/', 'An alias begins with alias/')
  .min('alias/'.length + 1, 'Type a name after alias/')
  .max(MAX_ALIAS_CHARACTERS, 'An alias has at most 256 characters, alias/ included')
  .refine((name) => !name.toLowerCase().startsWith('alias/aws/'), 'Names under alias/aws/ are reserved for AWS')
  .regex(/^alias\/[a-zA-Z0-9/_-]*$/, 'Use letters, digits, /, _ and - only (no colon, no space)')

export const descriptionField = z.string().max(MAX_DESCRIPTION_CHARACTERS, 'A description has at most 8,192 characters')

/** Days between automatic rotations (KMS API Reference, EnableKeyRotation). */
export const periodField = z
  .int('Type a whole number of days')
  .min(90, 'At least 90 days')
  .max(2560, 'At most 2,560 days')

/** Days, where none are given (KMS API Reference, EnableKeyRotation). */
export const DEFAULT_PERIOD_DAYS = 365

/** KMS counts characters, not UTF-16 units. */
const characters = (text: string) => [...text].length

const tagField = z.object({
  key: z
    .string()
    .refine((key) => characters(key) >= 1, 'Type a tag key')
    .refine((key) => characters(key) <= 128, 'A tag key has at most 128 characters')
    .refine((key) => !key.toLowerCase().startsWith('aws:'), 'Tag keys that begin with aws: are reserved')
    .refine((key) => key !== MARK_TAG, 'This tag marks keys that a run has made: choose another key'),
  value: z.string().refine((value) => characters(value) <= 256, 'A tag value has at most 256 characters'),
})

/** Tags of one key (KMS API Reference, Tag; refusals with TagException as observed). */
export const tagsField = z
  .array(tagField)
  .max(MAX_TAGS, 'A key has at most 50 tags')
  .superRefine((tags, context) => {
    const seen = new Set<string>()
    for (const [index, { key }] of tags.entries()) {
      if (seen.has(key))
        context.addIssue({ code: 'custom', path: [index, 'key'], message: 'This tag key is there twice' })
      seen.add(key)
    }
  })

/** Tags that a replica key may take over: reserved ones and the mark of the step that made the primary are left out. */
export const copiedTags = <T extends { key: string }>(tags: readonly T[]): T[] =>
  tags.filter(({ key }) => key !== MARK_TAG && !key.toLowerCase().startsWith('aws:'))

const bytes = (text: string) => new TextEncoder().encode(text).length

function isPolicyShaped(text: string): boolean {
  try {
    const document: unknown = JSON.parse(text)
    return typeof document === 'object' && document !== null && 'Statement' in document
  } catch {
    return false
  }
}

/** A key policy as text (KMS API Reference, PutKeyPolicy). */
export const policyField = z
  .string()
  .min(1, 'Type a key policy')
  .refine((policy) => bytes(policy) <= MAX_POLICY_BYTES, 'A key policy has at most 32,768 bytes')
  .refine((policy) => /^[\t\n\r\u0020-\u00FF]*$/.test(policy), 'A key policy takes no characters beyond U+00FF')
  .refine(isPolicyShaped, 'A key policy is a JSON object with a Statement')
