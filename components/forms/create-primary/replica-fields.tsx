'use client'

import FormField from '@cloudscape-design/components/form-field'
import Multiselect from '@cloudscape-design/components/multiselect'
import type { RegionView } from '@/lib/topology/topology'
import { messageAt } from '../plan-form'
import { regionOptions } from '../replicate-draft'
import type { DraftFieldsProps } from './draft-fields'

const MONTHLY_USD = 1

/** What a month costs, in words (AWS KMS pricing). */
function costInWords(keys: number): string {
  const total = (keys * MONTHLY_USD).toLocaleString('en-US')
  const each = `${keys === 1 ? 'One key' : `${keys.toLocaleString('en-US')} keys`}: ${total} USD a month`
  return `${each}, plus a surcharge for the first two rotations of a key. Requests are billed apart.`
}

/** Replica keys of the same plan, each a full key with the same alias, tags and policy. */
export function ReplicaFields({
  draft,
  wrong,
  onChange,
  regions,
}: DraftFieldsProps & { regions: readonly RegionView[] }) {
  const options = regionOptions(
    undefined,
    regions.filter(({ name }) => name !== draft.region),
  )
  const isImported = draft.origin === 'EXTERNAL' && draft.replicaRegions.length > 0
  return (
    <FormField
      label="Replica Regions"
      description={costInWords(draft.replicaRegions.length + 1)}
      constraintText="Optional, and possible at any time later. AWS documents no limit on replica keys."
      warningText={
        isImported ? 'KMS replicates a key with imported material only after the import: leave this empty.' : undefined
      }
      errorText={messageAt(wrong, 'replicaRegions')}
      stretch
    >
      <Multiselect
        options={options.map((option) => ({ ...option, label: option.value }))}
        selectedOptions={draft.replicaRegions.map((region) => ({ value: region, label: region }))}
        placeholder="Choose Regions"
        filteringType="auto"
        deselectAriaLabel={({ label }) => `Leave out ${label}`}
        expandToViewport
        onChange={({ detail }) =>
          onChange({ ...draft, replicaRegions: detail.selectedOptions.flatMap(({ value }) => (value ? [value] : [])) })
        }
      />
    </FormField>
  )
}
