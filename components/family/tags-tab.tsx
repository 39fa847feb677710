'use client'

import Badge from '@cloudscape-design/components/badge'
import Box from '@cloudscape-design/components/box'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { StatusIndicator } from '@/components/shell/status-indicator'
import { compareTags, type TagRow } from '@/lib/topology/comparisons'
import { type Facts, factKey } from '@/lib/topology/facts'
import type { Family } from '@/lib/topology/topology'
import { ComparisonTable, NotRead, unreadFact } from './comparison-table'
import { FactsGate } from './facts-gate'
import styles from './family.module.css'

/** Every tag in every Region of the family. */
export const TagsTab = ({ family }: { family: Family }) => (
  <FactsGate family={family} reading="the tags of every Region">
    {(facts) => <TagTable family={family} facts={facts} />}
  </FactsGate>
)

function TagTable({ family, facts }: { family: Family; facts: Facts }) {
  const { keyId, members, primaryRegion } = family
  const readIn = (region: string) => facts.tags[factKey(region, keyId)]
  const rows = compareTags(members.map(({ region }) => ({ region, tags: readIn(region) })))
  const isWhole = members.every(({ region }) => readIn(region)?.ok)
  const differing = rows.filter(({ differs }) => differs).length
  return (
    <SpaceBetween size="s">
      <Box>
        {summary(rows.length, differing, isWhole)} Tags belong to one Region: those of a replica key go their own way
        from the day it is made.
      </Box>
      <ComparisonTable
        label="Tags by Region"
        rows={rows}
        members={members}
        rowKey={({ key }) => key}
        heading="Tag"
        head={({ key, differs }) => (
          <>
            <span className={styles.anywhere}>{key}</span> {differs && <Badge color="severity-medium">differs</Badge>}
          </>
        )}
        cell={(row, { region }) => <Cell row={row} region={region} reference={primaryRegion} />}
        note={({ region }) => unreadFact(readIn(region))}
        empty={
          members.some(({ region }) => readIn(region)?.ok)
            ? 'No key of this family has tags.'
            : 'No tags could be read.'
        }
      />
    </SpaceBetween>
  )
}

function summary(tags: number, differing: number, isWhole: boolean): string {
  const where = isWhole ? 'every Region' : 'every Region that was read'
  if (tags === 0) return isWhole ? 'No tags.' : 'No tags where they could be read.'
  if (differing > 0) return `${differing} of ${tags} tags ${differing === 1 ? 'differs' : 'differ'} between Regions.`
  return tags === 1 ? `The tag is the same in ${where}.` : `All ${tags} tags are the same in ${where}.`
}

/** A value; marked where it is another than the primary key's. */
function Cell({
  row: { cells, differs },
  region,
  reference,
}: {
  row: TagRow
  region: string
  reference: string | null
}) {
  const value = cells[region]
  if (value === undefined) return <NotRead />
  const words = value === null ? 'absent' : value === '' ? 'empty' : value
  const expected = reference === null ? undefined : cells[reference]
  if (!differs || value === expected) return <span className={styles.anywhere}>{words}</span>
  return <StatusIndicator type="warning">{words}</StatusIndicator>
}
