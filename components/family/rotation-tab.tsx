'use client'

import Box from '@cloudscape-design/components/box'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Table from '@cloudscape-design/components/table'
import { Copyable } from '@/components/shell/copyable'
import { RelativeTime } from '@/components/shell/relative-time'
import { exactTime } from '@/lib/topology/ages'
import { type Facts, factKey, type RotationFacts } from '@/lib/topology/facts'
import { inWords } from '@/lib/topology/in-words'
import { canRotate, describeKind } from '@/lib/topology/key-spec'
import {
  dayInWords,
  MAX_ON_DEMAND,
  materialHistory,
  materialStateInWords,
  onDemandLeft,
  originInWords,
  rotationInWords,
  settingInWords,
} from '@/lib/topology/rotation-words'
import type { Family, Member } from '@/lib/topology/topology'
import { ComparisonTable, NotRead, unreadFact } from './comparison-table'
import { FactsGate } from './facts-gate'

/** Setting and history of rotation, as each member tells them. */
export function RotationTab({ family }: { family: Family }) {
  const { automatic, onDemand } = canRotate(family)
  if (!automatic && !onDemand) {
    return (
      <Box>
        KMS does not rotate keys of this kind ({describeKind(family.keySpec, family.keyUsage)}). To change the key
        material, make a new key and point the alias to it.
      </Box>
    )
  }
  return (
    <FactsGate family={family} reading="the rotations of every Region">
      {(facts) => <Rotations family={family} facts={facts} />}
    </FactsGate>
  )
}

interface Row {
  label: string
  tell: (rotation: RotationFacts, member: Member) => React.ReactNode
}

const short = (id: string) => `${id.slice(0, 8)}…${id.slice(-4)}`

const Material = ({ id, region }: { id: string; region?: string }) => (
  <Copyable
    text={id}
    label={region ? `id of the key material in ${region}` : 'id of the key material'}
    shown={short(id)}
  />
)

const rows: Row[] = [
  { label: 'Automatic rotation', tell: (rotation) => settingInWords(rotation) },
  {
    label: 'Next date',
    tell: ({ nextRotationDate }) => (nextRotationDate ? dayInWords(nextRotationDate) : 'none'),
  },
  {
    label: 'Rotation on demand',
    tell: ({ onDemandStartedAt }) =>
      onDemandStartedAt ? (
        <>
          running, begun <RelativeTime iso={onDemandStartedAt} />
        </>
      ) : (
        'none running'
      ),
  },
  {
    label: 'Current key material',
    tell: (_, { currentKeyMaterialId, region }) =>
      currentKeyMaterialId ? <Material id={currentKeyMaterialId} region={region} /> : <NotRead />,
  },
]

function Rotations({ family, facts }: { family: Family; facts: Facts }) {
  const { keyId, members, primaryRegion } = family
  const readIn = (region: string) => facts.rotations[factKey(region, keyId)]
  const left = primaryRegion === null ? null : onDemandLeft(readIn(primaryRegion))
  const history = materialHistory(members.map(({ region }) => ({ region, rotations: readIn(region) })))
  const asked = members.filter(({ region }) => readIn(region)?.ok).map(({ region }) => region)
  const words = rotationInWords(family)
  return (
    <SpaceBetween size="l">
      <SpaceBetween size="xxs">
        <Box>
          {words.charAt(0).toUpperCase() + words.slice(1)}.{' '}
          {left === null
            ? 'How many rotations on demand are left could not be read.'
            : `${left} of ${MAX_ON_DEMAND} rotations on demand left.`}
        </Box>
        <Box color="text-body-secondary">
          Rotation is set, and started, in the primary key’s Region
          {primaryRegion ? ` (${primaryRegion})` : ', which is not known now'}; replica keys follow by themselves. All
          earlier key material goes on decrypting.
        </Box>
      </SpaceBetween>
      <ComparisonTable
        label="Rotation by Region"
        rows={rows}
        members={members}
        rowKey={({ label }) => label}
        heading="Seen on each member"
        head={({ label }) => label}
        cell={({ tell }, member) => {
          const read = readIn(member.region)
          return read?.ok ? tell(read.value, member) : <NotRead />
        }}
        note={({ region }) => unreadFact(readIn(region))}
      />
      <Table
        variant="borderless"
        items={history}
        trackBy={({ keyMaterialId, date, type }) => keyMaterialId ?? `${date} ${type}`}
        wrapLines
        header={<Header variant="h3">Key material, newest first</Header>}
        empty="No history could be read."
        ariaLabels={{ tableLabel: 'Key material' }}
        columnDefinitions={[
          {
            id: 'date',
            header: 'Since',
            minWidth: 120,
            cell: ({ date }) => (date ? <span title={exactTime(date)}>{dayInWords(date)}</span> : 'not told'),
          },
          { id: 'type', header: 'Came about by', minWidth: 160, cell: (material) => originInWords(material) },
          { id: 'state', header: 'Now', minWidth: 170, cell: ({ state }) => materialStateInWords(state) },
          {
            id: 'material',
            header: 'Key material id',
            isRowHeader: true,
            minWidth: 170,
            cell: ({ keyMaterialId }) => (keyMaterialId ? <Material id={keyMaterialId} /> : 'not told'),
          },
          {
            id: 'seenIn',
            header: 'Seen in',
            minWidth: 170,
            cell: ({ seenIn }) =>
              seenIn.length === asked.length
                ? asked.length === members.length
                  ? `all ${asked.length} members`
                  : `all ${asked.length} that could be read`
                : inWords(seenIn),
          },
        ]}
      />
    </SpaceBetween>
  )
}
