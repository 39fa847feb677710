'use client'

import { useEffect } from 'react'

/** When not even the frame of the screens can be drawn: no part of the UI kit is relied on here. */
export default function GlobalError({ error, retry }: { error: unknown; retry: () => void }) {
  useEffect(() => console.error('The dashboard failed', error), [error])
  return (
    <html lang="en">
      <body style={{ fontFamily: 'system-ui, sans-serif', margin: '10vh auto', maxWidth: '40em', padding: '0 1em' }}>
        <title>KMS Atlas failed</title>
        <h1>KMS Atlas could not be shown</h1>
        <p>
          Something happened that the dashboard did not expect. No key was changed by this, and runs go on by
          themselves. If it stays so, the log of the server says why.
        </p>
        <button type="button" onClick={() => retry()}>
          Try again
        </button>
      </body>
    </html>
  )
}
