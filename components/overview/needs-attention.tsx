'use client'

import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useMemo } from 'react'
import { useOpenRemedy } from '@/components/plans/open-remedy'
import { Link } from '@/components/shell/link'
import { StatusIndicator } from '@/components/shell/status-indicator'
import { SeveritySign } from '@/components/topology/severity-sign'
import { familyName } from '@/lib/topology/family'
import { type AttentionGroup, type AttentionItem, attentionOf } from '@/lib/topology/overview'
import type { Topology } from '@/lib/topology/topology'
import { familyHref, keysHref } from './keys-href'
import styles from './overview.module.css'

/** So many of a kind say what it is about; the key list has them all. */
const SHOWN_ITEMS = 4

/** All findings by kind, each with the plan that mends it. */
export function NeedsAttention({ topology }: { topology: Topology }) {
  const groups = useMemo(() => attentionOf(topology), [topology])
  const count = groups.reduce((sum, { count: ofKind }) => sum + ofKind, 0)
  return (
    <Container
      header={
        <Header variant="h2" counter={count > 0 ? `(${count.toLocaleString('en-US')})` : undefined}>
          Needs attention
        </Header>
      }
    >
      {groups.length === 0 ? (
        <StatusIndicator type="success">Nothing, as far as could be read</StatusIndicator>
      ) : (
        <SpaceBetween size="l">
          {groups.map((group) => (
            <Group key={group.id} group={group} />
          ))}
        </SpaceBetween>
      )}
    </Container>
  )
}

function Group({ group: { id, title, severity, items } }: { group: AttentionGroup }) {
  const more = items.length - SHOWN_ITEMS
  return (
    <section aria-label={title}>
      <div className={styles.kind}>
        <Box variant="h3" padding="n">
          {title}
        </Box>
        <SeveritySign severity={severity} />
      </div>
      <ul className={styles.items}>
        {items.slice(0, SHOWN_ITEMS).map((item) => (
          <Item key={item.family.keyId} item={item} />
        ))}
      </ul>
      {more > 0 ? (
        <Link href={keysHref({ finding: id })}>
          {more.toLocaleString('en-US')} more: {title.charAt(0).toLowerCase() + title.slice(1)}
        </Link>
      ) : null}
    </section>
  )
}

function Item({ item: { family, findings } }: { item: AttentionItem }) {
  const openRemedy = useOpenRemedy()
  const name = familyName(family)
  return (
    <li className={styles.item}>
      <div className={styles.finding}>
        <Link href={familyHref(family.keyId)}>{name}</Link>
        {findings.map(({ message }) => (
          <Box key={message} color="text-body-secondary">
            {message}
          </Box>
        ))}
      </div>
      {findings.map(({ remedy, message }) =>
        remedy ? (
          <Button key={message} ariaLabel={`${remedy.label}: ${name}`} onClick={() => openRemedy(remedy.request)}>
            {remedy.label}
          </Button>
        ) : null,
      )}
    </li>
  )
}
