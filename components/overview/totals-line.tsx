'use client'

import Box from '@cloudscape-design/components/box'
import type { ReactNode } from 'react'
import { Link } from '@/components/shell/link'
import { severities, type Totals } from '@/lib/topology/overview'
import { keysHref } from './keys-href'
import styles from './overview.module.css'

const number = (many: number) => many.toLocaleString('en-US')

/** The account in numbers. */
export function TotalsLine({ totals }: { totals: Totals }) {
  const { families, keys, regions, otherKeys, findings, dollarsAMonth } = totals
  const found = severities.filter((severity) => findings[severity] > 0)
  return (
    <dl className={styles.figures}>
      <Figure label="Families">
        <Link href="/keys" fontSize="inherit">
          {number(families)}
        </Link>
      </Figure>
      <Figure label="Multi-Region keys">{number(keys)}</Figure>
      <Figure label="Regions">{number(regions)}</Figure>
      <Figure label="Findings">
        {found.length === 0
          ? 'none'
          : found.map((severity, index) => (
              <span key={severity}>
                {index > 0 ? ' · ' : null}
                <Link href={keysHref({ severity })} fontSize="inherit">
                  {number(findings[severity])} {severity}
                </Link>
              </span>
            ))}
      </Figure>
      <Figure label="Estimated cost">
        <span title="1 USD a key and month; without the surcharge for a key’s first two rotations, and without requests">
          ≈ {number(dollarsAMonth)} USD a month
        </span>
      </Figure>
      <Figure label="Other keys">{number(otherKeys)} not multi-Region</Figure>
    </dl>
  )
}

function Figure({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <dt>
        <Box variant="awsui-key-label">{label}</Box>
      </dt>
      <dd className={styles.figure}>{children}</dd>
    </div>
  )
}
