'use client'

import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard'
import styles from './plan-review.module.css'

/** A command to read and to take along. */
export function Command({ text, label }: { text: string; label: string }) {
  return (
    <div className={styles.commandRow}>
      <CopyToClipboard
        variant="icon"
        copyButtonAriaLabel={label}
        copySuccessText="Copied"
        copyErrorText="The browser does not let this page copy"
        textToCopy={text}
        popoverRenderWithPortal
      />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls has to be reachable by keyboard. */}
      <pre className={styles.command} tabIndex={0}>
        {text}
      </pre>
    </div>
  )
}
