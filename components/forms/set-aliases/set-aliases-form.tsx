'use client'

import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useEffect, useRef, useState } from 'react'
import { WaitingWords } from '@/components/shell/waiting-words'
import { setAliasesRequest } from '@/lib/plans/set-aliases'
import { useTopology } from '@/lib/queries/topology'
import { type AliasRow, compareAliases } from '@/lib/topology/comparisons'
import { familyOf } from '@/lib/topology/family'
import type { Family, Topology } from '@/lib/topology/topology'
import { fieldsOf, type PlanFormProps } from '../plan-form'
import { ReviewPlanButton } from '../review-plan-button'
import { AliasTable } from './alias-table'
import { ChosenChanges } from './chosen-changes'
import { type ChangeDraft, type ChangeKind, changesOf, newChange, regionsFor, requestOf } from './set-aliases-draft'

function Form({
  request,
  fields,
  onReview,
  reviewing,
  family,
  topology,
}: PlanFormProps & { family: Family; topology: Topology }) {
  const [changes, setChanges] = useState(() => changesOf(request))
  const [wrong, setWrong] = useState(fields)
  const [newest, setNewest] = useState<number | null>(null)
  const [attempt, setAttempt] = useState(0)
  const form = useRef<HTMLFormElement>(null)
  const rows = compareAliases(family, topology)
  const rowOf = (name: string) => rows.find((row) => row.name === name)

  useEffect(() => {
    if (attempt > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [attempt])

  // Messages belong to places in the list: once it changes, they would stand at the wrong ones.
  const change = (next: ChangeDraft[]) => {
    setChanges(next)
    if (next.length !== changes.length) setWrong({})
  }
  const choose = (kind: ChangeKind, row?: AliasRow) => {
    const id = Math.max(-1, ...changes.map((each) => each.id)) + 1
    setNewest(id)
    change([...changes, newChange(id, kind, row, family)])
  }
  const submit = () => {
    const next = requestOf(family.keyId, changes)
    const found = fieldsOf(setAliasesRequest, next)
    setWrong(found)
    if (Object.keys(found).length === 0) onReview(next)
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
      <SpaceBetween size="m">
        <Box>An alias belongs to one Region: KMS copies none to a replica key, and renames none.</Box>
        <AliasTable family={family} topology={topology} rows={rows} changes={changes} onChoose={choose} />
        <Button formAction="none" iconName="add-plus" onClick={() => choose('create')}>
          Add an alias
        </Button>
        <div>
          <Box variant="h3">Chosen changes</Box>
          <ChosenChanges
            changes={changes}
            wrong={wrong}
            newest={newest}
            regionsOf={(draft) => regionsFor(draft.change, rowOf(draft.name), family)}
            onChange={change}
          />
        </div>
        <ReviewPlanButton reviewing={reviewing} />
      </SpaceBetween>
    </form>
  )
}

/** The aliases of a family in each of its Regions, and what is to become of them. */
export function SetAliasesForm(props: PlanFormProps) {
  const { data: topology } = useTopology()
  const family = topology && familyOf(topology, String(props.request.keyId))
  if (!topology) return <WaitingWords>Reading the aliases …</WaitingWords>
  if (!family) return <Box>{`No key family ${String(props.request.keyId)} is known in the Regions that are read.`}</Box>
  return <Form {...props} family={family} topology={topology} />
}
