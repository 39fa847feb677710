// The AWS CLI against the emulator, as a person would type it into a shell.

import {
  DescribeKeyCommand,
  GetKeyRotationStatusCommand,
  ListAliasesCommand,
  ListKeysCommand,
} from '@aws-sdk/client-kms'
import { describe, expect, it } from 'vitest'
import { arnOf, DAY_MS, emulate, type TestEmulator } from '../test-emulator.ts'
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
KEY=$(aws kms create-key --description 'first try' --tags TagKey=team,TagValue=orders TagKey=draft,TagValue=yes \
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
aws kms update-key-description --key-id "$KEY" --description 'orders, encrypted' &
wait
aws kms list-resource-tags --key-id "$KEY" --query 'Tags[].[TagKey,TagValue]' --output text
aws kms get-key-policy --key-id "$KEY" --policy-name default --query Policy --output text |
  diff -B - policy.json && echo same policy
aws kms describe-key --key-id "$KEY" --query KeyMetadata.Description --output text`,
    )
    expect(lines).toEqual(['Stage\t', 'team\torders', 'same policy', 'orders, encrypted'])
  })

  it.skipIf(skippedWithoutOpenssl)('signs what openssl verifies', async () => {
    const emulator = await emulate({ realTime: true })
    const lines = await linesOf(
      emulator,
      String.raw`
SIGNING=$(aws kms create-key --key-spec ECC_NIST_P256 --key-usage SIGN_VERIFY --query KeyMetadata.KeyId --output text)
printf 'order 17' > order.txt
aws kms sign --key-id "$SIGNING" --message fileb://order.txt --signing-algorithm ECDSA_SHA_256 \
  --query Signature --output text | base64 --decode > signature &
aws kms get-public-key --key-id "$SIGNING" --query PublicKey --output text | base64 --decode > public.der &
wait
aws kms verify --key-id "$SIGNING" --message fileb://order.txt --signature fileb://signature \
  --signing-algorithm ECDSA_SHA_256 --query SignatureValid
openssl dgst -sha256 -verify public.der -keyform DER -signature signature order.txt`,
    )
    expect(lines).toEqual(['true', 'Verified OK'])
  })

  it.skipIf(skippedWithoutOpenssl)('makes a data key pair, whose private key opens again', async () => {
    const emulator = await emulate({ realTime: true })
    const lines = await linesOf(
      emulator,
      String.raw`
KEY=$(aws kms create-key --query KeyMetadata.KeyId --output text)
aws kms generate-data-key-pair-without-plaintext --key-id "$KEY" --key-pair-spec RSA_2048 \
  --encryption-context use=test --query '[PrivateKeyCiphertextBlob,PublicKey]' --output text > pair
cut -f1 pair | base64 --decode > private.encrypted
cut -f2 pair | base64 --decode > public.der
aws kms decrypt --ciphertext-blob fileb://private.encrypted --encryption-context use=test \
  --query Plaintext --output text | base64 --decode > private.der
openssl pkey -inform DER -in private.der -pubout -outform DER | cmp - public.der && echo one pair`,
    )
    expect(lines).toEqual(['one pair'])
  })

  it('schedules a deletion and takes it back', async () => {
    const emulator = await emulate({ realTime: true })
    const lines = await linesOf(
      emulator,
      String.raw`
KEY=$(aws kms create-key --query KeyMetadata.KeyId --output text)
aws kms schedule-key-deletion --key-id "$KEY" --pending-window-in-days 7 \
  --query '[KeyState,PendingWindowInDays]' --output text
aws kms describe-key --key-id "$KEY" --query KeyMetadata.DeletionDate --output text
aws kms cancel-key-deletion --key-id "$KEY" --query KeyId --output text
aws kms enable-key --key-id "$KEY"
aws kms describe-key --key-id "$KEY" --query 'KeyMetadata.[KeyId,KeyState]' --output text`,
    )
    const [scheduled = '', date = '', cancelled = '', described = ''] = lines
    const KeyId = described.split('\t')[0] ?? ''
    expect(scheduled).toBe('PendingDeletion\t7')
    const days = (timeOf(date) - emulator.now()) / DAY_MS
    expect(days).toBeGreaterThan(6.9)
    expect(days).toBeLessThanOrEqual(7)
    expect(cancelled).toBe(arnOf('us-east-1', KeyId))
    expect(described).toBe(`${KeyId}\tEnabled`)
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

  it('prints refusals as those of AWS, and ends with its exit code for them', async () => {
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
aws kms disable-key --key-id "$KEY"
printf x > x
refused aws kms encrypt --key-id "$KEY" --plaintext fileb://x > disabled &
refused aws kms describe-key --key-id alias/nobody > alias &
refused aws kms describe-key --region eu-west-1 --key-id "$KEY" > elsewhere &
refused aws kms create-alias --alias-name nobody --target-key-id "$KEY" > prefix &
refused aws kms decrypt --ciphertext-blob fileb://x > ciphertext &
wait
echo "$KEY"
cat disabled alias elsewhere prefix ciphertext`,
    )
    const [version = '', KeyId = '', ...refusals] = lines
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
