import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { createAskHealth } from '../../../proxy/admin/ask-health.ts'
import { openTestHouse } from '../../hosts/test-house.ts'
import { startTestProxy } from '../../hosts/test-proxy.ts'

const never = new AbortController().signal
const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('a proxy tells its version, and that it is reached by an address of this machine', async () => {
  const house = await openTestHouse({ providers: [] })
  const proxy = await startTestProxy(house)
  try {
    expect(await createAskHealth(never)(proxy.url)).toEqual({ version: '0.0.0', insideAddress: '127.0.0.1' })
  } finally {
    await proxy.close()
    await house.close()
  }
})

const page = 'x'.repeat(100_000)
test.each<[string, RegExp, RequestListener]>([
  [
    'another service',
    /^TC-641 .* of this version: what came with status 200 /,
    (_, response) => response.end('{"status":"ok","version":"1"}'),
  ],
  ['a long page', /^TC-641 .* status 404 /, (_, response) => response.writeHead(404).end(page)],
  [
    'a server that leads on',
    /^TC-641 .* it leads on to https:\/\/www\.example\.com\/healthz, where Google does not follow/,
    (_, response) => response.writeHead(301, { location: 'https://www.example.com/healthz' }).end(),
  ],
  [
    'a server without a proxy behind it',
    /^TC-640 No proxy answers at .* says 502, /,
    (_, response) => response.writeHead(502).end('Bad Gateway'),
  ],
  ['a server that hangs up', /^TC-640 .* the connection failed/, (request) => request.destroy()],
])('%s is not taken for a proxy', async (_, sentence, listener) => {
  await expect(createAskHealth(never)(await serve(listener))).rejects.toThrow(sentence)
})

test('who says nothing is not waited for, and who is nowhere is told so', async () => {
  const silent = await serve(() => undefined)
  await expect(createAskHealth(never, 20)(silent)).rejects.toThrow(/^TC-640 .* nothing came in time/)
  // Begins to answer, and does not go on.
  const halting = await serve((_, response) => void response.writeHead(200).write('{'))
  await expect(createAskHealth(never, 50)(halting)).rejects.toThrow(/^TC-640 .* nothing came in time/)
  // Nobody speaks https there.
  await expect(createAskHealth(never)(silent.replace('http', 'https'))).rejects.toThrow(/^TC-640 .* speaks no https/)
  await expect(createAskHealth(never)('http://nowhere.invalid')).rejects.toThrow(/^TC-640 .* no name server knows/)
})

test('the command that asks can be stopped meanwhile', async () => {
  const stopped = new AbortController()
  const asked = createAskHealth(stopped.signal)(await serve(() => stopped.abort()))
  await expect(asked).rejects.toThrow(/aborted/)
})
