import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createPublicFetch, type PublicFetchSettings } from '../../proxy/fetch-public.ts'
import { connectTo, type Network } from '../../proxy/public-client.ts'
import { sentence, type Failure } from '../../shared/error-codes.ts'
import { createCertificate } from '../upstreams/certificate.ts'
import { startPictureHost, type PictureHost } from '../upstreams/picture-host.ts'

const NAME = 'pictures.example'
const PUBLIC = '93.184.215.14'
const PICTURE = Buffer.from([0xff, 0xd8, 0xff, 1, 2, 3])
const certificate = createCertificate([NAME, 'other.example'])
const patient = new AbortController().signal

let host: PictureHost
beforeEach(async () => {
  host = await startPictureHost(certificate)
})
afterEach(() => host.close())

interface TestNetwork extends Network {
  resolved: string[]
  connected: (readonly string[])[]
}

/** Every name and every public address leads to the test's host; names, certificates and Host headers stay as they are. */
function networkTo(
  { port }: { port: number },
  addresses: Readonly<Record<string, readonly string[]>> = {},
  { ca = certificate.cert }: { ca?: string } = {},
): TestNetwork {
  const times = new Map<string, number>()
  const network: TestNetwork = {
    resolved: [],
    connected: [],
    async resolve(hostname) {
      network.resolved.push(hostname)
      const time = times.get(hostname) ?? 0
      times.set(hostname, time + 1)
      const answers = addresses[hostname] ?? [PUBLIC]
      if (answers.length === 0) throw Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' })
      // One answer after the other, the last for good; several at once stand in one text.
      return answers[Math.min(time, answers.length - 1)]!.split(' ')
    },
    connectTo(addresses) {
      network.connected.push(addresses)
      const connect = connectTo(['127.0.0.1'], { ca })
      return (options, callback) => connect({ ...options, port: String(port) }, callback)
    },
  }
  return network
}

async function get(
  address: string,
  network: Network = networkTo(host),
  settings: PublicFetchSettings = {},
  signal: AbortSignal = patient,
): Promise<Uint8Array | Failure> {
  return createPublicFetch(settings, network)(address, signal)
}

/** Name of the failure and its sentence. */
async function failureOf(...args: Parameters<typeof get>): Promise<{ failed: string; sentence: string }> {
  const came = await get(...args)
  if (!('failed' in came)) throw new Error(`${came.length} bytes came`)
  return { failed: came.failed, sentence: sentence(came) }
}

test('a public address gives its bytes, whatever it says they are', async () => {
  host.serve('/a.jpg?size=1', { kind: 'bytes', bytes: PICTURE, headers: { 'content-type': 'text/html' } })
  expect(await get(`https://${NAME}/a.jpg?size=1#part`)).toEqual(PICTURE)
})

test('the other side learns its own name and nothing of this house', async () => {
  host.serve('/a.jpg', { kind: 'bytes', bytes: PICTURE })
  const network = networkTo(host)
  await get(`https://${NAME}:8443/a.jpg`, network)
  expect(host.requests[0]).toMatchObject({ method: 'GET', servername: NAME, headers: { host: `${NAME}:8443` } })
  expect(Object.keys(host.requests[0]!.headers).toSorted()).toEqual([
    'accept',
    'accept-encoding',
    'connection',
    'host',
    'user-agent',
  ])
  expect(network.connected).toEqual([[PUBLIC]])
})

describe('an address that is not fetched', () => {
  test.each([
    ['plain http', `http://${NAME}/a.jpg`],
    ['another protocol', 'ftp://pictures.example/a.jpg'],
    ['a file', 'file:///etc/hostname'],
    ['data', 'data:image/png;base64,AAAA'],
    ['another port', `https://${NAME}:22/a.jpg`],
    ['the port of http', `https://${NAME}:80/a.jpg`],
    ['credentials', `https://someone:secret@${NAME}/a.jpg`],
    ['a name only', `https://someone@${NAME}/a.jpg`],
    ['no address at all', 'https://someone:secret@'],
    ['a zone', 'https://[fe80::1%25eth0]/'],
  ])('%s is refused before anything is resolved', async (_, address) => {
    const network = networkTo(host)
    const { failed, sentence } = await failureOf(address, network)
    expect(failed).toBe('bad-image-address')
    expect(sentence).not.toMatch(/secret|someone/)
    expect(network.resolved).toEqual([])
    expect(host.requests).toEqual([])
  })

  test('a setting allows plain http on its own two ports, and nothing more', async () => {
    const plain = await startPictureHost()
    plain.serve('/a.jpg', { kind: 'bytes', bytes: PICTURE })
    const network = networkTo(plain)
    const settings = { allowHttp: true }
    expect(await get(`http://${NAME}/a.jpg`, network, settings)).toEqual(PICTURE)
    expect(await get(`http://${NAME}:8080/a.jpg`, network, settings)).toEqual(PICTURE)
    expect((await failureOf(`http://${NAME}:443/a.jpg`, network, settings)).failed).toBe('bad-image-address')
    expect((await failureOf('http://127.0.0.1/a.jpg', network, settings)).failed).toBe('private-address')
    await plain.close()
  })
})

