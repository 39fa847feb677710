'use client'

import { useTopology } from '@/lib/queries/topology'
import { awaitedRegions, regionDoes, regionsInTrouble } from '@/lib/topology/region-trouble'
import { Link } from './link'
import { RelativeTime } from './relative-time'
import { StatusIndicator } from './status-indicator'

/** One line on every screen while a Region is not read as it should be: what is shown of it may be old. */
export function RegionTrouble() {
  const { data } = useTopology()
  const failing = data ? [...regionsInTrouble(data), ...awaitedRegions(data)] : []
  if (failing.length === 0) return null
  return (
    <div>
      {failing.map((region) => (
        <StatusIndicator key={region.name} type={region.awaited ? 'loading' : 'warning'}>
          {region.name} {regionDoes(region)}
          {region.asOf ? (
            <>
              : what is shown of it was read <RelativeTime iso={region.asOf} />
            </>
          ) : (
            ': nothing in it has been read yet'
          )}
          . <Link href="/">What works now</Link>
        </StatusIndicator>
      ))}
    </div>
  )
}
