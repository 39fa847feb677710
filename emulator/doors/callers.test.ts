// Who asks: the callers that a control door makes known, and what STS says of them.

import { DescribeKeyCommand, GetPublicKeyCommand } from '@aws-sdk/client-kms'
import { describe, expect, it } from 'vitest'
import { authorization, emulate, refusal, type TestEmulator } from '../tests/test-emulator.ts'

const OPERATOR = 'arn:aws:iam::111122223333:role/ops/Operator'
const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'kms:*', Resource: '*' }] }

async function identity(emulator: TestEmulator, accessKeyId: string): Promise<string> {
  const response = await fetch(emulator.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: authorization('us-east-1', 'sts', accessKeyId),
    },
    body: 'Action=GetCallerIdentity&Version=2011-06-15',
  })
  const text = await response.text()
  return ['Arn', 'UserId', 'Account'].map((name) => text.split(`<${name}>`)[1]?.split('<')[0]).join(' ')
}

describe('the callers', () => {
  it('are made known, listed and forgotten', async () => {
    const emulator = await emulate()
    const operator = { accessKeyId: 'AKIAOPERATOR', arn: OPERATOR, policies: [policy] }
    const reader = { accessKeyId: 'AKIAREADER', arn: 'arn:aws:iam::111122223333:user/reader', policies: [] }
    await emulator.door('PUT', '/_emulator/callers/AKIAREADER', { arn: reader.arn })
    const put = await emulator.door('PUT', '/_emulator/callers/AKIAOPERATOR', { arn: OPERATOR, policies: [policy] })
    expect(put).toEqual({ status: 200, body: operator })
    expect((await emulator.door('GET', '/_emulator/callers')).body).toEqual({ callers: [operator, reader] })
    expect((await emulator.door('DELETE', '/_emulator/callers/AKIAREADER')).status).toBe(200)
    expect((await emulator.door('DELETE', '/_emulator/callers/AKIAREADER')).status).toBe(404)
    await emulator.door('POST', '/_emulator/reset')
    expect((await emulator.door('GET', '/_emulator/callers')).body).toEqual({ callers: [] })
  })

  it.each([
    ['AKIA', {}],
    ['AKIA', { arn: 'Operator' }],
    ['AKIA', { arn: 'arn:aws:iam::111122223333:root' }],
    ['AKIA', { arn: 'arn:aws:iam::1:role/Operator' }],
    ['AKIA', { arn: 'arn:aws:sts::111122223333:assumed-role/Operator' }],
    ['AKIA', { arn: OPERATOR, policies: 'all' }],
    ['AKIA', { arn: OPERATOR, policies: [{ Statement: [{ Effect: 'Allow', Action: 'kms:*' }] }] }],
    ['AKIA', { arn: OPERATOR, policies: [{ Statement: { ...policy.Statement[0], Principal: '*' } }] }],
    ['AKIA', { arn: OPERATOR, rights: [] }],
    ['A%2FB', { arn: OPERATOR }],
  ])('are refused at %s with %j', async (accessKeyId, body) => {
    const emulator = await emulate()
    const answer = await emulator.door('PUT', `/_emulator/callers/${accessKeyId}`, body)
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'bad-request' } } })
  })

  it.each([
    [OPERATOR, /^\S+ AROA[0-9A-F]{17} 111122223333$/],
    ['arn:aws:sts::111122223333:assumed-role/Operator/ann', /^\S+ AROA[0-9A-F]{17}:ann 111122223333$/],
    ['arn:aws:iam::444455556666:user/ann', /^\S+ AIDA[0-9A-F]{17} 444455556666$/],
  ])('is %s to STS as well', async (arn, expected) => {
    const emulator = await emulate()
    await emulator.door('PUT', '/_emulator/callers/AKIA', { arn })
    expect(await identity(emulator, 'AKIA')).toMatch(expected)
    expect(await identity(emulator, 'AKIA')).toContain(`${arn} `)
    expect(await identity(emulator, 'OTHER')).toBe('arn:aws:iam::111122223333:root 111122223333 111122223333')
  })

  it('has the same id as a role and as a session of that role', async () => {
    const emulator = await emulate()
    await emulator.door('PUT', '/_emulator/callers/A', { arn: OPERATOR })
    await emulator.door('PUT', '/_emulator/callers/B', { arn: 'arn:aws:sts::111122223333:assumed-role/Operator/ann' })
    const [, role] = (await identity(emulator, 'A')).split(' ')
    expect((await identity(emulator, 'B')).split(' ')[1]).toBe(`${role}:ann`)
  })

  it('is named in refusals, and works in its own account', async () => {
    const emulator = await emulate({ scenario: 'demo' })
    await emulator.door('PUT', '/_emulator/callers/AKIA', { arn: OPERATOR })
    const ask = () => emulator.kms('us-east-1', 'AKIA').send(new GetPublicKeyCommand({ KeyId: 'alias/aws/s3' }))
    expect(await refusal(ask())).toMatch(/^AccessDeniedException: User: arn:aws:iam::111122223333:role\/ops\/Operator /)
    await emulator.door('PUT', '/_emulator/callers/AKIA', { arn: 'arn:aws:iam::444455556666:user/ann' })
    const describeKey = emulator.kms('us-east-1', 'AKIA').send(new DescribeKeyCommand({ KeyId: 'alias/aws/s3' }))
    expect(await refusal(describeKey)).toMatch(/arn:aws:kms:us-east-1:444455556666:alias\/aws\/s3 is not found/)
  })
})
