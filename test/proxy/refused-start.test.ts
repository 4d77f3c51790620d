import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { askProxy, proxiesOfTest } from '../hosts/proxies-of-test.ts'
import { startProxyProcess, temporaryFolder } from '../hosts/proxy-process.ts'

const data = proxiesOfTest()
const { start } = data

describe('what cannot start says why, in one coded sentence, and loses nothing', () => {
  test('a second process on the same data folder', async () => {
    const proxy = await start()
    await expect(start()).rejects.toThrow('TC-601 Another Tariffcell proxy already uses the data folder')
    expect(await askProxy(proxy, proxy.ownerToken!, ['HSRATE', '610910', 'CA'])).toEqual([0.18])
  })

  test('a port that is taken', async () => {
    const proxy = await start()
    const other = temporaryFolder()
    const { port } = new URL(proxy.url)
    await expect(startProxyProcess(other.folder, { PORT: port })).rejects.toThrow(
      `TC-604 Port ${port} is already in use`,
    )
    other.remove()
  })

  test('an address that is not of this machine', async () => {
    await expect(start({ HOST: '203.0.113.7' })).rejects.toThrow('TC-603 The setting HOST is not valid: cannot listen')
  })

  test('an empty setting is none: HOST= listens on this machine only', async () => {
    expect((await start({ HOST: '', LOG_LEVEL: '' })).url).toMatch(/^http:\/\/127\.0\.0\.1:/)
  })

  test('behind a public address it says where it listens itself, and leads people to the other', async () => {
    const proxy = await start({ PUBLIC_URL: 'https://hs.example.com' })
    expect(proxy.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect((await fetch(`${proxy.url}/healthz`)).status).toBe(200)
    expect(proxy.stdout()).toContain('It is reached at https://hs.example.com\n')
    expect(proxy.stdout()).toMatch(/\nTRUSTED_PROXIES names nobody: .*\n/)
    expect(proxy.stdout()).toMatch(/works once\): https:\/\/hs\.example\.com\/\?code=/)
  })

  test('a lock that cannot be opened', async () => {
    mkdirSync(join(data.folder, 'proxy.lock'))
    await expect(start()).rejects.toThrow('TC-602')
  })

  test.each([
    ['PORT', 'http'],
    ['PUBLIC_URL', 'hs.example.com'],
    ['LOG_LEVEL', 'loud'],
    ['REQUESTS_PER_MINUTE', '0'],
    ['ALLOWED_ORIGINS', 'https://a.example/path'],
    ['TRUSTED_PROXIES', 'loopback, my-caddy'],
    ['ROUTING', 'classify.CA=someone'],
    ['MASTER_KEY', 'too short'],
  ])('a setting %s=%s', async (name, value) => {
    await expect(start({ [name]: value })).rejects.toThrow(`TC-603 The setting ${name} is not valid`)
  })

  test('a data folder that is a file', async () => {
    writeFileSync(join(data.folder, 'file'), '')
    await expect(startProxyProcess(join(data.folder, 'file'))).rejects.toThrow('TC-602')
  })

  test('a data folder where none can be made', async () => {
    // Where nothing can be made Node's own recursive mkdir tries for ever.
    const folder = process.platform === 'linux' ? '/proc/tariffcell' : join(data.folder, 'no\0where')
    await expect(startProxyProcess(folder)).rejects.toThrow(/TC-602|null bytes/)
  })

  test('a database that is none, which is left as it was', async () => {
    writeFileSync(
      join(data.folder, 'tariffcell.sqlite'),
      'this is not a database, but somebody may want it back'.repeat(50),
    )
    await expect(start()).rejects.toThrow('TC-606')
    expect(readFileSync(join(data.folder, 'tariffcell.sqlite'), 'utf8')).toContain('somebody may want it back')
  })
})
