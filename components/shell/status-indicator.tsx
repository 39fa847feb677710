'use client'

import CloudscapeStatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator'
import styles from './status-indicator.module.css'

/** A status indicator of Cloudscape whose text wraps between words. */
export function StatusIndicator({ children, ...props }: StatusIndicatorProps) {
  return (
    <CloudscapeStatusIndicator {...props}>
      {children === undefined ? null : <span className={styles.words}>{children}</span>}
    </CloudscapeStatusIndicator>
  )
}
