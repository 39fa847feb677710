'use client'

import FormField from '@cloudscape-design/components/form-field'
import RadioGroup from '@cloudscape-design/components/radio-group'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Textarea from '@cloudscape-design/components/textarea'
import type { Topology } from '@/lib/topology/topology'
import { describeJsonProblem, jsonProblem } from '../json-problem'
import { withPolicySource } from './create-primary-draft'
import type { DraftFieldsProps } from './draft-fields'

/** The line of a mistake says more than "no JSON"; the rest is said by the schema. */
function messageFor(policy: string, refused: string | undefined): string | undefined {
  const problem = policy === '' ? null : jsonProblem(policy)
  return problem ? describeJsonProblem(problem) : refused
}

/** The key policy that each key of the plan gets. */
export function PolicyFields({
  draft,
  wrong,
  onChange,
  account,
}: DraftFieldsProps & { account: Pick<Topology, 'partition' | 'account'> }) {
  return (
    <SpaceBetween size="s">
      <FormField label="Key policy" stretch>
        <RadioGroup
          value={draft.policySource}
          items={[
            {
              value: 'default',
              label: 'The default key policy',
              description: 'The account decides who may use and administer the keys, through IAM policies.',
            },
            { value: 'own', label: 'Write it here', description: 'One policy for every key of this plan.' },
          ]}
          onChange={({ detail }) =>
            onChange(withPolicySource(draft, detail.value === 'own' ? 'own' : 'default', account))
          }
        />
      </FormField>
      {draft.policySource === 'own' && (
        <FormField label="Key policy as JSON" errorText={messageFor(draft.policy, wrong.policy)} stretch>
          <Textarea
            rows={14}
            spellcheck={false}
            value={draft.policy}
            onChange={({ detail }) => onChange({ ...draft, policy: detail.value })}
          />
        </FormField>
      )}
    </SpaceBetween>
  )
}
