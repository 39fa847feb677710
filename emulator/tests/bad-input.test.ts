// What no client should send: every bit of it gets a proper error of AWS, nothing of it a crash, a hang or a 500.

import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { OPERATIONS } from '../calls/operations.ts'
import { authorization, emulate, type TestEmulator } from './test-emulator.ts'

type Received = { status: number; headers: Record<string, string>; body: string }

/** Sends bytes as they are and reads until the emulator ends the connection. `keepOpen` leaves our side open. */
function send(emulator: TestEmulator, bytes: string | Buffer, keepOpen = false): Promise<Received> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    const socket = connect({ port: Number(new URL(emulator.url).port), host: '127.0.0.1', allowHalfOpen: true })
    socket.on('connect', () => (keepOpen ? socket.write(bytes) : socket.end(bytes)))
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('error', reject)
    socket.on('end', () => {
      socket.destroy()
      resolve(received(Buffer.concat(chunks).toString('utf8')))
    })
  })
}

function received(text: string): Received {
  const end = text.indexOf('\r\n\r\n')
  const [statusLine = '', ...lines] = text.slice(0, end).split('\r\n')
  const headers = Object.fromEntries(lines.map((line) => [...line.toLowerCase().split(': '), ''].slice(0, 2)))
  return { status: Number(statusLine.split(' ')[1]), headers, body: text.slice(end + 4) }
}

/** The name of the error, if the answer has the form that every error has. */
function errorIn({ status, headers, body }: Received): string {
  expect(status).toBeGreaterThanOrEqual(400)
  expect(status).toBeLessThan(500)
  expect(headers['content-type']).toBe('application/x-amz-json-1.1')
  expect(headers['x-amzn-requestid']).toMatch(/^[0-9a-f-]{36}$/)
  const error = JSON.parse(body) as Record<string, unknown>
  expect(Object.keys(error).filter((member) => member !== '__type' && member !== 'message')).toEqual([])
  if ('message' in error) expect(error.message).toEqual(expect.any(String))
  expect(error.__type).toEqual(expect.any(String))
  return `${status} ${String(error.__type)}`
}

const HEADERS = {
  Host: 'kms.us-east-1.amazonaws.com',
  'Content-Type': 'application/x-amz-json-1.1',
  'X-Amz-Target': 'TrentService.ListKeys',
  Authorization: authorization('us-east-1'),
  Connection: 'close',
}

function request(body: string, headers: Record<string, string | undefined> = {}, line = 'POST / HTTP/1.1'): string {
  const all = { ...HEADERS, 'Content-Length': String(Buffer.byteLength(body)), ...headers }
  const lines = Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : `${name}: ${value}`))
  return `${line}\r\n${lines.join('\r\n')}\r\n\r\n${body}`
}

async function post(emulator: TestEmulator, operation: string, body: string | Buffer, headers = {}) {
  const response = await emulator.post(`TrentService.${operation}`, body as string, headers)
  return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() }
}

async function expectAlive(emulator: TestEmulator): Promise<void> {
  expect(await send(emulator, request('{}'))).toMatchObject({ status: 200, body: expect.stringContaining('"Keys"') })
}

const malformed = '400 MalformedHttpRequestException'
const unknownOperation = '404 UnknownOperationException'
const serialization = '400 SerializationException'
const validation = '400 ValidationException'
const tooSlow = '408 RequestTimeoutException'
const tooLarge = '413 RequestEntityTooLargeException'
const incompleteSignature = '400 IncompleteSignatureException'

