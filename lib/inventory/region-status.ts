// What a failed call says about the Region as a whole.

import type { KmsError } from '@/lib/kms/errors'
import type { RegionStatus } from '@/lib/topology/topology'

/** The Region's status when a list of its keys or aliases failed so. */
export function statusOf(error: KmsError): Exclude<RegionStatus, 'ok'> {
  if (error.kind === 'denied') return 'denied'
  if (error.kind === 'throttled') return 'throttled'
  return error.kind === 'disabled-region' ? 'disabled' : 'unreachable'
}

/** Failures that the next call to the same Region would meet as well, whatever key it is about. */
export const concernsRegion = (error: KmsError) =>
  error.kind === 'unreachable' || error.kind === 'throttled' || error.kind === 'disabled-region'

/** The reason in words, with the exception's own name where KMS gave one. */
export const reasonOf = (error: KmsError) =>
  error.kind === 'unreachable' ? error.message : `${error.awsName}: ${error.message}`
