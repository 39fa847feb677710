// Rotation of one member: its setting now, and its history.

import { GetKeyRotationStatusCommand, ListKeyRotationsCommand, type RotationsListEntry } from '@aws-sdk/client-kms'
import type { RotationEntry, RotationFacts } from '@/lib/topology/facts'
import type { Rotation } from '@/lib/topology/topology'
import { type Ask, ask } from './ask'
import { toKmsError } from './errors'

/** The largest page that KMS gives (KMS API Reference, ListKeyRotations). */
const PAGE_SIZE = 1000

/**
 * The rotation setting. Keys that KMS cannot rotate by itself (imported material) may be answered with
 * UnsupportedOperationException instead of `false` (KMS Developer Guide, key states): both mean that it is off.
 */
export async function readRotation(
  where: Ask,
  keyId: string,
): Promise<Rotation & Pick<RotationFacts, 'onDemandStartedAt'>> {
  try {
    const status = await ask(where, 'GetKeyRotationStatus', (client, options) =>
      client.send(new GetKeyRotationStatusCommand({ KeyId: keyId }), options),
    )
    const enabled = status.KeyRotationEnabled ?? false
    return {
      enabled,
      ...(enabled && status.RotationPeriodInDays !== undefined && { periodInDays: status.RotationPeriodInDays }),
      ...(enabled && status.NextRotationDate && { nextRotationDate: status.NextRotationDate.toISOString() }),
      ...(status.OnDemandRotationStartDate && { onDemandStartedAt: status.OnDemandRotationStartDate.toISOString() }),
    }
  } catch (thrown) {
    const error = toKmsError(thrown, where.region)
    if (error.awsName === 'UnsupportedOperationException') return { enabled: false }
    throw error
  }
}

const toEntry = (entry: RotationsListEntry): RotationEntry => ({
  ...(entry.RotationDate && { date: entry.RotationDate.toISOString() }),
  ...(entry.RotationType && { type: entry.RotationType }),
  ...(entry.KeyMaterialId && { keyMaterialId: entry.KeyMaterialId }),
  ...(entry.KeyMaterialState && { state: entry.KeyMaterialState }),
})

/** Material that waits for its rotation lies ahead of all dates; the first material has no date and came before all. */
const age = ({ date, state }: RotationEntry) =>
  state?.startsWith('PENDING') ? Number.POSITIVE_INFINITY : date ? Date.parse(date) : Number.NEGATIVE_INFINITY

async function listRotations(where: Ask, keyId: string): Promise<RotationEntry[]> {
  const entries: RotationEntry[] = []
  let marker: string | undefined
  do {
    const page = await ask(where, 'ListKeyRotations', (client, options) =>
      client.send(
        new ListKeyRotationsCommand({
          KeyId: keyId,
          Limit: PAGE_SIZE,
          Marker: marker,
          IncludeKeyMaterial: 'ALL_KEY_MATERIAL',
        }),
        options,
      ),
    )
    entries.push(...(page.Rotations ?? []).map(toEntry))
    marker = page.Truncated ? page.NextMarker : undefined
  } while (marker !== undefined)
  return entries.sort((a, b) => {
    const [ageA, ageB] = [age(a), age(b)]
    return ageA === ageB ? 0 : ageB > ageA ? 1 : -1
  })
}

/** The setting and all key material of one member, newest first; any member may be asked. */
export async function readRotationFacts(where: Ask, keyId: string): Promise<RotationFacts> {
  const [rotation, history] = await Promise.all([readRotation(where, keyId), listRotations(where, keyId)])
  return { ...rotation, history }
}
