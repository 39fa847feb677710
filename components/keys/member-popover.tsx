'use client'

import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useOpenPlan } from '@/components/plans/open-plan'
import { Copyable } from '@/components/shell/copyable'
import { Link } from '@/components/shell/link'
import { RelativeTime } from '@/components/shell/relative-time'
import { KeyStateIndicator } from '@/components/topology/key-state'
import { useFamily, useTopology } from '@/lib/queries/topology'
import { familyName, memberIn, noAliasInWords } from '@/lib/topology/family'
import { againstPromote } from '@/lib/topology/reasons-against'

interface MemberPopoverProps {
  keyId: string
  region: string
}

/** One member in a few lines, read while they are open: the cell behind them is drawn again only when it changes. */
export function MemberPopover({ keyId, region }: MemberPopoverProps) {
  const { data: topology } = useTopology()
  const { data: family } = useFamily(keyId)
  const openPlan = useOpenPlan()
  const member = family ? memberIn(family, region) : undefined
  if (!family || !member) return <Box>This key is gone since.</Box>
  // A member that did not change is as fresh as its Region's last reading.
  const asOf = (member.known === 'live' && topology?.regions.find(({ name }) => name === region)?.asOf) || member.asOf
  const against = againstPromote(family, topology?.regions ?? [], region)
  return (
    <SpaceBetween size="xs">
      <Box variant="strong">{familyName(family)}</Box>
      <div>
        <Box display="inline">{member.role === 'PRIMARY' ? 'Primary key ' : 'Replica key '}</Box>
        <KeyStateIndicator state={member.state} known={member.known} />
      </div>
      {member.message ? <Box color="text-body-secondary">{member.message}</Box> : null}
      <div>{member.aliases.length > 0 ? member.aliases.join(', ') : `In this Region: ${noAliasInWords(member)}`}</div>
      <Copyable text={member.arn} label={`ARN in ${region}`} />
      <Box variant="small">
        as of <RelativeTime iso={asOf} />
      </Box>
      <SpaceBetween direction="horizontal" size="xs" alignItems="center">
        {member.role === 'REPLICA' ? (
          <Button
            disabled={against !== null}
            disabledReason={against ?? undefined}
            onClick={() => openPlan({ kind: 'promote', keyId, toRegion: region })}
          >
            Promote
          </Button>
        ) : null}
        <Link href={`/keys/${keyId}`}>Open family</Link>
      </SpaceBetween>
    </SpaceBetween>
  )
}