describe('a body', () => {
  it('that ends before its length is no request', async () => {
    const emulator = await emulate()
    expect(errorIn(await send(emulator, request('{"Limit"', { 'Content-Length': '100' })))).toBe(malformed)
    await expectAlive(emulator)
  })

  it('may come in chunks, unless they are broken', async () => {
    const emulator = await emulate()
    const chunked = (body: string) => request(body, { 'Content-Length': undefined, 'Transfer-Encoding': 'chunked' })
    expect((await send(emulator, chunked('1\r\n{\r\n1\r\n}\r\n0\r\n\r\n'))).status).toBe(200)
    expect(errorIn(await send(emulator, chunked('zz\r\n{}\r\n0\r\n\r\n')))).toBe(malformed)
    expect(errorIn(await send(emulator, chunked('ff\r\n{}')))).toBe(malformed)
    await expectAlive(emulator)
  })

  it('may have a megabyte, whole or in chunks, and no byte more', async () => {
    const emulator = await emulate()
    const megabyte = 1024 * 1024
    expect((await send(emulator, request(`{}${' '.repeat(megabyte - 2)}`))).status).toBe(200)
    expect(errorIn(await send(emulator, request(`{}${' '.repeat(megabyte - 1)}`)))).toBe(tooLarge)
    const chunks = `10000\r\n${' '.repeat(0x10000)}\r\n`.repeat(17)
    const headers = { 'Content-Length': undefined, 'Transfer-Encoding': 'chunked' }
    expect(errorIn(await send(emulator, request(`${chunks}0\r\n\r\n`, headers)))).toBe(tooLarge)
    await expectAlive(emulator)
  })

  it.each([
    ['', undefined],
    ['{}', undefined],
    ['\uFEFF{}', undefined],
    [' \n{ } ', undefined],
    ['{"Limit":1,"Limit":2}', undefined],
    ['{"Unknown":{"deep":[1,{}]},"toString":1,"constructor":{},"__proto__":{"Limit":"x"}}', undefined],
    [`{"Unknown":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}`, undefined],
    [`{"Unknown":"${'x'.repeat(900_000)}"}`, undefined],
    ['{"Limit":null}', undefined],
    ['{"Limit":2.9}', undefined],
    ['{"Limit":NaN}', serialization],
    ['{"Limit":Infinity}', serialization],
    ['{"Limit":1e400}', serialization],
    ['{"Limit":-1e400}', serialization],
    ['{"Limit":2147483648}', serialization],
    ['{"Limit":0x10}', serialization],
    ['{"Limit":"10"}', serialization],
    ['{"Limit":true}', serialization],
    ['{"Limit":[10]}', serialization],
    ['{"Limit":{}}', serialization],
    ['{"Limit":0}', validation],
    ['{"Limit":-1}', validation],
    ['{"Limit":1001}', validation],
    ['{"Marker":""}', validation],
    [`{"Marker":"${'x'.repeat(2000)}"}`, validation],
    ['{"Marker":"\\ud800"}', validation],
    ['{"Marker":"x"}', '400 InvalidMarkerException'],
    ['{"Marker":"W10"}', '400 InvalidMarkerException'],
    ['{"Marker":"bnVsbA"}', '400 InvalidMarkerException'],
    ["{'Limit':1}", serialization],
    ['{"Limit":1,}', serialization],
    ['{"Limit":1}{"Limit":1}', serialization],
    ['"text"', serialization],
    ['17', serialization],
    ['<xml/>', serialization],
    ['Action=ListKeys', serialization],
    ['\u0000', serialization],
  ])('%.60s is answered as fits', async (body, error) => {
    const emulator = await emulate()
    const answer = await post(emulator, 'ListKeys', body)
    if (error === undefined) expect(answer).toMatchObject({ status: 200 })
    else expect(errorIn(answer)).toBe(error)
  })

  it.each([
    ['ff', Buffer.from([0x7b, 0xff, 0x7d])],
    ['an overlong form', Buffer.from([0x7b, 0x22, 0xc0, 0x80, 0x22, 0x3a, 0x31, 0x7d])],
    ['half a character', Buffer.from([0x7b, 0x22, 0xe2, 0x82, 0x22, 0x3a, 0x31, 0x7d])],
    ['UTF-16', Buffer.from('{}', 'utf16le')],
  ])('with %s, which is no UTF-8, cannot be read', async (_, bytes) => {
    const emulator = await emulate()
    expect(errorIn(await post(emulator, 'ListKeys', bytes))).toBe(serialization)
  })

  it.each([['%%%'], ['a'], ['abc'], ['ab=c'], ['a==='], ['YQ==YQ=='], [' YQ== '], ['YQ-_'], ['Y\u0000Q=']])(
    'with the blob %j, which is no base64, cannot be read',
    async (Plaintext) => {
      const emulator = await emulate()
      expect(errorIn(await post(emulator, 'Encrypt', JSON.stringify({ KeyId: 'x', Plaintext })))).toBe(serialization)
    },
  )
})

describe('a value of the wrong type', () => {
  const WRONG = [true, 7, 1.5, 'text', [], [null], {}, { a: 1 }, [[[]]], '\ud800', '__proto__', ''.padEnd(5000, 'x')]

  it.each([...OPERATIONS.keys()])('in %s is never the fault of the emulator', async (operation) => {
    const emulator = await emulate()
    const members = ['KeyId', 'AliasName', 'TargetKeyId', 'Tags', 'TagKeys', 'Policy', 'PolicyName', 'Message']
    members.push('CiphertextBlob', 'Plaintext', 'EncryptionContext', 'NumberOfBytes', 'GrantTokens', 'DryRun')
    members.push('PendingWindowInDays', 'RotationPeriodInDays', 'Limit', 'MultiRegion', 'KeySpec', 'ValidTo')
    for (const value of WRONG) {
      const answer = await post(emulator, operation, JSON.stringify(Object.fromEntries(members.map((m) => [m, value]))))
      if (answer.status !== 200) errorIn(answer)
    }
  })
})

