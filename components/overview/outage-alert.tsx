'use client'

import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import ColumnLayout from '@cloudscape-design/components/column-layout'
import { LinkButton } from '@/components/shell/link-button'
import { RelativeTime } from '@/components/shell/relative-time'
import { useClock } from '@/components/shell/use-clock'
import { exactTime, spanInWords } from '@/lib/topology/ages'
import type { Outage } from '@/lib/topology/overview'
import { regionDoes } from '@/lib/topology/region-trouble'
import { keysHref } from './keys-href'
import styles from './overview.module.css'

/** A Region that is not read as it should be: since when, why, and what that means for the families there. */
export function OutageAlert({ outage }: { outage: Outage }) {
  const { region, families, works, doesNot } = outage
  return (
    <Alert
      type={region.status === 'unreachable' ? 'error' : 'warning'}
      header={
        <>
          {region.name} {regionDoes(region)}
          {region.since ? <For since={region.since} /> : null}
        </>
      }
      action={families > 0 ? <LinkButton href={keysHref({ region: region.name })}>See its families</LinkButton> : null}
    >
      <p className={styles.paragraph}>
        {families === 0
          ? 'No family is known to have a member there. '
          : `${families.toLocaleString('en-US')} ${families === 1 ? 'family has' : 'families have'} a member there. `}
        {region.asOf ? (
          <>
            What is shown of it was read <RelativeTime iso={region.asOf} />.
          </>
        ) : (
          'Nothing in it has been read since the dashboard started.'
        )}
      </p>
      {families > 0 ? (
        <ColumnLayout columns={2}>
          <Sentences title="What works" sentences={works} />
          <Sentences title="What does not" sentences={doesNot} />
        </ColumnLayout>
      ) : null}
      {region.message ? <Box variant="small">{region.message}</Box> : null}
    </Alert>
  )
}

/** How long it has been so, and on the server, which cannot know the moment, since when. */
function For({ since }: { since: string }) {
  const exact = exactTime(since)
  const words = useClock((now) => `for ${spanInWords(now - Date.parse(since))}`, `since ${exact}`)
  return <span title={`Since ${exact}`}> {words}</span>
}

function Sentences({ title, sentences }: { title: string; sentences: string[] }) {
  if (sentences.length === 0) return null
  return (
    <div>
      <Box variant="awsui-key-label">{title}</Box>
      <ul className={styles.sentences}>
        {sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </div>
  )
}
