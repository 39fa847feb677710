'use client'

import Alert from '@cloudscape-design/components/alert'
import Button from '@cloudscape-design/components/button'
import type { ReactNode } from 'react'
import { WaitingWords } from '@/components/shell/waiting-words'
import type { Facts } from '@/lib/topology/facts'
import type { Family } from '@/lib/topology/topology'
import { useFacts } from './use-facts'

/** Shows what rests on facts: words while they are read, what failed when they were not. */
export function FactsGate({
  family,
  reading,
  children,
}: {
  family: Family
  /** What is being read, e.g. `the key policy of every Region`. */
  reading: string
  children: (facts: Facts) => ReactNode
}) {
  const { data, error, refetch, isFetching } = useFacts(family)
  if (data) return children(data.facts)
  if (!error) return <WaitingWords>Reading {reading} …</WaitingWords>
  return (
    <Alert
      type="error"
      header={`Could not read ${reading}`}
      action={
        <Button loading={isFetching} onClick={() => void refetch()}>
          Try again
        </Button>
      }
    >
      {error.message}
    </Alert>
  )
}
