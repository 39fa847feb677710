'use client'

import Box from '@cloudscape-design/components/box'
import { createContext, useContext } from 'react'
import { quote } from '@/lib/plans/quoting'

/**
 * The endpoint that the dashboard itself was pointed at, or null on AWS's own. A command that is pasted into a shell
 * goes to AWS unless the shell is told of it too.
 */
export const CliEndpoint = createContext<string | null>(null)

/** `AWS_ENDPOINT_URL_KMS=…`, as a shell takes it. */
export const endpointVariable = (endpoint: string) => `AWS_ENDPOINT_URL_KMS=${quote(endpoint)}`

/** Says what a shell needs before a command is pasted; nothing on AWS. */
export function CliEndpointNote() {
  const endpoint = useContext(CliEndpoint)
  if (endpoint === null) return null
  return (
    <>
      In your shell these commands go to AWS, unless you say first:{' '}
      <Box variant="code">export {endpointVariable(endpoint)}</Box>
    </>
  )
}
