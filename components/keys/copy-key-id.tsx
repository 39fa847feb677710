'use client'

import { useState } from 'react'
import { shortKeyId } from '@/lib/topology/family'
import { type CellPlace, focusable } from './cell-place'
import styles from './keys-table.module.css'

const answers = { copied: 'Copied', refused: 'The browser did not allow to copy' }

/** As in the UI kit, whose icon costs more than all the rest of this button. */
const SHEETS = 'M2 6h8v8H2zM6 6V2h8v8h-4'
const CHECK = 'M2 8.5l4 4L14 4'

/** A key id to copy, for long lists: a hundred of the usual copy buttons cost a third of the time a page takes. */
export function CopyKeyId({ keyId, ...place }: { keyId: string } & CellPlace) {
  const [answer, setAnswer] = useState<keyof typeof answers | null>(null)
  const copy = () => {
    // Without a secure context there is no clipboard at all.
    const copying = navigator.clipboard?.writeText(keyId) ?? Promise.reject(new Error('no clipboard'))
    copying.then(
      () => setAnswer('copied'),
      () => setAnswer('refused'),
    )
  }
  return (
    <button
      {...focusable(place)}
      type="button"
      className={styles.copy}
      title={keyId}
      onClick={copy}
      onBlur={() => setAnswer(null)}
    >
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d={answer === 'copied' ? CHECK : SHEETS} />
      </svg>
      <span className="visually-hidden">Copy key id</span>
      <span aria-live="polite">{answer ? answers[answer] : shortKeyId(keyId)}</span>
    </button>
  )
}
