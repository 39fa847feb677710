'use client'

import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useEffect, useRef, useState } from 'react'
import { RefusalAlert } from '@/components/plans/refusal'
import { useHydrated } from '@/components/shell/use-hydrated'
import { WaitingWords } from '@/components/shell/waiting-words'
import { createPrimaryRequest } from '@/lib/plans/create-primary'
import { useTopology } from '@/lib/queries/topology'
import type { RequestData, Topology } from '@/lib/topology/topology'
import { fieldsOf } from '../plan-form'
import { ReviewPlanButton } from '../review-plan-button'
import { TagList } from '../tag-list'
import { type CreatePrimaryDraft, requestOf, tidied } from './create-primary-draft'
import { KindFields } from './kind-fields'
import { PlaceFields } from './place-fields'
import { PolicyFields } from './policy-fields'
import { ReplicaFields } from './replica-fields'
import { RotationFields } from './rotation-fields'

interface CreatePrimaryFormProps {
  draft: CreatePrimaryDraft
  onChange: (draft: CreatePrimaryDraft) => void
  /** Messages of the server by field path. */
  refused: Record<string, string>
  onReview: (request: RequestData) => void
  reviewing: boolean
}

function Form(props: CreatePrimaryFormProps & { topology: Topology }) {
  const { draft, onChange, refused, onReview, reviewing, topology } = props
  const { regions, partition } = topology
  const [found, setFound] = useState<Record<string, string>>({})
  const [attempt, setAttempt] = useState(0)
  const form = useRef<HTMLFormElement>(null)
  const wrong = { ...refused, ...found }
  const given = { draft, wrong, onChange }

  // After a refused attempt the first field that is wrong takes the focus.
  useEffect(() => {
    if (attempt > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [attempt])

  const submit = () => {
    const tidy = tidied(draft)
    const request = requestOf(tidy)
    const fields = fieldsOf(createPrimaryRequest, request)
    onChange(tidy)
    setFound(fields)
    if (Object.keys(fields).length === 0) onReview(request)
    else setAttempt(attempt + 1)
  }

  return (
    <form
      ref={form}
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <SpaceBetween size="l">
        <Container header={<Header variant="h2">Place and name</Header>}>
          <PlaceFields {...given} regions={regions} />
        </Container>
        <Container
          header={
            <Header variant="h2" description="None of this can be changed later.">
              Kind of key
            </Header>
          }
        >
          <KindFields {...given} partition={partition} />
        </Container>
        <Container header={<Header variant="h2">Rotation</Header>}>
          <RotationFields {...given} />
        </Container>
        <Container header={<Header variant="h2">Replica keys</Header>}>
          <ReplicaFields {...given} regions={regions} />
        </Container>
        <Container header={<Header variant="h2">Policy and tags</Header>}>
          <SpaceBetween size="m">
            <PolicyFields {...given} account={topology} />
            <FormField label="Tags" description="Every key of this plan gets them." errorText={wrong.tags} stretch>
              <TagList
                tags={draft.tags}
                onChange={(tags) => onChange({ ...draft, tags })}
                messageAt={(index, part) => wrong[`tags.${index}.${part}`]}
              />
            </FormField>
          </SpaceBetween>
        </Container>
        <ReviewPlanButton reviewing={reviewing} />
      </SpaceBetween>
    </form>
  )
}

/** Everything about a new family, on one page; what is wrong is said at its field. */
export function CreatePrimaryForm(props: CreatePrimaryFormProps) {
  const { data: topology, isError, refetch } = useTopology()
  // What is typed before the page lives would be lost.
  const hydrated = useHydrated()
  if (topology && hydrated) return <Form {...props} topology={topology} />
  if (!isError) return <WaitingWords>Reading the Regions …</WaitingWords>
  return (
    <RefusalAlert
      refusal={{ code: 'unavailable', message: 'The Regions could not be read, so there is none to choose.' }}
      action={<Button onClick={() => void refetch()}>Read again</Button>}
    />
  )
}
