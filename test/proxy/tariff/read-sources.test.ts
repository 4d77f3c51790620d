import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { readSources } from '../../../proxy/tariff/read-sources.ts'
import { refusalOf } from './importers/source-files.ts'

const folder = mkdtempSync(join(tmpdir(), 'sources-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('readSources', () => {
  test('reads every file of a folder, by name, and none below it', async () => {
    writeFileSync(join(folder, 'b.json'), 'two')
    writeFileSync(join(folder, 'a.json'), 'one')
    mkdirSync(join(folder, 'below'))
    const files = await readSources(folder)
    expect(files.map(({ name, bytes }) => [name, Buffer.from(bytes).toString()])).toEqual([
      ['a.json', 'one'],
      ['b.json', 'two'],
    ])
  })

  test('says so when there is nothing at a place', async () => {
    expect(await refusalOf(() => readSources(join(folder, 'absent')))).toBe('source-empty')
  })
})

describe('readSources from an address', () => {
  const server = createServer((request, response) => {
    if (request.url === '/gone.csv') {
      response.writeHead(404).end('gone')
    } else {
      response.writeHead(200, { 'content-type': 'application/json;charset=utf-8' }).end('[]')
    }
  })
  let address = ''
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => server.close())

  test('names what it fetched by the address, and by the content where that has no ending', async () => {
    expect((await readSources(`${address}/tariffs/hts%202026.json?x=1`))[0]?.name).toBe('hts 2026.json')
    expect((await readSources(`${address}/exportList?format=JSON`))[0]?.name).toBe('exportList.json')
  })

  test('refuses an answer that is no success, and a host that does not answer', async () => {
    expect(await refusalOf(() => readSources(`${address}/gone.csv`))).toBe('source-empty')
    expect(await refusalOf(() => readSources('http://127.0.0.1:1/hts.csv'))).toBe('source-empty')
  })
})
