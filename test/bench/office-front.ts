/**
 * One address for a page of Office: Microsoft's script beside the proxy's files. The browser's cache is then the browser's own, which it
 * would not be with a route of the test's in between.
 */
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { officeScript } from '../hosts/excel-grid.ts'
import { OFFICE_JS } from '../pane/pane-house.ts'

export interface OfficeFront {
  /** `http://127.0.0.1:port` */
  url: string
  close: () => Promise<void>
}

const SCRIPT = '/office.js'
/** A page with that script and nothing else. */
export const BARE_PAGE = '/bare.html'
const BARE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Bare</title><body><script src="${SCRIPT}"></script></body></html>`

export async function openOfficeFront(proxyUrl: string): Promise<OfficeFront> {
  const script = officeScript({ isReadable: false })
  const server = createServer((incoming, response) => {
    const send = (type: string, body: string, caching: string): void => {
      response.writeHead(200, { 'Content-Type': `${type}; charset=utf-8`, 'Cache-Control': caching }).end(body)
    }
    if (incoming.url === SCRIPT) return send('text/javascript', script, 'public, max-age=3600')
    if (incoming.url === BARE_PAGE) return send('text/html', BARE, 'no-cache')
    const headers = { ...incoming.headers, host: new URL(proxyUrl).host }
    const onward = request(`${proxyUrl}${incoming.url}`, { method: incoming.method, headers }, (reply) => {
      const isPage = reply.headers['content-type']?.startsWith('text/html') ?? false
      if (!isPage) {
        response.writeHead(reply.statusCode!, reply.headers)
        return void reply.pipe(response)
      }
      const parts: Buffer[] = []
      reply.on('data', (part: Buffer) => parts.push(part))
      reply.on('end', () => {
        const { 'content-length': _, ...rest } = reply.headers
        response.writeHead(reply.statusCode!, rest).end(Buffer.concat(parts).toString().replace(OFFICE_JS, SCRIPT))
      })
    })
    onward.on('error', () => response.destroy())
    incoming.pipe(onward)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
