'use client'

import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import SpaceBetween from '@cloudscape-design/components/space-between'
import dynamic from 'next/dynamic'
import { useState } from 'react'
import { useTrainedRegions, useTrainRegion } from '@/lib/queries/training'
import { exactTime } from '@/lib/topology/ages'
import type { RegionFault, TrainedRegion } from '@/lib/topology/training'
import { PartBoundary } from './part-boundary'
import { RelativeTime } from './relative-time'
import { useClock } from './use-clock'
import { WaitingWords } from './waiting-words'
import { useWhenIdle } from './when-idle'

const loadForm = () => import('./training-form')

/** Loaded apart: the banner stands on each screen, its form is opened on few. */
const TrainingForm = dynamic(() => import('./training-form').then((module) => module.TrainingForm), {
  ssr: false,
  loading: () => <WaitingWords>Loading the switch …</WaitingWords>,
})

/** What a fault is, after the Region's name. */
const faultInWords: Record<RegionFault, string> = {
  unreachable: 'closes every connection',
  hang: 'takes requests and never answers',
  denied: 'denies every request',
  throttled: 'throttles every request',
}

/** In emulator mode: that this is no AWS account, and the switch that makes a Region fail for practice. */
export function TrainingBanner() {
  const [practising, setPractising] = useState(false)
  const { data: answer } = useTrainedRegions(true)
  useWhenIdle(loadForm)
  const regions = answer?.ok ? answer.value : []
  const failing = regions.filter((region) => region.fault !== null)
  return (
    <Alert
      type="info"
      statusIconAriaLabel="Emulator"
      action={
        <Button
          iconName={practising ? 'angle-up' : 'angle-down'}
          iconAlign="right"
          ariaExpanded={practising}
          onClick={() => setPractising((open) => !open)}
        >
          Practise an outage
        </Button>
      }
    >
      <SpaceBetween size="s">
        <div>Built-in emulator: no AWS account is touched, and nobody has to sign in.</div>
        {failing.map((region) => (
          <TrainedFault key={region.region} trained={region} />
        ))}
        {answer && !answer.ok ? <Box color="text-status-error">{answer.error.message}</Box> : null}
        {practising ? (
          <PartBoundary part="The switch">
            <TrainingForm regions={regions} />
          </PartBoundary>
        ) : null}
      </SpaceBetween>
    </Alert>
  )
}

function TrainedFault({ trained: { region, fault, endsAt } }: { trained: TrainedRegion }) {
  const train = useTrainRegion()
  const isOver = useClock((now) => endsAt !== null && Date.parse(endsAt) <= now, false)
  if (fault === null || isOver) return null
  const refusal = train.data && !train.data.ok ? train.data.error.message : null
  return (
    <SpaceBetween direction="horizontal" size="xs" alignItems="center">
      <span>
        <b>{region}</b> {faultInWords[fault]}, for training
        {endsAt ? (
          <span title={exactTime(endsAt)}>
            {' '}
            (ends <RelativeTime iso={endsAt} />)
          </span>
        ) : null}
        .
      </span>
      <Button
        ariaLabel={`Lift the fault of ${region}`}
        loading={train.isPending}
        onClick={() => train.mutate({ region, fault: null })}
      >
        Lift
      </Button>
      {refusal ?? (train.isError ? 'It could not be lifted: try again.' : null)}
    </SpaceBetween>
  )
}
