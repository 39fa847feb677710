'use client'

import Alert from '@cloudscape-design/components/alert'
import Button from '@cloudscape-design/components/button'
import ContentLayout from '@cloudscape-design/components/content-layout'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { usePathname, useSearchParams } from 'next/navigation'
import { useState } from 'react'
import { PLAN_PARAM, requestIn, useOpenPlan } from '@/components/plans/open-plan'
import { createPrimaryRequest } from '@/lib/plans/create-primary'
import { usePlan } from '@/lib/queries/plan'
import type { RequestData } from '@/lib/topology/topology'
import { fieldsOf } from '../plan-form'
import { draftOf, emptyDraft, requestOf, tidied } from './create-primary-draft'
import { CreatePrimaryForm } from './create-primary-form'
import { CreatePrimaryReview } from './create-primary-review'
import { CreatedKey } from './created-key'
import { MultiRegionInfo } from './multi-region-info'

/** The request in the URL as the form would send it; null when it is not complete. */
function completeIn(request: RequestData | null): RequestData | null {
  const again = request && requestOf(draftOf(request))
  return again && Object.keys(fieldsOf(createPrimaryRequest, again)).length === 0 ? again : null
}

const createRequestIn = (text: string | null) => {
  const request = requestIn(text)
  return request?.kind === 'create-primary' ? request : null
}

/** Form, review, start and progress of a new key family; request and run stand in the URL. */
export function CreateKey() {
  const pathname = usePathname()
  const search = useSearchParams()
  const openPlan = useOpenPlan()
  const inUrl = search.get(PLAN_PARAM)
  const runId = search.get('run')

  const [draft, setDraft] = useState(() => draftOf(createRequestIn(inUrl)))
  const [reviewed, setReviewed] = useState(() => completeIn(createRequestIn(inUrl)))
  const [reason, setReason] = useState('')
  const [seen, setSeen] = useState(inUrl)
  // A link to another new key fills the form anew; what this page wrote itself is there already.
  if (inUrl !== seen) {
    setSeen(inUrl)
    const linked = createRequestIn(inUrl)
    if (linked && inUrl !== JSON.stringify(reviewed)) {
      setDraft(draftOf(linked))
      setReviewed(completeIn(linked))
    }
  }

  const planned = usePlan(runId === null ? reviewed : null)
  const refusal = planned.data && !planned.data.ok ? planned.data.error : undefined
  const isChanged = reviewed !== null && JSON.stringify(requestOf(tidied(draft))) !== JSON.stringify(reviewed)

  const write = (params: Record<string, string>) => {
    const next = new URLSearchParams(params)
    window.history.replaceState(null, '', next.size > 0 ? `${pathname}?${next}` : pathname)
  }
  const review = (request: RequestData) => {
    if (JSON.stringify(request) === JSON.stringify(reviewed)) void planned.refetch()
    else setReviewed(request)
    write({ [PLAN_PARAM]: JSON.stringify(request) })
  }
  const onRequest = (request: RequestData) => {
    if (request.kind !== 'create-primary') return openPlan(request)
    const next = draftOf(request)
    setDraft(next)
    review(requestOf(next))
  }

  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          description="A new multi-Region primary key, with its alias, rotation and replica keys in one reviewed plan."
        >
          Create key
        </Header>
      }
    >
      {runId === null ? (
        <SpaceBetween size="l">
          <MultiRegionInfo />
          <CreatePrimaryForm
            draft={draft}
            onChange={setDraft}
            refused={isChanged ? {} : (refusal?.fields ?? {})}
            onReview={review}
            reviewing={reviewed !== null && planned.isFetching}
          />
          {isChanged && (
            <Alert type="info" header="Changed since the review">
              The form has been changed. Review the plan again to see what it does now.
            </Alert>
          )}
          {reviewed !== null && !isChanged && (
            <CreatePrimaryReview
              planned={planned}
              reason={reason}
              onReason={setReason}
              onRequest={onRequest}
              onStarted={(id) => write({ [PLAN_PARAM]: JSON.stringify(reviewed), run: id })}
            />
          )}
        </SpaceBetween>
      ) : (
        <SpaceBetween size="l">
          <CreatedKey runId={runId} />
          <Button
            onClick={() => {
              setDraft(emptyDraft)
              setReviewed(null)
              setReason('')
              write({})
            }}
          >
            Create another key
          </Button>
        </SpaceBetween>
      )}
    </ContentLayout>
  )
}
