// The AWS CLI against the emulator, as a person would type it into a shell.

import {
  DescribeKeyCommand,
  GetKeyRotationStatusCommand,
  ListAliasesCommand,
  ListKeysCommand,
} from '@aws-sdk/client-kms'
import { describe, expect, it } from 'vitest'
import { ACCOUNT, arnOf, DAY_MS, emulate, type TestEmulator } from '../tests/test-emulator.ts'
import {
  answersWell,
  awsEnvironment,
  blocksOfReadme,
  EXAMPLE_URL,
  runShell,
  skipped,
  temporaryFolder,
  towards,
} from './programs-for-tests.ts'

const reason = !answersWell('aws', '--version')
  ? 'there is no aws on the PATH'
  : !answersWell('bash', '--version')
    ? 'there is no bash on the PATH'
    : undefined
const skip = skipped('AWS CLI', reason)

const noOpenssl = answersWell('openssl', 'version') ? undefined : 'there is no openssl on the PATH'
const skippedWithoutOpenssl = skip || skipped('AWS CLI with openssl', noOpenssl)

const LIMIT_MS = 300_000

/** Runs a shell text in us-east-1 of an emulator; answers the lines it printed, and fails when it complained. */
async function linesOf(emulator: TestEmulator, text: string): Promise<string[]> {
  const folder = temporaryFolder()
  const env = awsEnvironment(folder, { ...towards(emulator.url), AWS_DEFAULT_REGION: 'us-east-1' })
  const { code, out, error, all } = await runShell(text, { folder, env })
  expect([code, error], all).toEqual([0, ''])
  return out.trimEnd().split('\n')
}

/** Version 1 prints the seconds of the wire, version 2 a date. */
const timeOf = (printed: string) => (/^[\d.]+$/.test(printed) ? Number(printed) * 1000 : Date.parse(printed))

const describeIn = async (emulator: TestEmulator, region: string, KeyId: string) =>
  (await emulator.kms(region).send(new DescribeKeyCommand({ KeyId }))).KeyMetadata

