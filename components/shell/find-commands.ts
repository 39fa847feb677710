// What the command palette offers for a typed text: screens, actions and key families.

import { aliasesOf, familyName, shortKeyId } from '@/lib/topology/family'
import type { Family, RequestData } from '@/lib/topology/topology'
import { screens } from './screens'

export type Deed =
  | { does: 'go'; href: string }
  | { does: 'plan'; request: RequestData }
  | { does: 'refresh' }
  | { does: 'turn scheme' }

export interface Command {
  id: string
  group: 'Go to' | 'Do' | 'Key families'
  text: string
  /** Small print beside the text. */
  hint?: string
  deed: Deed
}

export interface Found {
  commands: Command[]
  /** Families that match beyond those shown. */
  more: number
}

const SHOWN_FAMILIES = 12

const fixed: Command[] = [
  ...screens.map(({ text, href }): Command => ({ id: href, group: 'Go to', text, deed: { does: 'go', href } })),
  { id: 'create', group: 'Do', text: 'Create key', hint: 'multi-Region key', deed: { does: 'go', href: '/keys/new' } },
  { id: 'refresh', group: 'Do', text: 'Refresh now', hint: 'read every Region', deed: { does: 'refresh' } },
  { id: 'scheme', group: 'Do', text: 'Turn light or dark', deed: { does: 'turn scheme' } },
]

/** What can be done to a family by name: `replicate billing`. */
const verbs: { verb: string; requestFor: (keyId: string) => RequestData }[] = [
  { verb: 'Replicate', requestFor: (keyId) => ({ kind: 'replicate', keyId }) },
  { verb: 'Promote', requestFor: (keyId) => ({ kind: 'promote', keyId }) },
  { verb: 'Rotate now', requestFor: (keyId) => ({ kind: 'rotate-now', keyId }) },
  { verb: 'Edit aliases', requestFor: (keyId) => ({ kind: 'set-aliases', keyId }) },
]

const wordsOf = (text: string) => text.toLowerCase().split(/\s+/).filter(Boolean)

/** 0 when the name begins with the text, 1 when it holds it; null when a word is missing from names and key id. */
function rankOf(family: Family, words: string[]): number | null {
  const names = aliasesOf(family).map((name) => name.toLowerCase())
  const everything = [...names, family.keyId.toLowerCase(), ...family.members.map((member) => member.region)].join(' ')
  if (!words.every((word) => everything.includes(word))) return null
  const [first = ''] = words
  const begins = [...names, family.keyId].some((name) =>
    name.replace('alias/', '').startsWith(first.replace('alias/', '')),
  )
  return begins ? 0 : 1
}

function matching(families: Family[], words: string[]): Family[] {
  return families
    .flatMap((family) => {
      const rank = rankOf(family, words)
      return rank === null ? [] : [{ family, rank }]
    })
    .sort((a, b) => a.rank - b.rank)
    .map(({ family }) => family)
}

const hintOf = (family: Family) => {
  const others = aliasesOf(family).length - 1
  const also = others > 0 ? ` · ${others} more ${others === 1 ? 'alias' : 'aliases'}` : ''
  return `${shortKeyId(family.keyId)} · ${family.primaryRegion ?? 'no primary'}${also}`
}

/** `verb rest of the text`, for each verb whose first word the text begins with. */
function deeds(families: Family[], [first = '', ...rest]: string[]): Command[] {
  if (first.length < 3 || rest.length === 0) return []
  return verbs
    .filter(({ verb }) => wordsOf(verb)[0]?.startsWith(first))
    .flatMap(({ verb, requestFor }) => {
      const names = rest.filter((word) => !wordsOf(verb).includes(word))
      const found = names.length === 0 ? [] : matching(families, names).slice(0, SHOWN_FAMILIES)
      return found.map(
        (family): Command => ({
          id: `${verb} ${family.keyId}`,
          group: 'Do',
          text: `${verb} ${familyName(family)}`,
          hint: hintOf(family),
          deed: { does: 'plan', request: requestFor(family.keyId) },
        }),
      )
    })
}

export function findCommands(text: string, families: Family[]): Found {
  const words = wordsOf(text)
  const found = words.length === 0 ? [] : matching(families, words)
  const commands = [
    ...fixed.filter((command) => {
      const says = `${command.text} ${command.hint ?? ''}`.toLowerCase()
      return words.every((word) => says.includes(word))
    }),
    ...deeds(families, words),
    ...found.slice(0, SHOWN_FAMILIES).map(
      (family): Command => ({
        id: family.keyId,
        group: 'Key families',
        text: familyName(family),
        hint: hintOf(family),
        deed: { does: 'go', href: `/keys/${encodeURIComponent(family.keyId)}` },
      }),
    ),
  ]
  return { commands, more: Math.max(0, found.length - SHOWN_FAMILIES) }
}
