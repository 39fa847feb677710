// KeyMetadata as DescribeKey, CreateKey and ReplicateKey answer it.

import { currentMaterial, type Family, type Key, replicasOf, roleSeen } from './family.ts'
import { expirationOf, permanentCopies } from './imported-material.ts'
import { ALGORITHMS_MEMBER, algorithmsFor, isSymmetric } from './key-specs.ts'

export function keyMetadata(key: Key, now: number) {
  const { family } = key
  return {
    AWSAccountId: family.account,
    KeyId: family.keyId,
    Arn: key.arn,
    CreationDate: new Date(key.createdAt),
    Enabled: isEnabled(key),
    Description: key.description,
    KeyUsage: family.keyUsage,
    KeyState: key.keyState,
    Origin: family.origin,
    KeyManager: family.keyManager,
    KeySpec: family.keySpec,
    CustomerMasterKeySpec: family.keySpec,
    [ALGORITHMS_MEMBER[family.keyUsage]]: algorithmsFor(family.keySpec, family.keyUsage),
    DeletionDate: key.keyState === 'PendingDeletion' ? dateOf(key.deletionAt) : undefined,
    PendingDeletionWindowInDays: key.keyState === 'PendingReplicaDeletion' ? key.pendingWindowInDays : undefined,
    CurrentKeyMaterialId: materialIdShown(key),
    ...expirationOf(permanentCopies(key)),
    MultiRegion: family.multiRegion,
    MultiRegionConfiguration: family.multiRegion ? multiRegionConfiguration(key, now) : undefined,
  }
}

/** Unconfirmed: that this is false while a key is Updating, though it can be used; by its definition it is. */
const isEnabled = ({ keyState }: Key) => keyState === 'Enabled'

/** Only symmetric encryption keys name their material, and not yet while the key is being created. */
function materialIdShown({ family, keyState }: Key): string | undefined {
  if (!isSymmetric(family.keySpec) || keyState === 'Creating') return undefined
  return currentMaterial(family)?.id
}

function multiRegionConfiguration(key: Key, now: number) {
  const { family } = key
  return {
    MultiRegionKeyType: roleSeen(key, now),
    PrimaryKey: memberNamed(family, family.primaryRegion),
    ReplicaKeys: replicasOf(family).map(({ region }) => memberNamed(family, region)),
  }
}

function memberNamed(family: Family, region: string) {
  return { Arn: family.members.get(region)?.arn, Region: region }
}

const dateOf = (moment: number | undefined) => (moment === undefined ? undefined : new Date(moment))
