'use client'

import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import ProgressBar from '@cloudscape-design/components/progress-bar'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { RunStatusIndicator } from '@/components/runs/run-status'
import { Link } from '@/components/shell/link'
import { LinkButton } from '@/components/shell/link-button'
import { WaitingWords } from '@/components/shell/waiting-words'
import { countParts, hasEnded, hasManyParts, type Run } from '@/lib/plans/run'
import { useRuns } from '@/lib/queries/runs'
import styles from './overview.module.css'

/** Changes that are being carried out now, with how far they are. */
export function RunsInFlight() {
  const { data, error, isPending } = useRuns()
  const running = data?.filter((run) => !hasEnded(run)) ?? []
  return (
    <Container
      header={
        <Header
          variant="h2"
          counter={running.length > 0 ? `(${running.length})` : undefined}
          actions={<LinkButton href="/runs">All runs</LinkButton>}
        >
          Runs in flight
        </Header>
      }
    >
      {isPending ? <WaitingWords>Reading the runs …</WaitingWords> : null}
      {error ? <Box color="text-status-error">The runs could not be read: {error.message}</Box> : null}
      {data && running.length === 0 ? <Box color="text-body-secondary">Nothing is being changed now.</Box> : null}
      <SpaceBetween size="m">
        {running.map((run) => (
          <InFlight key={run.id} run={run} />
        ))}
      </SpaceBetween>
    </Container>
  )
}

function InFlight({ run }: { run: Run }) {
  const ofMany = hasManyParts(run)
  const { parts, steps } = run.counts
  const all = ofMany ? countParts(run) : steps.all
  const finished = ofMany ? parts.done + parts.skipped : steps.finished
  const href = `/runs/${encodeURIComponent(run.id)}`
  return (
    <div className={styles.run}>
      <div className={styles.finding}>
        <Link href={href}>{run.title}</Link> <RunStatusIndicator status={run.status} />
        <Box color="text-body-secondary">{run.message}</Box>
      </div>
      <div className={styles.progress}>
        <ProgressBar
          ariaLabel={`Progress of ${run.title}`}
          value={all === 0 ? 100 : (finished / all) * 100}
          description={`${finished} of ${all} ${ofMany ? 'families' : 'steps'}`}
        />
      </div>
    </div>
  )
}
