/** Somebody's server that takes webhooks, or does not: real HTTP on loopback, and what it was sent. */
import http from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

export interface Received {
  path: string
  headers: Record<string, string>
  body: string
}

export type Answering = (received: Received, response: http.ServerResponse) => void

export interface WebhookReceiver {
  /** Without a slash at its end. */
  url: string
  port: number
  readonly received: Received[]
  /** How the next calls are answered; 204 to all at first. */
  behave(answer: Answering): void
  /** The next call; one that came before does not count. */
  nextCall(): Promise<Received>
  close(): Promise<void>
}

export const answerWith =
  (status: number, headers: http.OutgoingHttpHeaders = {}): Answering =>
  (_, response) =>
    void response.writeHead(status, headers).end('inner secret')

export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const received: Received[] = []
  const sockets = new Set<Socket>()
  let answer: Answering = answerWith(204)
  let waiting: ((one: Received) => void)[] = []

  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const one: Received = {
        path: request.url ?? '',
        headers: request.headers as Record<string, string>,
        body: Buffer.concat(chunks).toString(),
      }
      received.push(one)
      for (const resolve of waiting.splice(0)) resolve(one)
      answer(one, response)
    })
  })
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    received,
    behave: (next) => {
      answer = next
    },
    nextCall: () =>
      new Promise((resolve) => {
        waiting.push(resolve)
      }),
    async close() {
      waiting = []
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
