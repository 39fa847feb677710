// Changes: one call of KMS that alters something, sent exactly once.

import {
  CreateAliasCommand,
  type CreateAliasCommandInput,
  CreateKeyCommand,
  type CreateKeyCommandInput,
  type CreateKeyCommandOutput,
  DeleteAliasCommand,
  type DeleteAliasCommandInput,
  DisableKeyRotationCommand,
  type DisableKeyRotationCommandInput,
  EnableKeyRotationCommand,
  type EnableKeyRotationCommandInput,
  type KMSClient,
  ReplicateKeyCommand,
  type ReplicateKeyCommandInput,
  RotateKeyOnDemandCommand,
  type RotateKeyOnDemandCommandInput,
  UpdateAliasCommand,
  type UpdateAliasCommandInput,
  UpdatePrimaryRegionCommand,
  type UpdatePrimaryRegionCommandInput,
} from '@aws-sdk/client-kms'
import { chargesBesides } from '@/lib/topology/request-quotas'
import { clientFor } from './client'
import { toKmsError } from './errors'
import { paced } from './pacing'

/** Input in the KMS API's own spelling; KMS itself checks it. */
type Input = Record<string, unknown>

/** Every operation that may change something, with the command that sends it. */
const commands = {
  CreateKey: (client: KMSClient, input: Input) => client.send(new CreateKeyCommand(input as CreateKeyCommandInput)),
  ReplicateKey: (client: KMSClient, input: Input) =>
    client.send(new ReplicateKeyCommand(input as unknown as ReplicateKeyCommandInput)),
  CreateAlias: (client: KMSClient, input: Input) =>
    client.send(new CreateAliasCommand(input as unknown as CreateAliasCommandInput)),
  UpdateAlias: (client: KMSClient, input: Input) =>
    client.send(new UpdateAliasCommand(input as unknown as UpdateAliasCommandInput)),
  DeleteAlias: (client: KMSClient, input: Input) =>
    client.send(new DeleteAliasCommand(input as unknown as DeleteAliasCommandInput)),
  EnableKeyRotation: (client: KMSClient, input: Input) =>
    client.send(new EnableKeyRotationCommand(input as unknown as EnableKeyRotationCommandInput)),
  DisableKeyRotation: (client: KMSClient, input: Input) =>
    client.send(new DisableKeyRotationCommand(input as unknown as DisableKeyRotationCommandInput)),
  RotateKeyOnDemand: (client: KMSClient, input: Input) =>
    client.send(new RotateKeyOnDemandCommand(input as unknown as RotateKeyOnDemandCommandInput)),
  UpdatePrimaryRegion: (client: KMSClient, input: Input) =>
    client.send(new UpdatePrimaryRegionCommand(input as unknown as UpdatePrimaryRegionCommandInput)),
}

export type ChangeOperation = keyof typeof commands

export interface ChangeAnswer {
  requestId: string | null
  /** The id of the key that was made; only after CreateKey. */
  keyId?: string
}

/**
 * Sends one change, once: with an answer lost, the SDK's own retries would create a second key. Whoever calls reads
 * the truth again before repeating; `KmsError.mayHaveHappened` tells whether that is in doubt.
 */
export async function callKms(change: {
  region: string
  operation: ChangeOperation
  input: Input
}): Promise<ChangeAnswer> {
  const { region, operation, input } = change
  try {
    const besides = chargesBesides(change)
    const answer = await paced({ region, operation, purpose: 'run', besides }, () =>
      commands[operation](clientFor(region, 'change'), input),
    )
    const keyId = (answer as Partial<CreateKeyCommandOutput>).KeyMetadata?.KeyId
    return { requestId: answer.$metadata.requestId ?? null, ...(keyId && { keyId }) }
  } catch (error) {
    throw toKmsError(error, region)
  }
}
