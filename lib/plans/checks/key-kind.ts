// key-kind: which kinds of keys can be multi-Region, and which can be rotated.

import { canRotate, describeKind, keySpecs, multiRegionSupport } from '@/lib/topology/key-spec'
import type { Family } from '@/lib/topology/topology'
import type { Check } from '../plan'
import { passed, refusedByKms, warned } from './verdicts'

type Kind = Pick<Family, 'keySpec' | 'keyUsage' | 'origin'>

/** Source: KMS Developer Guide, "Multi-Region keys overview" and "Key spec reference". */
export function kindIsMultiRegion({ keySpec, keyUsage, origin }: Kind, partition: string): Check {
  const id = 'key-kind'
  const kind = describeKind(keySpec, keyUsage)
  const partitions = Object.hasOwn(keySpecs, keySpec) ? keySpecs[keySpec]?.partitions : undefined
  if (partitions && !partitions.includes(partition)) {
    return refusedByKms(id, `${keySpec} keys exist only in the partition ${partitions.join(', ')}.`)
  }
  switch (multiRegionSupport(keySpec, origin)) {
    case 'yes':
      return passed(id, `Keys of this kind (${kind}) can be multi-Region.`)
    case 'no':
      return refusedByKms(id, `Keys of this kind (${kind}, origin ${origin}) cannot be multi-Region.`)
    case 'unconfirmed':
      return warned(id, `AWS does not say whether keys of this kind (${keySpec}) can be multi-Region: KMS may refuse.`)
  }
}

/** Source: KMS Developer Guide, "Rotating AWS KMS keys". */
export function kindRotates({ keySpec, keyUsage, origin }: Kind, how: 'automatic' | 'onDemand'): Check {
  const id = 'key-kind-rotates'
  const kind = describeKind(keySpec, keyUsage)
  if (canRotate({ keySpec, origin })[how]) return passed(id, `KMS can rotate keys of this kind (${kind}).`)
  if (how === 'automatic' && canRotate({ keySpec, origin }).onDemand) {
    return refusedByKms(
      id,
      'KMS does not rotate imported key material by itself (UnsupportedOperationException): import new material, then rotate on demand.',
    )
  }
  return refusedByKms(
    id,
    `KMS cannot rotate keys of this kind (${kind}): UnsupportedOperationException. Make a new key and point the alias to it.`,
  )
}
