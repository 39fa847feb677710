'use client'

import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import type { Check } from '@/lib/plans/plan'
import { useRefreshTopology } from '@/lib/queries/topology'
import { replicasOf } from '@/lib/topology/family'
import { inWords } from '@/lib/topology/in-words'
import { describeUsage } from '@/lib/topology/key-spec'
import type { Family } from '@/lib/topology/topology'

const usableReplicas = (family: Family) =>
  replicasOf(family)
    .filter(({ state, known }) => state === 'Enabled' && known === 'live')
    .map(({ region }) => region)

/** What goes on, and what to do, while the Region of the primary key does not answer. */
function DuringAnOutage({ family, region }: { family: Family; region: string }) {
  const usable = usableReplicas(family)
  const usage = describeUsage(family.keyUsage)
  return (
    <>
      <Box variant="p">
        {usable.length > 0
          ? `No promotion is needed to ${usage}: the replica ${usable.length === 1 ? 'key' : 'keys'} in ${inWords(usable)} ${usable.length === 1 ? 'does' : 'do'} that alone, with the same key id.`
          : `No replica key is known to be usable now, so nothing outside ${region} can ${usage} with this family.`}
      </Box>
      <Box variant="h4">What to do</Box>
      <ol>
        {usable.length > 0 && (
          <li>{`Point callers to ${inWords(usable)}: change the Region they call, nothing else.`}</li>
        )}
        <li>{`Wait until ${region} answers again. This page notices by itself.`}</li>
        <li>Then promote, if the primary key should still move. AWS documents no way to force a promotion before.</li>
      </ol>
    </>
  )
}

/** Said before anything can be chosen: no target can be promoted now, why, and what works all the same. */
export function PromotionObstacle({ family, obstacles }: { family: Family; obstacles: Check[] }) {
  const refresh = useRefreshTopology()
  const [first] = obstacles
  if (!first) return null
  const isOutage = obstacles.some(({ id }) => id === 'primary-region-answers')
  return (
    <Alert
      type="error"
      header="No promotion can start now"
      action={
        <Button onClick={() => refresh.mutate()} loading={refresh.isPending} loadingText="Reading every Region">
          Read again
        </Button>
      }
    >
      {obstacles.map(({ id, message }) => (
        <Box key={id} variant="p">
          {message}
        </Box>
      ))}
      {isOutage && family.primaryRegion !== null && <DuringAnOutage family={family} region={family.primaryRegion} />}
    </Alert>
  )
}
