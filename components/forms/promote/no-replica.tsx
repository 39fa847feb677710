'use client'

import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useOpenPlan } from '@/components/plans/open-plan'
import type { Family } from '@/lib/topology/topology'

/** A promotion needs a replica key; without one there is nothing to choose from. */
export function NoReplica({ family }: { family: Family }) {
  const openPlan = useOpenPlan()
  return (
    <Container header={<Header variant="h2">No replica key to promote</Header>}>
      <SpaceBetween size="m">
        <Box variant="p">
          {`The family has one key, in ${family.members.map(({ region }) => region).join(', ')}. If that Region fails, nothing elsewhere can use the key. Replicate it first; the replica key can be promoted afterwards.`}
        </Box>
        <Button variant="primary" onClick={() => openPlan({ kind: 'replicate', keyId: family.keyId })}>
          Replicate
        </Button>
      </SpaceBetween>
    </Container>
  )
}
