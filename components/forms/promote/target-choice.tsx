'use client'

import Box from '@cloudscape-design/components/box'
import FormField from '@cloudscape-design/components/form-field'
import RadioGroup from '@cloudscape-design/components/radio-group'
import { RelativeTime } from '@/components/shell/relative-time'
import { noAliasInWords } from '@/lib/topology/family'
import { inWords } from '@/lib/topology/in-words'
import { stateInWords } from '@/lib/topology/key-state'
import { regionName } from '@/lib/topology/regions'
import type { Member } from '@/lib/topology/topology'
import type { PromotionTarget } from './promotion-targets'

const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

/** State, aliases and age of one replica key, and why it cannot be chosen. */
function About({ member, refusal }: PromotionTarget) {
  const aliases = member.aliases.length > 0 ? inWords(member.aliases) : noAliasInWords(member)
  return (
    <>
      {`${capitalised(stateInWords(member))} · ${aliases} · read `}
      <RelativeTime iso={member.asOf} />
      {refusal && (
        <Box color="text-status-error" fontSize="body-s">
          {refusal}
        </Box>
      )}
    </>
  )
}

const label = ({ region }: Member) => {
  const name = regionName(region)
  return name === region ? region : `${region} · ${name}`
}

/** The replica keys, one of which becomes the primary key; those that KMS would refuse say so and cannot be chosen. */
export function TargetChoice({
  targets,
  chosen,
  error,
  onChoose,
}: {
  targets: PromotionTarget[]
  chosen: string | null
  error: string | undefined
  onChoose: (region: string) => void
}) {
  return (
    <FormField label="Replica key to promote" errorText={error} stretch>
      <RadioGroup
        value={chosen}
        onChange={({ detail }) => onChoose(detail.value)}
        items={targets.map((target) => ({
          value: target.member.region,
          label: label(target.member),
          description: <About {...target} />,
          disabled: target.refusal !== null,
        }))}
      />
    </FormField>
  )
}
