// Errors of KMS in the product's own words: made once, here, from whatever the SDK threw.

export type KmsErrorKind =
  | 'denied'
  | 'throttled'
  | 'unreachable'
  | 'disabled-region'
  | 'not-found'
  | 'invalid-state'
  | 'already-exists'
  | 'limit'
  | 'unsupported'
  | 'invalid'
  | 'internal'

interface KmsErrorFields {
  awsName: string
  kind: KmsErrorKind
  region: string
  requestId?: string
  mayHaveHappened: boolean
  whatToDo: string
}

export class KmsError extends Error {
  /** The exception's own name, e.g. `DisabledException`; for a network failure the SDK's or Node's. */
  readonly awsName: string
  readonly kind: KmsErrorKind
  readonly region: string
  readonly requestId: string | undefined
  /** The answer was lost or says nothing about it: a change may have been made all the same. */
  readonly mayHaveHappened: boolean
  /** One sentence for a person. */
  readonly whatToDo: string

  constructor(message: string, fields: KmsErrorFields, options?: ErrorOptions) {
    super(message, options)
    this.name = 'KmsError'
    this.awsName = fields.awsName
    this.kind = fields.kind
    this.region = fields.region
    this.requestId = fields.requestId
    this.mayHaveHappened = fields.mayHaveHappened
    this.whatToDo = fields.whatToDo
  }
}

/**
 * Exception names and what they mean for us. Names alone decide: unmodelled errors are no class of their own in the
 * SDK, and KMS answers nearly everything with status 400.
 *
 * Source: KMS API Reference, errors of the operations and Common Errors.
 */
const kinds: Readonly<Record<string, KmsErrorKind>> = {
  AccessDeniedException: 'denied',
  CredentialsProviderError: 'denied',
  TokenProviderError: 'denied',
  ExpiredTokenException: 'denied',
  ExpiredToken: 'denied',
  IncompleteSignature: 'denied',
  IncompleteSignatureException: 'denied',
  InvalidSignatureException: 'denied',
  SignatureDoesNotMatch: 'denied',
  MissingAuthenticationToken: 'denied',
  MissingAuthenticationTokenException: 'denied',
  NotAuthorized: 'denied',

  UnrecognizedClientException: 'disabled-region',
  InvalidClientTokenId: 'disabled-region',
  OptInRequired: 'disabled-region',

  ThrottlingException: 'throttled',
  Throttling: 'throttled',
  TooManyRequestsException: 'throttled',
  RequestLimitExceeded: 'throttled',
  SlowDown: 'throttled',

  TimeoutError: 'unreachable',
  AbortError: 'unreachable',
  ServiceUnavailable: 'unreachable',

  NotFoundException: 'not-found',

  KMSInvalidStateException: 'invalid-state',
  DisabledException: 'invalid-state',
  ConflictException: 'invalid-state',

  AlreadyExistsException: 'already-exists',
  LimitExceededException: 'limit',

  UnsupportedOperationException: 'unsupported',
  UnknownOperationException: 'unsupported',
  InvalidKeyUsageException: 'unsupported',

  ValidationException: 'invalid',
  ValidationError: 'invalid',
  SerializationException: 'invalid',
  InvalidArnException: 'invalid',
  InvalidAliasNameException: 'invalid',
  InvalidMarkerException: 'invalid',
  MalformedPolicyDocumentException: 'invalid',
  TagException: 'invalid',
  InvalidGrantTokenException: 'invalid',
  InvalidGrantIdException: 'invalid',
  InvalidCiphertextException: 'invalid',
  IncorrectKeyException: 'invalid',
  IncorrectKeyMaterialException: 'invalid',
  KMSInvalidSignatureException: 'invalid',
  KMSInvalidMacException: 'invalid',

  DependencyTimeoutException: 'internal',
  KMSInternalException: 'internal',
  InternalFailure: 'internal',
  KeyUnavailableException: 'internal',
}

/** Advice that is more exact than that of the kind. */
const adviceByName: Readonly<Record<string, string>> = {
  CredentialsProviderError: 'Give the dashboard AWS credentials, for instance with AWS_PROFILE, and start it again.',
  TokenProviderError: 'Sign in to AWS again where the dashboard runs, for instance with `aws sso login`.',
  ExpiredTokenException: 'Renew the credentials that the dashboard runs with.',
  ExpiredToken: 'Renew the credentials that the dashboard runs with.',
  InvalidSignatureException: 'Check the secret access key and the clock of the machine that the dashboard runs on.',
  SignatureDoesNotMatch: 'Check the secret access key and the clock of the machine that the dashboard runs on.',
  DisabledException: 'Enable the key in this Region, then try again.',
  ConflictException: 'A rotation is running or about to start: try again in about 20 minutes.',
  IncorrectKeyException: 'The ciphertext belongs to another key: check which key the alias points to.',
  MalformedPolicyDocumentException:
    'Check the key policy: it must be valid, name principals that exist, and let you change it again.',
  TagException: 'Check the tags: at most 50, no key twice, none that begins with aws:.',
  InvalidAliasNameException: 'Use letters, digits, slashes, underscores and dashes after alias/.',
}

