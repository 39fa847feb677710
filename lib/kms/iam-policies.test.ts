// The IAM policies of docs/iam against what the gateway really sends.

import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'

const oneOrMore = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat())
const policySchema = z.strictObject({
  Version: z.literal('2012-10-17'),
  Statement: z.array(
    z.strictObject({
      Sid: z.string(),
      Effect: z.literal('Allow'),
      Action: oneOrMore,
      Resource: oneOrMore,
      Condition: z.record(z.string(), z.record(z.string(), z.string())).optional(),
    }),
  ),
})

const statementsOf = (name: string) =>
  policySchema.parse(JSON.parse(readFileSync(`docs/iam/${name}.json`, 'utf8'))).Statement
const actionsOf = (name: string) => statementsOf(name).flatMap(({ Action }) => Action)

/** The operations of all commands that the gateway makes. */
const sent = new Set(
  readdirSync('lib/kms')
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .flatMap((file) => [...readFileSync(`lib/kms/${file}`, 'utf8').matchAll(/new ([A-Za-z]+)Command\(/g)])
    .map(([, operation]) => `kms:${operation}`),
)
const READS = /^kms:(List|Get|Describe)[A-Za-z]+$/
/** What KMS asks for beside the call itself: tags and policies of new keys, and the role of multi-Region keys. */
const ASKED_BESIDES = ['kms:TagResource', 'kms:PutKeyPolicy', 'iam:CreateServiceLinkedRole']

describe('docs/iam', () => {
  it('allows every operation that the gateway sends, and none that nobody needs', () => {
    expect(sent.size).toBeGreaterThan(15)
    const allowed = [...actionsOf('viewer'), ...actionsOf('operator')]
    expect(allowed.toSorted()).toEqual([...sent, ...ASKED_BESIDES].toSorted())
  })

  it('lets a viewer read and nothing else', () => {
    for (const action of actionsOf('viewer')) expect(action).toMatch(READS)
    expect(actionsOf('viewer').toSorted()).toEqual([...sent].filter((action) => READS.test(action)).toSorted())
  })

  it('gives to the operator what changes something, by name and never for all keys of all accounts', () => {
    for (const { Action, Resource, Condition } of statementsOf('operator')) {
      for (const action of Action) expect(action).toMatch(/^(kms|iam):[A-Za-z]+$/)
      for (const resource of Resource) {
        if (resource === '*')
          expect([Action, Condition]).toEqual([['kms:CreateKey'], { Bool: { 'kms:MultiRegion': 'true' } }])
        else expect(resource).toMatch(/^arn:aws:(kms:\*|iam:):111122223333:/)
      }
    }
  })
})
