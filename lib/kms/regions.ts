// The Regions that are read.

import { env } from '@/lib/env'
import { defaultRegions, partitionOf } from '@/lib/topology/regions'

/**
 * `ATLAS_REGIONS` as given, else the Regions of the partition that are enabled by default; the partition is that of
 * `AWS_REGION`. Which opt-in Regions an account has enabled KMS cannot tell, so those are named in `ATLAS_REGIONS`.
 */
export function regionsToScan(): string[] {
  const { ATLAS_REGIONS, AWS_REGION } = env()
  return [...new Set(ATLAS_REGIONS ?? defaultRegions(partitionOf(AWS_REGION ?? '')))].sort()
}
