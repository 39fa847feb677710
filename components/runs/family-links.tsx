'use client'

import { Link } from '@/components/shell/link'
import { useTopology } from '@/lib/queries/topology'
import { familyName, familyOf, shortKeyId } from '@/lib/topology/family'

/** The families of a run by their names; a key that is gone by now keeps its id. */
export function FamilyLinks({ keyIds }: { keyIds: string[] }) {
  const { data: topology } = useTopology()
  if (keyIds.length === 0) return '–'
  return keyIds.map((keyId) => {
    const family = topology && familyOf(topology, keyId)
    return (
      <div key={keyId}>
        <Link href={`/keys/${encodeURIComponent(keyId)}`}>{family ? familyName(family) : shortKeyId(keyId)}</Link>
      </div>
    )
  })
}