describe.skipIf(skip)('the AWS CLI', { timeout: LIMIT_MS }, () => {
  it('walks what the README shows, from the first key to a promotion', async () => {
    const emulator = await emulate({ realTime: true })
    const [text = ''] = blocksOfReadme('With the AWS CLI', 'sh')
    expect(text).toContain('update-primary-region')
    const folder = temporaryFolder()
    const typed = text.replaceAll(EXAMPLE_URL, emulator.url)
    const { code, out, error, all } = await runShell(typed, { folder, env: awsEnvironment(folder) })
    expect([code, error], all).toEqual([0, ''])

    const { Aliases = [] } = await emulator.kms().send(new ListAliasesCommand({}))
    const KeyId = Aliases[0]?.TargetKeyId ?? ''
    for (const region of ['eu-west-1', 'us-west-2', 'ap-northeast-1']) {
      expect(out).toContain(`${arnOf(region, KeyId)}\tCreating\n`)
      const there = await emulator.kms(region).send(new ListAliasesCommand({}))
      expect(there.Aliases).toMatchObject([{ AliasName: 'alias/orders', TargetKeyId: KeyId }])
    }
    expect(out).toContain('"RotationPeriodInDays": 180')
    expect(out).toContain('\norder 17\n')
    expect(out).toMatch(/"MultiRegionKeyType": "REPLICA",\s+"PrimaryKey": {\s+"Arn": ".+",\s+"Region": "eu-west-1"/)

    const regions = ['us-east-1', 'eu-west-1', 'us-west-2', 'ap-northeast-1']
    const members = await Promise.all(regions.map((region) => describeIn(emulator, region, KeyId)))
    expect(members.map((key) => `${key?.MultiRegionConfiguration?.MultiRegionKeyType} ${key?.KeyState}`)).toEqual([
      'REPLICA Enabled',
      'PRIMARY Enabled',
      'REPLICA Enabled',
      'REPLICA Enabled',
    ])
    const rotation = await emulator.kms('us-west-2').send(new GetKeyRotationStatusCommand({ KeyId }))
    expect(rotation).toMatchObject({ KeyRotationEnabled: true, RotationPeriodInDays: 180 })
  })

  it('tags a key, sets its policy and reads both back', async () => {
    const emulator = await emulate({ realTime: true })
    const lines = await linesOf(
      emulator,
      String.raw`
ACCOUNT=$(aws sts get-caller-identity --query Account --output text)
KEY=$(aws kms create-key --tags TagKey=team,TagValue=orders TagKey=draft,TagValue=yes \
  --query KeyMetadata.KeyId --output text)
cat > policy.json <<END
{ "Version": "2012-10-17", "Statement": [
  { "Effect": "Allow", "Principal": { "AWS": "arn:aws:iam::$ACCOUNT:root" }, "Action": "kms:*", "Resource": "*" },
  { "Effect": "Allow", "Principal": { "AWS": "*" }, "Action": "kms:Decrypt", "Resource": "*",
    "Condition": { "StringEquals": { "kms:CallerAccount": "$ACCOUNT" } } }
] }
END
aws kms put-key-policy --key-id "$KEY" --policy-name default --policy file://policy.json &
aws kms untag-resource --key-id "$KEY" --tag-keys draft &
aws kms tag-resource --key-id "$KEY" --tags TagKey=Stage,TagValue= &
wait
aws kms list-resource-tags --key-id "$KEY" --query 'Tags[].[TagKey,TagValue]' --output text
aws kms get-key-policy --key-id "$KEY" --policy-name default --query Policy --output text |
  diff -B - policy.json && echo same policy`,
    )
    expect(lines).toEqual(['Stage\t', 'team\torders', 'same policy'])
  })

  it.skipIf(skippedWithoutOpenssl)('signs what openssl verifies, and makes a key pair that openssl takes', async () => {
    const emulator = await emulate({ realTime: true })
    const lines = await linesOf(
      emulator,
      String.raw`
printf 'order 17' > order.txt
aws kms create-key --key-spec ECC_NIST_P256 --key-usage SIGN_VERIFY --query KeyMetadata.KeyId --output text > signing &
aws kms create-key --query KeyMetadata.KeyId --output text > wrapping &
wait
aws kms sign --key-id "$(cat signing)" --message fileb://order.txt --signing-algorithm ECDSA_SHA_256 \
  --query Signature --output text | base64 --decode > signature &
aws kms get-public-key --key-id "$(cat signing)" --query PublicKey --output text | base64 --decode > public.der &
aws kms generate-data-key-pair-without-plaintext --key-id "$(cat wrapping)" --key-pair-spec RSA_2048 \
  --encryption-context use=test --query '[PrivateKeyCiphertextBlob,PublicKey]' --output text > pair &
wait
aws kms verify --key-id "$(cat signing)" --message fileb://order.txt --signature fileb://signature \
  --signing-algorithm ECDSA_SHA_256 --query SignatureValid &
cut -f1 pair | base64 --decode > private.encrypted
aws kms decrypt --ciphertext-blob fileb://private.encrypted --encryption-context use=test \
  --query Plaintext --output text | base64 --decode > private.der &
wait
openssl dgst -sha256 -verify public.der -keyform DER -signature signature order.txt
cmp <(openssl pkey -inform DER -in private.der -pubout -outform DER) <(cut -f2 pair | base64 --decode) && echo one pair`,
    )
    expect(lines).toEqual(['true', 'Verified OK', 'one pair'])
  })

  it('creates grants, lists, retires and revokes them', async () => {
    const emulator = await emulate({ realTime: true })
    const lines = await linesOf(
      emulator,
      String.raw`
KEY=$(aws kms create-key --query KeyMetadata.KeyId --output text)
ROLE=arn:aws:iam::111122223333:role/orders
aws kms create-grant --key-id "$KEY" --name orders --grantee-principal "$ROLE" --retiring-principal "$ROLE" \
  --operations Encrypt Decrypt --constraints EncryptionContextSubset={order=17} \
  --query GrantToken --output text > token &
aws kms create-grant --key-id "$KEY" --grantee-principal "$ROLE" --operations DescribeKey \
  --query GrantId --output text > id &
wait
aws kms list-grants --key-id "$KEY" --page-size 1 --output text \
  --query 'Grants[].[Name,GranteePrincipal,Constraints.EncryptionContextSubset.order,Operations[0]]' | LC_ALL=C sort &
aws kms list-retirable-grants --retiring-principal "$ROLE" --query 'Grants[].Name' --output text > retirable &
wait
cat retirable
aws kms retire-grant --grant-token "$(cat token)" &
aws kms revoke-grant --key-id "$KEY" --grant-id "$(cat id)" &
wait
aws kms list-grants --key-id "$KEY" --query 'length(Grants)'`,
    )
    const role = `arn:aws:iam::${ACCOUNT}:role/orders`
    expect(lines).toEqual([`\t${role}\tNone\tDescribeKey`, `orders\t${role}\t17\tEncrypt`, 'orders', '0'])
  })

  it.skipIf(skippedWithoutOpenssl)('imports key material that openssl wrapped, into both members', async () => {
    const emulator = await emulate({ realTime: true })
    const lines = await linesOf(
      emulator,
      String.raw`
import_into() {
  aws kms get-parameters-for-import --region "$1" --key-id "$KEY" --wrapping-key-spec RSA_2048 \
    --wrapping-algorithm RSAES_OAEP_SHA_256 --query '[PublicKey,ImportToken]' --output text > parameters
  cut -f1 parameters | base64 --decode > public.der
  cut -f2 parameters | base64 --decode > token
  openssl pkeyutl -encrypt -pubin -inkey public.der -keyform DER -in material -out wrapped \
    -pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha256 -pkeyopt rsa_mgf1_md:sha256
  aws kms import-key-material --region "$1" --key-id "$KEY" --encrypted-key-material fileb://wrapped \
    --import-token fileb://token --expiration-model KEY_MATERIAL_DOES_NOT_EXPIRE --query KeyMaterialId --output text
}
openssl rand 32 > material
KEY=$(aws kms create-key --origin EXTERNAL --multi-region --query KeyMetadata.KeyId --output text)
import_into us-east-1
aws kms replicate-key --key-id "$KEY" --replica-region eu-west-1 > /dev/null
until aws kms describe-key --region eu-west-1 --key-id "$KEY" | grep -q PendingImport; do :; done
import_into eu-west-1
printf 'order 17' > order.txt
aws kms encrypt --key-id "$KEY" --plaintext fileb://order.txt --query CiphertextBlob --output text |
  base64 --decode > encrypted
aws kms decrypt --region eu-west-1 --key-id "$KEY" --ciphertext-blob fileb://encrypted --query Plaintext --output text |
  base64 --decode`,
    )
    const [here = '', there, opened] = lines
    expect(here).toMatch(/^[0-9a-f]{64}$/)
    expect([there, opened]).toEqual([here, 'order 17'])
  })

  it('pages through keys and aliases', async () => {
    const emulator = await emulate({ realTime: true, scenario: 'demo' })
    const lines = await linesOf(
      emulator,
      String.raw`
aws kms list-keys --query 'Keys[].KeyId' --output text > all &
aws kms list-keys --page-size 3 --query 'Keys[].KeyId' --output text > in-pages &
aws kms list-aliases --page-size 3 --max-items 4 > first.json &
wait
echo $(tr '\t' '\n' < all | sort | uniq | wc -l)
cmp <(tr '\t' '\n' < all) <(tr '\t' '\n' < in-pages) && echo the same
echo $(grep -c '"AliasName"' first.json)
TOKEN=$(sed -n 's/.*"NextToken": "\(.*\)".*/\1/p' first.json)
aws kms list-aliases --page-size 3 --max-items 1000 --starting-token "$TOKEN" > rest.json
echo $(cat first.json rest.json | grep '"AliasName"' | sort | uniq | wc -l)`,
    )
    const keys = await emulator.kms().send(new ListKeysCommand({}))
    const aliases = await emulator.kms().send(new ListAliasesCommand({ Limit: 100 }))
    expect(lines).toEqual([String(keys.Keys?.length), 'the same', '4', String(aliases.Aliases?.length)])
  })

  it('takes a deletion back, and prints refusals as those of AWS with its exit code for them', async () => {
    const emulator = await emulate({ realTime: true })
    const lines = await linesOf(
      emulator,
      `
refused() {
  local code=0 text
  text=$("$@" 2>&1) || code=$?
  echo $code $text
}
aws --version
KEY=$(aws kms create-key --query KeyMetadata.KeyId --output text)
echo "$KEY"
aws kms schedule-key-deletion --key-id "$KEY" --pending-window-in-days 7 --query '[KeyState,DeletionDate]' --output text
aws kms cancel-key-deletion --key-id "$KEY" --query KeyId --output text
printf x > x
refused aws kms encrypt --key-id "$KEY" --plaintext fileb://x > disabled &
refused aws kms describe-key --key-id alias/nobody > alias &
refused aws kms describe-key --region eu-west-1 --key-id "$KEY" > elsewhere &
refused aws kms create-alias --alias-name nobody --target-key-id "$KEY" > prefix &
refused aws kms decrypt --ciphertext-blob fileb://x > ciphertext &
wait
cat disabled alias elsewhere prefix ciphertext`,
    )
    const [version = '', KeyId = '', scheduled = '', cancelled, ...refusals] = lines
    const [state, date = ''] = scheduled.split('\t')
    expect(state).toBe('PendingDeletion')
    const days = (timeOf(date) - emulator.now()) / DAY_MS
    expect(days).toBeGreaterThan(6.9)
    expect(days).toBeLessThanOrEqual(7)
    expect(cancelled).toBe(arnOf('us-east-1', KeyId))
    expect(await describeIn(emulator, 'us-east-1', KeyId)).toMatchObject({ KeyState: 'Disabled' })

    const code = version.startsWith('aws-cli/1.') ? 255 : 254
    const alias = arnOf('us-east-1', '').replace('key/', 'alias/nobody')
    const guide = 'https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html'
    const told = [
      ['DisabledException', 'Encrypt', ` ${arnOf('us-east-1', KeyId)} is disabled.`],
      ['NotFoundException', 'DescribeKey', ` Alias ${alias} is not found.`],
      ['NotFoundException', 'DescribeKey', ` Key '${arnOf('eu-west-1', KeyId)}' does not exist`],
      ['ValidationException', 'CreateAlias', ` Alias must start with the prefix "alias/". Please see ${guide}`],
      ['InvalidCiphertextException', 'Decrypt', ''],
    ]
    expect(refusals).toEqual(
      told.map(
        ([name, operation, message]) =>
          `${code} An error occurred (${name}) when calling the ${operation} operation:${message}`,
      ),
    )
  })
})
