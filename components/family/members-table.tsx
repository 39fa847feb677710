'use client'

import Box from '@cloudscape-design/components/box'
import Link from '@cloudscape-design/components/link'
import Table from '@cloudscape-design/components/table'
import { RelativeTime } from '@/components/shell/relative-time'
import { KeyStateIndicator } from '@/components/topology/key-state'
import { canRotate } from '@/lib/topology/key-spec'
import { regionName } from '@/lib/topology/regions'
import { dayInWords, settingInWords } from '@/lib/topology/rotation-words'
import type { Family, Member } from '@/lib/topology/topology'
import { AliasNames, roleInWords } from './member-words'
import { useSearchParam } from './use-search-param'

/** What the graph shows, as a table: one row a member. */
export function MembersTable({ family }: { family: Family }) {
  const [, selectRegion] = useSearchParam('region')
  const rotates = canRotate(family).automatic
  return (
    <Table
      variant="borderless"
      items={family.members}
      trackBy={({ arn }) => arn}
      wrapLines
      stickyColumns={{ first: 1 }}
      ariaLabels={{ tableLabel: 'Members' }}
      columnDefinitions={[
        {
          id: 'region',
          header: 'Region',
          isRowHeader: true,
          minWidth: 160,
          cell: ({ region }) => (
            <>
              <Link onFollow={() => selectRegion(region)} ariaLabel={`Select ${region}`}>
                {region}
              </Link>
              <Box variant="small" display="block">
                {regionName(region)}
              </Box>
            </>
          ),
        },
        { id: 'role', header: 'Role', minWidth: 120, cell: (member) => roleInWords(member) },
        { id: 'state', header: 'State', minWidth: 130, cell: (member) => <StateOf member={member} /> },
        { id: 'aliases', header: 'Aliases', minWidth: 180, cell: (member) => <AliasNames member={member} /> },
        {
          id: 'rotation',
          header: 'Rotation',
          minWidth: 120,
          cell: ({ rotation }) => (rotates ? (settingInWords(rotation) ?? 'not read') : 'not for this kind'),
        },
        {
          id: 'created',
          header: 'Created',
          minWidth: 110,
          cell: ({ createdAt }) => (createdAt ? dayInWords(createdAt) : 'not read'),
        },
        { id: 'asOf', header: 'As of', minWidth: 110, cell: ({ asOf }) => <RelativeTime iso={asOf} /> },
      ]}
    />
  )
}

/** A member that could not be read says why. It does not name its relatives: each row is about one Region. */
function StateOf({ member: { state, known, message } }: { member: Member }) {
  const why = known === 'inferred' ? 'told by its relatives only' : message
  return (
    <>
      <KeyStateIndicator state={state} known={known} />
      {known !== 'live' && (
        <Box variant="small" display="block">
          {why}
        </Box>
      )}
    </>
  )
}
