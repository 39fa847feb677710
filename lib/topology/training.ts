// Training: the ways in which a Region of the emulator can be made to fail.

export const regionFaults = ['unreachable', 'hang', 'denied', 'throttled'] as const
export type RegionFault = (typeof regionFaults)[number]

export interface TrainedRegion {
  region: string
  fault: RegionFault | null
  /** ISO time at which the fault ends by itself; null when it stays. */
  endsAt: string | null
}
