// Terraform with the provider hashicorp/aws against the emulator: apply, a plan that finds nothing to do, destroy.
// The provider comes from a folder of this machine, never from a network.

import { randomBytes } from 'node:crypto'
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  ListAliasesCommand,
  ListGrantsCommand,
  ListResourceTagsCommand,
} from '@aws-sdk/client-kms'
import { describe, expect, it } from 'vitest'
import { ACCOUNT, DAY_MS, emulate, type TestEmulator } from '../tests/test-emulator.ts'
import {
  answersWell,
  awsEnvironment,
  blocksOfReadme,
  EXAMPLE_URL,
  run,
  skipped,
  temporaryFolder,
} from './programs-for-tests.ts'

const CONFIGURATION = fileURLToPath(new URL('terraform', import.meta.url))
const REPLICAS = ['eu-west-1', 'us-west-2', 'ap-northeast-1']
const LIMIT_MS = 900_000

const cliConfiguration = localCliConfiguration()
const reason = !answersWell('terraform', 'version')
  ? 'there is no terraform on the PATH'
  : cliConfiguration === undefined
    ? 'no folder for plugins holds registry.terraform.io/hashicorp/aws for this machine'
    : undefined
const skip = skipped('Terraform', reason)

/** What keeps Terraform to local providers: the user's own file when it does, else one for the first local mirror. */
function localCliConfiguration(): string | undefined {
  const own = process.env.TF_CLI_CONFIG_FILE
  if (own && existsSync(own)) {
    const text = readFileSync(own, 'utf8')
    if (/\bfilesystem_mirror\b|\bdev_overrides\b/.test(text)) return text
  }
  const mirror = mirrorFolders().find(holdsProvider)
  return mirror && `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(mirror)}\n  }\n}\n`
}

function mirrorFolders(): string[] {
  const opt = existsSync('/opt') ? readdirSync('/opt').map((name) => join('/opt', name)) : []
  return [
    join(homedir(), '.terraform.d/plugins'),
    join(homedir(), '.local/share/terraform/plugins'),
    '/usr/local/share/terraform/plugins',
    '/usr/share/terraform/plugins',
    ...opt,
  ]
}

/** Unpacked as VERSION/OS_ARCHITECTURE/, or packed as terraform-provider-aws_VERSION_OS_ARCHITECTURE.zip. */
function holdsProvider(mirror: string): boolean {
  const folder = join(mirror, 'registry.terraform.io/hashicorp/aws')
  const platform = `${process.platform}_${process.arch === 'x64' ? 'amd64' : process.arch}`
  const versions = existsSync(folder) ? readdirSync(folder) : []
  return versions.some((name) => name.endsWith(`_${platform}.zip`) || existsSync(join(folder, name, platform)))
}

/** The provider of the README, and one of its kind for each Region of a replica key. */
function providers(url: string): string {
  const [example = ''] = blocksOfReadme('With Terraform', 'hcl')
  const here = example.replaceAll(EXAMPLE_URL, url)
  const elsewhere = REPLICAS.map((region) =>
    here.replace(/^( *)region( *)= "us-east-1"$/m, `$1alias $2= "${region}"\n$&`).replace('us-east-1', region),
  )
  return [here, ...elsewhere].join('\n')
}

/** Terraform in a folder of its own, with what it took told at the end. */
function terraformFor(emulator: TestEmulator, variables: Record<string, string>) {
  const folder = temporaryFolder()
  cpSync(CONFIGURATION, folder, { recursive: true })
  writeFileSync(join(folder, 'providers.tf'), providers(emulator.url))
  writeFileSync(join(folder, 'terraform.rc'), cliConfiguration ?? '')
  const env = awsEnvironment(folder, {
    TF_CLI_CONFIG_FILE: join(folder, 'terraform.rc'),
    TF_IN_AUTOMATION: '1',
    CHECKPOINT_DISABLE: '1',
    ...Object.fromEntries(Object.entries(variables).map(([name, value]) => [`TF_VAR_${name}`, value])),
    // The provider spends most of its time on starting, once a Region for each step.
    GOGC: '400',
  })
  const times: string[] = []
  return {
    times,
    /** Fails with what Terraform printed when it ends otherwise than with the code that is expected. */
    async run(command: string, args: string[] = [], code = 0): Promise<string> {
      const began = performance.now()
      const ended = await run('terraform', [command, '-no-color', ...args], { folder, env })
      times.push(`${command} ${((performance.now() - began) / 1000).toFixed(1)} s`)
      expect(ended.code, `terraform ${command}\n${ended.all}`).toBe(code)
      return ended.out
    },
  }
}

