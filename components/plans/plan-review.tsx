'use client'

import Box from '@cloudscape-design/components/box'
import ColumnLayout from '@cloudscape-design/components/column-layout'
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Table from '@cloudscape-design/components/table'
import { useContext } from 'react'
import { CliEndpoint, CliEndpointNote, endpointVariable } from '@/components/shell/cli-endpoint'
import { durationInWords } from '@/components/shell/duration'
import type { Plan, Step } from '@/lib/plans/plan'
import type { RequestData } from '@/lib/topology/topology'
import { ChecksList, ChecksSummary } from './checks-list'
import { Command } from './command'
import styles from './plan-review.module.css'

interface NumberedStep extends Pick<Step, 'title' | 'cli'> {
  number: number
  regions: string[]
}

/** Where a step happens: proofs are tried in several Regions. */
function regionsOf(step: Step): string[] {
  if (step.does === 'prove') return [...new Set([step.region, ...step.inRegions])]
  if (step.does === 'wait' && step.done.is === 'primary') return [step.done.from, step.done.to]
  return [step.region]
}

/**
 * All steps as one script for bash, each under its title. It stands in a subshell, so that the first failure ends the
 * script and not the shell that it was pasted into.
 */
const scriptOf = (plan: Pick<Plan, 'title' | 'steps'>, endpoint: string | null) =>
  [
    `# ${plan.title}`,
    '(',
    'set -euo pipefail',
    ...(endpoint === null ? [] : [`export ${endpointVariable(endpoint)}`]),
    ...plan.steps.map(({ title, cli }, index) => `\n# ${index + 1}. ${title}\n${cli}`),
    ')',
    '',
  ].join('\n')

/** Every step with its Region and its command. */
export function PlanSteps({ plan }: { plan: Plan }) {
  const endpoint = useContext(CliEndpoint)
  const items = plan.steps.map(
    (step, index): NumberedStep => ({ number: index + 1, title: step.title, cli: step.cli, regions: regionsOf(step) }),
  )
  return (
    <Table
      variant="embedded"
      items={items}
      trackBy={({ number }) => String(number)}
      wrapLines
      cellVerticalAlign="top"
      header={
        <Header
          variant="h3"
          counter={`(${items.length})`}
          description={<CliEndpointNote />}
          actions={
            items.length > 0 && (
              <CopyToClipboard
                copyButtonText="Copy as script"
                copySuccessText="Copied all steps as one script"
                copyErrorText="The browser does not let this page copy"
                textToCopy={scriptOf(plan, endpoint)}
                popoverRenderWithPortal
              />
            )
          }
        >
          Steps
        </Header>
      }
      empty="No steps: see the checks."
      columnDefinitions={[
        { id: 'number', header: '#', cell: ({ number }) => number, width: 50 },
        { id: 'title', header: 'Step', cell: ({ title }) => title, isRowHeader: true, minWidth: 220 },
        {
          id: 'regions',
          header: 'Region',
          cell: ({ regions }) =>
            regions.map((region) => (
              <div key={region} className={styles.region}>
                {region}
              </div>
            )),
          minWidth: 140,
        },
        {
          id: 'cli',
          header: 'aws CLI',
          cell: ({ number, cli }) => <Command text={cli} label={`Copy the command of step ${number}`} />,
          minWidth: 320,
        },
      ]}
      ariaLabels={{ tableLabel: 'Steps' }}
    />
  )
}

function Sentences({ title, sentences }: { title: string; sentences: string[] }) {
  return (
    <div>
      <Box variant="h3">{title}</Box>
      {sentences.length > 0 ? (
        <ul className={styles.sentences}>
          {sentences.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      ) : (
        <Box color="text-body-secondary">Nothing.</Box>
      )}
    </div>
  )
}

const wayBack = ({ undo }: Plan) =>
  'sentence' in undo ? undo.sentence : `${undo.label}: ready as a plan, made afresh when you press it.`

/** The quota is the floor; waits for KMS come on top. */
function durationOf({ minimumSeconds, typicalSeconds, steps }: Plan): string {
  if (steps.length === 0) return 'No time: there is nothing to do.'
  const typical = `Typically ${durationInWords(typicalSeconds * 1000)}`
  return minimumSeconds > 0
    ? `${typical}; at least ${durationInWords(minimumSeconds * 1000)} by the request quotas of KMS.`
    : `${typical}.`
}

function Sentence({ title, children }: { title: string; children: string }) {
  return (
    <div>
      <Box variant="h3">{title}</Box>
      {children}
    </div>
  )
}

/** What changes, what stays, the way back and how long it takes. */
export function PlanConsequences({ plan }: { plan: Plan }) {
  return (
    <ColumnLayout columns={2} minColumnWidth={260}>
      <Sentences title="What changes" sentences={plan.changes} />
      <Sentences title="What stays" sentences={plan.stays} />
      <Sentence title="Way back">{wayBack(plan)}</Sentence>
      <Sentence title="Duration">{durationOf(plan)}</Sentence>
    </ColumnLayout>
  )
}

/** What would be done, what speaks against it, what stays, and the way back: one review for all kinds of plans. */
export function PlanReview({ plan, onRequest }: { plan: Plan; onRequest: (request: RequestData) => void }) {
  return (
    <SpaceBetween size="l">
      <Box variant="h2">{plan.title}</Box>
      <SpaceBetween size="s">
        <Box variant="h3">Checks</Box>
        <ChecksSummary checks={plan.checks} />
        <ChecksList checks={plan.checks} onRequest={onRequest} />
      </SpaceBetween>
      <PlanSteps plan={plan} />
      <PlanConsequences plan={plan} />
    </SpaceBetween>
  )
}
