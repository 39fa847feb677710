// What was sent to AWS in each recorded case, done again against the emulator. Source: LocalStack's KMS suite, whose
// cases were run against the real service; what each sends is told here in our own words.

import {
  constants,
  createCipheriv,
  createPublicKey,
  generateKeyPairSync,
  publicEncrypt,
  randomBytes,
  verify,
} from 'node:crypto'
import { expect } from 'vitest'
import type { JsonObject } from '../wire/validation.ts'
import type { Answer, Bindings } from './comparison-for-tests.ts'

export type Session = {
  /** One call over the wire, whatever the answer is. */
  call: (operation: string, body: JsonObject) => Promise<Answer>
  /** Lets pass what takes its time: a rotation on demand. */
  settle: () => void
  bindings: Bindings
}

/** By part of the case: an answer, or a value taken from answers. */
type Played = Record<string, Answer | { value: unknown }>
type Replay = (session: Session, ...parameters: string[]) => Promise<Played>

type Metadata = JsonObject & { KeyId: string; Arn: string }

const base64 = (text: string | Buffer) => Buffer.from(text).toString('base64')
const bytesOf = (value: unknown) => Buffer.from(String(value), 'base64')

/** The body of an answer that has to be one. */
async function ok(session: Session, operation: string, body: JsonObject): Promise<JsonObject> {
  const answer = await session.call(operation, body)
  expect(answer, operation).toMatchObject({ status: 200 })
  return answer.body
}

/** A new key, known to the case as its first. */
async function newKey(session: Session, input: JsonObject): Promise<Metadata> {
  const { KeyMetadata } = await ok(session, 'CreateKey', input)
  return KeyMetadata as Metadata
}

/** Answers of cryptographic operations name the key by its ARN, whatever the placeholder is called. */
async function keyNamedByArn(session: Session, input: JsonObject): Promise<Metadata> {
  const key = await newKey(session, input)
  session.bindings.set('<key-id:1>', key.Arn)
  session.bindings.set('<key-arn>', key.Arn)
  session.bindings.set('<resource:1>', key.KeyId)
  return key
}

const metadataOf = ({ body }: Answer) => ({ value: body.KeyMetadata })
const describe = ({ call }: Session, { KeyId }: Metadata) => call('DescribeKey', { KeyId })
const signing = (KeySpec: string) => ({ KeySpec, KeyUsage: 'SIGN_VERIFY' })
const hmac = (KeySpec: string) => ({ KeySpec, KeyUsage: 'GENERATE_VERIFY_MAC' })

/** A description of chance, known by its placeholder. */
function describedKey(session: Session, input: JsonObject): JsonObject {
  const Description = `description ${randomBytes(4).toString('hex')}`
  session.bindings.set('<description:1>', Description)
  return { ...input, Description }
}

const dryRunOf =
  (operation: string, body: JsonObject): Replay =>
  async (session) => {
    const { KeyId } = await newKey(session, {})
    return { dryrun_exception: await session.call(operation, { KeyId, ...body, DryRun: true }) }
  }

/** A data key, or pair, made with an encryption context and opened without one. */
const openedWithoutContext =
  (operation: string, body: JsonObject, blob: string): Replay =>
  async (session) => {
    const { KeyId } = await newKey(session, {})
    const made = await ok(session, operation, { KeyId, ...body, EncryptionContext: { context: 'key' } })
    await ok(session, 'Decrypt', { CiphertextBlob: made[blob], EncryptionContext: { context: 'key' } })
    return { 'decrypt-without-encryption-context': await session.call('Decrypt', { CiphertextBlob: made[blob] }) }
  }

async function listTags({ call }: Session, KeyId: string): Promise<{ value: unknown }> {
  return { value: (await call('ListResourceTags', { KeyId })).body.Tags }
}

const tag = (number: number) => ({ TagKey: `tag${number}`, TagValue: `value${number}` })

