'use client'

import Box from '@cloudscape-design/components/box'
import { useFamilyFacts } from '@/lib/queries/topology'
import { factKey } from '@/lib/topology/facts'
import { primaryOf } from '@/lib/topology/family'
import { MAX_ON_DEMAND, onDemandLeft } from '@/lib/topology/rotation-words'
import type { PlanFormProps } from './plan-form'

/** Nothing to fill in: what a rotation on demand means, and how many are left in the life of the key. */
export function RotateNowForm({ request }: PlanFormProps) {
  const keyId = String(request.keyId)
  const { data } = useFamilyFacts(keyId)
  const primary = data && primaryOf(data.family)
  const left = data && primary ? onDemandLeft(data.facts.rotations[factKey(primary.region, keyId)]) : null
  return (
    <Box variant="p">
      KMS makes new key material for the whole family; everything encrypted before stays readable and nothing has to be
      encrypted anew. It cannot be taken back
      {left === null
        ? ` and uses one of the ${MAX_ON_DEMAND} rotations on demand of the key.`
        : `; ${left} of ${MAX_ON_DEMAND} are left.`}
    </Box>
  )
}
