'use client'

import Alert from '@cloudscape-design/components/alert'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { RelativeTime } from '@/components/shell/relative-time'
import { type BlindSpot, blindSpotMeans, blindSpotTitle, isDoubt } from '@/lib/topology/blind-spots'
import { incompleteSentence } from './keys-sentence'

/**
 * What could not be read, where it would have been: since when, why, and what that leaves out. A rotation that was not read
 * is said in the row of its family.
 */
export function BlindSpots({ spots }: { spots: readonly BlindSpot[] }) {
  const told = spots.filter(isDoubt)
  if (told.length === 0) return null
  return (
    <Alert type="warning" header={incompleteSentence(told) ?? 'Families may be missing here'}>
      <SpaceBetween size="xxs">
        {told.map((spot) => (
          <div key={`${spot.region} ${spot.part}`}>
            <b>{blindSpotTitle(spot)}</b>
            {spot.since === undefined ? null : (
              <>
                {' (first noticed '}
                <RelativeTime iso={spot.since} />)
              </>
            )}
            {`: ${spot.message.replace(/\.$/, '')}. ${blindSpotMeans(spot)}`}
            {spot.asOf === undefined ? null : (
              <>
                {' What is shown was last read '}
                <RelativeTime iso={spot.asOf} />.
              </>
            )}
          </div>
        ))}
      </SpaceBetween>
    </Alert>
  )
}
