'use client'

import type { StatusIndicatorProps } from '@cloudscape-design/components/status-indicator'
import { StatusIndicator } from '@/components/shell/status-indicator'
import { stateInWords } from '@/lib/topology/key-state'
import type { KeyState, Known } from '@/lib/topology/topology'

const types: Record<KeyState, StatusIndicatorProps.Type> = {
  Enabled: 'success',
  Disabled: 'stopped',
  Creating: 'in-progress',
  Updating: 'in-progress',
  PendingImport: 'pending',
  PendingDeletion: 'warning',
  PendingReplicaDeletion: 'warning',
  Unavailable: 'error',
  Unknown: 'pending',
}

interface KeyStateIndicatorProps {
  state: KeyState
  known: Known
}

/** A key state with its sign. What was not read now is grey, whatever it was when last read. */
export function KeyStateIndicator({ state, known }: KeyStateIndicatorProps) {
  const words = stateInWords({ state, known })
  return (
    <StatusIndicator
      type={known === 'live' ? types[state] : 'pending'}
      colorOverride={known === 'live' ? undefined : 'grey'}
    >
      {words.charAt(0).toUpperCase() + words.slice(1)}
    </StatusIndicator>
  )
}
