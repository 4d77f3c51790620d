/**
 * Closed-loop load over raw sockets: each connection sends its next request when the last one is answered. It reads no more of a
 * reply than its status and its length, so that one core can keep any server on another core busy; an HTTP client spends as much
 * on a request as the bare server does.
 */
import { connect, type Socket } from 'node:net'
import { readInput } from './read-input.ts'

export interface LoadInput {
  url: string
  path: string
  token: string
  /** Sent in turn, over all connections. */
  bodies: string[]
  connections: number
  warmUpMs: number
  measuredMs: number
}

export interface LoadOutput {
  /** Answered in the measured time. */
  requests: number
  seconds: number
  /** Answered in all, warming up included. */
  requestsInAll: number
  secondsInAll: number
  /** Share of its own core the load took; near 1 it would measure itself. */
  busy: number
}

const HEAD_END = '\r\n\r\n'

const input = await readInput<LoadInput>()
const { hostname, port, host } = new URL(input.url)
const requests = input.bodies.map((body) =>
  Buffer.from(
    [
      `POST ${input.path} HTTP/1.1`,
      `Host: ${host}`,
      'Content-Type: application/json',
      'Accept: application/json',
      `Authorization: Bearer ${input.token}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
  ),
)
const began = performance.now()
const measuredFrom = began + input.warmUpMs
const endsAt = measuredFrom + input.measuredMs
let sent = 0
let answered = 0
let answeredBefore = 0

await Promise.all(Array.from({ length: input.connections }, keepAsking))

const now = performance.now()
const { user, system } = process.cpuUsage()
const output: LoadOutput = {
  requests: answered - answeredBefore,
  seconds: (now - measuredFrom) / 1000,
  requestsInAll: answered,
  secondsInAll: (now - began) / 1000,
  busy: (user + system) / 1e6 / (now / 1000),
}
process.stdout.write(JSON.stringify(output))

/** Resolves when the time is up and the last request is answered. */
function keepAsking(): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname)
    socket.setNoDelay(true)
    socket.on('connect', () => sendNext(socket))
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('the server closed a connection')))
    onReply(
      socket,
      () => {
        answered++
        const at = performance.now()
        if (at < measuredFrom) answeredBefore++
        if (at < endsAt) sendNext(socket)
        else {
          resolve()
          socket.destroy()
        }
      },
      reject,
    )
  })
}

function sendNext(socket: Socket): void {
  socket.write(requests[sent++ % requests.length]!)
}

function onReply(socket: Socket, done: () => void, failed: (error: Error) => void): void {
  let head = ''
  let bytesLeft = 0
  socket.on('data', (data) => {
    let bytes = data.length
    if (bytesLeft === 0) {
      const before = head.length
      head += data.toString('latin1')
      const headEnd = head.indexOf(HEAD_END)
      if (headEnd === -1) return
      const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1]
      if (!head.startsWith('HTTP/1.1 200 ') || length === undefined) {
        failed(new Error(`not a reply that counts: ${head.slice(0, 500)}`))
        return
      }
      bytesLeft = Number(length)
      bytes -= headEnd + HEAD_END.length - before
      head = ''
    }
    bytesLeft -= bytes
    if (bytesLeft === 0) done()
  })
}
