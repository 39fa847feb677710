'use client'

import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import RadioGroup from '@cloudscape-design/components/radio-group'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { DEFAULT_PERIOD_DAYS } from '@/lib/plans/request-fields'
import { setRotationRequest } from '@/lib/plans/set-rotation'
import { useFamily } from '@/lib/queries/topology'
import { rotationOf } from '@/lib/topology/family'
import { rotationInWords } from '@/lib/topology/rotation-words'
import { fieldsOf, type PlanFormProps } from './plan-form'
import { ReviewPlanButton } from './review-plan-button'

const initialDays = (given: unknown) => (typeof given === 'number' || typeof given === 'string' ? String(given) : '')

/** On or off, and how often: one setting for the family, made at its primary key. */
export function SetRotationForm({ request, fields, onReview, reviewing }: PlanFormProps) {
  const { data: family } = useFamily(String(request.keyId))
  const [enabled, setEnabled] = useState(typeof request.enabled === 'boolean' ? request.enabled : null)
  const [days, setDays] = useState(initialDays(request.periodInDays))
  const [wrong, setWrong] = useState(fields)
  const now = (family && rotationOf(family)?.periodInDays) ?? DEFAULT_PERIOD_DAYS

  const submit = () => {
    const next = {
      kind: 'set-rotation',
      keyId: request.keyId,
      enabled,
      ...(enabled && days.trim() !== '' && { periodInDays: Number(days) }),
    }
    const found = fieldsOf(setRotationRequest, next)
    setWrong(found)
    if (Object.keys(found).length === 0) onReview(next)
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <SpaceBetween size="m">
        <FormField
          label="Automatic rotation"
          description={`It is set at the primary key and shared by every member.${family ? ` Now: ${rotationInWords(family)}.` : ''}`}
          errorText={wrong.enabled}
          stretch
        >
          <RadioGroup
            value={enabled === null ? null : enabled ? 'on' : 'off'}
            items={[
              { value: 'on', label: 'On', description: 'KMS makes new key material after each period.' },
              { value: 'off', label: 'Off', description: 'Key material stays as it is until you rotate on demand.' },
            ]}
            onChange={({ detail }) => setEnabled(detail.value === 'on')}
          />
        </FormField>
        {enabled && (
          <FormField
            label="Rotation period in days"
            constraintText={`90 to 2,560 days, counted from now; left empty: ${now} days.`}
            errorText={wrong.periodInDays}
          >
            <Input
              type="number"
              inputMode="numeric"
              value={days}
              placeholder={String(now)}
              onChange={({ detail }) => setDays(detail.value)}
            />
          </FormField>
        )}
        <ReviewPlanButton reviewing={reviewing} />
      </SpaceBetween>
    </form>
  )
}