async function memberIn(emulator: TestEmulator, region: string, KeyId: string) {
  const kms = emulator.kms(region)
  const [{ KeyMetadata }, { Policy = '' }, { Tags }, rotation, { Aliases = [] }, { Grants = [] }] = await Promise.all([
    kms.send(new DescribeKeyCommand({ KeyId })),
    kms.send(new GetKeyPolicyCommand({ KeyId })),
    kms.send(new ListResourceTagsCommand({ KeyId })),
    kms.send(new GetKeyRotationStatusCommand({ KeyId })),
    kms.send(new ListAliasesCommand({ KeyId })),
    kms.send(new ListGrantsCommand({ KeyId })),
  ])
  return {
    state: `${KeyMetadata?.MultiRegionConfiguration?.MultiRegionKeyType} ${KeyMetadata?.KeyState}`,
    description: KeyMetadata?.Description,
    policy: JSON.parse(Policy) as unknown,
    tags: Tags?.map(({ TagKey, TagValue }) => `${TagKey}=${TagValue}`),
    rotation: rotation.RotationPeriodInDays,
    aliases: Aliases.map(({ AliasName }) => AliasName),
    grants: Grants.map(({ Name, GranteePrincipal, RetiringPrincipal, Operations, Constraints }) => ({
      Name,
      GranteePrincipal,
      ...(RetiringPrincipal && { RetiringPrincipal }),
      Operations: Operations?.toSorted(),
      ...(Constraints && { Constraints }),
    })),
  }
}

async function stateIn(emulator: TestEmulator, region: string, KeyId: string) {
  return (await emulator.kms(region).send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.KeyState
}

const ROOT = { AWS: `arn:aws:iam::${ACCOUNT}:root` }
const ROLE = `arn:aws:iam::${ACCOUNT}:role/orders`
const SECOND_MS = 1000

describe.skipIf(skip)('Terraform', { timeout: LIMIT_MS }, () => {
  it('applies a family, finds nothing left to do, and destroys it', async () => {
    const emulator = await emulate({ realTime: true })
    const validTo = new Date(Math.floor(emulator.now() / SECOND_MS) * SECOND_MS + 30 * DAY_MS)
    const terraform = terraformFor(emulator, {
      key_material: randomBytes(32).toString('base64'),
      valid_to: validTo.toISOString().replace('.000Z', 'Z'),
    })
    await terraform.run('init')
    const applied = await terraform.run('apply', ['-auto-approve'])
    const [, imported = '', orders = ''] = /\nimported = "(.+)"\norders = "(.+)"\n/.exec(applied) ?? []

    expect(await memberIn(emulator, 'us-east-1', orders)).toEqual({
      state: 'PRIMARY Enabled',
      description: 'orders',
      policy: {
        Version: '2012-10-17',
        Id: 'orders',
        Statement: [
          { Sid: 'Owner', Effect: 'Allow', Principal: ROOT, Action: 'kms:*', Resource: '*' },
          {
            Sid: 'Anyone here',
            Effect: 'Allow',
            Principal: { AWS: '*' },
            Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:GenerateDataKey*'],
            Resource: '*',
            Condition: { StringEquals: { 'kms:CallerAccount': ACCOUNT } },
          },
        ],
      },
      tags: ['Stage=test', 'cost=', 'team=orders'],
      rotation: 180,
      aliases: ['alias/orders'],
      grants: [
        {
          Name: 'orders',
          GranteePrincipal: ROLE,
          RetiringPrincipal: ROLE,
          Operations: ['Decrypt', 'Encrypt', 'GenerateDataKey'],
          Constraints: { EncryptionContextEquals: { team: 'orders' } },
        },
      ],
    })
    for (const region of REPLICAS) {
      expect(await memberIn(emulator, region, orders)).toEqual({
        state: 'REPLICA Enabled',
        description: `orders in ${region}`,
        policy: {
          Version: '2012-10-17',
          Id: `orders-${region}`,
          Statement: [{ Effect: 'Allow', Principal: ROOT, Action: 'kms:*', Resource: '*' }],
        },
        tags: [`Region=${region}`, 'team=orders'],
        rotation: 180,
        aliases: ['alias/orders'],
        grants: [{ Name: '', GranteePrincipal: ROLE, Operations: ['Decrypt'] }],
      })
    }

    const sealed = await emulator
      .kms()
      .send(new EncryptCommand({ KeyId: imported, Plaintext: Buffer.from('order 17') }))
    const { CiphertextBlob } = sealed
    const opened = await emulator.kms('eu-west-1').send(new DecryptCommand({ KeyId: imported, CiphertextBlob }))
    expect(Buffer.from(opened.Plaintext ?? '').toString()).toBe('order 17')
    const { KeyMetadata } = await emulator.kms('eu-west-1').send(new DescribeKeyCommand({ KeyId: imported }))
    expect(KeyMetadata).toMatchObject({ ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo: validTo })

    expect(await terraform.run('plan', ['-detailed-exitcode'])).toContain('No changes.')

    await terraform.run('destroy', ['-auto-approve', '-refresh=false'])
    for (const [keyId, regions] of [
      [orders, REPLICAS],
      [imported, ['eu-west-1']],
    ] as const) {
      expect(await stateIn(emulator, 'us-east-1', keyId)).toBe('PendingReplicaDeletion')
      for (const region of regions) expect(await stateIn(emulator, region, keyId)).toBe('PendingDeletion')
    }
    for (const region of ['us-east-1', ...REPLICAS]) {
      expect((await emulator.kms(region).send(new ListAliasesCommand({}))).Aliases).toEqual([])
      expect((await emulator.kms(region).send(new ListGrantsCommand({ KeyId: orders }))).Grants).toEqual([])
    }
    console.warn(`Terraform: ${terraform.times.join(', ')}`)
  })
})
