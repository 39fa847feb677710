'use client'

import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import { Link } from '@/components/shell/link'
import { severities, type Totals } from '@/lib/topology/overview'
import { keysHref } from './keys-href'

const number = (many: number) => many.toLocaleString('en-US')

/** The account in numbers. */
export function TotalsLine({ totals }: { totals: Totals }) {
  const { families, keys, regions, otherKeys, findings, dollarsAMonth } = totals
  const found = severities.filter((severity) => findings[severity] > 0)
  return (
    <KeyValuePairs
      columns={6}
      minColumnWidth={130}
      items={[
        { label: 'Families', value: <Link href="/keys">{number(families)}</Link> },
        { label: 'Multi-Region keys', value: number(keys) },
        { label: 'Regions', value: number(regions) },
        { label: 'Other keys', value: `${number(otherKeys)} not multi-Region` },
        {
          label: 'Findings',
          value:
            found.length === 0
              ? 'none'
              : found.map((severity, index) => (
                  <span key={severity}>
                    {index > 0 ? ' · ' : null}
                    <Link href={keysHref({ severity })}>
                      {number(findings[severity])} {severity}
                    </Link>
                  </span>
                )),
        },
        {
          label: 'Estimated cost',
          value: (
            <span title="1 USD a key and month; without the surcharge for a key’s first two rotations, and without requests">
              ≈ {number(dollarsAMonth)} USD a month
            </span>
          ),
        },
      ]}
    />
  )
}
