// A server that gives one answer to everything, to see what its clients can do at most.

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const body = process.argv[2] ?? ''
const headers = {
  'Content-Type': 'application/x-amz-json-1.1',
  'Content-Length': Buffer.byteLength(body),
  'x-amzn-RequestId': '00000000-0000-4000-8000-000000000000',
}
const server = createServer((request, response) => {
  request.resume().on('end', () => response.writeHead(200, headers).end(body))
})
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
process.on('disconnect', () => process.exit(0))
