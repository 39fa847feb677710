'use client'

import Alert from '@cloudscape-design/components/alert'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useEffect, useRef } from 'react'
import { RunProgress } from '@/components/runs/run-progress'
import { Copyable } from '@/components/shell/copyable'
import { LinkButton } from '@/components/shell/link-button'
import { hasEnded, type Run } from '@/lib/plans/run'
import { useRun } from '@/lib/queries/runs'
import styles from './create-primary.module.css'

/** The key id is born in the first step; until then there is no page to go to. */
const keyIdOf = (run: Run): string | undefined =>
  run.steps.map(({ output }) => output.keyId).find((keyId) => keyId !== undefined) ?? run.keyIds[0]

function ToTheFamily({ run, keyId }: { run: Run; keyId: string }) {
  const succeeded = run.status === 'succeeded'
  return (
    <Alert
      type={succeeded ? 'success' : 'info'}
      header={
        succeeded ? 'The key family is there' : hasEnded(run) ? 'The primary key was made' : 'The primary key is there'
      }
      action={
        <LinkButton variant="primary" href={`/keys/${encodeURIComponent(keyId)}`}>
          Open the key family
        </LinkButton>
      }
    >
      <Copyable text={keyId} label="key id" shown={keyId} />
    </Alert>
  )
}

/** The run that makes a key, and the way to the new family as soon as it has one. */
export function CreatedKey({ runId }: { runId: string }) {
  const { data: run } = useRun(runId)
  const section = useRef<HTMLElement>(null)
  useEffect(() => {
    if (runId) section.current?.focus()
  }, [runId])
  const keyId = run && keyIdOf(run)
  return (
    <section ref={section} tabIndex={-1} aria-label="Run" className={styles.section}>
      <SpaceBetween size="l">
        {run && keyId && <ToTheFamily run={run} keyId={keyId} />}
        <Container header={<Header variant="h2">{run?.title ?? 'Run'}</Header>}>
          <RunProgress runId={runId} />
        </Container>
      </SpaceBetween>
    </section>
  )
}
