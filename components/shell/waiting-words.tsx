'use client'

import type { ReactNode } from 'react'
import { StatusIndicator } from './status-indicator'
import styles from './waiting-words.module.css'

/** Words for what takes longer than a moment; nothing flashes up where the answer comes at once. */
export const WaitingWords = ({ children }: { children: ReactNode }) => (
  <div className={styles.later}>
    <StatusIndicator type="loading">{children}</StatusIndicator>
  </div>
)
