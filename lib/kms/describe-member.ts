// DescribeKey: one member of a family, as its own Region tells it.

import { DescribeKeyCommand, type KeyMetadata } from '@aws-sdk/client-kms'
import type { MemberReading } from '@/lib/topology/readings'
import { type Ask, ask } from './ask'
import { KmsError } from './errors'

function toReading(metadata: KeyMetadata | undefined, region: string, asOf: string): MemberReading | null {
  const { Arn, KeyId, KeyState, MultiRegionConfiguration: family } = metadata ?? {}
  const { MultiRegionKeyType: role, PrimaryKey } = family ?? {}
  if (!metadata || !Arn || !KeyId || !KeyState || !role || !PrimaryKey?.Arn) return null
  return {
    arn: Arn,
    keyId: KeyId,
    region,
    role,
    state: KeyState,
    description: metadata.Description ?? '',
    keySpec: metadata.KeySpec ?? metadata.CustomerMasterKeySpec ?? '',
    keyUsage: metadata.KeyUsage ?? '',
    origin: metadata.Origin ?? '',
    primaryArn: PrimaryKey.Arn,
    replicaArns: (family?.ReplicaKeys ?? []).flatMap((replica) => replica.Arn ?? []).sort(),
    createdAt: metadata.CreationDate?.toISOString(),
    deletionDate: metadata.DeletionDate?.toISOString(),
    pendingWindowInDays: metadata.PendingDeletionWindowInDays,
    currentKeyMaterialId: metadata.CurrentKeyMaterialId,
    rotation: null,
    asOf,
  }
}

/**
 * Reads a multi-Region key in one Region. `asOf` is the moment the question was sent, so that of two readings the
 * one that can know more is the newer. Rotation is not part of the answer of KMS: it stays null here.
 */
export async function describeMember(where: Ask, keyId: string): Promise<MemberReading> {
  let asOf = new Date().toISOString()
  const answer = await ask(where, 'DescribeKey', (client, options) => {
    asOf = new Date().toISOString()
    return client.send(new DescribeKeyCommand({ KeyId: keyId }), options)
  })
  const reading = toReading(answer.KeyMetadata, where.region, asOf)
  if (reading) return reading
  throw new KmsError(`${keyId} is not a multi-Region key in ${where.region}`, {
    awsName: 'NotAMultiRegionKey',
    kind: 'unsupported',
    region: where.region,
    requestId: answer.$metadata.requestId,
    mayHaveHappened: false,
    whatToDo: 'Only multi-Region keys have families; this endpoint describes the key without one.',
  })
}
