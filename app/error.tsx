'use client'

import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import { useEffect } from 'react'
import { LinkButton } from '@/components/shell/link-button'
import { Trouble } from '@/components/shell/trouble'

/** The digest by which the server's log names an error of its own. */
const digestOf = (error: unknown) =>
  typeof error === 'object' && error !== null && 'digest' in error ? String(error.digest) : null

export default function ScreenError({ error, retry }: { error: unknown; retry: () => void }) {
  useEffect(() => console.error('A screen failed', error), [error])
  const digest = digestOf(error)
  return (
    <Trouble
      title="This screen failed"
      actions={
        <>
          <Button variant="primary" onClick={() => retry()}>
            Try again
          </Button>
          <LinkButton href="/">Overview</LinkButton>
        </>
      }
    >
      Something happened that the dashboard did not expect. No key was changed by this, and runs go on by themselves.
      {digest ? <Box variant="small"> The server’s log names it {digest}.</Box> : null}
    </Trouble>
  )
}
