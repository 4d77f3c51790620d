import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import https from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { makeCertificates, openCertificate, type MakeCertificates } from '../../../proxy/https/certificate.ts'
import { trustCertificate, type TrustDeps } from '../../../proxy/https/trust.ts'
import { checkManifest } from '../../../excel-addin/check-manifest.ts'
import { spawnProgram, startProxyProcess } from '../../hosts/proxy-process.ts'

// Keys are made in plain JavaScript.
const SLOWLY = { timeout: 60_000 }
const DAY_MS = 24 * 3600 * 1000

let parent: string
let folder: string
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'tariffcell-https-'))
  folder = join(parent, 'certificates')
  vi.spyOn(console, 'log').mockImplementation(() => undefined)
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(parent, { recursive: true })
})

const open = (now = Date.now, make = makeCertificates) => openCertificate({ folder, now, make })
const modeOf = (file: string): number => statSync(file).mode & 0o777

describe('a certificate for this machine', () => {
  test('is made once, is good for localhost by its authority, and is made anew before it is over', SLOWLY, async () => {
    const first = await open()
    const parsed = new X509Certificate(first.cert)
    expect(parsed.checkHost('localhost')).toBe('localhost')
    expect(parsed.checkIP('127.0.0.1')).toBe('127.0.0.1')
    expect(parsed.verify(new X509Certificate(readFileSync(first.authorityFile)).publicKey)).toBe(true)
    expect((await open()).cert).toBe(first.cert)
    const later = (): number => Date.now() + 364.5 * DAY_MS
    const make: MakeCertificates = vi.fn(makeCertificates)
    // What is made is good for a year from now, not from then: it is made, and refused.
    await expect(open(later, make)).rejects.toThrow(/^TC-619 /)
    expect(make).toHaveBeenCalledTimes(1)
  })

  test('its key is for its owner alone, and no key of its authority is kept', SLOWLY, async () => {
    await open()
    expect(modeOf(folder)).toBe(0o700)
    expect(modeOf(join(folder, 'localhost.key'))).toBe(0o600)
    expect(readdirSync(folder).sort()).toEqual(['ca.crt', 'localhost.crt', 'localhost.key'])
    chmodSync(join(folder, 'localhost.key'), 0o644)
    await open()
    expect(modeOf(join(folder, 'localhost.key'))).toBe(0o600)
  })

  test.each(['localhost.crt', 'localhost.key', 'ca.crt'])(
    'a damaged %s is replaced, with all that belongs to it',
    SLOWLY,
    async (name) => {
      const first = await open()
      writeFileSync(join(folder, name), 'damaged')
      const second = await open()
      expect(second.cert).not.toBe(first.cert)
      expect(
        new X509Certificate(second.cert).verify(new X509Certificate(readFileSync(second.authorityFile)).publicKey),
      ).toBe(true)
    },
  )

  test('where it cannot be made, the sentence says why, and nothing half made is left', async () => {
    mkdirSync(folder)
    const failing: MakeCertificates = async ({ key }) => {
      writeFileSync(key, 'half a key')
      throw new Error('the package office-addin-dev-certs is not installed')
    }
    await expect(open(Date.now, failing)).rejects.toThrow(/^TC-619 No https on this machine: the package/)
    expect(readdirSync(folder)).toEqual([])
  })
})

describe('trust', () => {
  const certificate = {
    cert: '',
    key: '',
    authorityFile: '/home/a b/ca.crt',
    authorityThumbprint: 'AB12',
    certificateFile: '/home/a b/localhost.crt',
  }
  function deps(platform: NodeJS.Platform, works: (command: string) => boolean, isAttended = true) {
    const ran: string[] = []
    const trust: TrustDeps = {
      platform,
      isAttended,
      run: async (...[command, args]) => {
        ran.push([command, ...args].join(' '))
        if (!works(ran.at(-1)!)) throw new Error('no')
      },
    }
    return { trust, ran }
  }

  test.each<NodeJS.Platform>(['win32', 'darwin'])('on %s what is trusted is left alone', async (platform) => {
    const { trust, ran } = deps(platform, () => true)
    expect(await trustCertificate(trust, certificate)).toEqual([])
    expect(ran).toHaveLength(1)
  })

  test.each<[NodeJS.Platform, RegExp]>([
    ['win32', /addstore Root/],
    ['darwin', /add-trusted-cert/],
  ])('on %s the system asks the person, and where they decline the command is said', async (platform, adds) => {
    const agreed = deps(platform, (command) => adds.test(command))
    expect(await trustCertificate(agreed.trust, certificate)).toEqual([])
    const declined = deps(platform, () => false)
    expect((await trustCertificate(declined.trust, certificate)).join('\n')).toMatch(adds)
    const unattended = deps(platform, () => false, false)
    expect((await trustCertificate(unattended.trust, certificate)).join('\n')).toMatch(/"\/home\/a b\/ca\.crt"/)
    expect(unattended.ran).toHaveLength(1)
  })

  test('on Linux nothing is run, and it is said where browsers take it', async () => {
    const { trust, ran } = deps('linux', () => true)
    expect((await trustCertificate(trust, certificate)).join('\n')).toMatch(/ca\.crt once.*\n.*Chrome.*\n.*Firefox/)
    expect(ran).toEqual([])
  })
})

describe('npm start -- --https', () => {
  test(
    'speaks https, prints the link so, and serves the manifest with its own address',
    { timeout: 90_000 },
    async () => {
      const proxy = await startProxyProcess(join(parent, 'data'), { HOME: parent }, ['--https'])
      try {
        expect(proxy.url).toMatch(/^https:\/\/localhost:\d+$/)
        const authorityFile = join(parent, '.office-addin-dev-certs', 'ca.crt')
        expect(existsSync(authorityFile)).toBe(true)
        const answer = await get(`${proxy.url}/healthz`, readFileSync(authorityFile))
        expect(JSON.parse(answer)).toMatchObject({ status: 'ok' })
        const manifest = await get(`${proxy.url}/excel/manifest.xml`, readFileSync(authorityFile))
        // Where nothing is built yet there is no add-in to install.
        if (manifest.startsWith('<?xml')) {
          expect(checkManifest(manifest)).toEqual([])
          expect(manifest).toContain(`${proxy.url}/excel/pane.html`)
        }
        await expect.poll(proxy.stdout).toContain('import ')
      } finally {
        await proxy.stop()
      }
    },
  )

  test.each([
    [['--http'], {}, /^TC-610 The proxy takes one option: --https/],
    [['--https'], { HOST: '192.0.2.7' }, /^TC-603 The setting HOST .*--https is for this machine alone/],
  ])('%j with %j does not start, and says why', { timeout: 90_000 }, async (args, environment, sentence) => {
    const child = await spawnProgram('proxy/main.ts', args, {
      DATA_DIR: join(parent, 'data'),
      HOME: parent,
      ...environment,
    })
    let text = ''
    child.stderr?.on('data', (data: Buffer) => {
      text += data.toString()
    })
    const [code] = (await once(child, 'close')) as [number]
    expect(code).toBe(1)
    expect(text).toMatch(sentence)
    expect(existsSync(join(parent, 'data'))).toBe(false)
  })
})

function get(url: string, ca: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    https
      .get(url, { ca }, (response) => {
        let text = ''
        response.on('data', (data: Buffer) => {
          text += data.toString()
        })
        response.on('end', () => resolve(text))
      })
      .on('error', reject)
  })
}
