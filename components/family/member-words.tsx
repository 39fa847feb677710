'use client'

import Box from '@cloudscape-design/components/box'
import type { Member } from '@/lib/topology/topology'

export const roleInWords = ({ role }: Pick<Member, 'role'>) => (role === 'PRIMARY' ? 'Primary key' : 'Replica key')

/** One alias a line; long names break anywhere. */
export function AliasNames({ names }: { names: string[] }) {
  if (names.length === 0) return <Box color="text-status-inactive">no alias</Box>
  return names.map((name) => <div key={name}>{name}</div>)
}
