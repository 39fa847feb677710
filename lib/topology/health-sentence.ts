// Health sentence: the one sentence about a family that a tired person can act on.

import { isSettling, primaryOf, replicasOf } from './family'
import { inWords } from './in-words'
import { canRotate } from './key-spec'
import { isReadable } from './region-trouble'
import type { Family, Member, RegionStatus, RegionView } from './topology'

export interface HealthSentence {
  /** `changing` passes by itself; `attention` and `trouble` want a person, the latter soon. */
  kind: 'healthy' | 'changing' | 'attention' | 'trouble'
  text: string
}

/** What a key of this usage does, one Region or several: `goes on …`. */
const deeds: Readonly<Record<string, string>> = {
  ENCRYPT_DECRYPT: 'encrypting and decrypting',
  SIGN_VERIFY: 'signing and verifying',
  GENERATE_VERIFY_MAC: 'making and verifying MACs',
  KEY_AGREEMENT: 'agreeing on secrets',
}

const deedOf = ({ keyUsage }: Family) => (Object.hasOwn(deeds, keyUsage) ? deeds[keyUsage] : 'working')

/** Keys that do cryptographic work, also while they change roles (KMS Developer Guide, "Key states of AWS KMS keys"). */
const works = (member: Member) => member.known === 'live' && (member.state === 'Enabled' || member.state === 'Updating')

const count = (many: number, one: string, more: string) => `${many} ${many === 1 ? one : more}`

type Silence = Exclude<RegionStatus, 'ok'> | 'not read' | 'key not read'

const silenceOf = (member: Member, regions: readonly RegionView[]): Silence => {
  const view = regions.find(({ name }) => name === member.region)
  if (!view) return 'not read'
  return view.status === 'ok' || isReadable(view) ? 'key not read' : view.status
}

function tellSilence(silence: Silence, regions: string[]): string {
  const [names, one] = [inWords(regions), regions.length === 1]
  switch (silence) {
    case 'unreachable':
      return `${names} ${one ? 'does' : 'do'} not answer`
    case 'denied':
      return `these credentials may not read ${names}`
    case 'disabled':
      return `${names} ${one ? 'is' : 'are'} not enabled for this account`
    case 'throttled':
      return `${names} ${one ? 'asks' : 'ask'} for fewer requests`
    case 'not read':
      return `${names} ${one ? 'is' : 'are'} not among the Regions that are read`
    case 'key not read':
      return `the ${one ? 'key' : 'keys'} in ${names} could not be read`
  }
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
/** Region ids stay as they are at the beginning of a sentence. */
const begin = (text: string, regions: string[]) =>
  regions.some((name) => text.startsWith(name)) ? text : capital(text)

const alsoFindings = ({ findings }: Family) =>
  findings.length > 0 ? [`Besides, ${count(findings.length, 'finding wants', 'findings want')} a look.`] : []

/**
 * Some members cannot be read: says what goes on working and what is blocked. Replicating, rotating and promoting
 * are calls in the primary's Region; cryptographic work needs only the key that does it.
 *
 * Source: KMS Developer Guide, "How multi-Region keys work".
 */
function outage(family: Family, silent: Member[], regions: readonly RegionView[]): string {
  const bySilence = new Map<Silence, string[]>()
  for (const member of silent) {
    const silence = silenceOf(member, regions)
    bySilence.set(silence, [...(bySilence.get(silence) ?? []), member.region])
  }
  const names = silent.map(({ region }) => region)
  const told = [...bySilence].map(([silence, where]) => tellSilence(silence, where)).join('; ')
  const working = family.members.filter(works).map(({ region }) => region)
  const goesOn =
    working.length === 0
      ? 'No key of the family is known to work now.'
      : `${inWords(working)} ${working.length === 1 ? 'goes' : 'go'} on ${deedOf(family)}.`

  const change = canRotate(family).onDemand ? 'replicated, rotated or promoted' : 'replicated or promoted'
  const primary = primaryOf(family)
  const it = names.length === 1 ? 'it' : 'they'
  const readable = `until ${it} can be read again`
  if (!primary) {
    return `${begin(told, names)}, and no key that is read says that it is the primary. ${goesOn} Nothing can be ${change} ${readable}.`
  }
  if (silent.includes(primary)) {
    const where = names.length === 1 ? 'and the primary key is there' : `and the primary key is in ${primary.region}`
    return `${begin(told, names)}, ${where}. ${goesOn} Nothing can be ${change} until ${primary.region} can be read again.`
  }
  const theKeys = `the ${names.length === 1 ? 'key' : 'keys'} in ${inWords(names)}`
  return `${begin(told, names)}. ${goesOn} The primary key in ${primary.region} is not affected; ${theKeys} can be neither promoted nor changed ${readable}.`
}

const isSilent = (member: Member) => member.known !== 'live'

/** The answer to "how is this family?", the gravest thing first. */
export function healthSentence(family: Family, regions: readonly RegionView[]): HealthSentence {
  const updating = family.members.filter(({ state, known }) => state === 'Updating' && known === 'live')
  const silent = family.members.filter(isSilent)
  const [gravest, ...others] = family.findings
  const also = alsoFindings(family)

  const changing = `${inWords(updating.map(({ region }) => region))} ${updating.length === 1 ? 'is' : 'are'} changing roles`

  if (silent.length > 0) {
    const promotion = updating.length > 0 ? [`${changing}.`] : []
    // Asking too often passes by itself, and callers of the keys do not feel it.
    const isMild = silent.every((member) => silenceOf(member, regions) === 'throttled')
    const text = [outage(family, silent, regions), ...promotion, ...also].join(' ')
    return { kind: isMild ? 'attention' : 'trouble', text }
  }
  if (updating.length > 0) {
    const text = `${changing}: every key goes on ${deedOf(family)}, and the next change has to wait until it has ended.`
    return { kind: 'changing', text }
  }
  if (gravest) {
    const more = others.length > 0 ? [`${count(others.length, 'more finding', 'more findings')}.`] : []
    return { kind: gravest.severity === 'high' ? 'trouble' : 'attention', text: [gravest.message, ...more].join(' ') }
  }

  const primary = primaryOf(family)
  if (!primary)
    return { kind: 'attention', text: 'No key of the family says that it is the primary: refresh to ask again.' }
  const notThere = family.members.filter(({ state }) => state !== 'Enabled')
  const [first] = notThere
  if (first) {
    const names = inWords(notThere.map(({ region }) => region))
    if (notThere.every(isSettling)) {
      return {
        kind: 'changing',
        text: `${names}: the replica ${notThere.length === 1 ? 'key is' : 'keys are'} being made.`,
      }
    }
    const why =
      first.state === 'PendingImport'
        ? 'waits for its key material and refuses to work until then'
        : `is ${first.state}`
    const more =
      notThere.length > 1 ? ` ${count(notThere.length - 1, 'more key is', 'more keys are')} not Enabled.` : ''
    return { kind: 'attention', text: `The key in ${first.region} ${why}.${more}` }
  }
  const replicas = replicasOf(family)
  return {
    kind: 'healthy',
    text: `Healthy. Primary in ${primary.region}, ${replicas.length === 0 ? 'no replicas' : count(replicas.length, 'replica', 'replicas')}.`,
  }
}
