'use client'

import { Link } from '@/components/shell/link'
import { useTopology } from '@/lib/queries/topology'
import { familyName, familyOf, shortKeyId } from '@/lib/topology/family'

/** A long run names its families elsewhere. */
const MOST_SHOWN = 6

/** The families of a run by their names; a key that is gone by now keeps its id. */
export function FamilyLinks({ keyIds }: { keyIds: string[] }) {
  const { data: topology } = useTopology()
  if (keyIds.length === 0) return '–'
  const shown = keyIds.length > MOST_SHOWN ? keyIds.slice(0, MOST_SHOWN - 1) : keyIds
  return (
    <>
      {shown.map((keyId) => {
        const family = topology && familyOf(topology, keyId)
        return (
          <div key={keyId}>
            <Link href={`/keys/${encodeURIComponent(keyId)}`}>{family ? familyName(family) : shortKeyId(keyId)}</Link>
          </div>
        )
      })}
      {keyIds.length > shown.length && <div>and {keyIds.length - shown.length} more</div>}
    </>
  )
}
