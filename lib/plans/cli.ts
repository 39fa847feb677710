// CLI: each step as `aws` commands that a person can paste, one after another, into a POSIX shell.

import { keyArn, parseKeyArn } from '@/lib/topology/family'
import { algorithmFor } from '@/lib/topology/key-spec'
import type { CallInput, KeyRef, Outcome, Ref } from './plan'
import { isPlain, quote, visibleJson } from './quoting'
import type { StepDraft } from './steps'

/** What a step's text needs to know beyond the step. */
export interface CliContext {
  steps: readonly StepDraft[]
  partition: string
  /** Null while no ARN has been read. */
  account: string | null
}

const isRef = (value: unknown): value is Ref => typeof value === 'object' && value !== null && 'step' in value

/** The shell variable that holds a key id made by a step: plain where only one is made. */
function variableOf({ step }: Ref, { steps }: CliContext): string {
  const makers = steps.filter((each) => each.does === 'call' && each.operation === 'CreateKey')
  return makers.length > 1 ? `KEY_ID_${step}` : 'KEY_ID'
}

const keyWord = (keyId: KeyRef, context: CliContext) =>
  isRef(keyId) ? `"$${variableOf(keyId, context)}"` : quote(keyId)

/** The ARN of one member: the same key id in the target's own Region. */
function arnWord(keyId: KeyRef, region: string, context: CliContext): string {
  const { partition, account } = context
  if (account === null) {
    const describe = `aws kms describe-key --region ${quote(region)} --key-id ${keyWord(keyId, context)}`
    return `"$(${describe} --query KeyMetadata.Arn --output text)"`
  }
  if (!isRef(keyId)) return quote(keyArn({ partition, region, account, keyId }))
  return `"${keyArn({ partition, region, account, keyId: `$${variableOf(keyId, context)}` })}"`
}

const kebab = (name: string) => name.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => `-${letter}`).toLowerCase()

/** Options of a call in the order of its input. */
function optionsOf(input: CallInput, context: CliContext): string[] {
  const hidden: Record<string, string> = {}
  const options: string[] = []
  for (const [name, value] of Object.entries(input)) {
    const option = `--${kebab(name)}`
    if (isRef(value)) options.push(`${option} ${keyWord(value, context)}`)
    else if (typeof value === 'boolean') options.push(value ? option : `--no-${kebab(name)}`)
    else if (typeof value === 'number') options.push(`${option} ${value}`)
    else if (typeof value === 'string' && !isPlain(value)) hidden[name] = value
    // With `=`, a value that begins with a dash is not taken for an option.
    else if (typeof value === 'string')
      options.push(value.startsWith('-') ? `${option}=${quote(value)}` : `${option} ${quote(value)}`)
    else options.push(`${option} ${quote(visibleJson(value))}`)
  }
  if (Object.keys(hidden).length > 0) options.push(`--cli-input-json ${quote(visibleJson(hidden))}`)
  return options
}

const aws = (operation: string, region: string, options: string[]) =>
  ['aws kms', kebab(operation), `--region ${quote(region)}`, ...options].join(' ')

const POLL_SECONDS = 2

/** A loop that ends once the command prints a whole line that matches; a command that fails prints none. */
const until = (command: string, grep: string) => `until ${command} | grep ${grep}; do sleep ${POLL_SECONDS}; done`

const describe = (keyId: KeyRef, region: string, query: string, context: CliContext) =>
  aws('DescribeKey', region, [`--key-id ${keyWord(keyId, context)}`, `--query ${quote(query)}`, '--output text'])

/** The loops that wait for an outcome; some outcomes are seen in two Regions. */
function waitsFor(outcome: Outcome, context: CliContext): string[] {
  switch (outcome.is) {
    case 'member-state': {
      const states = outcome.states.map((state) => `-e ${quote(state)}`).join(' ')
      return [until(describe(outcome.keyId, outcome.region, 'KeyMetadata.KeyState', context), `-qx ${states}`)]
    }
    case 'member-exists':
      return [until(describe(outcome.keyId, outcome.region, 'KeyMetadata.KeyState', context), '-q .')]
    case 'primary': {
      const query =
        "join(' ', KeyMetadata.[MultiRegionConfiguration.MultiRegionKeyType, MultiRegionConfiguration.PrimaryKey.Region, KeyState])"
      return [
        [outcome.from, `REPLICA ${outcome.to} Enabled`],
        [outcome.to, `PRIMARY ${outcome.to} Enabled`],
      ].map(([region = '', line = '']) => until(describe(outcome.keyId, region, query, context), `-qx ${quote(line)}`))
    }
    case 'alias': {
      const { region, name, keyId } = outcome
      const query = `Aliases[?AliasName=='${name}'].TargetKeyId`
      const list = aws('ListAliases', region, [`--query ${quote(query)}`, '--output text'])
      return keyId === null
        ? [`while ${list} | grep -q .; do sleep ${POLL_SECONDS}; done`]
        : [until(list, `-qx ${keyWord(keyId, context)}`)]
    }
    case 'rotation': {
      const { keyId, region, enabled, periodInDays } = outcome
      const withPeriod = enabled && periodInDays !== undefined
      const query = withPeriod
        ? "join(' ', [to_string(KeyRotationEnabled), to_string(RotationPeriodInDays)])"
        : 'to_string(KeyRotationEnabled)'
      const status = aws('GetKeyRotationStatus', region, [
        `--key-id ${keyWord(keyId, context)}`,
        `--query ${quote(query)}`,
        '--output text',
      ])
      return [until(status, `-qx ${quote(withPeriod ? `${enabled} ${periodInDays}` : `${enabled}`)}`)]
    }
    case 'rotated': {
      const material = describe(outcome.keyId, outcome.region, 'KeyMetadata.CurrentKeyMaterialId', context)
      return [until(material, `-qvx -e ${quote(outcome.materialBefore ?? 'None')}`)]
    }
    case 'key-created':
    case 'proven':
      return []
  }
}

