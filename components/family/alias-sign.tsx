'use client'

import { StatusIndicator } from '@/components/shell/status-indicator'
import type { AliasCell } from '@/lib/topology/comparisons'
import { NotRead } from './comparison-table'

/** What an alias is in one Region; `other` names the key that it points to instead. */
export function AliasSign({ cell, other }: { cell: AliasCell | undefined; other?: string }) {
  switch (cell?.is) {
    case 'here':
      return cell.stale ? (
        <StatusIndicator type="pending">This key, as last read</StatusIndicator>
      ) : (
        <StatusIndicator type="success">This key</StatusIndicator>
      )
    case 'missing':
      return <StatusIndicator type="warning">Missing</StatusIndicator>
    case 'elsewhere':
      return <StatusIndicator type="error">{other ? `Another key: ${other}` : 'Another key'}</StatusIndicator>
    default:
      return <NotRead />
  }
}
