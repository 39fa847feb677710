'use client'

import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { RegionView } from '@/lib/topology/topology'
import { regionOptions } from '../replicate-draft'
import styles from './create-primary.module.css'
import { withRegion } from './create-primary-draft'
import type { DraftFieldsProps } from './draft-fields'

/** Where the primary key is made, and what it is called. */
export function PlaceFields({
  draft,
  wrong,
  onChange,
  regions,
}: DraftFieldsProps & { regions: readonly RegionView[] }) {
  const options = regionOptions(undefined, regions).map((option) => ({ ...option, label: option.value }))
  return (
    <SpaceBetween size="m">
      <FormField
        label="Primary Region"
        description="Rotation, replication and promotion are called here, until another key is promoted."
        errorText={wrong.region}
        stretch
      >
        <Select
          options={options}
          selectedOption={options.find(({ value }) => value === draft.region) ?? null}
          placeholder="Choose a Region"
          filteringType="auto"
          expandToViewport
          invalid={wrong.region !== undefined}
          onChange={({ detail }) => onChange(withRegion(draft, detail.selectedOption.value ?? ''))}
        />
      </FormField>
      <FormField
        label="Alias"
        description="Given in every Region of the plan, so that callers use one name everywhere."
        constraintText="Optional. Letters, digits, /, _ and -."
        errorText={wrong.alias}
        stretch
      >
        <div className={styles.prefixed}>
          <span aria-hidden="true">alias/</span>
          <Input
            value={draft.alias}
            autoComplete={false}
            spellcheck={false}
            onChange={({ detail }) => onChange({ ...draft, alias: detail.value })}
          />
        </div>
      </FormField>
      <FormField
        label="Description"
        constraintText="Optional. The replica keys get it as well."
        errorText={wrong.description}
        stretch
      >
        <Input value={draft.description} onChange={({ detail }) => onChange({ ...draft, description: detail.value })} />
      </FormField>
    </SpaceBetween>
  )
}
