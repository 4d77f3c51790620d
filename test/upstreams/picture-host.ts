/** Somebody's web server with pictures on it, honest or not: what an address in a cell may lead to. */
import http from 'node:http'
import https from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { TestCertificate } from './certificate.ts'

export type Serving =
  | { kind: 'bytes'; bytes: Uint8Array; headers?: Record<string, string>; status?: number }
  | { kind: 'redirect'; location: string; status?: number }
  /** Never ends; `declared` is the length it claims. */
  | { kind: 'endless'; declared?: number }
  /** Fewer bytes than declared, then the connection is gone. */
  | { kind: 'broken-off'; bytes: Uint8Array; declared: number }
  | { kind: 'drip'; bytes: Uint8Array; everyMs: number }
  /** Takes the request and says nothing. */
  | { kind: 'silent' }
  | { kind: 'reset' }

export interface PictureHost {
  port: number
  readonly requests: { method: string; url: string; headers: http.IncomingHttpHeaders; servername: string }[]
  /** Bytes written to bodies so far. */
  readonly sent: { bytes: number }
  serve(path: string, serving: Serving): void
  close(): Promise<void>
}

export async function startPictureHost(certificate: TestCertificate | null = null): Promise<PictureHost> {
  const served = new Map<string, Serving>()
  const requests: PictureHost['requests'] = []
  const sent = { bytes: 0 }
  const sockets = new Set<Socket>()

  const listener: http.RequestListener = (request, response) => {
    const { servername } = request.socket as { servername?: string | false }
    requests.push({
      method: request.method ?? '',
      url: request.url ?? '',
      headers: request.headers,
      servername: servername || '',
    })
    answer(served.get(request.url ?? ''), response, sent)
  }
  const server = certificate ? https.createServer(certificate, listener) : http.createServer(listener)
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    sent,
    serve: (path, serving) => void served.set(path, serving),
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function answer(serving: Serving | undefined, response: http.ServerResponse, sent: { bytes: number }): void {
  const write = (bytes: Uint8Array): boolean => {
    sent.bytes += bytes.length
    return response.write(bytes)
  }
  switch (serving?.kind) {
    case undefined:
      response.writeHead(404).end('nothing of that name')
      return
    case 'bytes':
      response.writeHead(serving.status ?? 200, serving.headers)
      write(serving.bytes)
      response.end()
      return
    case 'redirect':
      response.writeHead(serving.status ?? 302, { location: serving.location }).end('moved')
      return
    case 'endless': {
      response.writeHead(200, serving.declared === undefined ? {} : { 'content-length': serving.declared })
      const chunk = Buffer.alloc(64_000, 0xff)
      const pour = (): void => {
        while (!response.destroyed && write(chunk));
      }
      response.on('drain', pour)
      pour()
      return
    }
    case 'broken-off':
      response.writeHead(200, { 'content-length': serving.declared })
      response.write(serving.bytes, () => response.destroy())
      return
    case 'drip': {
      response.writeHead(200)
      let at = 0
      const timer = setInterval(() => {
        if (at < serving.bytes.length) write(serving.bytes.subarray(at, (at += 1)))
        else response.end()
      }, serving.everyMs)
      response.on('close', () => clearInterval(timer))
      return
    }
    case 'silent':
      return
    case 'reset':
      response.socket?.destroy()
  }
}
