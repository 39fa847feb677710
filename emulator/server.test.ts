// The wire: what a client that is not the SDK sees, and that nothing brings the server down.

import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { ACCOUNT, authorization, emulate, START } from './tests/test-emulator.ts'

describe('the wire protocol', () => {
  it('answers AWS JSON with a request id, epoch seconds and base64', async () => {
    const emulator = await emulate({ startAt: START + 123 })
    const response = await emulator.post('TrentService.CreateKey', '{}')
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/x-amz-json-1.1')
    expect(response.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/)
    const { KeyMetadata } = (await response.json()) as { KeyMetadata: { KeyId: string; CreationDate: number } }
    expect(KeyMetadata.CreationDate).toBe((START + 123) / 1000)
    const body = JSON.stringify({ KeyId: KeyMetadata.KeyId, Plaintext: Buffer.from('x').toString('base64') })
    const encrypted = (await (await emulator.post('TrentService.Encrypt', body)).json()) as { CiphertextBlob: string }
    expect(encrypted.CiphertextBlob).toMatch(/^[A-Za-z0-9+/]+=*$/)
    const disabled = await emulator.post('TrentService.DisableKey', JSON.stringify({ KeyId: KeyMetadata.KeyId }))
    expect([disabled.status, disabled.headers.get('content-length'), await disabled.text()]).toEqual([200, '0', ''])
  })

  it('answers errors with 400, a type and a message', async () => {
    const emulator = await emulate()
    const response = await emulator.post('TrentService.DescribeKey', '{"KeyId":"nonsense"}')
    expect(response.status).toBe(400)
    expect(await response.json()).toEqual({ __type: 'NotFoundException', message: "Invalid keyId 'nonsense'" })
  })

  it.each([
    ['TrentService.Nothing', '{}', 'UnknownOperationException'],
    ['TrentService.CreateGrant', '{}', 'ValidationException'],
    ['DynamoDB_20120810.ListTables', '{}', 'UnknownOperationException'],
    ['', '{}', 'UnknownOperationException'],
    ['TrentService.ListKeys', '{', 'SerializationException'],
    ['TrentService.ListKeys', '[]', 'SerializationException'],
    ['TrentService.ListKeys', 'null', 'SerializationException'],
    ['TrentService.ListKeys', '['.repeat(500_000), 'SerializationException'],
    ['TrentService.ListKeys', '{"Limit":"many"}', 'SerializationException'],
    ['TrentService.DescribeKey', '{"KeyId":7}', 'SerializationException'],
    ['TrentService.DescribeKey', '{"KeyId":{"__proto__":1}}', 'SerializationException'],
    ['TrentService.DescribeKey', '{"__proto__":{"KeyId":"x"}}', 'ValidationException'],
    ['TrentService.TagResource', '{"KeyId":"x","Tags":[null]}', 'SerializationException'],
    ['TrentService.Encrypt', '{"KeyId":"x","Plaintext":"%%%"}', 'SerializationException'],
    ['TrentService.Encrypt', '{"KeyId":"x","Plaintext":"eA==","EncryptionContext":{"a":1}}', 'SerializationException'],
    ['TrentService.constructor', '{}', 'UnknownOperationException'],
  ])('%s with %.40s answers %3$s', async (target, body, name) => {
    const emulator = await emulate()
    const response = await emulator.post(target, body)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ __type: name })
    expect((await emulator.post('TrentService.ListKeys', '{}')).status).toBe(200)
  })

  it('wants credentials with a usable scope', async () => {
    const emulator = await emulate()
    const ask = async (value: string) => {
      const response = await emulator.post('TrentService.ListKeys', '{}', { authorization: value })
      return ((await response.json()) as { __type: string }).__type
    }
    expect(await ask('')).toBe('MissingAuthenticationTokenException')
    expect(await ask('Basic abc')).toBe('IncompleteSignatureException')
    expect(await ask(authorization('not a region'))).toBe('IncompleteSignatureException')
    expect(await ask(authorization('us-east-1', 's3'))).toBe('InvalidSignatureException')
  })

  it('takes the Region from the scope, on one port and one connection', async () => {
    const emulator = await emulate()
    await emulator.post('TrentService.CreateKey', '{}', { authorization: authorization('eu-west-1') })
    const count = async (region: string) => {
      const response = await emulator.post('TrentService.ListKeys', '{}', { authorization: authorization(region) })
      return ((await response.json()) as { Keys: unknown[] }).Keys.length
    }
    expect([await count('eu-west-1'), await count('us-east-1')]).toEqual([1, 0])
  })

  it('refuses bodies that are too long, other methods and other paths', async () => {
    const emulator = await emulate()
    expect((await emulator.post('TrentService.ListKeys', ' '.repeat(1_100_000))).status).toBe(413)
    expect((await fetch(emulator.url)).status).toBe(404)
    expect((await fetch(`${emulator.url}/somewhere`, { method: 'POST', body: '{}' })).status).toBe(404)
  })

  it('survives what is not HTTP, and clients that leave in the middle', async () => {
    const emulator = await emulate()
    const port = Number(new URL(emulator.url).port)
    for (const text of [
      'nonsense\r\n\r\n',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{',
      'GET http://[ HTTP/1.1\r\nHost: x\r\n\r\n',
    ]) {
      await new Promise<void>((resolve) => {
        const socket = connect(port, '127.0.0.1', () => socket.end(text))
        socket.on('error', () => {})
        socket.on('close', () => resolve())
        socket.resume()
      })
    }
    expect((await emulator.post('TrentService.ListKeys', '{}')).status).toBe(200)
  })
})

describe('GetCallerIdentity', () => {
  it('tells the account in XML', async () => {
    const emulator = await emulate()
    const ask = async (accessKeyId: string, body = 'Action=GetCallerIdentity&Version=2011-06-15') => {
      const response = await fetch(emulator.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          authorization: authorization('us-east-1', 'sts', accessKeyId),
        },
        body,
      })
      return { status: response.status, text: await response.text() }
    }
    expect((await ask('AKIDEXAMPLE')).text).toContain(`<Account>${ACCOUNT}</Account>`)
    expect((await ask('444455556666')).text).toContain('<Arn>arn:aws:iam::444455556666:root</Arn>')
    expect(await ask('AKIDEXAMPLE', 'Action=AssumeRole')).toMatchObject({
      status: 400,
      text: expect.stringContaining('InvalidAction'),
    })
  })
})
