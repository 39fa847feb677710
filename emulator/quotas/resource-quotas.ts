// How many keys an account may have. Source: KMS Developer Guide, "Resource quotas" (resource-limits.md).

import type { Store } from '../state/store.ts'
import { limitExceeded } from '../wire/errors.ts'

/** Customer managed keys per account and Region, in any state; a primary key and each replica key count. */
const MAX_KEYS = 100_000

/** Unconfirmed: the text. */
export function requireRoomForKey(store: Store, account: string, region: string): void {
  if (store.hasCustomerManagedKeys(account, region, MAX_KEYS)) {
    throw limitExceeded(`The account ${account} already has ${MAX_KEYS} KMS keys in ${region}.`)
  }
}
