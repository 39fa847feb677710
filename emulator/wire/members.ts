// Members that many requests have in common, with the limits of the public API model.

export const keyId = { type: 'string', required: true, minLength: 1, maxLength: 2048 } as const
export const optionalKeyId = { type: 'string', minLength: 1, maxLength: 2048 } as const
export const description = { type: 'string', maxLength: 8192 } as const
export const policy = {
  type: 'string',
  minLength: 1,
  maxLength: 131072,
  pattern: String.raw`[\u0009\u000A\u000D\u0020-\u00FF]+`,
} as const
export const policyName = { type: 'string', minLength: 1, maxLength: 128, pattern: String.raw`[\w]+` } as const
export const region = {
  type: 'string',
  required: true,
  minLength: 1,
  maxLength: 32,
  pattern: String.raw`^([a-z]+-){2,3}\d+$`,
} as const
export const marker = { type: 'string', minLength: 1, maxLength: 1024, pattern: String.raw`[\u0020-\u00FF]*` } as const
export const aliasName = {
  type: 'string',
  required: true,
  minLength: 1,
  maxLength: 256,
  pattern: '^[a-zA-Z0-9:/_-]+$',
} as const

export const tags = {
  type: 'list',
  of: {
    type: 'structure',
    members: {
      TagKey: { type: 'string', required: true, minLength: 1, maxLength: 128 },
      TagValue: { type: 'string', required: true, maxLength: 256 },
    },
  },
} as const

export const tagKeys = { type: 'list', required: true, of: { type: 'string', minLength: 1, maxLength: 128 } } as const

export const grantId = { type: 'string', minLength: 1, maxLength: 128 } as const
export const grantToken = { type: 'string', minLength: 1, maxLength: 8192 } as const
export const grantTokens = { type: 'list', maxLength: 10, of: grantToken } as const
export const principal = { type: 'string', minLength: 1, maxLength: 256, pattern: String.raw`^[\w+=,.@:/-]+$` } as const
export const servicePrincipal = {
  type: 'string',
  minLength: 1,
  maxLength: 128,
  pattern: String.raw`^([A-Za-z0-9\-]+)\.([A-Za-z0-9\-]+)(\.[A-Za-z0-9\-]+)+$`,
} as const
export const encryptionContext = { type: 'map' } as const
export const dryRun = { type: 'boolean' } as const
export const dryRunModifiers = { type: 'list', of: { type: 'string', values: ['IGNORE_CIPHERTEXT'] } } as const
export const ciphertext = { type: 'blob', minLength: 1, maxLength: 6144 } as const
export const keyMaterialId = { type: 'string', minLength: 64, maxLength: 64, pattern: '^[a-f0-9]+$' } as const
export const message = { type: 'blob', required: true, sensitive: true, minLength: 1, maxLength: 4096 } as const

export const limit = (max: number) => ({ type: 'integer', min: 1, max }) as const
export const messageType = { type: 'string', values: ['RAW', 'DIGEST', 'EXTERNAL_MU'] } as const

export const recipient = { type: 'unsupported', because: 'it knows no attestation of Nitro enclaves' } as const
export const ofCustomKeyStore = { type: 'unsupported', because: 'it has no custom key stores' } as const
