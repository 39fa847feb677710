// Requests of one operation over kept connections, their bytes made beforehand: a client that costs next to nothing, so
// that the server is what is measured.

import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { measureRate, orderFor, type Task } from '../rate.ts'

type Order = Task & { url: string; region: string; operation: string; bodies: unknown[] }

const { url, region, operation, bodies, ...task } = (await orderFor()) as Order
const { hostname, port } = new URL(url)
const requests = bodies.map(requestOf)

function requestOf(body: unknown): Buffer {
  const json = JSON.stringify(body)
  const lines = [
    'POST / HTTP/1.1',
    `Host: ${hostname}:${port}`,
    'Content-Type: application/x-amz-json-1.1',
    `X-Amz-Target: TrentService.${operation}`,
    `Authorization: AWS4-HMAC-SHA256 Credential=bench/20261123/${region}/kms/aws4_request, SignedHeaders=host, Signature=00`,
    `Content-Length: ${Buffer.byteLength(json)}`,
  ]
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${json}`)
}

/** One connection, one request at a time. */
class Connection {
  readonly #socket: Socket
  #received = ''
  #answered: (() => void) | undefined

  constructor(socket: Socket) {
    this.#socket = socket
    socket.setEncoding('latin1')
    socket.on('data', (text: string) => this.#take(text))
  }

  send(request: Buffer): Promise<void> {
    return new Promise((resolve) => {
      this.#answered = resolve
      this.#socket.write(request)
    })
  }

  #take(text: string): void {
    this.#received += text
    const end = this.#received.indexOf('\r\n\r\n')
    if (end < 0) return
    const length = /\r\ncontent-length: (\d+)/i.exec(this.#received.slice(0, end))?.[1]
    if (this.#received.length < end + 4 + Number(length)) return
    if (!this.#received.startsWith('HTTP/1.1 200 ')) throw new Error(this.#received)
    this.#received = ''
    this.#answered?.()
  }
}

const idle = await Promise.all(
  Array.from({ length: task.atOnce }, async () => {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true })
    await once(socket, 'connect')
    return new Connection(socket)
  }),
)

let next = 0
const result = await measureRate(task, async () => {
  const connection = idle.pop()
  const request = requests[next++ % requests.length]
  if (!connection || !request) throw new Error('there are more calls than connections')
  await connection.send(request)
  idle.push(connection)
})
process.send?.(result, () => process.exit(0))