const adviceByKind: Readonly<Record<KmsErrorKind, string>> = {
  denied: 'Ask for this permission in the IAM policy or the key policy of this Region, then try again.',
  throttled: 'KMS asks for fewer requests: wait a moment, then try again.',
  unreachable: 'Check the network and the AWS Health Dashboard for this Region, then try again.',
  'disabled-region': 'Enable this Region for the account, or check the credentials if other Regions fail too.',
  'not-found': 'Refresh: it may be gone, belong to another Region, or be too new for KMS to find yet.',
  'invalid-state': 'Look at the key state in this Region, and try again when the key can take this change.',
  'already-exists': 'Refresh and look at what is there already: it may be what you wanted.',
  limit: 'Remove something that is no longer needed, or ask AWS for a higher quota where it can be raised.',
  unsupported: 'This key, or this endpoint, cannot do that: check the key spec, key usage and role.',
  invalid: 'Correct the request and try again.',
  internal: 'Try again; if it stays, look at the AWS Health Dashboard for this Region.',
}

/** Node's codes for a connection that never came about, so that nothing can have reached KMS. */
const neverConnected = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'])

interface Thrown {
  name: string
  message: string
  code?: string
  syscall?: string
  requestId?: string
  status?: number
}

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)

function read(thrown: unknown): Thrown {
  if (typeof thrown !== 'object' || thrown === null) return { name: 'Error', message: String(thrown) }
  const error = thrown as Record<string, unknown> & { $metadata?: { requestId?: unknown; httpStatusCode?: unknown } }
  const status = error.$metadata?.httpStatusCode
  return {
    name: text(error.name) ?? 'Error',
    message: text(error.message) ?? '',
    code: text(error.code),
    syscall: text(error.syscall),
    requestId: text(error.$metadata?.requestId),
    status: typeof status === 'number' ? status : undefined,
  }
}

/** The SDK's own connection timeout carries no code, its request timeout does; a status means that an answer began. */
const connectTimedOut = ({ name, code, syscall, status }: Thrown) =>
  name === 'TimeoutError' && status === undefined && (code === undefined || syscall === 'connect')

/** A failure of the connection, not an answer of KMS. */
const isNetworkFailure = ({ name, code, status, requestId }: Thrown) =>
  name === 'TimeoutError' ||
  name === 'AbortError' ||
  (status === undefined && requestId === undefined && code !== undefined)

function networkMessage(thrown: Thrown, region: string): string {
  if (thrown.name === 'AbortError') return `The request to KMS in ${region} was given up`
  if (connectTimedOut(thrown)) return `KMS in ${region} did not take a connection in time`
  if (thrown.code === 'ECONNRESET' || thrown.code === 'EPIPE') {
    return `KMS in ${region} closed the connection without an answer`
  }
  if (thrown.name === 'TimeoutError' && !neverConnected.has(thrown.code ?? '')) {
    return `KMS in ${region} did not answer in time`
  }
  return `No connection to KMS in ${region} (${thrown.code ?? thrown.name})`
}

/** What KMS said; some exceptions come without a message, and a proxy's answer is none of KMS at all. */
function answerMessage({ name, message, status }: Thrown, region: string): string {
  if (name === 'SyntaxError') return `Something other than KMS answered in ${region} (HTTP ${status ?? 'unknown'})`
  return message === '' || message === 'UnknownError' ? `KMS in ${region} answered ${name}` : message
}

/** Can the request have been carried out, although no success was answered? */
function mayHaveHappened(thrown: Thrown, kind: KmsErrorKind): boolean {
  if (kind === 'unreachable') return !connectTimedOut(thrown) && !neverConnected.has(thrown.code ?? '')
  return kind === 'internal' && (thrown.status === undefined || thrown.status < 400 || thrown.status >= 500)
}

/** By name: the server has several copies of this module, so one copy's class is unknown to another. */
const isKmsError = (error: unknown): error is KmsError => error instanceof Error && error.name === 'KmsError'

/**
 * Turns whatever a call threw into the product's one error, judged by `name` (and Node's `code` for a request that
 * got no answer at all); a `KmsError` stays as it is.
 */
export function toKmsError(error: unknown, region: string): KmsError {
  if (isKmsError(error)) return error
  const thrown = read(error)
  const named = kinds[thrown.name]
  const unanswered = (named === undefined || named === 'unreachable') && isNetworkFailure(thrown)
  const kind = unanswered ? 'unreachable' : (named ?? 'internal')
  return new KmsError(
    unanswered ? networkMessage(thrown, region) : answerMessage(thrown, region),
    {
      // The SDK calls every broken connection TimeoutError: Node's code says which.
      awsName: unanswered && thrown.code !== undefined && thrown.code !== 'ETIMEDOUT' ? thrown.code : thrown.name,
      kind,
      region,
      requestId: thrown.requestId,
      mayHaveHappened: mayHaveHappened(thrown, kind),
      whatToDo: adviceByName[thrown.name] ?? adviceByKind[kind],
    },
    { cause: error },
  )
}
