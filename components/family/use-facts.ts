// The facts of a family, read again whenever the family itself has changed.

import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { familyFactsQuery, useFamilyFacts } from '@/lib/queries/topology'
import type { Family } from '@/lib/topology/topology'

export function useFacts(family: Family) {
  const queryClient = useQueryClient()
  const query = useFamilyFacts(family.keyId)
  const seen = useRef(family)

  useEffect(() => {
    // Unchanged families stay the same object through all polls.
    if (seen.current === family) return
    seen.current = family
    void queryClient.invalidateQueries({ queryKey: familyFactsQuery(family.keyId).queryKey })
  }, [queryClient, family])

  return query
}
