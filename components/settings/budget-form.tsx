'use client'

import Button from '@cloudscape-design/components/button'
import ColumnLayout from '@cloudscape-design/components/column-layout'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { RefusalAlert } from '@/components/plans/refusal'
import { StatusIndicator } from '@/components/shell/status-indicator'
import type { SettingsView } from '@/lib/queries/machine-doors'
import { useSaveSettings } from '@/lib/queries/settings'
import { boughtBy } from '@/lib/topology/bought'
import type { Topology } from '@/lib/topology/topology'
import { BoughtTable } from './bought-table'
import { type BudgetDraft, budgetOf, costsWithOneOpen, draftOf, isReckonable } from './budget-draft'

const amounts: { name: keyof BudgetDraft; label: string; description: string }[] = [
  {
    name: 'watchedUsdPerMonth',
    label: 'In all, USD a month',
    description:
      'Reading costs no more than this, whoever watches: a person with a screen open, or a script that reads the topology.',
  },
  {
    name: 'unwatchedUsdPerMonth',
    label: 'While nobody watches, USD a month',
    description: 'The pace while nobody does. What is not spent is saved up for the time when somebody watches.',
  },
]

/** The two amounts; what they buy is shown while they are typed, and what was typed stays until it is saved. */
export function BudgetForm({ view, topology }: { view: SettingsView; topology: Topology | undefined }) {
  const save = useSaveSettings()
  /** Null while nothing is typed: then what is stored is shown, whoever has changed it. */
  const [typed, setTyped] = useState<BudgetDraft | null>(null)
  const stored = draftOf(view.settings.refreshBudget)
  const draft = typed ?? stored
  const budget = budgetOf(draft)
  const costs = view.refreshing && costsWithOneOpen(view.refreshing.costs, topology)
  const refusal = save.data && !save.data.ok ? save.data.error : null

  const submit = () =>
    save.mutate(
      { refreshBudget: budget },
      { onSuccess: (answer) => (answer.ok ? setTyped((now) => (now === typed ? null : now)) : undefined) },
    )

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <SpaceBetween size="l">
        <ColumnLayout columns={2}>
          {amounts.map(({ name, label, description }) => (
            <FormField
              key={name}
              label={label}
              description={description}
              constraintText="0.10 to 1,000 USD for 30 days."
              errorText={refusal?.fields?.[`refreshBudget.${name}`]}
            >
              <Input
                value={draft[name]}
                inputMode="decimal"
                disableBrowserAutocorrect
                autoComplete={false}
                onChange={({ detail }) => {
                  setTyped({ ...draft, [name]: detail.value })
                  save.reset()
                }}
              />
            </FormField>
          ))}
        </ColumnLayout>
        <BoughtTable
          bought={costs && isReckonable(budget) ? boughtBy(budget, costs) : null}
          awaits={costs ? 'both are amounts' : 'the Regions have been read'}
          openFamilies={view.refreshing?.openFamilies ?? 0}
          saved={typed === null}
        />
        {save.error ? (
          <RefusalAlert
            refusal={{ code: 'unavailable', message: 'The budget could not be saved: it stays as it was. Try again.' }}
          />
        ) : null}
        <SpaceBetween direction="horizontal" size="s" alignItems="center">
          <Button variant="primary" loading={save.isPending} loadingText="Saving">
            Save budget
          </Button>
          {typed !== null && !save.isPending ? (
            <Button
              formAction="none"
              onClick={() => {
                setTyped(null)
                save.reset()
              }}
            >
              Undo changes
            </Button>
          ) : null}
          <span role="status">
            {save.data?.ok && typed === null ? <StatusIndicator type="success">Saved</StatusIndicator> : null}
          </span>
        </SpaceBetween>
      </SpaceBetween>
    </form>
  )
}
