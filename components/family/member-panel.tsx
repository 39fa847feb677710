'use client'

import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useOpenPlan } from '@/components/plans/open-plan'
import { Copyable } from '@/components/shell/copyable'
import { RelativeTime } from '@/components/shell/relative-time'
import { KeyStateIndicator } from '@/components/topology/key-state'
import { againstEditAliases, againstPromote } from '@/lib/topology/reasons-against'
import { regionName } from '@/lib/topology/regions'
import { dayInWords } from '@/lib/topology/rotation-words'
import type { Family, Known, Member, RegionView } from '@/lib/topology/topology'
import styles from './family.module.css'
import { AliasNames, roleInWords } from './member-words'

const knownWords: Record<Known, string> = {
  live: 'its Region answered at the last reading',
  stale: 'as last read, before it could not be read any more',
  inferred: 'only from what its relatives say',
}

const deletionOf = ({ deletionDate, pendingWindowInDays }: Member) => {
  if (deletionDate) return dayInWords(deletionDate)
  return pendingWindowInDays === undefined ? null : `${pendingWindowInDays} days after its last replica key is gone`
}

/** One member, as far as it is known, and what can be done with it. */
export function MemberPanel({
  family,
  member,
  regions,
  onClose,
}: {
  family: Family
  member: Member
  regions: readonly RegionView[]
  onClose: () => void
}) {
  const openPlan = useOpenPlan()
  const { keyId } = family
  const { region, arn, state, known, message, description, createdAt, asOf } = member
  const reason = againstPromote(family, regions, region)
  const noAliases = againstEditAliases(family)
  const deletion = deletionOf(member)
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={`${roleInWords(member)} · ${regionName(region)}`}
          actions={<Button variant="icon" iconName="close" ariaLabel={`Close ${region}`} onClick={onClose} />}
        >
          {region}
        </Header>
      }
      footer={
        <SpaceBetween direction="horizontal" size="xs">
          <Button
            disabled={reason !== null}
            disabledReason={reason ?? undefined}
            onClick={() => openPlan({ kind: 'promote', keyId, toRegion: region })}
          >
            Promote {region}
          </Button>
          <Button
            disabled={noAliases !== null}
            disabledReason={noAliases ?? undefined}
            onClick={() => openPlan({ kind: 'set-aliases', keyId })}
          >
            Edit aliases
          </Button>
        </SpaceBetween>
      }
    >
      <SpaceBetween size="m">
        {known !== 'live' && (
          <Alert type="warning" header="Not read now">
            {message ?? `The key in ${region} could not be read.`}
          </Alert>
        )}
        <KeyValuePairs
          columns={1}
          items={[
            { label: 'State', value: <KeyStateIndicator state={state} known={known} /> },
            ...(deletion === null ? [] : [{ label: 'Will be deleted', value: deletion }]),
            { label: 'Aliases', value: <AliasNames member={member} /> },
            {
              label: 'ARN',
              value: (
                <span className={styles.anywhere}>
                  <Copyable text={arn} label={`ARN of ${region}`} shown={arn} />
                </span>
              ),
            },
            { label: 'Created', value: createdAt ? dayInWords(createdAt) : 'not read' },
            {
              label: 'As of',
              value: (
                <>
                  <RelativeTime iso={asOf} />, {knownWords[known]}
                </>
              ),
            },
            ...(description ? [{ label: 'Description', value: description }] : []),
          ]}
        />
      </SpaceBetween>
    </Container>
  )
}

export const NoMemberSelected = ({ offersReplication }: { offersReplication: boolean }) => (
  <Container header={<Header variant="h2">Selected key</Header>}>
    <Box color="text-body-secondary">
      Select a Region in the graph, or in the table, to see its key.
      {offersReplication && ' A dashed Region has no key yet: selecting it opens the plan that makes one there.'}
    </Box>
  </Container>
)
