'use client'

import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import { useMemo } from 'react'
import { Link } from '@/components/shell/link'
import { RelativeTime } from '@/components/shell/relative-time'
import { StatusIndicator } from '@/components/shell/status-indicator'
import { familyName } from '@/lib/topology/family'
import { blindSpotsOf, type UnreadMembers } from '@/lib/topology/overview'
import { regionDoes } from '@/lib/topology/region-trouble'
import type { Family, RegionView, Topology } from '@/lib/topology/topology'
import { familyHref, keysHref } from './keys-href'
import styles from './overview.module.css'

const SHOWN_FAMILIES = 5

/** What could not be read, since when and why: always shown, never dropped. */
export function BlindSpots({ topology }: { topology: Topology }) {
  const { regions, members, withoutPrimary } = useMemo(() => blindSpotsOf(topology), [topology])
  const none = regions.length + members.length + withoutPrimary.length === 0
  return (
    <Container header={<Header variant="h2">Blind spots</Header>}>
      {none ? (
        <StatusIndicator type="success">None: every Region and every member was read</StatusIndicator>
      ) : (
        <ul className={styles.items}>
          {regions.map((region) => (
            <UnreadRegion key={region.name} region={region} />
          ))}
          {members.map((group) => (
            <Unread key={`${group.region} ${group.known} ${group.message}`} group={group} />
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

function UnreadRegion({ region }: { region: RegionView }) {
  const { name, status, message, asOf } = region
  return (
    <li>
      <b>{name}</b> {status === 'ok' ? 'could be read in part only' : regionDoes(region)}; last read{' '}
      {asOf ? <RelativeTime iso={asOf} /> : 'never since the dashboard started'}.{' '}
      {message ? <span className={styles.reason}>{message}</span> : null}
    </li>
  )
}

function Unread({ group: { region, known, message, asOf, families } }: { group: UnreadMembers }) {
  const keys = families.length === 1 ? 'One key' : `${families.length.toLocaleString('en-US')} keys`
  return (
    <li>
      {keys} in <b>{region}</b>{' '}
      {known === 'stale' ? (
        <>
          {families.length === 1 ? 'was' : 'were'} last read <RelativeTime iso={asOf} />
        </>
      ) : (
        `${families.length === 1 ? 'is' : 'are'} known only from other members`
      )}
      : <Families families={families} moreHref={keysHref({ region, reading: known })} />.{' '}
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
