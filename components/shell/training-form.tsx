'use client'

import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import ColumnLayout from '@cloudscape-design/components/column-layout'
import FormField from '@cloudscape-design/components/form-field'
import Select, { type SelectProps } from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { type SyntheticEvent, useState } from 'react'
import { useTrainRegion } from '@/lib/queries/training'
import { regionName } from '@/lib/topology/regions'
import { type RegionFault, regionFaults, type TrainedRegion } from '@/lib/topology/training'

const faults: Record<RegionFault, { label: string; description: string }> = {
  unreachable: { label: 'Unreachable', description: 'Connections are closed without an answer: the Region is down.' },
  hang: {
    label: 'Hang',
    description: 'Requests are taken and never answered, as in a brownout: the hardest to notice.',
  },
  denied: {
    label: 'Denied',
    description: 'AccessDeniedException to everything: a policy forbids, the Region is fine.',
  },
  throttled: { label: 'Throttled', description: 'ThrottlingException to everything: the request quota is used up.' },
}

const durations: SelectProps.Option[] = [
  { value: '0', label: 'Until it is lifted' },
  { value: '60', label: '1 minute' },
  { value: '300', label: '5 minutes' },
  { value: '900', label: '15 minutes' },
]

const faultOptions: (SelectProps.Option & { value: RegionFault })[] = regionFaults.map((value) => ({
  value,
  ...faults[value],
}))

/** Makes one Region of the emulator fail. Nothing is changed in its keys, and lifting the fault brings all back. */
export function TrainingForm({ regions }: { regions: TrainedRegion[] }) {
  const train = useTrainRegion()
  const [region, setRegion] = useState<string | null>(null)
  const [fault, setFault] = useState<RegionFault>('unreachable')
  const [seconds, setSeconds] = useState('0')
  const [missing, setMissing] = useState(false)
  const options = regions.map(({ region: value }) => ({ value, label: value, description: regionName(value) }))
  const refusal = train.data && !train.data.ok ? train.data.error.message : null

  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    setMissing(region === null)
    if (region !== null) train.mutate({ region, fault, forSeconds: Number(seconds) })
  }

  return (
    <form onSubmit={submit} aria-label="Practise an outage">
      <SpaceBetween size="s">
        <ColumnLayout columns={3}>
          <FormField label="Region" errorText={missing && region === null ? 'Choose a Region' : null}>
            <Select
              selectedOption={options.find(({ value }) => value === region) ?? null}
              options={options}
              placeholder="Choose a Region"
              onChange={({ detail }) => setRegion(detail.selectedOption.value ?? null)}
            />
          </FormField>
          <FormField label="Fault" description={faults[fault].description}>
            <Select
              selectedOption={faultOptions.find(({ value }) => value === fault) ?? null}
              options={faultOptions}
              onChange={({ detail }) =>
                setFault(
                  faultOptions.find(({ value }) => value === detail.selectedOption.value)?.value ?? 'unreachable',
                )
              }
            />
          </FormField>
          <FormField label="How long">
            <Select
              selectedOption={durations.find(({ value }) => value === seconds) ?? null}
              options={durations}
              onChange={({ detail }) => setSeconds(detail.selectedOption.value ?? '0')}
            />
          </FormField>
        </ColumnLayout>
        <SpaceBetween direction="horizontal" size="s" alignItems="center">
          <Button formAction="submit" loading={train.isPending}>
            Make it fail
          </Button>
          <span role="status">
            {train.data?.ok && train.data.value.fault !== null
              ? `${train.data.value.region} fails now; the dashboard notices at its next reading, within half a minute.`
              : null}
          </span>
          <Box color="text-status-error">
            {refusal ?? (train.isError ? 'The switch could not be reached: try again.' : null)}
          </Box>
        </SpaceBetween>
      </SpaceBetween>
    </form>
  )
}
