'use client'

import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import ContentLayout from '@cloudscape-design/components/content-layout'
import Header from '@cloudscape-design/components/header'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import TextFilter from '@cloudscape-design/components/text-filter'
import { usePathname, useSearchParams } from 'next/navigation'
import { RefusalAlert } from '@/components/plans/refusal'
import { LinkButton } from '@/components/shell/link-button'
import { WaitingWords } from '@/components/shell/waiting-words'
import { useRuns } from '@/lib/queries/runs'
import { useTopology } from '@/lib/queries/topology'
import { familyName } from '@/lib/topology/family'
import { runStatuses } from './run-words'
import { filterIn, inOrder, matches, type RunsFilter, searchWith, sentenceOn } from './runs-filter'
import { RunsTable } from './runs-table'

const anyStatus = { value: '', label: 'Any status' }
const statusOptions = [
  anyStatus,
  { value: 'in-flight', label: 'In flight' },
  ...runStatuses.map(({ status, words }) => ({ value: status as string, label: words })),
]

function useRunsFilter() {
  const pathname = usePathname()
  const search = useSearchParams()
  const change = (filter: RunsFilter) =>
    window.history.replaceState(null, '', `${pathname}${searchWith(new URLSearchParams(search), filter)}`)
  return [filterIn(new URLSearchParams(search)), change] as const
}

/** The names of families by key id, so that a run is found by the alias of its key. */
function useFamilyNames() {
  const { data: topology } = useTopology()
  return new Map(topology?.families.map((family) => [family.keyId, familyName(family)]))
}

/** Every run, those in flight first. */
export function RunsScreen() {
  const { data: runs, error, isPending, refetch } = useRuns()
  const [filter, setFilter] = useRunsFilter()
  const names = useFamilyNames()
  const found = inOrder(runs ?? []).filter((run) =>
    matches(
      run,
      filter,
      run.keyIds.flatMap((keyId) => names.get(keyId) ?? []),
    ),
  )
  const clear = () => setFilter({ text: '', status: null })
  return (
    <ContentLayout
      header={
        <Header variant="h1" description={runs && sentenceOn(runs)}>
          Runs
        </Header>
      }
    >
      <SpaceBetween size="m">
        {isPending && <WaitingWords>Reading the runs …</WaitingWords>}
        {error && (
          <RefusalAlert
            refusal={{ code: 'unavailable', message: `${error.message}. Runs go on without this page.` }}
            action={
              <Button formAction="none" onClick={() => void refetch()}>
                Ask again
              </Button>
            }
          />
        )}
        {runs && (
          <RunsTable
            runs={found}
            filter={
              <SpaceBetween direction="horizontal" size="xs">
                <TextFilter
                  filteringText={filter.text}
                  filteringPlaceholder="Find runs"
                  filteringAriaLabel="Find runs"
                  countText={`${found.length} of ${runs.length}`}
                  onChange={({ detail }) => setFilter({ ...filter, text: detail.filteringText })}
                />
                <Select
                  ariaLabel="Run status"
                  options={statusOptions}
                  selectedOption={statusOptions.find(({ value }) => value === filter.status) ?? anyStatus}
                  onChange={({ detail }) =>
                    setFilter({
                      ...filter,
                      status: filterIn(new URLSearchParams({ status: detail.selectedOption.value ?? '' })).status,
                    })
                  }
                />
              </SpaceBetween>
            }
            empty={
              runs.length === 0 ? (
                <Box textAlign="center">
                  <Box variant="p">
                    A run is a plan being carried out. Open a key and replicate, promote or rotate it.
                  </Box>
                  <LinkButton href="/keys">All keys</LinkButton>
                </Box>
              ) : (
                <Box textAlign="center">
                  <Box variant="p">No run fits the filter.</Box>
                  <Button onClick={clear}>Clear the filter</Button>
                </Box>
              )
            }
          />
        )}
      </SpaceBetween>
    </ContentLayout>
  )
}
