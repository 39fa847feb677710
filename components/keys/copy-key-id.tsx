'use client'

import Icon from '@cloudscape-design/components/icon'
import { useState } from 'react'
import { shortKeyId } from '@/lib/topology/family'
import styles from './keys-table.module.css'

const answers = { copied: 'Copied', refused: 'The browser did not allow to copy' }

/** A key id to copy, for long lists: a hundred of the usual copy buttons cost a third of the time a page takes. */
export function CopyKeyId({ keyId }: { keyId: string }) {
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
    <button type="button" className={styles.copy} title={keyId} onClick={copy} onBlur={() => setAnswer(null)}>
      <Icon name={answer === 'copied' ? 'check' : 'copy'} size="small" />
      <span className="visually-hidden">Copy key id</span>
      <span aria-live="polite">{answer ? answers[answer] : shortKeyId(keyId)}</span>
    </button>
  )
}