describe('an address inside', () => {
  test.each([
    ['127.0.0.1', '127.0.0.1'],
    ['short', '127.1'],
    ['decimal', '2130706433'],
    ['hexadecimal', '0x7f000001'],
    ['hexadecimal parts', '0x7f.0.0.1'],
    ['octal', '0177.0.0.1'],
    ['octal as a whole', '017700000001'],
    ['with a dot behind', '127.0.0.1.'],
    ['in wide digits', '１２７.０.０.１'],
    ['zero', '0'],
    ['IPv6 loopback', '[::1]'],
    ['IPv6 loopback, written out', '[0:0:0:0:0:0:0:1]'],
    ['IPv4-mapped', '[::ffff:127.0.0.1]'],
    ['IPv4-mapped, hexadecimal', '[::ffff:7f00:1]'],
    ['IPv4-compatible', '[::127.0.0.1]'],
    ['NAT64', '[64:ff9b::7f00:1]'],
    ['6to4', '[2002:7f00:1::]'],
    ['unique local', '[fd00:ec2::254]'],
    ['cloud metadata', '169.254.169.254'],
    ['carrier-grade NAT', '100.64.0.1'],
    ['private', '10.1.2.3'],
    ['private', '192.168.0.1'],
  ])('%s (%s) is refused unasked', async (_, inside) => {
    const network = networkTo(host)
    expect((await failureOf(`https://${inside}/a.jpg`, network)).failed).toBe('private-address')
    expect(network.resolved).toEqual([])
    expect(network.connected).toEqual([])
  })

  test.each(['127.0.0.1', '10.0.0.7', '::1', 'fe80::1', '::ffff:192.168.0.1', '169.254.169.254'])(
    'a name that means %s is refused by its name',
    async (inside) => {
      const network = networkTo(host, { 'inside.example': [inside] })
      const { failed, sentence } = await failureOf('https://inside.example/a.jpg', network)
      expect(failed).toBe('private-address')
      expect(sentence).toContain('inside.example')
      expect(sentence).not.toContain(inside)
      expect(network.connected).toEqual([])
    },
  )

  test('one inside address among public ones is enough to refuse', async () => {
    const network = networkTo(host, { [NAME]: [`${PUBLIC} 127.0.0.1`] })
    expect((await failureOf(`https://${NAME}/a.jpg`, network)).failed).toBe('private-address')
    expect(network.connected).toEqual([])
  })

  test.each(['https://localhost/a.jpg', 'https://localhost.:8443/a.jpg', 'https://a.LOCALHOST/', 'https://127.0.0.1/'])(
    '%s is refused by the real resolver too',
    async (address) => {
      const came = await createPublicFetch()(address, patient)
      expect(came).toMatchObject({ failed: 'private-address' })
    },
  )
})

describe('a name that changes its meaning', () => {
  test('between check and connection changes nothing: it is resolved once, and the connection goes to what was checked', async () => {
    host.serve('/a.jpg', { kind: 'bytes', bytes: PICTURE })
    const network = networkTo(host, { [NAME]: [PUBLIC, '127.0.0.1'] })
    expect(await get(`https://${NAME}/a.jpg`, network)).toEqual(PICTURE)
    expect(network.resolved).toEqual([NAME])
    expect(network.connected).toEqual([[PUBLIC]])
  })

  test('between two hops is checked again', async () => {
    host.serve('/a.jpg', { kind: 'redirect', location: '/b.jpg' })
    host.serve('/b.jpg', { kind: 'bytes', bytes: PICTURE })
    const network = networkTo(host, { [NAME]: [PUBLIC, '127.0.0.1'] })
    expect((await failureOf(`https://${NAME}/a.jpg`, network)).failed).toBe('private-address')
    expect(host.requests.map(({ url }) => url)).toEqual(['/a.jpg'])
  })

  test('the connection itself asks no resolver: a name nobody knows reaches the pinned address', async () => {
    host.serve('/a.jpg', { kind: 'bytes', bytes: PICTURE })
    const connect = connectTo(['127.0.0.1'], { ca: certificate.cert })
    const socket = await new Promise((resolve, reject) => {
      connect(
        { hostname: NAME, host: NAME, protocol: 'https:', port: String(host.port), servername: NAME },
        (error, socket) => (error ? reject(error) : resolve(socket)),
      )
    })
    expect(socket).toMatchObject({ remoteAddress: '127.0.0.1', servername: NAME, authorized: true })
    ;(socket as { destroy(): void }).destroy()
  })
})

