// The key policy of one member; each member has its own.

import { GetKeyPolicyCommand } from '@aws-sdk/client-kms'
import { type Ask, ask } from './ask'

/** The policy document as KMS stores it, JSON text. */
export async function readPolicy(where: Ask, keyId: string): Promise<string> {
  const { Policy = '' } = await ask(where, 'GetKeyPolicy', (client, options) =>
    client.send(new GetKeyPolicyCommand({ KeyId: keyId }), options),
  )
  return Policy
}
