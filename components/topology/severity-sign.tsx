import type { ReactNode } from 'react'
import { StatusIndicator } from '@/components/shell/status-indicator'
import type { Severity } from '@/lib/topology/topology'
import type { SignType } from './sign'

export const severitySigns: Record<Severity, SignType> = { high: 'error', medium: 'warning', low: 'info' }

/** How grave a finding is, by sign, colour and word; with children, their words beside the sign. */
export const SeveritySign = ({ severity, children = severity }: { severity: Severity; children?: ReactNode }) => (
  <StatusIndicator type={severitySigns[severity]}>{children}</StatusIndicator>
)
