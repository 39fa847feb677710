// A sign with words, for lists of hundreds: as the status indicator of the UI kit looks, at a tenth of what it costs.

import type { ReactNode } from 'react'
import styles from './sign.module.css'

/** Names of the UI kit. */
export type SignType = 'success' | 'error' | 'warning' | 'info' | 'pending' | 'stopped' | 'in-progress'

const circle = 'M8 1.2a6.8 6.8 0 1 0 0 13.6a6.8 6.8 0 1 0 0-13.6z'

/** Lines in a field of 16 by 16. */
const lines: Record<SignType, string> = {
  success: `${circle}M5 8.2l2.2 2.2L11.2 6`,
  error: `${circle}M5.6 5.6l4.8 4.8M10.4 5.6l-4.8 4.8`,
  warning: 'M8 2L15 14.5H1zM8 6.4v3.8M8 11.4v1.6',
  info: `${circle}M8 7.2v4.4M8 4.4v1.4`,
  pending: `${circle}M8 4v4.2h3`,
  stopped: `${circle}M5 8h6`,
  'in-progress': `${circle}M4.6 8h1.2M7.4 8h1.2M10.2 8h1.2`,
}

/** `quiet` is grey whatever the sign: nobody needs to look. */
export const Sign = ({ type, quiet = false, children }: { type: SignType; quiet?: boolean; children: ReactNode }) => (
  <span className={`${styles.sign} ${quiet ? styles.quiet : styles[type]}`}>
    <svg viewBox="0 0 16 16" aria-hidden="true">
      <path d={lines[type]} />
    </svg>
    {children}
  </span>
)
