'use client'

import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import { RelativeTime } from '@/components/shell/relative-time'
import type { SettingsView } from '@/lib/queries/machine-doors'
import type { Topology } from '@/lib/topology/topology'
import { BudgetForm } from './budget-form'

/** What reading the Regions may cost, who said so, and what that buys. */
export function RequestBudget({ view, topology }: { view: SettingsView; topology: Topology | undefined }) {
  const { updatedAt, updatedBy } = view.settings
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={
            updatedAt === null ? (
              'Nobody has changed it: these are the defaults.'
            ) : (
              <>
                Last changed by {updatedBy} <RelativeTime iso={updatedAt} />.
              </>
            )
          }
        >
          Request budget
        </Header>
      }
    >
      <BudgetForm view={view} topology={topology} />
    </Container>
  )
}
