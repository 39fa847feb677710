// For tests: families with a member in each Region and the primary key in one of them, as an evacuation finds them.

import type { Inventory } from '@/lib/inventory/inventory'
import type { TestEmulator } from '@/lib/kms/emulator-for-tests'
import { givenKeyId } from '@/lib/topology/scenarios/given-readings'
import { REGIONS } from './rooms-for-tests'

let fleets = 0

/** Replaces all keys of the emulator; resolves with the key ids when the inventory has read them. */
export async function givenFleet(
  emulator: TestEmulator,
  inventory: Pick<Inventory, 'refresh'>,
  many: number,
  primaryRegion = 'us-east-1',
): Promise<string[]> {
  fleets += 1
  const keyIds = Array.from({ length: many }, (_, index) => givenKeyId(`${fleets}a${index}`))
  await emulator.loadFamilies(
    keyIds.map((keyId, index) => ({
      ...{ keyId, primaryRegion, keySpec: 'SYMMETRIC_DEFAULT', keyUsage: 'ENCRYPT_DECRYPT', origin: 'AWS_KMS' },
      members: REGIONS.map((region) => ({ region, state: 'Enabled', aliases: [`alias/fleet-${index}`] })),
    })),
  )
  await emulator.forgetCalls()
  await inventory.refresh()
  return keyIds
}
