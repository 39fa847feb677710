'use client'

import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import { useMemo } from 'react'
import { Link } from '@/components/shell/link'
import { RelativeTime } from '@/components/shell/relative-time'
import { StatusIndicator } from '@/components/shell/status-indicator'
import { type BlindSpot, blindSpotMeans, blindSpotsOf, blindSpotTitle } from '@/lib/topology/blind-spots'
import { familyName } from '@/lib/topology/family'
import { familiesWithoutPrimary } from '@/lib/topology/overview'
import type { Family, Topology } from '@/lib/topology/topology'
import { familyHref, keysHref } from './keys-href'
import styles from './overview.module.css'

const SHOWN_FAMILIES = 5

/** What could not be read, since when and why: always shown, never dropped. */
export function BlindSpots({ topology }: { topology: Topology }) {
  const spots = useMemo(() => blindSpotsOf(topology), [topology])
  const byKeyId = useMemo(() => new Map(topology.families.map((family) => [family.keyId, family])), [topology])
  const withoutPrimary = useMemo(() => familiesWithoutPrimary(topology), [topology])
  const count = spots.length + (withoutPrimary.length > 0 ? 1 : 0)
  return (
    <Container
      header={
        <Header variant="h2" counter={count > 0 ? `(${count})` : undefined}>
          Blind spots
        </Header>
      }
    >
      {count === 0 ? (
        <StatusIndicator type="success">None: every Region and every member was read</StatusIndicator>
      ) : (
        <ul className={styles.items}>
          {spots.map((spot) => (
            <Spot
              key={`${spot.region} ${spot.part}`}
              spot={spot}
              families={spot.families.flatMap((keyId) => byKeyId.get(keyId) ?? [])}
            />
          ))}
          {withoutPrimary.length > 0 ? (
            <li>
              KMS names no primary key now of {withoutPrimary.length === 1 ? '' : `${withoutPrimary.length} families: `}
              <Families families={withoutPrimary} />
            </li>
          ) : null}
        </ul>
      )}
    </Container>
  )
}

/** The key list with the families of a spot, as nearly as its filter can say it. */
function hrefOf({ region, part }: BlindSpot): string {
  if (part === 'rotation') return keysHref({ primary: region, rotation: 'not read' })
  return part === 'keys' || part === 'descriptions' ? keysHref({ region }, { reading: 'live' }) : keysHref({ region })
}

function Spot({ spot, families }: { spot: BlindSpot; families: Family[] }) {
  const { message, since, asOf } = spot
  return (
    <li>
      <b>{blindSpotTitle(spot)}</b>
      {since === undefined ? null : (
        <>
          {' (first noticed '}
          <RelativeTime iso={since} />)
        </>
      )}
      {`. ${blindSpotMeans(spot)} `}
      {asOf === undefined ? null : (
        <>
          What is shown was last read <RelativeTime iso={asOf} />.{' '}
        </>
      )}
      {families.length === 0 ? null : (
        <>
          {families.length === 1 ? 'One family: ' : `${families.length.toLocaleString('en-US')} families: `}
          <Families families={families} moreHref={hrefOf(spot)} />.{' '}
        </>
      )}
      <span className={styles.reason}>{message}</span>
    </li>
  )
}

function Families({ families, moreHref = '/keys' }: { families: Family[]; moreHref?: string }) {
  const more = families.length - SHOWN_FAMILIES
  return (
    <>
      {families.slice(0, SHOWN_FAMILIES).map((family, index) => (
        <span key={family.keyId}>
          {index > 0 ? ', ' : null}
          <Link href={familyHref(family.keyId)}>{familyName(family)}</Link>
        </span>
      ))}
      {more > 0 ? (
        <>
          {' '}
          and <Link href={moreHref}>{more.toLocaleString('en-US')} more</Link>
        </>
      ) : null}
    </>
  )
}