describe('redirects', () => {
  test('up to three are followed, to other names too', async () => {
    host.serve('/1', { kind: 'redirect', location: '/2', status: 301 })
    host.serve('/2', { kind: 'redirect', location: 'https://other.example:8443/3', status: 307 })
    host.serve('/3', { kind: 'redirect', location: '//pictures.example/4', status: 308 })
    host.serve('/4', { kind: 'bytes', bytes: PICTURE })
    const network = networkTo(host)
    expect(await get(`https://${NAME}/1`, network)).toEqual(PICTURE)
    expect(network.resolved).toEqual([NAME, NAME, 'other.example', NAME])
    expect(host.requests.map(({ servername }) => servername)).toEqual([NAME, NAME, 'other.example', NAME])
  })

  test('a fourth is not', async () => {
    host.serve('/again', { kind: 'redirect', location: '/again' })
    const { failed, sentence } = await failureOf(`https://${NAME}/again`)
    expect(failed).toBe('image-unreachable')
    expect(sentence).toContain('more than 3')
    expect(host.requests).toHaveLength(4)
  })

  test.each([
    ['https://127.0.0.1/a', 'private-address'],
    ['https://2130706433/a', 'private-address'],
    ['https://[::1]/a', 'private-address'],
    ['https://169.254.169.254/latest/meta-data/', 'private-address'],
    ['https://inside.example/a', 'private-address'],
    ['http://pictures.example/a', 'image-unreachable'],
    ['https://pictures.example:22/a', 'image-unreachable'],
    ['https://someone:secret@pictures.example/a', 'image-unreachable'],
    ['file:///etc/hostname', 'image-unreachable'],
    ['https://', 'image-unreachable'],
    ['javascript:alert(1)', 'image-unreachable'],
  ])('one to %s ends there (%s)', async (location, expected) => {
    host.serve('/a.jpg', { kind: 'redirect', location })
    const network = networkTo(host, { 'inside.example': ['10.0.0.1'] })
    const { failed, sentence } = await failureOf(`https://${NAME}/a.jpg`, network)
    expect(failed).toBe(expected)
    expect(sentence).not.toContain('secret')
    expect(host.requests).toHaveLength(1)
  })
})

