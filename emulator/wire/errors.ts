// The exceptions of KMS as values: a name, a message, and the HTTP status the wire shows (400, or 500 for the server's).

const SERVER_ERRORS = new Set(['DependencyTimeoutException', 'KMSInternalException', 'KeyUnavailableException'])

export class KmsError extends Error {
  readonly status: number

  /** An empty message stays off the wire: KMS sends none for InvalidCiphertext, KMSInvalidSignature, KMSInvalidMac. */
  constructor(name: string, message = '', status = SERVER_ERRORS.has(name) ? 500 : 400) {
    super(message)
    this.name = name
    this.status = status
  }
}

export const validationError = (message: string) => new KmsError('ValidationException', message)
export const serializationError = (message: string) => new KmsError('SerializationException', message)
export const unsupported = (message = '') => new KmsError('UnsupportedOperationException', message)
export const limitExceeded = (message: string) => new KmsError('LimitExceededException', message)
export const invalidState = (message: string) => new KmsError('KMSInvalidStateException', message)
export const invalidCiphertext = () => new KmsError('InvalidCiphertextException')

/** Unconfirmed: the status. Users report 400, the page of common errors says 403. */
export const accessDenied = (message: string) => new KmsError('AccessDeniedException', message)

/** What KMS answers where it does not tell whether the key is not there or its policy denies. */
export const notAuthorized = (caller: string, action: string, resource: string) =>
  accessDenied(
    `User: ${caller} is not authorized to perform: kms:${action} on resource: ${resource} because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access`,
  )

export const ciphertextOfKeyNotAllowed = () =>
  accessDenied(
    'The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.',
  )

export const keyNotFound = (arn: string) => new KmsError('NotFoundException', `Key '${arn}' does not exist`)
export const invalidKeyId = (identifier: string) => new KmsError('NotFoundException', `Invalid keyId '${identifier}'`)
export const arnOfAnotherRegion = (region: string) => new KmsError('NotFoundException', `Invalid arn ${region}`)

/** Unconfirmed: the punctuation; the text is that of other emulators. */
export const aliasNotFound = (arn: string) => new KmsError('NotFoundException', `Alias ${arn} is not found.`)

/** Unconfirmed: the text for an ARN that is no ARN of a key at all. */
export const invalidArn = (arn: string) => new KmsError('InvalidArnException', `${arn} is not a valid key ARN.`)

export const notAPrimaryKey = (arn: string) => unsupported(`${arn} is not a multi-region primary key.`)

export const usageNotValid = (arn: string, usage: string, operation: string) =>
  new KmsError('InvalidKeyUsageException', `${arn} key usage is ${usage} which is not valid for ${operation}.`)

export const algorithmNotValid = (algorithm: string, keySpec: string) =>
  new KmsError('InvalidKeyUsageException', `Algorithm ${algorithm} is incompatible with key spec ${keySpec}.`)

export const originNotValid = (arn: string, origin: string) =>
  unsupported(`${arn} origin is ${origin} which is not valid for this operation.`)

export const incorrectKey = () =>
  new KmsError(
    'IncorrectKeyException',
    'The key ID in the request does not identify a CMK that can perform this operation.',
  )

export const dryRunSucceeded = () =>
  new KmsError('DryRunOperationException', 'The request would have succeeded, but the DryRun option is set.')

export const throttled = () =>
  new KmsError(
    'ThrottlingException',
    'You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.',
  )