async function importParameters(session: Session, KeyId: string, WrappingAlgorithm: string): Promise<JsonObject> {
  return ok(session, 'GetParametersForImport', { KeyId, WrappingAlgorithm, WrappingKeySpec: 'RSA_4096' })
}

/** The material under the wrapping key, by RSAES_OAEP_SHA_256 or, for what is longer, RSA_AES_KEY_WRAP_SHA_256. */
function wrapped(PublicKey: unknown, algorithm: string, material: Buffer): string {
  const key = createPublicKey({ key: bytesOf(PublicKey), format: 'der', type: 'spki' })
  const oaep = { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }
  if (algorithm === 'RSAES_OAEP_SHA_256') return base64(publicEncrypt(oaep, material))
  const wrappingKey = randomBytes(32)
  const cipher = createCipheriv('id-aes256-wrap-pad', wrappingKey, Buffer.from('a65959a6', 'hex'))
  return base64(Buffer.concat([publicEncrypt(oaep, wrappingKey), cipher.update(material), cipher.final()]))
}

async function importMaterial(
  session: Session,
  { KeyId }: Metadata,
  material: Buffer,
  more: JsonObject = {},
  algorithm = 'RSAES_OAEP_SHA_256',
): Promise<Answer> {
  const { ImportToken, PublicKey } = await importParameters(session, KeyId, algorithm)
  return session.call('ImportKeyMaterial', {
    KeyId,
    ImportToken,
    EncryptedKeyMaterial: wrapped(PublicKey, algorithm, material),
    ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
    ...more,
  })
}

async function deleteMaterial(session: Session, key: Metadata): Promise<Answer> {
  await ok(session, 'DeleteImportedKeyMaterial', { KeyId: key.KeyId })
  return describe(session, key)
}

const CURVES: Record<string, string> = {
  ECC_NIST_P256: 'prime256v1',
  ECC_NIST_P384: 'secp384r1',
  ECC_NIST_P521: 'secp521r1',
  ECC_SECG_P256K1: 'secp256k1',
}

const ECDSA: Record<string, string> = {
  ECC_NIST_P256: 'ECDSA_SHA_256',
  ECC_NIST_P384: 'ECDSA_SHA_384',
  ECC_NIST_P521: 'ECDSA_SHA_512',
  ECC_SECG_P256K1: 'ECDSA_SHA_256',
}

