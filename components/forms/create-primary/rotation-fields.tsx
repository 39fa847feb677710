'use client'

import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Toggle from '@cloudscape-design/components/toggle'
import { rotatesByItself } from './create-primary-draft'
import type { DraftFieldsProps } from './draft-fields'

/** Automatic rotation, one setting for the family; where KMS cannot do it, that is said. */
export function RotationFields({ draft, wrong, onChange }: DraftFieldsProps) {
  const isPossible = rotatesByItself(draft)
  const isOn = isPossible && draft.rotates
  return (
    <SpaceBetween size="m">
      <FormField errorText={wrong.rotation} stretch>
        <Toggle
          checked={isOn}
          disabled={!isPossible}
          description={
            isPossible
              ? 'KMS makes new key material after each period, in all Regions together. What was encrypted before stays readable.'
              : 'KMS rotates by itself only symmetric keys whose material it made.'
          }
          onChange={({ detail }) => onChange({ ...draft, rotates: detail.checked })}
        >
          Automatic rotation
        </Toggle>
      </FormField>
      {isOn && (
        <FormField
          label="Rotation period in days"
          constraintText="90 to 2,560 days, counted from the creation; left empty: 365 days."
          errorText={wrong['rotation.periodInDays']}
        >
          <Input
            type="number"
            inputMode="numeric"
            value={draft.periodInDays}
            onChange={({ detail }) => onChange({ ...draft, periodInDays: detail.value })}
          />
        </FormField>
      )}
    </SpaceBetween>
  )
}
