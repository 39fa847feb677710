'use client'

import Alert from '@cloudscape-design/components/alert'
import Button from '@cloudscape-design/components/button'
import ContentLayout from '@cloudscape-design/components/content-layout'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { WaitingWords } from '@/components/shell/waiting-words'
import { useSettings } from '@/lib/queries/settings'
import { useTopology } from '@/lib/queries/topology'
import { About } from './about'
import { CostOfRequests } from './cost-of-requests'
import { ReadRegions } from './read-regions'
import { RequestBudget } from './request-budget'
import { settingsSentence } from './settings-words'

/** Which Regions are read, how often, what that costs, and what may be spent on it. */
export function SettingsScreen() {
  const { data: view, error, isPending, refetch } = useSettings()
  const { data: topology } = useTopology()
  return (
    <ContentLayout
      header={
        <Header variant="h1" description={view && topology ? settingsSentence(topology, view.refreshing) : null}>
          Settings
        </Header>
      }
    >
      {isPending ? <WaitingWords>Reading the settings …</WaitingWords> : null}
      {!view && error ? (
        <Alert
          type="error"
          header="The settings could not be read"
          action={<Button onClick={() => void refetch()}>Try again</Button>}
        >
          {error.message}. What was set still holds; Regions are read and runs go on without this page.
        </Alert>
      ) : null}
      {view ? (
        <SpaceBetween size="l">
          <ReadRegions view={view} topology={topology} />
          <RequestBudget view={view} topology={topology} />
          <CostOfRequests view={view} />
          <About view={view} />
        </SpaceBetween>
      ) : null}
    </ContentLayout>
  )
}
