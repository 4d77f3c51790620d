import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { checkManifest } from '../../../excel-addin/check-manifest.ts'
import { compressFiles } from '../../../proxy/compress-files.ts'
import { filesVersion } from '../../../proxy/files-version.ts'
import { fakeProvider } from '../../hosts/fake-provider.ts'
import { openTestHouse, type TestHouse } from '../../hosts/test-house.ts'
import { startTestProxy, type TestProxy } from '../../hosts/test-proxy.ts'

const FILES = {
  'functions.js': 'var Tariffcell = {}',
  'functions.json': '{"functions":[]}',
  'pane.js': 'start()',
  'pane.css': 'body { margin: 0 }',
  'pane.html':
    '<link rel="stylesheet" href="pane.css" /><script src="https://appsforoffice.microsoft.com/lib/1/hosted/office.js"></script>' +
    '<script src="functions.js"></script><script src="pane.js" defer></script>',
  'icons/32.png': 'picture',
}
const PLAYGROUND = '<!doctype html><title>Playground</title>'
const version = filesVersion(FILES['functions.js'], FILES['functions.json'])

let house: TestHouse
let folder: string
let proxy: TestProxy | null = null

beforeAll(async () => {
  house = await openTestHouse({ providers: [fakeProvider()] })
  folder = mkdtempSync(join(tmpdir(), 'tariffcell-excel-'))
  mkdirSync(join(folder, 'excel', 'icons'), { recursive: true })
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, 'excel', name), text)
  mkdirSync(join(folder, 'playground'))
  writeFileSync(join(folder, 'playground', 'index.html'), PLAYGROUND)
  for (const part of ['excel', 'playground']) await compressFiles(join(folder, part))
})
afterEach(async () => {
  await proxy?.close()
  proxy = null
})
afterAll(async () => {
  rmSync(folder, { recursive: true })
  await house.close()
})

async function get(path: string, options: { httpsAddress?: string; headers?: Record<string, string> } = {}) {
  proxy ??= await startTestProxy(house, { distFolder: folder, ...options })
  return await fetch(`${proxy.url}/excel/${path}`, { headers: options.headers ?? {} })
}

test('the manifest carries the proxy’s own https address, and the version of the functions it serves', async () => {
  const response = await get('manifest.xml', { httpsAddress: 'https://hs.example.com' })
  const xml = await response.text()
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toMatch(/xml/)
  expect(checkManifest(xml)).toEqual([])
  expect(xml).toContain(`https://hs.example.com/excel/functions.js?v=${version}`)
})

test('without an https address there is a sentence, and no address is taken from the request', async () => {
  const headers = { Host: 'evil.example', 'X-Forwarded-Proto': 'https', 'X-Forwarded-Host': 'evil.example' }
  const response = await get('manifest.xml', { headers })
  expect(response.status).toBe(409)
  const text = await response.text()
  expect(text).toMatch(/^TC-618 .*PUBLIC_URL.*--https/)
  expect(text).not.toContain('evil')
})

test('the page is looked at anew each time, and names the versions of what it loads', async () => {
  const response = await get('pane.html')
  expect(response.headers.get('cache-control')).toBe('no-cache')
  const page = await response.text()
  expect(page).toContain(`<script src="functions.js?v=${version}">`)
  expect(page).toContain(`<script src="pane.js?v=${filesVersion(FILES['pane.js'])}" defer>`)
  expect(page).toContain(`href="pane.css?v=${filesVersion(FILES['pane.css'])}"`)
  expect(page).toContain('<script src="https://appsforoffice.microsoft.com/lib/1/hosted/office.js">')
})

test('a file of the current version is kept for good; another version, or none, is asked about each time', async () => {
  for (const name of ['functions.js', 'functions.json']) {
    const current = await get(`${name}?v=${version}`)
    expect(await current.text()).toBe(FILES[name as 'functions.js'])
    expect(current.headers.get('cache-control')).toContain('immutable')
    for (const path of [`${name}?v=0123456789`, name]) {
      const other = await get(path)
      expect(other.status).toBe(200)
      expect(other.headers.get('cache-control')).toBe('no-cache')
      expect(other.headers.get('etag')).not.toBeNull()
    }
  }
  expect((await get('icons/32.png')).headers.get('cache-control')).toBe('public, max-age=86400')
  expect((await get(`nothing.js?v=${version}`)).status).toBe(404)
})

test('Excel on the web may frame the pane and run Office.js in it; nobody else may, and nothing else runs', async () => {
  const { headers } = await get('pane.html')
  const policy = new Map(
    (headers.get('content-security-policy') ?? '').split(';').map((directive) => {
      const [name = '', ...values] = directive.trim().split(' ')
      return [name, values] as const
    }),
  )
  expect(policy.get('default-src')).toEqual(["'none'"])
  expect(policy.get('script-src')).toContain('https://appsforoffice.microsoft.com')
  expect(policy.get('script-src')?.join(' ')).not.toMatch(/unsafe|\*|data:|blob:/)
  for (const host of ['https://*.officeapps.live.com', 'https://*.sharepoint.com', 'https://*.cloud.microsoft']) {
    expect(policy.get('frame-ancestors')).toContain(host)
  }
  expect(policy.get('frame-ancestors')).not.toContain('*')
  expect(headers.get('x-frame-options')).toBeNull()
  expect(headers.get('x-content-type-options')).toBe('nosniff')
})

test('what can be read compressed comes so, each form known by its own tag, kept and asked about as the plain one is', async () => {
  const path = `pane.js?v=${filesVersion(FILES['pane.js'])}`
  const tags = new Set<string | null>()
  for (const [accepted, encoding] of [
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['identity', null],
  ] as const) {
    const headers = { 'Accept-Encoding': accepted }
    const response = await get(path, { headers })
    expect(await response.text()).toBe(FILES['pane.js'])
    expect(response.headers.get('content-encoding')).toBe(encoding)
    expect(response.headers.get('content-type')).toMatch(/^text\/javascript; charset=utf-8$/i)
    expect(response.headers.get('vary')).toBe('Accept-Encoding')
    expect(response.headers.get('cache-control')).toContain('immutable')
    const tag = response.headers.get('etag')
    tags.add(tag)
    // As a browser looks again: fetch alone would ask for no 304.
    const again = { ...headers, 'If-None-Match': tag!, 'Cache-Control': 'max-age=0' }
    expect((await get('pane.js', { headers: again })).status).toBe(304)
  }
  expect(tags.size).toBe(3)
})

test('the playground comes compressed too, at its own address', async () => {
  const { url } = (proxy ??= await startTestProxy(house, { distFolder: folder }))
  for (const [accepted, encoding] of [
    ['br', 'br'],
    ['gzip', 'gzip'],
    ['identity', null],
  ] as const) {
    const response = await fetch(`${url}/?lang=fr`, { headers: { 'Accept-Encoding': accepted } })
    expect(await response.text()).toBe(PLAYGROUND)
    expect(response.headers.get('content-encoding')).toBe(encoding)
    expect(response.headers.get('content-type')).toMatch(/^text\/html; charset=utf-8$/i)
    expect(response.headers.get('cache-control')).toBe('public, max-age=300')
  }
})
