'use client'

import FormField from '@cloudscape-design/components/form-field'
import RadioGroup from '@cloudscape-design/components/radio-group'
import Select, { type SelectProps } from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { inWords } from '@/lib/topology/in-words'
import {
  canRotate,
  describeUsage,
  type KeyType,
  keySpecs,
  keyTypeOf,
  multiRegionSupport,
  usagesOf,
} from '@/lib/topology/key-spec'
import { type CreatePrimaryDraft, specsFor, withKeySpec } from './create-primary-draft'
import type { DraftFieldsProps } from './draft-fields'

const groups: { type: KeyType; label: string }[] = [
  { type: 'symmetric', label: 'Symmetric: the usual choice for data at rest' },
  { type: 'asymmetric', label: 'Asymmetric: a public key can be handed out' },
  { type: 'HMAC', label: 'HMAC: message authentication codes' },
]

const capitalised = (words: string) => words.charAt(0).toUpperCase() + words.slice(1)

/** What the kind is for, and whether KMS rotates it. */
function about(keySpec: string): string {
  const rotates = canRotate({ keySpec, origin: 'AWS_KMS' }).automatic
  const unsure =
    multiRegionSupport(keySpec) === 'unconfirmed' ? ' AWS does not say whether it can be multi-Region.' : ''
  const usages = inWords(usagesOf(keySpec).map((usage) => describeUsage(usage)))
  return `For: ${usages}. ${rotates ? 'KMS can rotate it.' : 'KMS cannot rotate it.'}${unsure}`
}

function specOptions(partition: string): SelectProps.OptionGroup[] {
  const specs = specsFor(partition)
  return groups.map(({ type, label }) => ({
    label,
    options: specs
      .filter((name) => keyTypeOf(name) === type)
      .map((name) => ({
        value: name,
        label: capitalised(keySpecs[name]?.label ?? name),
        labelTag: name,
        description: about(name),
      })),
  }))
}

const rotationOfImported = ({ keySpec }: CreatePrimaryDraft) =>
  canRotate({ keySpec, origin: 'EXTERNAL' }).onDemand
    ? 'KMS does not rotate it by itself; you import new material and rotate on demand.'
    : 'KMS cannot rotate it.'

/** What kind of key: its spec, its usage, and where its material comes from. None can be changed later. */
export function KindFields({ draft, wrong, onChange, partition }: DraftFieldsProps & { partition: string }) {
  const options = specOptions(partition)
  const flat = options.flatMap((group) => group.options)
  const usages = usagesOf(draft.keySpec)
  const isImportable = multiRegionSupport(draft.keySpec, 'EXTERNAL') !== 'no'
  return (
    <SpaceBetween size="m">
      <FormField label="Key spec" description={about(draft.keySpec)} errorText={wrong.keySpec} stretch>
        <Select
          options={options}
          selectedOption={flat.find(({ value }) => value === draft.keySpec) ?? null}
          filteringType="auto"
          expandToViewport
          onChange={({ detail }) => onChange(withKeySpec(draft, detail.selectedOption.value ?? draft.keySpec))}
        />
      </FormField>
      <FormField label="Key usage" errorText={wrong.keyUsage} stretch>
        <RadioGroup
          value={draft.keyUsage}
          items={usages.map((usage) => ({
            value: usage,
            label: capitalised(describeUsage(usage)),
            description: usage,
          }))}
          onChange={({ detail }) => onChange({ ...draft, keyUsage: detail.value })}
        />
      </FormField>
      <FormField label="Key material" errorText={wrong.origin} stretch>
        <RadioGroup
          value={draft.origin}
          items={[
            {
              value: 'AWS_KMS',
              label: 'KMS makes it (AWS_KMS)',
              description: 'KMS copies it to each replica key. It never leaves KMS.',
            },
            {
              value: 'EXTERNAL',
              label: 'You import it (EXTERNAL)',
              description: isImportable
                ? `The key begins in PendingImport and works only after the material is imported, in each Region by hand and each time the same. ${rotationOfImported(draft)}`
                : 'Material for keys of this kind cannot be imported.',
              disabled: !isImportable,
            },
          ]}
          onChange={({ detail }) => onChange({ ...draft, origin: detail.value })}
        />
      </FormField>
    </SpaceBetween>
  )
}
