/** Where webhooks may lead: judged when they are added, and again at every attempt. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import https from 'node:https'
import type { AddressInfo } from 'node:net'
import { readConfig } from '../../../proxy/config.ts'
import { connectTo, type Network } from '../../../proxy/public-client.ts'
import { isFailure, sentence } from '../../../shared/error-codes.ts'
import { openWebhookHouse, type WebhookHouse } from '../../hosts/webhook-house.ts'
import { createCertificate } from '../../upstreams/certificate.ts'

const PUBLIC = '93.184.215.14'
const certificate = createCertificate(['hooks.example'])

let server: https.Server
let port: number
const called: { host: string; path: string }[] = []
beforeAll(async () => {
  server = https.createServer(certificate, (request, response) => {
    called.push({ host: request.headers.host ?? '', path: request.url ?? '' })
    response.writeHead(204).end()
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  ;({ port } = server.address() as AddressInfo)
})
afterAll(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

let house: WebhookHouse
/** What the name means, from now on. */
let meaning: string[]
let resolved: string[]
let connected: (readonly string[])[]
const network: Network = {
  async resolve(hostname) {
    resolved.push(hostname)
    if (meaning.length === 0) throw Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' })
    return meaning
  },
  connectTo(addresses) {
    connected.push(addresses)
    const connect = connectTo(['127.0.0.1'], { ca: certificate.cert })
    return (options, callback) => connect({ ...options, port: String(port) }, callback)
  },
}

beforeEach(async () => {
  meaning = [PUBLIC]
  resolved = []
  connected = []
  called.length = 0
  house = await openWebhookHouse({ network, allowPrivate: false })
})
afterEach(() => house.close())

const create = (url: string) =>
  house.webhooks.create({ workspaceId: house.workspaces[0], actor: 'test' }, { url, events: null })

