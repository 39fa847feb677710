'use client'

import FormField from '@cloudscape-design/components/form-field'
import RadioGroup from '@cloudscape-design/components/radio-group'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Textarea from '@cloudscape-design/components/textarea'
import type { Read } from '@/lib/topology/facts'
import type { PolicySource } from './replicate-draft'

interface PolicyFieldProps {
  source: PolicySource
  policy: string | undefined
  primaryPolicy: Read<string> | undefined
  /** The primary key's is being read: what is written here would not begin with it. */
  isReading: boolean
  /** ` in us-east-1`, or nothing while no primary key is known. */
  where: string
  hasDefault: boolean
  error: string | undefined
  onChange: (part: { policySource?: PolicySource; policy?: string }) => void
}

const isSource = (value: string): value is PolicySource =>
  value === 'primary' || value === 'edited' || value === 'default'

/** Policies are long lines as KMS sends them; people read them indented. */
function indented(policy: string): string {
  try {
    return JSON.stringify(JSON.parse(policy), null, 2)
  } catch {
    return policy
  }
}

/** The key policy of the new keys: KMS copies none by itself, so the choice is always made here. */
export function PolicyField({
  source,
  policy,
  primaryPolicy,
  isReading,
  where,
  hasDefault,
  error,
  onChange,
}: PolicyFieldProps) {
  const read = primaryPolicy?.ok ? indented(primaryPolicy.value) : ''
  const unread = primaryPolicy && !primaryPolicy.ok ? ` It could not be read: ${primaryPolicy.message}` : ''
  return (
    <FormField label="Key policy" errorText={source === 'edited' ? undefined : error} stretch>
      <SpaceBetween size="xs">
        <RadioGroup
          ariaLabel="Key policy"
          value={source}
          items={[
            {
              value: 'primary',
              label: 'Copy the primary key’s',
              description: `As it is${where} when the run starts; later changes are not copied.${unread}`,
            },
            {
              value: 'edited',
              label: 'Write it here',
              description: `One policy for all new replica keys; begins with the primary key’s.${isReading ? ' Being read …' : ''}`,
              disabled: isReading,
            },
            {
              value: 'default',
              label: 'The default key policy',
              description: 'The account decides, through IAM policies.',
              disabled: !hasDefault,
            },
          ]}
          onChange={({ detail }) => {
            if (!isSource(detail.value)) return
            onChange({ policySource: detail.value, ...(detail.value === 'edited' && { policy: policy ?? read }) })
          }}
        />
        {source === 'edited' && (
          <FormField label="Key policy as JSON" errorText={error} stretch>
            <Textarea
              rows={12}
              spellcheck={false}
              value={policy ?? ''}
              onChange={({ detail }) => onChange({ policy: detail.value })}
            />
          </FormField>
        )}
      </SpaceBetween>
    </FormField>
  )
}
