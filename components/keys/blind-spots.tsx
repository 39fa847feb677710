'use client'

import Alert from '@cloudscape-design/components/alert'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { RelativeTime } from '@/components/shell/relative-time'
import { useTopology } from '@/lib/queries/topology'
import { regionDoes } from '@/lib/topology/region-trouble'
import { incompleteSentence } from './keys-sentence'

/** What could not be read, where it would have been: which Regions, since when, why, and what that leaves out. */
export function BlindSpots() {
  const { data } = useTopology()
  const told = data?.regions.filter(({ status, message }) => status !== 'ok' || message !== undefined) ?? []
  if (!data || told.length === 0) return null
  return (
    <Alert type="warning" header={incompleteSentence(data) ?? 'Families may be missing here'}>
      <SpaceBetween size="xxs">
        {told.map(({ name, status, asOf, since, message, awaited }) => (
          <div key={name}>
            <b>{name}</b>
            {status === 'ok' ? null : ` ${regionDoes({ status, awaited })}`}
            {since ? (
              <>
                {' (first noticed '}
                <RelativeTime iso={since} />)
              </>
            ) : null}
            {message ? `: ${message.replace(/\.$/, '')}` : null}
            {'. '}
            {status === 'ok' ? null : asOf ? (
              <>
                {'What is shown of it was read '}
                <RelativeTime iso={asOf} />.
              </>
            ) : (
              'It has not been read since the dashboard started: families that are only there are missing.'
            )}
          </div>
        ))}
      </SpaceBetween>
    </Alert>
  )
}
