// DescribeKey: the metadata of one key in this Region.

import { operation } from '../calls/operation.ts'
import { requireValidGrantTokens } from '../crypto/cryptography.ts'
import { admit, keyOrAliasNamed } from '../keys/key-lookup.ts'
import { keyMetadata } from '../keys/key-metadata.ts'
import { grantTokens, keyId } from '../wire/members.ts'

const input = { KeyId: keyId, GrantTokens: grantTokens } as const

export const describeKey = operation(input, (request, context) => {
  requireValidGrantTokens(context, request.GrantTokens)
  const key = admit(context, 'DescribeKey', keyOrAliasNamed(context, request.KeyId))
  return { KeyMetadata: keyMetadata(key, context.now) }
})
