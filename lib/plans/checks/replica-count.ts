// replica-count: a warning of the house; AWS documents no limit on replica keys.

import type { Check } from '../plan'
import { passed, warned } from './verdicts'

export function replicaCount(replicas: number, maxReplicas: number): Check {
  return replicas > maxReplicas
    ? warned(
        'replica-count',
        `The family would have ${replicas} replica keys, more than the ${maxReplicas} this dashboard is set to. AWS documents no limit; each costs as much as a key.`,
      )
    : passed('replica-count', `The family would have ${replicas} replica ${replicas === 1 ? 'key' : 'keys'}.`)
}
