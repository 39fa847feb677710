'use client'

import Modal from '@cloudscape-design/components/modal'
import dynamic from 'next/dynamic'
import { catchError } from 'next/error'
import { useSearchParams } from 'next/navigation'
import { useState } from 'react'
import { PartFailed } from '@/components/shell/part-boundary'
import { WaitingWords } from '@/components/shell/waiting-words'
import { useWhenIdle } from '@/components/shell/when-idle'
import { hasPageOfItsOwn, PLAN_PARAM, requestIn, useClosePlan } from './open-plan'
import styles from './plan-dialog.module.css'

const loadContent = () => import('./plan-dialog-content')

/** Forms and review are loaded apart, at the latest when the first plan is opened: pages without one stay small. */
const PlanDialogContent = dynamic(() => import('./plan-dialog-content').then((module) => module.PlanDialogContent), {
  ssr: false,
  loading: () => (
    <div className={styles.opening}>
      <WaitingWords>Opening the plan …</WaitingWords>
    </div>
  ),
})

/** The request stands in the URL, so a reload opens it again. */
const ContentBoundary = catchError(({ onClose }: { onClose: () => void }) => (
  <Modal visible position="top" header="Plan" closeAriaLabel="Close" onDismiss={onClose}>
    <PartFailed part="The plan" />
  </Modal>
))

/**
 * The plan that stands in the URL, over whatever page is open. Closing takes effect at once: the URL may follow later,
 * when the browser still waits for an answer of the server.
 */
export function PlanDialog() {
  const text = useSearchParams().get(PLAN_PARAM)
  const closePlan = useClosePlan()
  useWhenIdle(loadContent)
  const [closed, setClosed] = useState<string | null>(null)
  if (closed !== null && text !== closed) setClosed(null)
  const request = requestIn(text)
  if (!request || text === closed || hasPageOfItsOwn(request)) return null
  const close = () => {
    setClosed(text)
    closePlan()
  }
  // Another operation or another family is another dialog; a changed request is the same one.
  return (
    <ContentBoundary onClose={close}>
      <PlanDialogContent key={`${request.kind} ${String(request.keyId)}`} request={request} onClose={close} />
    </ContentBoundary>
  )
}