async function refusal(url: string): Promise<string> {
  const made = await create(url)
  if (!isFailure(made)) throw new Error(`${url} was taken`)
  expect(made.failed).toBe('bad-webhook-address')
  for (const language of ['en', 'zh', 'fr'] as const)
    expect(sentence(made, language)).not.toMatch(/secret|\{|undefined/)
  return sentence(made)
}

describe('an address that is not taken', () => {
  test.each([
    ['no address', 'hooks.example/a', 'no address'],
    ['plain http', 'http://hooks.example/a', 'https'],
    ['another protocol', 'ftp://hooks.example/a', 'https'],
    ['a script', 'javascript:alert(1)', 'https'],
    ['another port', 'https://hooks.example:22/a', 'port'],
    ['the port of http', 'https://hooks.example:80/a', 'port'],
    ['credentials', 'https://someone:secret@hooks.example/a', 'password'],
    ['a user', 'https://secret@hooks.example/a', 'user'],
    ['this machine', 'https://localhost/a', 'private'],
    ['loopback', 'https://127.0.0.1/a', 'private'],
    ['loopback as a whole', 'https://2130706433/', 'private'],
    ['loopback, short', 'https://127.1/', 'private'],
    ['metadata', 'https://169.254.169.254/latest', 'private'],
    ['IPv6 loopback', 'https://[::1]/', 'private'],
    ['IPv4-mapped', 'https://[::ffff:10.0.0.1]/', 'private'],
    ['NAT64', 'https://[64:ff9b::7f00:1]/', 'private'],
    ['unique local', 'https://[fd00::1]/', 'private'],
    ['too long', `https://hooks.example/${'a'.repeat(2000)}`, 'no address'],
  ])('%s', async (_, url, why) => {
    expect(await refusal(url)).toContain(why)
    expect(resolved).toEqual([])
    expect(await house.webhooks.list(house.workspaces[0])).toEqual([])
  })

  test('a name that means an inside address, or one among public ones', async () => {
    meaning = ['10.0.0.7']
    const said = await refusal('https://hooks.example/a?key=secret')
    expect(said).toMatch(/^TC-154 "https:\/\/hooks\.example"/)
    expect(said).not.toContain('10.0.0.7')
    meaning = [PUBLIC, '::1']
    await refusal('https://hooks.example/a')
    expect(connected).toEqual([])
  })
})

test('443 and 8443 are taken, a name that nobody knows yet too, and what stands behind # is not kept', async () => {
  for (const url of ['https://hooks.example/a?b=c#d', 'https://hooks.example:8443/', 'https://HOOKS.example:443']) {
    expect(isFailure(await create(url))).toBe(false)
  }
  meaning = []
  expect(isFailure(await create('https://not.yet.example/'))).toBe(false)
  expect((await house.webhooks.list(house.workspaces[0])).map(({ url }) => url)).toEqual([
    'https://hooks.example/a?b=c',
    'https://hooks.example:8443/',
    'https://hooks.example/',
    'https://not.yet.example/',
  ])
})

describe('at every attempt', () => {
  const sendOne = async (): Promise<{ lastStatus: number | null; lastTrouble: string | null }> => {
    const { webhook } = await house.add('https://hooks.example/a?b=c')
    await house.emit()
    await house.sender.sendDue()
    const [{ lastStatus, lastTrouble } = { lastStatus: null, lastTrouble: null }] = await house.log(webhook.id)
    return { lastStatus, lastTrouble }
  }

  test('the connection goes to exactly what was judged, under the name that was given', async () => {
    expect(await sendOne()).toEqual({ lastStatus: 204, lastTrouble: null })
    expect(connected).toEqual([[PUBLIC]])
    expect(called).toEqual([{ host: 'hooks.example', path: '/a?b=c' }])
  })

  test('a name that has come to mean the inside is not called, and one that means the outside again is', async () => {
    const { webhook } = await house.add('https://hooks.example/a')
    await house.emit()
    for (const inside of ['127.0.0.1', '169.254.169.254', '::ffff:192.168.0.1', 'fe80::1']) {
      meaning = [inside]
      await house.sender.sendDue()
      expect(await house.log(webhook.id)).toMatchObject([
        { state: 'waiting', lastStatus: null, lastTrouble: 'refused' },
      ])
      house.clock.advance(3 * 3600_000)
    }
    expect(connected).toEqual([])
    meaning = [PUBLIC]
    await house.sender.sendDue()
    expect(called).toHaveLength(1)
  })

  test('a name nobody knows, and a certificate that does not hold', async () => {
    const { webhook } = await house.add('https://hooks.example/a')
    await house.emit()
    meaning = []
    await house.sender.sendDue()
    expect(await house.log(webhook.id)).toMatchObject([{ lastTrouble: 'unknown-name' }])
    const { webhook: other } = await house.add('https://other.example/a')
    meaning = [PUBLIC]
    await house.emit()
    await house.sender.sendDue()
    expect(await house.log(other.id)).toMatchObject([{ lastTrouble: 'certificate' }])
  })

  test('a resolver that says nothing is given up', async () => {
    const { webhook } = await house.add('https://hooks.example/a')
    await house.emit()
    const deaf: Network = { ...network, resolve: () => new Promise(() => {}) }
    await house.openSender({ network: deaf, timeoutMs: 100 }).sendDue()
    expect(await house.log(webhook.id)).toMatchObject([{ lastTrouble: 'slow' }])
  })

  test('what was kept while the setting allowed it is not called any more when it does not', async () => {
    const { webhook } = await house.add('https://hooks.example/a')
    for (const url of ['http://127.0.0.1:9/', 'https://127.0.0.1/']) {
      await house.database.run('UPDATE webhook SET url = $1 WHERE id = $2', [url, webhook.id])
      await house.emit()
      await house.sender.sendDue()
      expect((await house.log(webhook.id))[0]).toMatchObject({ lastTrouble: 'refused' })
    }
    expect(connected).toEqual([])
  })
})

test('ALLOW_PRIVATE_WEBHOOKS is false unless it is true, and nothing else', () => {
  const read = (text?: string) => readConfig(text === undefined ? {} : { ALLOW_PRIVATE_WEBHOOKS: text })
  expect([read(), read(''), read('false'), read('true')].map((config) => config.allowPrivateWebhooks)).toEqual([
    false,
    false,
    false,
    true,
  ])
  for (const text of ['yes', '1', 'TRUE']) expect(() => read(text)).toThrow(/TC-60\d .*ALLOW_PRIVATE_WEBHOOKS/)
})
