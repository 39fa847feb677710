// rotation-off: a key that KMS could rotate by itself, and does not.

import { primaryOf, rotationOf } from '../family'
import { canRotate } from '../key-spec'
import type { Family, Finding } from '../topology'

/**
 * Raised on the primary alone, where rotation is set. A key that is pending deletion always reads `false`, and a
 * disabled one cannot be changed: neither counts (KMS Developer Guide, "Rotating AWS KMS keys").
 */
export function rotationOff(family: Family): Finding[] {
  const primary = primaryOf(family)
  const rotates = rotationOf(family)
  if (primary?.state !== 'Enabled' || !canRotate(family).automatic || rotates?.enabled !== false) return []
  return [
    {
      id: 'rotation-off',
      severity: 'medium',
      regions: [primary.region],
      message: `Automatic rotation is off: turn it on at the primary key in ${primary.region}, and every replica key follows.`,
      remedy: {
        label: 'Turn rotation on',
        request: { kind: 'set-rotation', keyId: family.keyId, enabled: true },
      },
    },
  ]
}