describe('what comes is bounded', () => {
  test('a gigabyte that is declared is refused at once', async () => {
    host.serve('/a.jpg', { kind: 'endless', declared: 1_000_000_000 })
    const { failed, sentence } = await failureOf(`https://${NAME}/a.jpg`)
    expect(failed).toBe('image-too-large')
    expect(sentence).toContain('8 MB')
  })

  test('a gigabyte that is not declared is cut', async () => {
    host.serve('/a.jpg', { kind: 'endless' })
    expect((await failureOf(`https://${NAME}/a.jpg`)).failed).toBe('image-too-large')
    expect(host.sent.bytes).toBeLessThan(40_000_000)
  })

  test('exactly as much as is allowed comes, one byte more does not', async () => {
    host.serve('/fits', { kind: 'bytes', bytes: Buffer.alloc(1000) })
    host.serve('/over', { kind: 'bytes', bytes: Buffer.alloc(1001) })
    const settings = { bytesMax: 1000 }
    expect(await get(`https://${NAME}/fits`, networkTo(host), settings)).toHaveLength(1000)
    expect((await failureOf(`https://${NAME}/over`, networkTo(host), settings)).failed).toBe('image-too-large')
  })

  test('a length that promises more than comes is a connection that failed', async () => {
    host.serve('/a.jpg', { kind: 'broken-off', bytes: PICTURE, declared: 5000 })
    expect((await failureOf(`https://${NAME}/a.jpg`)).failed).toBe('image-unreachable')
  })

  test('a compressed body is not unpacked', async () => {
    host.serve('/a.jpg', { kind: 'bytes', bytes: PICTURE, headers: { 'content-encoding': 'gzip' } })
    const { failed, sentence } = await failureOf(`https://${NAME}/a.jpg`)
    expect(failed).toBe('image-unreachable')
    expect(sentence).toContain('compressed')
  })

  test('a drip is given up when the time for the whole is over', async () => {
    host.serve('/a.jpg', { kind: 'drip', bytes: Buffer.alloc(100_000), everyMs: 20 })
    const { failed, sentence } = await failureOf(`https://${NAME}/a.jpg`, networkTo(host), { timeoutMs: 300 })
    expect(failed).toBe('image-unreachable')
    expect(sentence).toContain('too long')
  })

  test('a server that says nothing is given up, and so is a resolver', async () => {
    host.serve('/a.jpg', { kind: 'silent' })
    const settings = { timeoutMs: 300 }
    expect((await failureOf(`https://${NAME}/a.jpg`, networkTo(host), settings)).sentence).toContain('too long')
    const deaf: Network = { ...networkTo(host), resolve: () => new Promise(() => {}) }
    expect((await failureOf(`https://${NAME}/a.jpg`, deaf, settings)).sentence).toContain('too long')
  })

  test('whoever asked can give up, before and during', async () => {
    host.serve('/a.jpg', { kind: 'silent' })
    const network = networkTo(host, { 'nobody.example': [] })
    expect((await failureOf('https://nobody.example/', network, {}, AbortSignal.abort())).failed).toBe(
      'image-unreachable',
    )
    expect(network.resolved).toEqual([])
    expect((await failureOf(`https://${NAME}/a.jpg`, network, {}, AbortSignal.timeout(200))).failed).toBe(
      'image-unreachable',
    )
    expect(host.requests).toHaveLength(1)
  })
})

describe('what goes wrong is said in our words', () => {
  test.each([403, 404, 500, 206, 304])('status %i', async (status) => {
    host.serve('/a.jpg', {
      kind: 'bytes',
      bytes: status === 304 ? Buffer.of() : Buffer.from('<h1>inner secret</h1>'),
      status,
    })
    const { failed, sentence } = await failureOf(`https://${NAME}/a.jpg`)
    expect(failed).toBe('image-unreachable')
    expect(sentence).toContain(String(status))
    expect(sentence).not.toContain('secret')
  })

  test('an unknown name, a connection reset, and a refused one', async () => {
    host.serve('/a.jpg', { kind: 'reset' })
    const unknown = await failureOf('https://nobody.example/', networkTo(host, { 'nobody.example': [] }))
    expect(unknown).toMatchObject({ failed: 'image-unreachable', sentence: expect.stringContaining('name') as string })
    const reset = await failureOf(`https://${NAME}/a.jpg`)
    expect(reset).toMatchObject({
      failed: 'image-unreachable',
      sentence: expect.stringContaining('connection') as string,
    })
    await host.close()
    expect((await failureOf(`https://${NAME}/a.jpg`)).failed).toBe('image-unreachable')
    host = await startPictureHost(certificate)
  })

  describe('a certificate that does not hold', () => {
    let expired: PictureHost
    const old = createCertificate([NAME], { fromMs: Date.now() - 2e9, toMs: Date.now() - 1e9 })
    beforeAll(async () => {
      expired = await startPictureHost(old)
      expired.serve('/a.jpg', { kind: 'bytes', bytes: PICTURE })
    })
    afterAll(() => expired.close())

    test('for another name, expired, or signed by nobody we know', async () => {
      host.serve('/a.jpg', { kind: 'bytes', bytes: PICTURE })
      const certificateTrouble = {
        failed: 'image-unreachable',
        sentence: expect.stringContaining('certificate') as string,
      }
      expect(await failureOf('https://third.example/a.jpg')).toMatchObject(certificateTrouble)
      expect(await failureOf(`https://${NAME}/a.jpg`, networkTo(expired, {}, { ca: old.cert }))).toMatchObject(
        certificateTrouble,
      )
      expect(await failureOf(`https://${NAME}/a.jpg`, networkTo(host, {}, { ca: old.cert }))).toMatchObject(
        certificateTrouble,
      )
      expect(host.requests).toEqual([])
      expect(expired.requests).toEqual([])
    })
  })
})
