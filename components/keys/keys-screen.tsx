'use client'

import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import ContentLayout from '@cloudscape-design/components/content-layout'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import SegmentedControl from '@cloudscape-design/components/segmented-control'
import SpaceBetween from '@cloudscape-design/components/space-between'
import dynamic from 'next/dynamic'
import { useCallback, useMemo, useState } from 'react'
import { LinkButton } from '@/components/shell/link-button'
import { useSteady } from '@/components/shell/use-steady'
import { useTopology } from '@/lib/queries/topology'
import { blindSpotsOf } from '@/lib/topology/blind-spots'
import { type Sort, sortFamilies } from '@/lib/topology/family-order'
import { emptyQuery, type FilterQuery, filterFamilies } from '@/lib/topology/filter'
import type { Family, RegionView } from '@/lib/topology/topology'
import { BlindSpots } from './blind-spots'
import { ExportButton } from './export-button'
import { FILTER_PLACEHOLDER } from './filter-words'
import { KeysMatrix } from './keys-matrix'
import styles from './keys-screen.module.css'
import { keysSentence, matchCount, otherKeysSentence } from './keys-sentence'
import { KeysTable } from './keys-table'
import { useLastOpened } from './last-opened'
import { nothingSelected, type Selection, selecting } from './selection'
import { SelectionBar } from './selection-bar'
import { steadyFamilies, steadyRegions } from './steady'
import { useKeysUrl } from './use-keys-url'

const KeysFilter = dynamic(() => import('./keys-filter').then((module) => module.KeysFilter), {
  ssr: false,
  loading: () => (
    <Input type="search" value="" disabled placeholder={FILTER_PLACEHOLDER} ariaLabel="Filter keys, loading" />
  ),
})

const noFamilies: readonly Family[] = []
const noRegions: readonly RegionView[] = []

const CreateKey = ({ variant }: { variant?: 'primary' }) => (
  <LinkButton variant={variant} href="/keys/new">
    Create key
  </LinkButton>
)

export function KeysScreen() {
  const { data, error, refetch } = useTopology()
  const { view, list, query, sort, page, go } = useKeysUrl()
  const marked = useLastOpened()
  const families = useSteady(data?.families ?? noFamilies, steadyFamilies)
  const regions = useSteady(data?.regions ?? noRegions, steadyRegions)
  const spots = useMemo(() => blindSpotsOf({ families, regions }), [families, regions])
  const matching = useMemo(() => sortFamilies(filterFamilies(families, query), sort), [families, query, sort])

  const filterBy = useCallback((asked: FilterQuery) => go({ query: asked }), [go])
  const sortBy = useCallback((order: Sort) => go({ sort: order }), [go])
  const turnTo = useCallback((number: number) => go({ page: number }), [go])

  const [selection, setSelection] = useState<Selection>(nothingSelected)
  const select = useCallback(
    (keyIds: readonly string[], isSelected: boolean) => setSelection((before) => selecting(before, keyIds, isSelected)),
    [],
  )
  const clearSelection = useCallback(() => setSelection(nothingSelected), [])

  const isFiltered = query.tokens.length > 0
  const counter = isFiltered ? `(${matching.length}/${families.length})` : `(${families.length})`
  const others = data ? otherKeysSentence(data) : null

  const empty = useMemo(
    () =>
      isFiltered ? (
        <SpaceBetween size="xs" alignItems="center">
          <Box variant="strong">No family matches</Box>
          <Button onClick={() => filterBy(emptyQuery)}>Clear filter</Button>
        </SpaceBetween>
      ) : (
        <SpaceBetween size="xs" alignItems="center">
          <Box variant="strong">No multi-Region keys yet</Box>
          <Box color="text-body-secondary">
            A multi-Region key is one key id and one key material in several Regions: create its primary key first.
          </Box>
          <CreateKey />
        </SpaceBetween>
      ),
    [isFiltered, filterBy],
  )

  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          description={data ? `${keysSentence(data, spots)}${others ? ` ${others}` : ''}` : 'Reading every Region'}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <SegmentedControl
                label="View"
                selectedId={view}
                options={[
                  { id: 'table', text: 'Table' },
                  { id: 'matrix', text: 'Matrix' },
                ]}
                onChange={({ detail }) => go({ view: detail.selectedId === 'matrix' ? 'matrix' : 'table' })}
              />
              <CreateKey variant="primary" />
            </SpaceBetween>
          }
        >
          Keys
        </Header>
      }
    >
      <SpaceBetween size="m">
        {error ? (
          <Alert
            type="error"
            header={data ? 'The keys shown may be old' : 'The keys could not be read'}
            action={<Button onClick={() => void refetch()}>Read again</Button>}
          >
            {error.message}. The dashboard tries again by itself.
          </Alert>
        ) : null}
        <BlindSpots spots={spots} />
        <div className={styles.tools}>
          <div className={styles.filter}>
            <KeysFilter
              families={families}
              query={query}
              countText={matchCount(matching.length, families.length, spots)}
              onChange={filterBy}
            />
          </div>
          <ExportButton families={families} matching={matching} selection={selection} spots={spots} />
        </div>
        <SelectionBar
          families={families}
          matching={matching}
          selection={selection}
          spots={spots}
          onSelect={select}
          onClear={clearSelection}
        />
        {view === 'matrix' ? (
          <KeysMatrix
            families={matching}
            regions={regions}
            loading={!data && !error}
            counter={counter}
            marked={marked}
            empty={empty}
          />
        ) : (
          <KeysTable
            families={matching}
            loading={!data && !error}
            counter={counter}
            list={list}
            sort={sort}
            page={page}
            marked={marked}
            empty={empty}
            selection={selection}
            onSort={sortBy}
            onPage={turnTo}
            onSelect={select}
          />
        )}
      </SpaceBetween>
    </ContentLayout>
  )
}
