'use client'

import Box from '@cloudscape-design/components/box'
import type { StatusIndicatorProps } from '@cloudscape-design/components/status-indicator'
import type { ReactNode } from 'react'
import { StatusIndicator } from '@/components/shell/status-indicator'
import styles from './family.module.css'

/** A sentence with a sign before it, in the colour of text: a whole sentence in the colour of a state shouts. */
export function Sentence({
  type,
  says,
  children,
}: {
  type: StatusIndicatorProps.Type
  /** The sign in a word, for those who do not see it. */
  says: string
  children: ReactNode
}) {
  return (
    <div className={styles.sentence}>
      <StatusIndicator type={type} iconAriaLabel={says} />
      <Box>{children}</Box>
    </div>
  )
}
