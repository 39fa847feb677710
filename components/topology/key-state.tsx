'use client'

import { StatusIndicator } from '@/components/shell/status-indicator'
import { stateInWords } from '@/lib/topology/key-state'
import type { KeyState, Known } from '@/lib/topology/topology'
import { Sign, type SignType } from './sign'

const types: Record<KeyState, SignType> = {
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

interface KeyStateProps {
  state: KeyState
  known: Known
}

/** What was not read now is grey, whatever it was when last read. */
function shown({ state, known }: KeyStateProps) {
  const words = stateInWords({ state, known })
  return {
    type: known === 'live' ? types[state] : 'pending',
    isQuiet: known !== 'live',
    words: words.charAt(0).toUpperCase() + words.slice(1),
  } as const
}

/** A key state with its sign. */
export function KeyStateIndicator(props: KeyStateProps) {
  const { type, isQuiet, words } = shown(props)
  return (
    <StatusIndicator type={type} colorOverride={isQuiet ? 'grey' : undefined}>
      {words}
    </StatusIndicator>
  )
}

/** The same for lists of hundreds. */
export function KeyStateSign(props: KeyStateProps) {
  const { type, isQuiet, words } = shown(props)
  return (
    <Sign type={type} quiet={isQuiet}>
      {words}
    </Sign>
  )
}
