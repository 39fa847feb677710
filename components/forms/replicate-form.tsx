'use client'

import ExpandableSection from '@cloudscape-design/components/expandable-section'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import Multiselect from '@cloudscape-design/components/multiselect'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { replicateRequest } from '@/lib/plans/replicate'
import { copiedTags } from '@/lib/plans/request-fields'
import { useFamilyFacts, useTopology } from '@/lib/queries/topology'
import { factKey } from '@/lib/topology/facts'
import { familyOf, primaryOf } from '@/lib/topology/family'
import { inWords } from '@/lib/topology/in-words'
import { AsPrimary } from './as-primary'
import { fieldsOf, messageAt, type PlanFormProps } from './plan-form'
import { PolicyField } from './policy-field'
import { draftOf, type ReplicateDraft, regionOptions, requestOf } from './replicate-draft'
import { ReviewPlanButton } from './review-plan-button'
import { TagList } from './tag-list'
import { TextList } from './text-list'

const noAccount = { partition: 'aws', account: null }

/** To which Regions, and what the replica keys do not simply take over from the primary key. */
export function ReplicateForm({ request, fields, onReview, reviewing }: PlanFormProps) {
  const keyId = String(request.keyId)
  const { data: topology } = useTopology()
  const { data: facts, isPending: isReading } = useFamilyFacts(keyId)
  const account = topology ?? noAccount
  const [draft, setDraft] = useState(() => draftOf(request, account))
  const [wrong, setWrong] = useState(fields)

  const family = topology && familyOf(topology, keyId)
  const primary = family && primaryOf(family)
  const key = primary && factKey(primary.region, keyId)
  const policyRead = key && facts ? facts.facts.policies[key] : undefined
  const tagsRead = key && facts ? facts.facts.tags[key] : undefined
  const primaryTags = tagsRead?.ok ? copiedTags(tagsRead.value) : []
  const primaryAliases = primary?.aliases ?? []
  const where = primary ? ` in ${primary.region}` : ''
  const options = regionOptions(family, topology?.regions ?? [])
  const change = (part: Partial<ReplicateDraft>) => setDraft((before) => ({ ...before, ...part }))
  const hasMore = ['policy', 'description', 'tags', 'aliases'].some(
    (field) => request[field] !== undefined || messageAt(wrong, field) !== undefined,
  )

  const submit = () => {
    const next = requestOf(request, draft, account)
    const found = fieldsOf(replicateRequest, next)
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
          label="Regions"
          description="A replica key is a full KMS key with the same key id and key material; each costs 1 USD a month."
          constraintText="Regions come from ATLAS_REGIONS: those that are read."
          errorText={messageAt(wrong, 'toRegions')}
          stretch
        >
          <Multiselect
            options={options.map((option) => ({ ...option, label: option.value }))}
            selectedOptions={draft.toRegions.map((region) => ({ value: region, label: region }))}
            placeholder="Choose Regions"
            filteringType="auto"
            deselectAriaLabel={({ label }) => `Leave out ${label}`}
            expandToViewport
            onChange={({ detail }) =>
              change({ toRegions: detail.selectedOptions.flatMap(({ value }) => (value ? [value] : [])) })
            }
          />
        </FormField>
        <ExpandableSection headerText="Policy, description, tags and aliases" defaultExpanded={hasMore}>
          <SpaceBetween size="m">
            <PolicyField
              source={draft.policySource}
              policy={draft.policy}
              primaryPolicy={policyRead}
              isReading={isReading}
              where={where}
              hasDefault={account.account !== null}
              error={wrong.policy}
              onChange={change}
            />
            <AsPrimary
              label="Description"
              shown={primary?.description || 'none'}
              own={draft.description}
              initial={primary?.description ?? ''}
              error={wrong.description}
              onChange={(description) => change({ description })}
            >
              {(description) => (
                <Input value={description} onChange={({ detail }) => change({ description: detail.value })} />
              )}
            </AsPrimary>
            <AsPrimary
              label="Tags"
              shown={
                tagsRead && !tagsRead.ok
                  ? `could not be read${where} (${tagsRead.reason})`
                  : inWords(primaryTags.map((tag) => `${tag.key}=${tag.value}`)) || 'none'
              }
              own={draft.tags}
              initial={isReading ? undefined : primaryTags}
              error={wrong.tags}
              onChange={(tags) => change({ tags })}
            >
              {(tags) => (
                <TagList
                  tags={tags}
                  onChange={(next) => change({ tags: next })}
                  messageAt={(index, part) => wrong[`tags.${index}.${part}`]}
                />
              )}
            </AsPrimary>
            <AsPrimary
              label="Aliases"
              shown={inWords(primaryAliases) || 'none'}
              own={draft.aliases}
              initial={primaryAliases}
              error={wrong.aliases}
              onChange={(aliases) => change({ aliases })}
            >
              {(aliases) => (
                <TextList
                  items={aliases}
                  noun="alias"
                  placeholder="alias/"
                  onChange={(next) => change({ aliases: next })}
                  messageAt={(index) => wrong[`aliases.${index}`]}
                />
              )}
            </AsPrimary>
          </SpaceBetween>
        </ExpandableSection>
        <ReviewPlanButton reviewing={reviewing} />
      </SpaceBetween>
    </form>
  )
}