interface ProofCommands {
  make: { operation: string; input: string; algorithm: string; output: string }
  attempt: (region: string, arn: string, file: string) => string
}

/** How one usage makes something and tries it; files hold the bytes, so that nothing is lost on the way. */
function proofCommands(keyUsage: string, algorithm: string): ProofCommands | null {
  const ok = (region: string) => `echo ${quote(`${region} proven`)}`
  switch (keyUsage) {
    case 'ENCRYPT_DECRYPT':
      return {
        make: {
          operation: 'Encrypt',
          input: '--plaintext',
          algorithm: `--encryption-algorithm ${quote(algorithm)}`,
          output: 'CiphertextBlob',
        },
        attempt: (region, arn, file) => {
          const decrypt = aws('Decrypt', region, [
            `--key-id ${arn}`,
            `--ciphertext-blob fileb://${file}.blob`,
            `--encryption-algorithm ${quote(algorithm)}`,
            '--query Plaintext',
            '--output text',
          ])
          return `${decrypt} | base64 --decode | cmp - ${file}.text && ${ok(region)}`
        },
      }
    case 'SIGN_VERIFY':
      return {
        make: {
          operation: 'Sign',
          input: '--message-type RAW --message',
          algorithm: `--signing-algorithm ${quote(algorithm)}`,
          output: 'Signature',
        },
        attempt: (region, arn, file) =>
          `${aws('Verify', region, [
            `--key-id ${arn}`,
            '--message-type RAW',
            `--message fileb://${file}.text`,
            `--signature fileb://${file}.blob`,
            `--signing-algorithm ${quote(algorithm)}`,
          ])} && ${ok(region)}`,
      }
    case 'GENERATE_VERIFY_MAC':
      return {
        make: {
          operation: 'GenerateMac',
          input: '--message',
          algorithm: `--mac-algorithm ${quote(algorithm)}`,
          output: 'Mac',
        },
        attempt: (region, arn, file) =>
          `${aws('VerifyMac', region, [
            `--key-id ${arn}`,
            `--message fileb://${file}.text`,
            `--mac fileb://${file}.blob`,
            `--mac-algorithm ${quote(algorithm)}`,
          ])} && ${ok(region)}`,
      }
    default:
      return null
  }
}

function proofText(step: Extract<StepDraft, { does: 'prove' }>, number: number, context: CliContext): string {
  const algorithm = algorithmFor(step.keySpec, step.keyUsage)
  const commands = algorithm === null ? null : proofCommands(step.keyUsage, algorithm)
  if (!commands) return `# The AWS CLI has no proof for keys of the usage ${step.keyUsage}.`
  const { make, attempt } = commands
  const file = `proof-${number}`
  const made = aws(make.operation, step.region, [
    `--key-id ${arnWord(step.keyId, step.region, context)}`,
    `${make.input} fileb://${file}.text`,
    make.algorithm,
    `--query ${make.output}`,
    '--output text',
  ])
  const files = step.baseline === undefined ? [file] : [`proof-${step.baseline}`, file]
  return [
    `head -c 32 /dev/urandom > ${file}.text`,
    `${made} | base64 --decode > ${file}.blob`,
    ...files.flatMap((each) =>
      step.inRegions.map((region) => attempt(region, arnWord(step.keyId, region, context), each)),
    ),
  ].join('\n')
}

/**
 * The commands of step `number` (counted from 1). They are run in the order of the plan, in one shell: a key id
 * that is born in a step is a variable of that shell, and waits are loops.
 *
 * A Decrypt, Verify or VerifyMac names the ARN of the target's own member: the ARN of another Region is refused with
 * `Invalid arn` (KMS Developer Guide, "How multi-Region keys work").
 */
export function cliFor(step: StepDraft, number: number, context: CliContext): string {
  switch (step.does) {
    case 'wait':
      return waitsFor(step.done, context).join('\n')
    case 'prove':
      return proofText(step, number, context)
    case 'call': {
      const command = aws(step.operation, step.region, optionsOf(step.input, context))
      if (step.operation !== 'CreateKey') return command
      return `${variableOf({ step: number, field: 'keyId' }, context)}=$(${command} --query KeyMetadata.KeyId --output text)`
    }
  }
}

/** The context of a plan's texts: the account as the topology or any ARN of it tells. */
export const cliContext = (
  topology: { partition: string; account: string | null; families: { members: { arn: string }[] }[] },
  steps: readonly StepDraft[],
): CliContext => ({
  steps,
  partition: topology.partition,
  account: topology.account ?? parseKeyArn(topology.families[0]?.members[0]?.arn ?? '')?.account ?? null,
})
