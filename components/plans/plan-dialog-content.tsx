'use client'

import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Modal from '@cloudscape-design/components/modal'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { formFor } from '@/components/forms/form-for'
import { RunProgress } from '@/components/runs/run-progress'
import { Link } from '@/components/shell/link'
import { useFamily } from '@/lib/queries/topology'
import { familyName } from '@/lib/topology/family'
import type { RequestData } from '@/lib/topology/topology'
import { useStartedRun } from './open-plan'
import { usePlanDialogReview } from './plan-dialog-review'

/** `Replicate alias/global-data-key` */
function useHeader(request: RequestData): string {
  const { data: family } = useFamily(String(request.keyId))
  const title = formFor(request.kind)?.title ?? 'Plan'
  return family ? `${title}: ${familyName(family)}` : title
}

function Started({ runId, onClose }: { runId: string; onClose: () => void }) {
  return (
    <SpaceBetween size="l">
      <RunProgress runId={runId} />
      <SpaceBetween direction="horizontal" size="m" alignItems="center">
        <Button formAction="none" onClick={onClose}>
          Close
        </Button>
        <Box color="text-body-secondary">
          A run goes on when you close this.{' '}
          <Link href={`/runs/${encodeURIComponent(runId)}`}>Open it on its own page</Link>
        </Box>
      </SpaceBetween>
    </SpaceBetween>
  )
}

/** Form, review, start and progress of one request, over the page that stays as it is. */
export function PlanDialogContent({ request, onClose }: { request: RequestData; onClose: () => void }) {
  const header = useHeader(request)
  const [inUrl, keepInUrl] = useStartedRun()
  const [started, setStarted] = useState<{ runId: string; of: string } | null>(null)
  const text = JSON.stringify(request)
  // A run belongs to the request it was started for: going back from here opens a plan of its own. It takes effect at
  // once; the URL may follow later.
  const runId = started?.of === text ? started.runId : inUrl
  const review = usePlanDialogReview(request, runId !== null, (id) => {
    setStarted({ runId: id, of: text })
    keepInUrl(id)
  })
  return (
    <Modal
      visible
      size="x-large"
      position="top"
      header={header}
      closeAriaLabel="Close"
      footer={runId === null ? review.footer : undefined}
      // A click beside the dialog is too easily made while something is being typed.
      onDismiss={({ detail }) => detail.reason !== 'overlay' && onClose()}
    >
      {runId === null ? review.content : <Started runId={runId} onClose={onClose} />}
    </Modal>
  )
}
