'use client'

import Box from '@cloudscape-design/components/box'
import Header from '@cloudscape-design/components/header'
import Table from '@cloudscape-design/components/table'
import Toggle from '@cloudscape-design/components/toggle'
import { useState } from 'react'
import { Command } from '@/components/plans/command'
import { Copyable } from '@/components/shell/copyable'
import { RelativeTime } from '@/components/shell/relative-time'
import type { RunStep } from '@/lib/plans/run'
import { DurationSoFar } from './duration-so-far'
import { StepStatusIndicator } from './run-status'

/** What the step waits for or found; what went wrong, and what to do about it. */
function StepTitle({ step: { title, message, error, output } }: { step: RunStep }) {
  return (
    <>
      {title}
      {message && <Box color="text-body-secondary">{message}</Box>}
      {output.keyId && <Copyable text={output.keyId} label="key id" />}
      {error && (
        <Box color="text-status-error">
          {error.message}
          <Box variant="small" display="block">
            {error.name}
          </Box>
        </Box>
      )}
    </>
  )
}

function StepTimes({ step: { startedAt, endedAt, status } }: { step: RunStep }) {
  return (
    <>
      <DurationSoFar startedAt={startedAt} endedAt={endedAt} goesOn={status === 'running' || status === 'waiting'} />
      {startedAt !== null && (
        <Box variant="small" display="block">
          <RelativeTime iso={startedAt} />
        </Box>
      )}
    </>
  )
}

const always = ['number', 'title', 'status', 'region', 'duration', 'requestId']

/** Every step with its status, Region, times and request id; the commands on demand. */
export function RunSteps({ steps }: { steps: RunStep[] }) {
  const [showsCli, setShowsCli] = useState(false)
  return (
    <Table
      variant="embedded"
      items={steps}
      trackBy={({ number }) => String(number)}
      wrapLines
      cellVerticalAlign="top"
      visibleColumns={showsCli ? [...always, 'cli'] : always}
      header={
        <Header
          variant="h3"
          headingTagOverride="h2"
          actions={
            <Toggle checked={showsCli} onChange={({ detail }) => setShowsCli(detail.checked)}>
              Show aws CLI
            </Toggle>
          }
        >
          Steps
        </Header>
      }
      columnDefinitions={[
        { id: 'number', header: '#', cell: ({ number }) => number, width: 50 },
        { id: 'title', header: 'Step', cell: (step) => <StepTitle step={step} />, isRowHeader: true, minWidth: 220 },
        {
          id: 'status',
          header: 'Status',
          cell: ({ status }) => <StepStatusIndicator status={status} />,
          minWidth: 110,
        },
        { id: 'region', header: 'Region', cell: ({ region }) => region, minWidth: 120 },
        { id: 'duration', header: 'Duration', cell: (step) => <StepTimes step={step} />, minWidth: 110 },
        {
          id: 'requestId',
          header: 'Request id',
          cell: ({ requestId }) =>
            requestId && (
              <Box variant="small">
                <Copyable text={requestId} label="request id" shown={`${requestId.slice(0, 8)}…`} />
              </Box>
            ),
          minWidth: 165,
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
