// DescribeKey: the metadata of one key in this Region.

import { requireValidGrantTokens } from '../cryptography.ts'
import { admit, keyOrAliasNamed } from '../key-lookup.ts'
import { keyMetadata } from '../key-metadata.ts'
import { grantTokens, keyId } from '../members.ts'
import { operation } from '../operation.ts'

const input = { KeyId: keyId, GrantTokens: grantTokens } as const

export const describeKey = operation(input, (request, context) => {
  requireValidGrantTokens(context, request.GrantTokens)
  const key = admit(context, 'DescribeKey', keyOrAliasNamed(context, request.KeyId))
  return { KeyMetadata: keyMetadata(key, context.now) }
})
