'use client'

import Box from '@cloudscape-design/components/box'
import { noAliasInWords } from '@/lib/topology/family'
import type { Member } from '@/lib/topology/topology'

export const roleInWords = ({ role }: Pick<Member, 'role'>) => (role === 'PRIMARY' ? 'Primary key' : 'Replica key')

/** One alias a line; long names break anywhere. */
export function AliasNames({ member }: { member: Pick<Member, 'aliases' | 'aliasesUnread' | 'known'> }) {
  if (member.aliases.length === 0) return <Box color="text-status-inactive">{noAliasInWords(member)}</Box>
  return member.aliases.map((name) => <div key={name}>{name}</div>)
}
