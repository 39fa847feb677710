'use client'

import type { ReactNode } from 'react'
import styles from './family.module.css'

/** Text in its own lines that scrolls inside itself, by keyboard too; `bytes` breaks anywhere. */
export function ScrollingText({ label, bytes, children }: { label: string; bytes?: boolean; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls has to be reachable by keyboard.
    <section className={bytes ? `${styles.code} ${styles.bytes}` : styles.code} tabIndex={0} aria-label={label}>
      <pre>{children}</pre>
    </section>
  )
}
