'use client'

import Alert from '@cloudscape-design/components/alert'
import Button from '@cloudscape-design/components/button'
import { catchError } from 'next/error'

/** Why a part of a screen is missing, and the one thing that helps; `part` begins the sentence. */
export function PartFailed({ part }: { part: string }) {
  return (
    <div role="alert">
      <Alert
        type="error"
        header={`${part} could not be loaded`}
        action={<Button onClick={() => window.location.reload()}>Reload the page</Button>}
      >
        The dashboard’s own server does not answer, or was upgraded while this page was open. No key was changed by
        this, and runs go on by themselves.
      </Alert>
    </div>
  )
}

/** Around a part that is loaded apart from its page: when that fails, the rest of the screen stays as it is. */
export const PartBoundary = catchError(({ part }: { part: string }) => <PartFailed part={part} />)
