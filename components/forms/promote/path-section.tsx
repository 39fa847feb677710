'use client'

import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import { type ReactNode, useEffect } from 'react'
import styles from './promote.module.css'
import { type PathStepId, pathSteps } from './promotion-path'

/** Scrolls to a section and puts the keyboard there. */
export const focusSection = (id: PathStepId) => document.getElementById(id)?.focus()

/** Nobody is torn away from what they do elsewhere on the page when a section unlocks by itself. */
const isFree = (previous: PathStepId | undefined) => {
  const { activeElement } = document
  if (activeElement === null || activeElement === document.body) return true
  return previous !== undefined && document.getElementById(previous)?.contains(activeElement) === true
}

/** A numbered section; it takes the focus when it has just unlocked, so that keyboard and screen reader follow. */
export function PathSection({
  id,
  actions,
  description,
  takesFocus,
  children,
}: {
  id: PathStepId
  actions?: ReactNode
  description?: ReactNode
  /** What unlocked it, when it has just done so. */
  takesFocus?: 'after a press' | 'by itself' | undefined
  children: ReactNode
}) {
  const index = pathSteps.findIndex((step) => step.id === id)
  const previous = pathSteps[index - 1]?.id
  useEffect(() => {
    if (takesFocus === 'after a press' || (takesFocus === 'by itself' && isFree(previous))) focusSection(id)
  }, [takesFocus, id, previous])
  return (
    <section id={id} tabIndex={-1} className={styles.section} aria-label={pathSteps[index]?.title}>
      <Container
        header={
          <Header variant="h2" actions={actions} description={description}>
            {`${index + 1} ${pathSteps[index]?.title}`}
          </Header>
        }
      >
        {children}
      </Container>
    </section>
  )
}
