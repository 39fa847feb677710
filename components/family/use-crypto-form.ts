// The form of the crypto check and what came of it: kept while other tabs are looked at, and nowhere else.

import { useState } from 'react'
import { useCryptoCheck } from '@/lib/queries/crypto-check'
import { type NamedKey, namedKey } from '@/lib/topology/named-key'
import type { Family, Member } from '@/lib/topology/topology'

const works = ({ state, known }: Member) => state === 'Enabled' && known === 'live'

/** From the primary key to a replica key, both of which work, as far as there are such. */
function firstChoice({ keyId, members, primaryRegion }: Family): { from: NamedKey; to: NamedKey } {
  const candidates = members.some(works) ? members.filter(works) : members
  const first = candidates.find(({ region }) => region === primaryRegion) ?? candidates[0]
  const others = members.filter((member) => member !== first)
  const second = others.find(works) ?? others[0] ?? first
  const nobody = { region: '', target: keyId }
  return { from: first ? namedKey(keyId, first) : nobody, to: second ? namedKey(keyId, second) : nobody }
}

export function useCryptoForm(family: Family) {
  const [{ from, to }, setSides] = useState(() => firstChoice(family))
  const [text, setText] = useState('Hello from KMS Atlas')
  const [fields, setFields] = useState<Record<string, string>>({})
  const check = useCryptoCheck()

  return {
    from,
    to,
    text,
    fields,
    check,
    setFrom: (next: NamedKey) => setSides((sides) => ({ ...sides, from: next })),
    setTo: (next: NamedKey) => setSides((sides) => ({ ...sides, to: next })),
    setText,
    setFields,
  }
}

export type CryptoForm = ReturnType<typeof useCryptoForm>
