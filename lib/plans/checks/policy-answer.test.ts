import { describe, expect, it } from 'vitest'
import { defaultPolicy } from './key-policy'
import { hasConditionOn, type PolicyAnswer, policyAnswer } from './policy-answer'

const ACTION = 'kms:UpdatePrimaryRegion'
const KEY = 'kms:PrimaryRegion'

const policy = (...statements: object[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements })
const everyone = { Principal: '*', Resource: '*' }
const allow = (more: object = {}) => ({ Effect: 'Allow', Action: ACTION, ...everyone, ...more })
const deny = (more: object = {}) => ({ Effect: 'Deny', Action: ACTION, ...everyone, ...more })
const admin = { Principal: { AWS: 'arn:aws:iam::111122223333:role/KeyAdmin' } }
const when = (operator: string, wanted: string | boolean | string[], key = KEY) => ({
  Condition: { [operator]: { [key]: wanted } },
})

describe('policyAnswer', () => {
  it.each<[string, string, PolicyAnswer]>([
    ['leaves it to the account', defaultPolicy('aws', '111122223333'), 'not provable'],
    ['names a principal', policy(allow(admin)), 'not provable'],
    ['names no principal', policy(allow({ Principal: undefined })), 'not provable'],
    ['allows everyone', policy(allow()), 'proven'],
    ['allows every AWS principal', policy(allow({ Principal: { AWS: ['*'] } })), 'proven'],
    ['allows it by a pattern, in any case', policy(allow({ Action: ['kms:encrypt', 'KMS:update*'] })), 'proven'],
    ['allows it by leaving others out', policy(allow({ Action: undefined, NotAction: 'kms:Put*' })), 'proven'],
    ['leaves it out', policy(allow({ Action: undefined, NotAction: 'kms:*' })), 'not allowed'],
    ['allows something else', policy(allow({ Action: 'kms:Decrypt' })), 'not allowed'],
    ['has no statement', policy(), 'not allowed'],
    ['has a statement without an action', policy({ Effect: 'Allow', ...everyone }), 'not allowed'],
    ['denies it to everyone', policy(allow(), deny()), 'not allowed'],
    ['denies it to somebody', policy(allow(), deny(admin)), 'not provable'],
    [
      'denies it under a condition',
      policy(allow(), deny(when('Bool', 'true', 'aws:MultiFactorAuthPresent'))),
      'not provable',
    ],
    [
      'denies everyone but a principal',
      policy(allow(), deny({ Principal: undefined, NotPrincipal: admin.Principal })),
      'not provable',
    ],
    ['denies something else', policy(allow(), deny({ Action: 'kms:Decrypt' })), 'proven'],
  ])('of a policy that %s', (_what, text, answer) => {
    expect(policyAnswer(text, ACTION)).toBe(answer)
  })

  it('is none for a text that is no policy', () => {
    for (const text of ['', '{', '[]', 'null', '"Statement"']) expect(policyAnswer(text, ACTION)).toBeNull()
  })

  /** What an Allow and a Deny with this condition say, the key having the value `eu-west-1`. */
  const answers = (condition: object, known: Record<string, string | null> = { [KEY.toLowerCase()]: 'eu-west-1' }) => [
    policyAnswer(policy(allow(condition)), ACTION, known),
    policyAnswer(policy(allow(), deny(condition)), ACTION, known),
  ]
  const [holds, fails, open] = [
    ['proven', 'not allowed'],
    ['not allowed', 'proven'],
    ['not provable', 'not provable'],
  ]

  it.each<[string, string | boolean | string[], unknown]>([
    ['StringEquals', 'eu-west-1', holds],
    ['StringEquals', ['us-west-2', 'eu-west-1'], holds],
    ['StringEquals', 'us-west-2', fails],
    ['StringEqualsIgnoreCase', 'EU-WEST-1', holds],
    ['StringNotEquals', 'eu-west-1', fails],
    ['StringNotEquals', ['us-west-2', 'us-east-1'], holds],
    ['StringLike', 'eu-*', holds],
    ['StringLike', 'eu-west-?', holds],
    ['StringNotLike', 'us-*', holds],
    ['stringequalsifexists', 'us-west-2', fails],
    ['ForAnyValue:StringEquals', 'eu-west-1', holds],
    ['ForAllValues:StringNotEquals', 'eu-west-1', fails],
    ['Null', 'true', fails],
    ['Null', 'false', holds],
    ['Null', false, holds],
    ['NumericEquals', '1', open],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable
    ['StringEquals', '${aws:PrincipalTag/region}', open],
  ])('weighs %s %j', (operator, wanted, expected) => {
    expect(answers(when(operator, wanted))).toEqual(expected)
    expect(answers(when(operator, wanted), {})).toEqual(open)
  })

  it.each<[string, unknown]>([
    ['StringEquals', fails],
    ['StringNotEquals', holds],
    ['StringEqualsIfExists', holds],
    ['ForAnyValue:StringEquals', fails],
    ['ForAnyValue:StringNotEquals', fails],
    ['ForAllValues:StringEquals', holds],
  ])('weighs %s of a key that the call does not have', (operator, expected) => {
    expect(answers(when(operator, 'eu-west-1'), { [KEY.toLowerCase()]: null })).toEqual(expected)
  })

  it('wants all conditions of a statement to hold', () => {
    const both = (...regions: string[]) => ({
      Condition: { StringLike: { [KEY]: regions[0] }, StringEquals: { [KEY.toUpperCase()]: regions[1] } },
    })
    expect(answers(both('eu-*', 'eu-west-1'))).toEqual(holds)
    expect(answers(both('eu-*', 'us-west-2'))).toEqual(fails)
    const withAnother = { Condition: { StringEquals: { [KEY]: 'eu-west-1', 'aws:PrincipalOrgID': 'o-1' } } }
    expect(answers(withAnother)).toEqual(open)
  })

  it('takes names of the language for no condition keys', () => {
    expect(answers(when('StringEquals', 'x', 'constructor'))).toEqual(open)
  })
})

describe('hasConditionOn', () => {
  it('looks at statements about the action alone', () => {
    const condition = when('StringEquals', 'eu-west-1', 'KMS:primaryregion')
    const key = KEY.toLowerCase()
    expect(hasConditionOn(policy(allow(condition)), ACTION, key)).toBe(true)
    expect(hasConditionOn(policy(allow({ ...condition, Action: 'kms:Decrypt' })), ACTION, key)).toBe(false)
    expect(hasConditionOn(policy(allow(when('StringEquals', 'x', 'aws:PrincipalOrgID'))), ACTION, key)).toBe(false)
    expect(hasConditionOn(policy(allow()), ACTION, key)).toBe(false)
    expect(hasConditionOn('no policy', ACTION, key)).toBe(false)
  })
})
