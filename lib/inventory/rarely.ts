// Rarely: periods so long that what tests and benchmarks see was told, or asked for, and not stumbled upon.

import type { RefreshPeriods } from '@/lib/topology/refreshing'

export const RARELY: RefreshPeriods = { keys: 3_600, aliases: 3_600, open: 3_600, others: 1e9 }