describe('names of the language', () => {
  const NAMES = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', 'prototype', '', ' ']

  it.each(NAMES)('%j is no operation', async (name) => {
    const emulator = await emulate()
    expect(errorIn(await post(emulator, name, '{}'))).toBe('400 UnknownOperationException')
  })

  it.each(NAMES)('%j is a value like any other', async (name) => {
    const emulator = await emulate()
    expect(errorIn(await post(emulator, 'DescribeKey', JSON.stringify({ KeyId: name || 'x' })))).toMatch('NotFound')
    for (const member of ['KeySpec', 'KeyUsage', 'Origin', 'CustomerMasterKeySpec']) {
      expect(errorIn(await post(emulator, 'CreateKey', JSON.stringify({ [member]: name })))).toBe(validation)
    }
  })

  it('stay pairs of an encryption context', async () => {
    const emulator = await emulate()
    const { KeyMetadata } = JSON.parse((await post(emulator, 'CreateKey', '{}')).body) as {
      KeyMetadata: { KeyId: string }
    }
    const context = '{"__proto__":"a","constructor":"b","toString":"c"}'
    const plaintext = `{"KeyId":"${KeyMetadata.KeyId}","Plaintext":"eA==","EncryptionContext":${context}}`
    const { CiphertextBlob } = JSON.parse((await post(emulator, 'Encrypt', plaintext)).body) as {
      CiphertextBlob: string
    }
    const decrypt = (EncryptionContext: string) =>
      post(emulator, 'Decrypt', `{"CiphertextBlob":"${CiphertextBlob}","EncryptionContext":${EncryptionContext}}`)
    expect((await decrypt(context)).status).toBe(200)
    expect(errorIn(await decrypt('{"constructor":"b","toString":"c"}'))).toBe('400 InvalidCiphertextException')
  })
})

describe('a header', () => {
  it.each([
    [{ 'Content-Type': undefined }, unknownOperation],
    [{ 'Content-Type': '' }, unknownOperation],
    [{ 'Content-Type': 'text/plain' }, unknownOperation],
    [{ 'Content-Type': 'application/json' }, unknownOperation],
    [{ 'Content-Type': 'application/x-amz-json-1.0' }, unknownOperation],
    [{ 'Content-Type': 'application/x-www-form-urlencoded' }, unknownOperation],
    [{ 'Content-Type': 'application/x-amz-json-1.1; charset=utf-8' }, undefined],
    [{ 'Content-Type': 'Application/X-Amz-Json-1.1' }, undefined],
    [{ 'X-Amz-Target': undefined }, '400 UnknownOperationException'],
    [{ 'X-Amz-Target': 'ListKeys' }, '400 UnknownOperationException'],
    [{ 'X-Amz-Target': 'trentservice.listkeys' }, '400 UnknownOperationException'],
    [{ 'X-Amz-Target': 'TrentService.ListKeys.More' }, '400 UnknownOperationException'],
    [{ 'X-Amz-Target': 'DynamoDB_20120810.ListTables' }, '400 UnknownOperationException'],
    [
      { 'X-Amz-Target': 'TrentService.ListKeys\r\nX-Amz-Target: TrentService.ListAliases' },
      '400 UnknownOperationException',
    ],
    [{ Authorization: undefined }, '400 MissingAuthenticationTokenException'],
    [{ Authorization: 'Bearer token' }, incompleteSignature],
    [{ Authorization: authorization('us-east-1').toLowerCase() }, incompleteSignature],
    [{ Authorization: authorization('US-EAST-1') }, incompleteSignature],
    [{ Authorization: authorization('../../etc') }, incompleteSignature],
    [{ Authorization: authorization(`${'very-'.repeat(3)}long-1`) }, incompleteSignature],
    [{ Authorization: 'AWS4-HMAC-SHA256 Credential=a/20261123/us-east-1/kms' }, incompleteSignature],
    [{ Authorization: `AWS4-HMAC-SHA256 ${'Credential='.repeat(1000)}` }, incompleteSignature],
    [{ Authorization: authorization('us-east-1', 'dynamodb') }, '400 InvalidSignatureException'],
    [{ Authorization: `${authorization('us-east-1')}\r\nAuthorization: Basic abc` }, undefined],
    [{ 'X-Amz-Target': undefined, Authorization: 'Credential=/sts/aws4_request' }, undefined],
    [{ 'X-Many': 'x'.repeat(100_000) }, malformed],
    [{ ['X-'.padEnd(20_000, 'x')]: '1' }, malformed],
    [{ 'Content-Length': '-1' }, malformed],
    [{ 'Content-Length': 'many' }, malformed],
    [{ 'Content-Length': '2\r\nContent-Length: 3' }, malformed],
    [{ 'Transfer-Encoding': 'chunked' }, malformed],
    [{ 'Bad Name': '1' }, malformed],
    [{ Host: undefined }, malformed],
    [{ Expect: 'the impossible' }, undefined],
    [{ Upgrade: 'h2c', Connection: 'Upgrade, HTTP2-Settings' }, undefined],
  ])('%.80j is answered as fits', async (headers, error) => {
    const emulator = await emulate()
    const answer = await send(emulator, request('{}', headers))
    if (error !== undefined) expect(errorIn(answer)).toBe(error)
    else if (answer.headers['content-type'] === 'text/xml') expect(answer).toMatchObject({ status: 400 })
    else expect(answer).toMatchObject({ status: 200 })
    await expectAlive(emulator)
  })
})