/** Every case of the recording, by the name of its test; what stands in its brackets are the parameters. */
export const REPLAYS: Record<string, Replay> = {
  test_generate_random_invalid_number_of_bytes: async ({ call }, bytes) => ({
    'generate-random-exc': await call('GenerateRandom', bytes === 'None' ? {} : { NumberOfBytes: Number(bytes) }),
  }),

  test_generate_random: async (session, bytes) => {
    const { Plaintext } = await ok(session, 'GenerateRandom', { NumberOfBytes: Number(bytes) })
    return { result_length: { value: bytesOf(Plaintext).length } }
  },

  test_encrypt_validate_plaintext_size_per_key_type: async (session, KeySpec, EncryptionAlgorithm) => {
    const { KeyId } = await newKey(session, { KeySpec, KeyUsage: 'ENCRYPT_DECRYPT' })
    const Plaintext = base64(Buffer.alloc(1000, 'x'))
    return { 'generate-random-exc': await session.call('Encrypt', { KeyId, Plaintext, EncryptionAlgorithm }) }
  },

  test_plaintext_size_for_encrypt: async (session) => {
    const { KeyId } = await newKey(session, {})
    const Plaintext = base64(Buffer.alloc(4097, 'x'))
    return { 'invalid-plaintext-size-encrypt': await session.call('Encrypt', { KeyId, Plaintext }) }
  },

  test_create_key: async (session) => {
    const key = await newKey(session, { Description: 'test key 123', KeyUsage: 'ENCRYPT_DECRYPT' })
    return { 'describe-key': metadataOf(await describe(session, key)) }
  },

  test_create_multi_region_key: async ({ call }) => {
    const answer = await call('CreateKey', { MultiRegion: true, Description: 'test multi region key' })
    expect(answer.body).toMatchObject({ KeyMetadata: { KeyId: expect.stringMatching(/^mrk-/) } })
    return { create_multi_region_key: metadataOf(answer) }
  },

  test_non_multi_region_keys_should_not_have_multi_region_properties: async ({ call }) => ({
    non_multi_region_keys_should_not_have_multi_region_properties: metadataOf(
      await call('CreateKey', { MultiRegion: false, Description: 'test non multi region key' }),
    ),
  }),

  test_get_key_invalid_uuid: async ({ call }) => ({
    'describe-key-with-invalid-uuid': await call('DescribeKey', { KeyId: 'fake-key-id' }),
    'describe-key-with-invalid-uuid-2': await call('DescribeKey', { KeyId: '134f2428cec14b25a1ae9048164dba47' }),
    'describe-key-with-invalid-uuid-mrk': await call('DescribeKey', { KeyId: 'mrk-fake-key-id' }),
  }),

  test_sign_verify: async (session, KeySpec = '', SigningAlgorithm) => {
    const { KeyId } = await keyNamedByArn(session, signing(KeySpec))
    const request = { KeyId, SigningAlgorithm, Message: base64('hello') }
    const signature = await session.call('Sign', request)
    const { Signature } = signature.body
    const bad = { ...request, Message: base64('bye') }
    return {
      signature,
      verification: await session.call('Verify', { ...request, Signature }),
      'bad-digest': await session.call('Sign', { ...request, MessageType: 'DIGEST' }),
      'bad-signature': await session.call('Verify', { ...bad, Signature }),
    }
  },

  test_hmac_create_key: async (session) => {
    const created = await session.call('CreateKey', { ...hmac('HMAC_256'), Description: 'test key' })
    const described = await describe(session, created.body.KeyMetadata as Metadata)
    return { 'create-hmac-key': metadataOf(created), 'describe-key': metadataOf(described) }
  },

  test_hmac_create_key_invalid_operations: async ({ call }) => ({
    'create-hmac-key-without-key-usage': await call('CreateKey', { KeySpec: 'HMAC_256' }),
    'create-hmac-key-invalid-spec': await call('CreateKey', hmac('HMAC_random')),
    'create-hmac-key-invalid-key-usage': await call('CreateKey', { KeySpec: 'HMAC_256', KeyUsage: 'RANDOM' }),
  }),

  test_generate_and_verify_mac: async (session, KeySpec = '', MacAlgorithm) => {
    const { KeyId } = await keyNamedByArn(session, hmac(KeySpec))
    const request = { KeyId, MacAlgorithm, Message: base64('some important message') }
    const made = await session.call('GenerateMac', request)
    const { Mac } = made.body
    return {
      'generate-mac': made,
      'verify-mac': await session.call('VerifyMac', { ...request, Mac }),
      'generate-mac-invalid-key-id': await session.call('GenerateMac', { ...request, KeyId: 'key_id' }),
      'verify-mac-invalid-key-id': await session.call('VerifyMac', { ...request, Mac, KeyId: 'key_id' }),
    }
  },

  test_invalid_generate_mac: async (session, KeySpec = '', MacAlgorithm) => {
    const { KeyId } = await newKey(session, hmac(KeySpec))
    return { 'generate-mac': await session.call('GenerateMac', { KeyId, MacAlgorithm, Message: base64('message') }) }
  },

  test_invalid_verify_mac: async (session, KeySpec = '', MacAlgorithm, text = '') => {
    const { KeyId } = await keyNamedByArn(session, hmac(KeySpec))
    const Message = base64(text)
    const made = await session.call('GenerateMac', { KeyId, Message, MacAlgorithm: 'HMAC_SHA_256' })
    const { Mac } = made.body
    return {
      'generate-mac': made,
      'verify-mac': await session.call('VerifyMac', { KeyId, Message, Mac, MacAlgorithm }),
    }
  },

  test_error_messaging_for_invalid_keys: async (session) => {
    const encryption = await newKey(session, {})
    const mac = await newKey(session, hmac('HMAC_256'))
    const signer = await newKey(session, signing('RSA_2048'))
    const { CiphertextBlob } = await ok(session, 'Encrypt', { KeyId: encryption.KeyId, Plaintext: base64('x') })
    const Message = base64('x')
    const SigningAlgorithm = 'RSASSA_PSS_SHA_256'
    const { bindings, call } = session
    // The recording has one placeholder for the ARNs of all keys.
    const naming = async (key: Metadata, operation: string, body: JsonObject) => {
      const answer = await call(operation, { KeyId: key.KeyId, ...body })
      const message = String(answer.body.message)
      expect(message).toContain(key.Arn)
      return { ...answer, body: { ...answer.body, message: message.replace(key.Arn, encryption.Arn) } }
    }
    bindings.set('<key-arn>', encryption.Arn)
    return {
      'generate-mac-invalid-key-id': await naming(encryption, 'GenerateMac', { Message, MacAlgorithm: 'HMAC_SHA_256' }),
      'sign-invalid-key-id': await naming(mac, 'Sign', { Message, SigningAlgorithm }),
      'verify-invalid-key-id': await naming(encryption, 'Verify', { Message, SigningAlgorithm, Signature: Message }),
      'encrypt-invalid-key-id': await naming(signer, 'Encrypt', { Plaintext: Message }),
      'decrypt-invalid-key-id': await call('Decrypt', { KeyId: mac.KeyId, CiphertextBlob }),
    }
  },

  test_generate_data_key_pair_without_plaintext: async (session) => {
    const { KeyId } = await keyNamedByArn(session, {})
    const pair = await session.call('GenerateDataKeyPairWithoutPlaintext', { KeyId, KeyPairSpec: 'RSA_2048' })
    return { 'generate-data-key-pair-without-plaintext': pair }
  },

  test_generate_data_key_pair: async (session) => {
    const { KeyId } = await keyNamedByArn(session, {})
    const pair = await session.call('GenerateDataKeyPair', { KeyId, KeyPairSpec: 'RSA_2048' })
    const { PrivateKeyCiphertextBlob, PrivateKeyPlaintext } = pair.body
    const opened = await ok(session, 'Decrypt', { CiphertextBlob: PrivateKeyCiphertextBlob })
    expect(opened.Plaintext).toBe(PrivateKeyPlaintext)
    return { 'generate-data-key-pair': pair }
  },

  test_generate_data_key_pair_dry_run: dryRunOf('GenerateDataKeyPair', { KeyPairSpec: 'RSA_2048' }),

  test_generate_data_key: async (session) => {
    const { KeyId } = await keyNamedByArn(session, {})
    const made = await session.call('GenerateDataKey', { KeyId, KeySpec: 'AES_256' })
    const opened = await ok(session, 'Decrypt', { CiphertextBlob: made.body.CiphertextBlob })
    expect(opened.Plaintext).toBe(made.body.Plaintext)
    return { 'generate-data-key-result': made }
  },

  test_generate_data_key_without_plaintext: async (session) => {
    const { KeyId } = await keyNamedByArn(session, {})
    const made = await session.call('GenerateDataKeyWithoutPlaintext', { KeyId, KeySpec: 'AES_256' })
    return { 'generate-data-key-without-plaintext': made }
  },

  test_encryption_context_generate_data_key_without_plaintext: openedWithoutContext(
    'GenerateDataKeyWithoutPlaintext',
    { KeySpec: 'AES_256' },
    'CiphertextBlob',
  ),
  test_encryption_context_generate_data_key_pair: openedWithoutContext(
    'GenerateDataKeyPair',
    { KeyPairSpec: 'RSA_2048' },
    'PrivateKeyCiphertextBlob',
  ),
  test_encryption_context_generate_data_key_pair_without_plaintext: openedWithoutContext(
    'GenerateDataKeyPairWithoutPlaintext',
    { KeyPairSpec: 'RSA_2048' },
    'PrivateKeyCiphertextBlob',
  ),

  test_re_encrypt: async (session, KeySpec, algorithm) => {
    const source = await newKey(session, { KeySpec, KeyUsage: 'ENCRYPT_DECRYPT' })
    const destination = await newKey(session, { KeySpec, KeyUsage: 'ENCRYPT_DECRYPT' })
    session.bindings.set('<key-id:1>', destination.Arn)
    session.bindings.set('<key-arn>', source.Arn)
    const Plaintext = base64('a secret')
    const { CiphertextBlob } = await ok(session, 'Encrypt', {
      KeyId: source.KeyId,
      Plaintext,
      EncryptionAlgorithm: algorithm,
    })
    const reEncrypted = await session.call('ReEncrypt', {
      SourceKeyId: source.KeyId,
      DestinationKeyId: destination.KeyId,
      CiphertextBlob,
      SourceEncryptionAlgorithm: algorithm,
      DestinationEncryptionAlgorithm: algorithm,
    })
    const opened = await ok(session, 'Decrypt', {
      KeyId: destination.KeyId,
      CiphertextBlob: reEncrypted.body.CiphertextBlob,
      EncryptionAlgorithm: algorithm,
    })
    expect(opened.Plaintext).toBe(Plaintext)
    return { test_re_encrypt: reEncrypted }
  },

  test_derive_shared_secret: async (session) => {
    const agreement = { KeySpec: 'ECC_NIST_P256', KeyUsage: 'KEY_AGREEMENT' }
    const one = await newKey(session, agreement)
    const other = await newKey(session, agreement)
    const signer = await newKey(session, signing('ECC_NIST_P256'))
    const encryption = await newKey(session, {})
    const publicKeyOf = async ({ KeyId }: Metadata) => (await ok(session, 'GetPublicKey', { KeyId })).PublicKey
    const PublicKey = await publicKeyOf(other)
    const derive = (key: Metadata, body: JsonObject = {}) =>
      session.call('DeriveSharedSecret', {
        KeyId: key.KeyId,
        KeyAgreementAlgorithm: 'ECDH',
        PublicKey,
        ...body,
      })
    const response = await derive(one)
    const fromOther = await derive(other, { PublicKey: await publicKeyOf(one) })
    expect(fromOther.body.SharedSecret).toBe(response.body.SharedSecret)
    session.bindings.set('<key-id:1>', one.Arn)
    // The recording has one placeholder for the ARNs of all keys.
    const naming = async (key: Metadata) => {
      const answer = await derive(key)
      expect(String(answer.body.message)).toContain(key.Arn)
      const message = String(answer.body.message).replace(key.Arn, one.Arn)
      return { ...answer, body: { ...answer.body, message } }
    }
    session.bindings.set('<key-arn>', one.Arn)
    return {
      response,
      'response-invalid-key-usage': await naming(signer),
      'response-invalid-key-spec': await session.call('CreateKey', { KeySpec: 'RSA_2048', KeyUsage: 'KEY_AGREEMENT' }),
      'response-invalid-key-agreement-algo': await derive(one, { KeyAgreementAlgorithm: 'INVALID' }),
      'response-invalid-key': await naming(encryption),
      'response-invalid-public-key': await derive(one, { PublicKey: base64('InvalidPublicKey') }),
    }
  },

  test_tag_existing_key_and_untag: async (session) => {
    const { KeyId } = await newKey(session, {})
    await ok(session, 'TagResource', { KeyId, Tags: [tag(1), tag(2)] })
    const before = await listTags(session, KeyId)
    await ok(session, 'UntagResource', { KeyId, TagKeys: ['tag1', 'tag2'] })
    return { 'list-resource-tags': before, 'list-resource-tags-after-all-untagged': await listTags(session, KeyId) }
  },

  test_create_key_with_tag_and_untag: async (session) => {
    const { KeyId } = await newKey(session, { Tags: [tag(1), tag(2)] })
    const before = await listTags(session, KeyId)
    await ok(session, 'UntagResource', { KeyId, TagKeys: ['tag1', 'tag2'] })
    return { 'list-resource-tags': before, 'list-resource-tags-after-all-untagged': await listTags(session, KeyId) }
  },

  test_untag_key_partially: async (session) => {
    const { KeyId } = await newKey(session, { Tags: [tag(1), tag(2), tag(3)] })
    const before = await listTags(session, KeyId)
    await ok(session, 'UntagResource', { KeyId, TagKeys: ['tag2'] })
    return {
      'list-resource-tags': before,
      'list-resource-tags-after-partially-untagged': await listTags(session, KeyId),
    }
  },

  test_create_key_with_too_many_tags_raises_error: async ({ call }) => ({
    'invalid-tag-key': await call('CreateKey', { Tags: Array.from({ length: 51 }, (_, number) => tag(number)) }),
  }),

  test_tag_existing_key_with_invalid_tag_key: async (session) => {
    const { KeyId } = await newKey(session, {})
    const Tags = [{ TagKey: 'aws:key1', TagValue: 'value1' }]
    return { 'invalid-tag-key': await session.call('TagResource', { KeyId, Tags }) }
  },

  test_key_with_long_tag_value_raises_error: async (session) => {
    const { KeyId } = await newKey(session, {})
    const Tags = [{ TagKey: 'test', TagValue: 'v'.repeat(257) }]
    return { 'too-long-tag-value': await session.call('TagResource', { KeyId, Tags }) }
  },

  test_create_key_with_invalid_tag_key: async ({ call }, what) => {
    const TagKey = what === 'lowercase_prefix' ? 'aws:key1' : 'a'.repeat(129)
    return { 'invalid-tag-key': await call('CreateKey', { Tags: [{ TagKey, TagValue: 'value1' }] }) }
  },

  test_rotate_key_on_demand_modifies_key_material: async (session) => {
    const { KeyId } = await keyNamedByArn(session, {})
    const encrypt = async () => (await ok(session, 'Encrypt', { KeyId, Plaintext: base64('x') })).CiphertextBlob
    const before = await encrypt()
    const rotated = await session.call('RotateKeyOnDemand', { KeyId })
    session.settle()
    expect(await encrypt()).not.toBe(before)
    return { 'rotate-on-demand-response': rotated }
  },

  test_rotate_key_on_demand_raises_error_given_key_that_does_not_exist: async ({ call, bindings }) => {
    const KeyId = '1234abcd-12ab-34cd-56ef-1234567890ab'
    bindings.set('<key-arn>', `arn:aws:kms:us-east-1:${bindings.get('<account>')}:key/${KeyId}`)
    return { 'error-response': await call('RotateKeyOnDemand', { KeyId }) }
  },

  test_rotate_key_on_demand_updates_current_key_material_for_external_keys: async (session) => {
    const created = await session.call('CreateKey', { Origin: 'EXTERNAL', Description: 'test-key' })
    const key = created.body.KeyMetadata as Metadata
    const { KeyId } = key
    const encrypt = () => session.call('Encrypt', { KeyId, Plaintext: base64('x') })
    const played: Played = {
      'create-kms-external-key': metadataOf(created),
      'get-import-parameters-response': await session.call('GetParametersForImport', {
        KeyId,
        WrappingAlgorithm: 'RSAES_OAEP_SHA_256',
        WrappingKeySpec: 'RSA_2048',
      }),
      'describe-empty-key-response': await describe(session, key),
      'import-key-material-response': await importMaterial(session, key, randomBytes(32)),
      'describe-key-with-material-response': await describe(session, key),
      'kms-encrypt-initial-response': await encrypt(),
      'import-new-key-material-response': await importMaterial(session, key, randomBytes(32), {
        ImportType: 'NEW_KEY_MATERIAL',
      }),
      'describe-key-with-new-material-response': await describe(session, key),
      'rotate-key-on-demand-response': await session.call('RotateKeyOnDemand', { KeyId }),
    }
    session.settle()
    return {
      ...played,
      'describe-key-after-rotation': await describe(session, key),
      'kms-encrypt-rotated-key-response': await encrypt(),
    }
  },

  test_rotate_key_on_demand_for_external_keys_decrypts_with_previous_material: async (session) => {
    const created = await session.call('CreateKey', { Origin: 'EXTERNAL', Description: 'test-key' })
    const key = created.body.KeyMetadata as Metadata
    const { KeyId } = key
    const imported = await importMaterial(session, key, randomBytes(32))
    const Plaintext = base64('from before')
    const encrypted = await session.call('Encrypt', { KeyId, Plaintext })
    await importMaterial(session, key, randomBytes(32), { ImportType: 'NEW_KEY_MATERIAL' })
    const rotated = await session.call('RotateKeyOnDemand', { KeyId })
    session.settle()
    const opened = await ok(session, 'Decrypt', { KeyId, CiphertextBlob: encrypted.body.CiphertextBlob })
    expect(opened.Plaintext).toBe(Plaintext)
    return {
      'create-kms-external-key': metadataOf(created),
      'import-key-material-response': imported,
      'kms-encrypt-initial-response': encrypted,
      'rotate-key-on-demand-response': rotated,
    }
  },

  test_get_parameters_for_import: async (session) => {
    const external = await newKey(session, { Origin: 'EXTERNAL' })
    const parameters = await importParameters(session, external.KeyId, 'RSAES_OAEP_SHA_256')
    expect(Object.keys(parameters).toSorted()).toEqual(['ImportToken', 'KeyId', 'ParametersValidTo', 'PublicKey'])
    return { 'response-error': await importOnKeyOfKms(session) }
  },

  test_get_parameters_for_import_raises_for_non_external_kms_keys: async (session) => ({
    'get-import-parameters-error': await importOnKeyOfKms(session),
  }),

  test_import_key_symmetric: async (session) => {
    const created = await session.call('CreateKey', describedKey(session, { Origin: 'EXTERNAL' }))
    const key = created.body.KeyMetadata as Metadata
    const { KeyId } = key
    const encrypt = () => session.call('Encrypt', { KeyId, Plaintext: base64('x') })
    const material = randomBytes(32)
    const played: Played = {
      'created-key': metadataOf(created),
      'encrypt-before-import-error': await encrypt(),
      'describe-key-before-import': await describe(session, key),
      'import-expiring-key-without-valid-to': await importMaterial(session, key, material, {
        ExpirationModel: undefined,
      }),
    }
    await importMaterial(session, key, material)
    const imported = await describe(session, key)
    const { CiphertextBlob } = (await encrypt()).body
    expect((await ok(session, 'Decrypt', { CiphertextBlob })).Plaintext).toBe(base64('x'))
    return {
      ...played,
      'describe-key-after-import': imported,
      'describe-key-after-deleted-import': await deleteMaterial(session, key),
      'encrypt-after-delete-error': await encrypt(),
    }
  },

  test_import_key_ecc_keys: async (session, KeySpec = '') => {
    const key = await newKey(session, { ...signing(KeySpec), Origin: 'EXTERNAL', Description: 'test ecc key import' })
    const before = await describe(session, key)
    const pair = generateKeyPairSync('ec', { namedCurve: CURVES[KeySpec] ?? '' })
    await importMaterial(session, key, pair.privateKey.export({ format: 'der', type: 'pkcs8' }))
    const imported = await describe(session, key)
    const request = { KeyId: key.KeyId, Message: base64('a message'), SigningAlgorithm: ECDSA[KeySpec] }
    const signed = await session.call('Sign', request)
    const verified = await session.call('Verify', { ...request, Signature: signed.body.Signature })
    const { PublicKey } = await ok(session, 'GetPublicKey', { KeyId: key.KeyId })
    expect(PublicKey).toBe(base64(pair.publicKey.export({ format: 'der', type: 'spki' })))
    return {
      'describe-key-before-import': before,
      'describe-key-after-import': imported,
      'sign-result': signed,
      'verify-result': verified,
      'describe-key-after-deleted-import': await deleteMaterial(session, key),
    }
  },

  test_import_key_hmac_keys: async (session, KeySpec = '') => {
    const key = await newKey(session, { ...hmac(KeySpec), Origin: 'EXTERNAL', Description: 'test import hmac key' })
    const before = await describe(session, key)
    await importMaterial(session, key, randomBytes(Number(KeySpec.slice(5)) / 8))
    const imported = await describe(session, key)
    const MacAlgorithm = `HMAC_SHA_${KeySpec.slice(5)}`
    const request = { KeyId: key.KeyId, Message: base64('a message'), MacAlgorithm }
    const made = await session.call('GenerateMac', request)
    const verified = await session.call('VerifyMac', { ...request, Mac: made.body.Mac })
    return {
      'describe-key-before-import': before,
      'describe-key-after-import': imported,
      'generate-mac-response': made,
      'verify-mac-response': verified,
      'describe-key-after-deleted-import': await deleteMaterial(session, key),
    }
  },

  test_import_key_rsa_aes_wrap_sha256: async (session) => {
    const input = { KeySpec: 'RSA_4096', KeyUsage: 'ENCRYPT_DECRYPT', Origin: 'EXTERNAL', Description: 'test-key' }
    const key = await newKey(session, input)
    const before = await describe(session, key)
    const pair = generateKeyPairSync('rsa', { modulusLength: 4096 })
    const pkcs8 = pair.privateKey.export({ format: 'der', type: 'pkcs8' })
    await importMaterial(session, key, pkcs8, {}, 'RSA_AES_KEY_WRAP_SHA_256')
    const imported = await describe(session, key)
    const { PublicKey } = await ok(session, 'GetPublicKey', { KeyId: key.KeyId })
    expect(PublicKey).toBe(base64(pair.publicKey.export({ format: 'der', type: 'spki' })))
    return {
      'describe-before-import': before,
      'import-key-material-response': imported,
      'describe-key-after-deleted-import': await deleteMaterial(session, key),
    }
  },

  /** Recorded without answers: what held is that the signature fits outside, the salt being as long as the digest. */
  test_verify_salt_length: async (session, KeySpec = '', SigningAlgorithm = '') => {
    const { KeyId } = await newKey(session, signing(KeySpec))
    const { Signature } = await ok(session, 'Sign', { KeyId, Message: base64('a message'), SigningAlgorithm })
    const { PublicKey } = await ok(session, 'GetPublicKey', { KeyId })
    const key = createPublicKey({ key: bytesOf(PublicKey), format: 'der', type: 'spki' })
    const bits = Number(SigningAlgorithm.slice(-3))
    const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: bits / 8 }
    const options = { key, ...(SigningAlgorithm.startsWith('RSASSA_PSS') ? pss : {}) }
    expect(verify(`sha${bits}`, Buffer.from('a message'), options, bytesOf(Signature))).toBe(true)
    return {}
  },
}

async function importOnKeyOfKms(session: Session): Promise<Answer> {
  const { KeyId } = await keyNamedByArn(session, {})
  return session.call('GetParametersForImport', {
    KeyId,
    WrappingAlgorithm: 'RSAES_OAEP_SHA_256',
    WrappingKeySpec: 'RSA_2048',
  })
}

/** Cases that are not done again, and why. */
export const SKIPPED: Record<string, string> = {
  test_rotate_key_on_demand_raises_error_given_key_with_imported_key_material:
    'recorded in March 2025; since then AWS rotates imported material too, as the recordings of November 2025 show',
  'test_sign_verify[ECC_NIST_P256-ECDSA_SHA_384]': 'nothing was recorded: the pair of key spec and algorithm is none',
  'test_sign_verify[ECC_SECG_P256K1-ECDSA_SHA_512]': 'nothing was recorded: the pair of key spec and algorithm is none',
}
