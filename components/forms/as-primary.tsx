'use client'

import Checkbox from '@cloudscape-design/components/checkbox'
import FormField from '@cloudscape-design/components/form-field'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { ReactNode } from 'react'

interface AsPrimaryProps<T> {
  label: string
  /** What the primary key has, in words. */
  shown: string
  /** Undefined: as the primary's. */
  own: T | undefined
  /** What one begins with when it is to differ; undefined while it is being read. */
  initial: T | undefined
  error: string | undefined
  onChange: (own: T | undefined) => void
  children: (own: T) => ReactNode
}

/** Something that a replica key takes over from the primary key, unless it is given one of its own. */
export function AsPrimary<T>({ label, shown, own, initial, error, onChange, children }: AsPrimaryProps<T>) {
  return (
    <SpaceBetween size="xs">
      <Checkbox
        checked={own === undefined}
        disabled={own === undefined && initial === undefined}
        description={own !== undefined ? undefined : initial === undefined ? 'Being read …' : shown}
        onChange={({ detail }) => onChange(detail.checked ? undefined : initial)}
      >
        {`${label}: as the primary key’s`}
      </Checkbox>
      {own !== undefined && (
        <FormField label={label} errorText={error} stretch>
          {children(own)}
        </FormField>
      )}
    </SpaceBetween>
  )
}