describe('a request line', () => {
  it.each([
    ['GET / HTTP/1.1', unknownOperation],
    ['PUT / HTTP/1.1', unknownOperation],
    ['DELETE / HTTP/1.1', unknownOperation],
    ['OPTIONS * HTTP/1.1', unknownOperation],
    ['OPTIONS / HTTP/1.1', unknownOperation],
    ['PATCH / HTTP/1.1', unknownOperation],
    ['CONNECT kms:443 HTTP/1.1', unknownOperation],
    ['POST /keys HTTP/1.1', unknownOperation],
    ['POST http://[ HTTP/1.1', unknownOperation],
    ['POST /%ff%00 HTTP/1.1', unknownOperation],
    ['POST / HTTP/9.9', malformed],
    ['POST  HTTP/1.1', malformed],
    ['PRI * HTTP/2.0', malformed],
    ['BREW / HTTP/1.1', malformed],
    ['\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', malformed],
  ])('%j is answered as fits', async (line, error) => {
    const emulator = await emulate()
    expect(errorIn(await send(emulator, request('{}', {}, line)))).toBe(error)
    await expectAlive(emulator)
  })

  it('may be of HTTP/1.0, without a Host, and may carry a query', async () => {
    const emulator = await emulate()
    const old = request('{}', { Host: undefined, Connection: undefined }, 'POST / HTTP/1.0')
    expect((await send(emulator, old)).status).toBe(200)
    expect((await send(emulator, request('{}', {}, 'POST /?Action=x HTTP/1.1'))).status).toBe(200)
  })
})

describe('a client that takes its time', () => {
  const FULL = request('{}')

  it.each([
    ['sends nothing at all', ''],
    ['sends half a request line', FULL.slice(0, 8)],
    ['sends half of the headers', FULL.slice(0, 60)],
    ['sends headers without an end', FULL.slice(0, -4)],
  ])('and %s is told so, and left', async (_, text) => {
    const emulator = await emulate({ headersTimeoutMs: 40 })
    expect(errorIn(await send(emulator, text, true))).toBe(tooSlow)
    await expectAlive(emulator)
  })

  it('over the body is told so, and left', async () => {
    const emulator = await emulate({ headersTimeoutMs: 40, requestTimeoutMs: 80 })
    expect(errorIn(await send(emulator, request('{', { 'Content-Length': '1000' }), true))).toBe(tooSlow)
    await expectAlive(emulator)
  })

  it('and sends a byte now and then gains nothing by it', async () => {
    const emulator = await emulate({ headersTimeoutMs: 40, requestTimeoutMs: 80 })
    const answer = await new Promise<Received>((resolve) => {
      let text = ''
      const socket = connect(Number(new URL(emulator.url).port), '127.0.0.1')
      const dripping = setInterval(() => socket.write('x'), 5)
      socket.write(request('{', { 'Content-Length': '1000000' }))
      socket.on('data', (chunk) => (text += String(chunk)))
      socket.on('error', () => {}) // it goes on writing to a connection that has ended
      socket.on('close', () => {
        clearInterval(dripping)
        resolve(received(text))
      })
    })
    expect(errorIn(answer)).toBe(tooSlow)
    await expectAlive(emulator)
  })

  it('does not keep others waiting, nor the emulator from ending', async () => {
    const emulator = await emulate()
    const port = Number(new URL(emulator.url).port)
    const idle = Array.from({ length: 200 }, () => connect(port, '127.0.0.1'))
    const closed = idle.map((socket) => new Promise((resolve) => socket.on('close', resolve)))
    for (const socket of idle) {
      socket.on('error', () => {})
      socket.write('POST / HTTP/1.1\r\nHost: x\r\n')
    }
    await expectAlive(emulator)
    await emulator.close()
    await Promise.all(closed)
  })
})
