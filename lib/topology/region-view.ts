// Region view: what a Region's reading says of the Region as a whole, and of its parts that could not be read.

import { defined } from './defined'
import { byText } from './family'
import type { RegionReading } from './readings'
import { isReadable } from './region-trouble'
import type { RegionPart, RegionView, UnreadablePart } from './topology'

/** What several keys have in common that could not be read; nothing when there are none. */
function partOf(
  part: RegionPart,
  unread: { keyId: string; message: string; since?: string | undefined }[],
): UnreadablePart[] {
  const [message] = unread.map((key) => key.message).sort(byText)
  if (message === undefined) return []
  const [since] = unread.flatMap((key) => key.since ?? []).sort(byText)
  return [defined({ part, message, since, keyIds: unread.map(({ keyId }) => keyId).sort(byText) })]
}

/** What could not be read of a Region that answers; of one that does not, nothing could. */
function unreadablePartsOf(reading: RegionReading): UnreadablePart[] {
  if (!isReadable(reading)) return []
  const { unreadable = [], unread, members } = reading
  const rotations = members.flatMap(({ keyId, rotation, rotationUnread }) =>
    rotation === null && rotationUnread ? { keyId, ...rotationUnread } : [],
  )
  const lists = (['keys', 'aliases'] as const).flatMap((part) => unreadable.filter((each) => each.part === part))
  return [...lists, ...partOf('descriptions', unread), ...partOf('rotation', rotations)]
}

const count = (keyIds: string[] = [], one: string, many: string) =>
  keyIds.length === 1 ? one : `${keyIds.length} ${many}`

const partInWords: Record<RegionPart, (part: UnreadablePart) => string> = {
  keys: ({ message }) => `Keys could not be listed: ${message}`,
  aliases: ({ message }) => `Aliases could not be read: ${message}`,
  descriptions: ({ keyIds, message }) =>
    `${count(keyIds, 'One multi-Region key', 'multi-Region keys')} could not be described: ${message}`,
  rotation: ({ keyIds, message }) =>
    `The rotation of ${count(keyIds, 'one key', 'keys')} could not be read: ${message}`,
}

/** One Region as everybody sees it: how it answered, and what of it could not be read. */
export function regionView(reading: RegionReading): RegionView {
  const { region, status, asOf, since, awaited } = reading
  const unreadable = unreadablePartsOf(reading)
  const [first] = unreadable
  const message = reading.message ?? (first && partInWords[first.part](first))
  return defined({
    name: region,
    status,
    asOf,
    message,
    since,
    awaited,
    unreadable: unreadable.length > 0 ? unreadable : undefined,
  })
}
