/**
 * The ground every simulated upstream stands on: a real HTTP server on a free loopback port, a record of what came, and faults that
 * a test switches on. What the upstream answers when nothing is wrong stands in its own file.
 */
import http from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** What can go wrong with a call. The first group strikes before the upstream has done anything, the second after it has. */
export type Fault =
  | { kind: 'status'; status: number; retryAfter?: string; body?: string }
  | { kind: 'reset' }
  | { kind: 'timeout' }
  | { kind: 'html' }
  // After the deed: the books say it was done.
  | { kind: 'reset-after' }
  | { kind: 'timeout-after' }
  | { kind: 'truncated' }
  | { kind: 'drip'; bytesPerSecond: number }
  | { kind: 'huge'; bytes: number }
  | { kind: 'redirect'; location: string }
  /** Changes the reply of the upstream: reordered, missing, hostile items. */
  | { kind: 'rewrite'; rewrite: (reply: unknown) => unknown }

export interface SimulatedRequest {
  method: string
  /** Path without its query. */
  path: string
  query: URLSearchParams
  headers: http.IncomingHttpHeaders
  body: Buffer
  /** The body as JSON; undefined when it is none. */
  json: unknown
}

export interface SimulatedReply {
  status?: number
  headers?: Record<string, string>
  json: unknown
}

export interface Simulator {
  url: string
  /** Every request that came, faults included. */
  readonly requests: SimulatedRequest[]
  /** Strikes the next calls, one fault each, in order; `fault(f, 3)` strikes three. */
  fault(fault: Fault, times?: number): void
  /** Strikes every call until `null`; a function decides for each call. */
  faultAlways(fault: Fault | ((request: SimulatedRequest) => Fault | null) | null): void
  /** Milliseconds every reply takes. */
  latencyMs: number
  close(): Promise<void>
}

export async function startSimulator(
  answer: (request: SimulatedRequest) => SimulatedReply | Promise<SimulatedReply>,
  options: { latencyMs?: number; port?: number } = {},
): Promise<Simulator> {
  const requests: SimulatedRequest[] = []
  const queued: Fault[] = []
  let always: Fault | ((request: SimulatedRequest) => Fault | null) | null = null
  const sockets = new Set<Socket>()
  const pending = new Set<NodeJS.Timeout>()

  const server = http.createServer((incoming, response) => {
    void respond(incoming, response).catch((error: unknown) => {
      response.writeHead(500, { 'content-type': 'text/plain' })
      response.end(`simulator failed: ${String(error)}`)
    })
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })

  const later = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(() => {
        pending.delete(timer)
        resolve()
      }, milliseconds)
      pending.add(timer)
    })

  const respond = async (incoming: http.IncomingMessage, response: http.ServerResponse): Promise<void> => {
    const request = await readRequest(incoming)
    requests.push(request)
    const fault = queued.shift() ?? (typeof always === 'function' ? always(request) : always)
    if (simulator.latencyMs > 0) await later(simulator.latencyMs)
    switch (fault?.kind) {
      case 'status':
        response.writeHead(fault.status, {
          'content-type': 'application/json',
          ...(fault.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter }),
        })
        response.end(fault.body ?? JSON.stringify({ code: -1, message: 'simulated', data: [] }))
        return
      case 'redirect':
        response.writeHead(302, { location: fault.location })
        response.end()
        return
      case 'html':
        response.writeHead(200, { 'content-type': 'text/html' })
        response.end('<html><body><h1>Maintenance</h1></body></html>')
        return
      case 'reset':
        incoming.socket.resetAndDestroy()
        return
      case 'timeout':
        return
      default:
        break
    }
    const reply = await answer(request)
    const json = fault?.kind === 'rewrite' ? fault.rewrite(reply.json) : reply.json
    const text = Buffer.from(JSON.stringify(json))
    if (fault?.kind === 'reset-after') return void incoming.socket.resetAndDestroy()
    if (fault?.kind === 'timeout-after') return
    response.writeHead(reply.status ?? 200, { 'content-type': 'application/json; charset=utf-8', ...reply.headers })
    if (fault?.kind === 'truncated') return void response.end(text.subarray(0, Math.floor(text.length / 2)))
    if (fault?.kind === 'huge') return void response.end(`"${'x'.repeat(fault.bytes)}"`)
    if (fault?.kind === 'drip') {
      for (const byte of text) {
        if (response.destroyed) return
        response.write(Buffer.of(byte))
        await later(1000 / fault.bytesPerSecond)
      }
    } else response.write(text)
    response.end()
  }

  await new Promise<void>((resolve) => {
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  const simulator: Simulator = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    fault: (fault, times = 1) => void queued.push(...Array.from({ length: times }, () => fault)),
    faultAlways(fault) {
      always = fault
      if (fault === null) queued.length = 0
    },
    latencyMs: options.latencyMs ?? 0,
    async close() {
      for (const timer of pending) clearTimeout(timer)
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return simulator
}

const BODY_BYTES_MAX = 20_000_000

async function readRequest(incoming: http.IncomingMessage): Promise<SimulatedRequest> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > BODY_BYTES_MAX) throw new Error('request too large for a simulator')
    chunks.push(chunk)
  }
  const body = Buffer.concat(chunks)
  const url = new URL(incoming.url ?? '/', 'http://simulator')
  return {
    method: incoming.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: incoming.headers,
    body,
    json: parse(body),
  }
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown
  } catch {
    return undefined
  }
}
