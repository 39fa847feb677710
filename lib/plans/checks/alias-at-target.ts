// alias-at-target: callers that fail over use the same name in the other Region, so it has to be there, and be theirs.

import { familyOf, primaryOf } from '@/lib/topology/family'
import { inWords } from '@/lib/topology/in-words'
import { mayRetarget } from '@/lib/topology/key-spec'
import { isRead } from '@/lib/topology/region-trouble'
import type { Family, Member, Topology } from '@/lib/topology/topology'
import type { Offer } from '../plan'
import { holderInWords, otherHolder } from './aliases'
import { type FamilyCheck, passed, unproven, warned } from './verdicts'

/** Each alias of the primary key, as it is in the Region of the successor. */
export function aliasesAtTarget(
  topology: Topology,
  family: Family,
  to: Pick<Member, 'region' | 'aliases'>,
): FamilyCheck[] {
  const names = primaryOf(family)?.aliases ?? []
  if (names.length === 0) return []
  const { region } = to
  const lacking = names.filter((name) => !to.aliases.includes(name))
  const held = lacking.filter((name) => otherHolder(topology, region, name, family.keyId) !== null)
  const missing = lacking.filter((name) => !held.includes(name))
  const view = topology.regions.find(({ name }) => name === region)
  const isKnown = view !== undefined && isRead(view, 'aliases')
  return [
    ...elsewhere(topology, family, region, held),
    ...(missing.length > 0 && isKnown ? [absent(family, region, missing)] : []),
    ...(missing.length > 0 && !isKnown
      ? [
          unproven(
            'alias-at-target',
            `Whether ${inWords(missing)} ${missing.length === 1 ? 'is' : 'are'} in ${region} is not known: the aliases there could not be read.`,
            { among: `Whether their aliases are in ${region} is not known: the aliases there could not be read.` },
          ),
        ]
      : []),
    ...(lacking.length === 0
      ? [
          passed(
            'alias-at-target',
            `${inWords(names)} ${names.length === 1 ? 'points' : 'point'} to this key in ${region} as well.`,
            {
              among: `Their aliases point to the same family in ${region} as well.`,
            },
          ),
        ]
      : []),
  ]
}

const setAliases = (family: Family, change: 'create' | 'retarget', region: string, names: string[]): Offer => ({
  label: change === 'create' ? `Create ${inWords(names)} in ${region}` : `Point ${inWords(names)} to this key`,
  request: {
    kind: 'set-aliases',
    keyId: family.keyId,
    changes: names.map((name) => ({ change, name, regions: [region] })),
  },
})

const absent = (family: Family, region: string, names: string[]): FamilyCheck =>
  warned(
    'alias-at-target',
    `${inWords(names)} ${names.length === 1 ? 'does' : 'do'} not exist in ${region}: callers that use the name there are refused with NotFoundException.`,
    {
      among: `An alias of theirs does not exist in ${region}: callers that use the name there are refused with NotFoundException.`,
      remedy: setAliases(family, 'create', region, names),
    },
  )

function elsewhere(topology: Topology, family: Family, region: string, names: string[]): FamilyCheck[] {
  if (names.length === 0) return []
  const holders = names.map((name) => ({ name, holder: otherHolder(topology, region, name, family.keyId) ?? '' }))
  const movable = holders.filter(({ holder }) => {
    const other = familyOf(topology, holder)
    return other === undefined || mayRetarget(other, family) !== false
  })
  const told = holders.map(({ name, holder }) => `${name} points to ${holderInWords(topology, holder, name)}`)
  return [
    warned(
      'alias-at-target',
      `In ${region} ${inWords(told)}: callers that use the name there get another key, and cannot decrypt with it what this one has encrypted.`,
      {
        among: `An alias of theirs points to another key in ${region}: callers that use the name there cannot decrypt with it what these have encrypted.`,
        ...(movable.length === names.length && { remedy: setAliases(family, 'retarget', region, names) }),
      },
    ),
  ]
}
