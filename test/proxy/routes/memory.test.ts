/** /v1/memory: the real app over the whole house, on both engines. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ApproveReply, ImportReply, MemoryReply } from '../../../shared/memory-protocol.ts'
import { startTestProxy, type TestProxy } from '../../hosts/test-proxy.ts'
import { openUpstreamHouse, type UpstreamHouse } from '../../hosts/upstream-house.ts'

let house: UpstreamHouse
let proxy: TestProxy

beforeEach(async () => {
  house = await openUpstreamHouse()
  proxy = await startTestProxy({ ...house.house, askers: house.askers, ownerTokens: house.ownerTokens })
})
afterEach(async () => {
  await proxy.close()
  await house.close()
})

interface Reply<Body> {
  status: number
  body: Body & { error?: { code: string; message: string } }
}

async function call<Body>(
  method: string,
  path: string,
  options: { body?: unknown; who?: 0 | 1; token?: string; type?: string } = {},
): Promise<Reply<Body>> {
  const { body, who = 0, token = house.ownerTokens[who], type = 'application/json' } = options
  const response = await fetch(proxy.url + path, {
    method,
    headers: { Authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'Content-Type': type }) },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  expect(response.headers.get('Cache-Control')).toBe('no-store')
  const text = await response.text()
  return { status: response.status, body: (text.startsWith('{') ? JSON.parse(text) : { text }) as Reply<Body>['body'] }
}

const approve = (entries: unknown[], who: 0 | 1 = 0): Promise<Reply<ApproveReply>> =>
  call('POST', '/v1/memory', { body: { entries }, who })
const list = (query = '', who: 0 | 1 = 0): Promise<Reply<MemoryReply>> => call('GET', `/v1/memory${query}`, { who })
const importFile = (body: string, query = '', who: 0 | 1 = 0): Promise<Reply<ImportReply>> =>
  call('POST', `/v1/memory/import${query}`, { body, who, type: 'text/csv' })
const exported = async (who: 0 | 1 = 0): Promise<string> => {
  const response = await proxy.get('/v1/memory/export', { Authorization: `Bearer ${house.ownerTokens[who]}` })
  expect(response.headers.get('Content-Type')).toBe('text/csv; charset=utf-8')
  // Not text(), which takes the byte order mark off.
  return Buffer.from(await response.arrayBuffer()).toString('utf8')
}

const SHIRT = { description: 'cotton t-shirt', country: 'CA', code: '6109100012' }

describe('approving', () => {
  test('answers each entry by itself: a bad one never fails its neighbours', async () => {
    const { status, body } = await approve([
      SHIRT,
      { ...SHIRT, description: 'hat', code: '6109.10.00.99' },
      { ...SHIRT, description: 'cap', code: 'no code' },
      { ...SHIRT, description: '=1+1' },
      { ...SHIRT, description: 'x'.repeat(5000) },
      { ...SHIRT, description: 12 },
      { ...SHIRT, country: 'Atlantis' },
      { ...SHIRT, description: 'shoe', code: '6403' },
      { ...SHIRT, description: 'belt', facts: { material: 'x;digits=6' } },
      { ...SHIRT, description: 'belt', note: 'x'.repeat(501) },
      { ...SHIRT, description: 'mug', country: 'US', code: '6912.00.35.10' },
    ])
    expect(status).toBe(200)
    expect(body.entries.map(({ outcome, error }) => outcome ?? error!.code)).toEqual([
      'new',
      'TC-210',
      'TC-120',
      'TC-102',
      'TC-101',
      'TC-105',
      'TC-107',
      'TC-126',
      'TC-109',
      'TC-101',
      'new',
    ])
    expect(body.entries[1]!.error!.message).toContain('Nearest above: 6109.10.00')
    expect((await list()).body.entries.map(({ code }) => code)).toEqual(['6912003510', '6109100012'])
  })

  test('repairs a code as HSFIX does, and says what it repaired', async () => {
    const { body } = await approve([
      { ...SHIRT, description: 'cheese', code: 406102000 },
      { ...SHIRT, code: '6109.10.00.12' },
    ])
    expect(body.entries).toMatchObject([
      { code: '0406102000', repairs: ['leading-zero'], outcome: 'new' },
      { code: '6109100012', repairs: ['separators'], outcome: 'new' },
    ])
  })

  test('a text twice in one request with different codes takes the first and refuses the other', async () => {
    const { body } = await approve([SHIRT, { ...SHIRT, description: 'cotton  t-shirt ' }, { ...SHIRT, code: '610990' }])
    expect(body.entries[1]).toEqual(body.entries[0])
    expect(body.entries[2]!.error).toMatchObject({
      code: 'TC-157',
      message: expect.stringContaining('entry 1') as string,
    })
    expect((await list()).body.total).toBe(1)
  })

  test('by ten requests at once makes one entry', async () => {
    await Promise.all(Array.from({ length: 10 }, () => approve([SHIRT])))
    expect((await list()).body).toMatchObject({
      total: 1,
      entries: [{ code: '6109100012', approvedBy: 'owner', source: 'api' }],
    })
  })

  test('speaks the reader’s language', async () => {
    const response = await proxy.post(
      '/v1/memory',
      { entries: [{ ...SHIRT, code: 'x' }] },
      {
        Authorization: `Bearer ${house.ownerTokens[0]}`,
        'Accept-Language': 'fr',
      },
    )
    expect(((await response.json()) as ApproveReply).entries[0]!.error!.message).toContain('n’est pas un code SH')
  })

  test.each([
    ['no entries', { entries: [] }],
    ['too many', { entries: Array.from({ length: 501 }, () => SHIRT) }],
    ['an unknown field', { entries: [{ ...SHIRT, colour: 'red' }] }],
    ['an unknown fact', { entries: [{ ...SHIRT, facts: { colour: 'red' } }] }],
    ['a code that is a list', { entries: [{ ...SHIRT, code: ['6109'] }] }],
    ['a source of its own making', { entries: [SHIRT], source: 'import' }],
    ['no JSON', '{"entries":['],
  ])('with %s is refused whole', async (_, body) => {
    expect(await call('POST', '/v1/memory', { body })).toMatchObject({
      status: 400,
      body: { error: { code: 'TC-131' } },
    })
    expect((await list()).body.total).toBe(0)
  })

  test('with more than a body may hold is refused', async () => {
    const body = { entries: [{ ...SHIRT, note: 'x'.repeat(3_000_001) }] }
    expect(await call('POST', '/v1/memory', { body })).toMatchObject({
      status: 413,
      body: { error: { code: 'TC-413' } },
    })
  })
})

describe('the list', () => {
  test('comes in pages, by country and by words', async () => {
    const entries = Array.from({ length: 5 }, (_, at) => ({ ...SHIRT, description: `shirt ${at}` }))
    await approve([...entries, { description: 'mug', country: 'US', code: '691200', facts: { use: 'kitchen' } }])
    const first = (await list('?limit=4')).body
    expect(first).toMatchObject({ total: 6, entries: [{ description: 'mug', facts: { use: 'kitchen' } }, {}, {}, {}] })
    const second = (await list(`?limit=4&after=${first.after}`)).body
    expect(second.entries.map(({ description }) => description)).toEqual(['shirt 1', 'shirt 0'])
    expect(second.after).toBeNull()
    expect((await list('?country=us')).body.entries).toHaveLength(1)
    expect((await list('?q=SHIRT%203')).body.entries).toMatchObject([{ description: 'shirt 3' }])
    expect((await list('?q=kitchen%20shirt')).body.entries).toEqual([])
  })

  test.each([
    '?after=-1',
    '?after=x',
    '?limit=0',
    '?limit=1&limit=2',
    `?q=${'x'.repeat(201)}`,
    '?q=a&q=b',
    '?country=Atlantis',
  ])('refuses %s', async (query) => {
    expect((await list(query)).status).toBe(400)
  })
})

describe('the wall between workspaces', () => {
  test('lets neither list, export, take back nor replace what is another’s', async () => {
    await approve([SHIRT])
    const [{ id } = { id: '' }] = (await list()).body.entries
    expect((await list('', 1)).body).toMatchObject({ total: 0, entries: [] })
    expect((await exported(1)).trim().split('\r\n')).toHaveLength(1)
    for (const foreign of [id, 'unknown-id-000', 'x'.repeat(100)]) {
      expect(await call('DELETE', `/v1/memory/${foreign}`, { who: 1 })).toMatchObject({
        status: 404,
        body: { error: { code: 'TC-241' } },
      })
    }
    await approve([{ ...SHIRT, code: '610990' }], 1)
    await importFile('description,country,code\ncotton t-shirt,CA,611020', '', 1)
    expect((await list()).body.entries).toMatchObject([{ id, code: '6109100012' }])
    expect(await call('DELETE', `/v1/memory/${id}`)).toMatchObject({ status: 204 })
    expect(await call('DELETE', `/v1/memory/${id}`)).toMatchObject({ status: 404 })
  })

  test('is closed to whoever has no seat, and to tokens that stand in an address', async () => {
    const { workspaceId } = house.askers[0]
    const cell = await house.house.seats.createSeat({ workspaceId, name: 'sheet', role: 'cell', dailyCapPoints: null })
    const seat = await house.house.seats.createSeat({ workspaceId, name: 'Anna', role: 'seat', dailyCapPoints: null })
    for (const [method, path] of [
      ['GET', '/v1/memory'],
      ['POST', '/v1/memory'],
      ['DELETE', '/v1/memory/some-id'],
      ['GET', '/v1/memory/export'],
      ['POST', '/v1/memory/import'],
    ] as const) {
      const as = (token: string): Promise<globalThis.Response> =>
        fetch(proxy.url + path, { method, headers: { Authorization: `Bearer ${token}` } })
      expect((await as('nobody')).status).toBe(401)
      expect((await as(cell.token)).status).toBe(403)
      expect([401, 403]).not.toContain((await as(seat.token)).status)
    }
  })
})

describe('a file', () => {
  const FILE = [
    'description;material;country;code;note',
    'cotton t-shirt;;CA;6109.10.00.12;',
    "'-20 °C freezer bags;plastic;Canada;39232190;'=not a formula",
    'cheese;;CA;406102000;',
  ].join('\r\n')

  test('is previewed, then taken in, and changes nothing when it is taken in again', async () => {
    await approve([{ ...SHIRT, code: '6109100011' }])
    const preview = await importFile(FILE, '?dryRun=1')
    const counts = { rows: 3, new: 2, changed: 1, same: 0, bad: 0, badLines: [] }
    expect(preview.body).toEqual({ imported: false, ...counts })
    expect((await list()).body.total).toBe(1)
    expect((await importFile(FILE)).body).toEqual({ imported: true, ...counts })
    expect((await importFile(FILE)).body).toEqual({ imported: true, ...counts, new: 0, changed: 0, same: 3 })
    const { entries } = (await list('?q=freezer')).body
    expect(entries).toMatchObject([
      { description: '-20 °C freezer bags', facts: { material: 'plastic' }, note: '=not a formula', source: 'import' },
    ])
    expect((await list('?q=cheese')).body.entries).toMatchObject([{ code: '0406102000' }])
  })

  test('of our own is taken in by another workspace as it is', async () => {
    await approve([
      { ...SHIRT, note: '=1+1, "quoted"; 鞋' },
      { ...SHIRT, description: "-'20 °C bags", code: '39232190', facts: { material: '＝x', use: "'@y" } },
      { ...SHIRT, description: 'cheese', code: '0406102000', note: "'=1" },
    ])
    const file = await exported()
    expect(file.codePointAt(0)).toBe(0xfeff)
    expect((await importFile(file, '', 1)).body).toMatchObject({ imported: true, new: 3, bad: 0 })
    expect((await importFile(file)).body).toMatchObject({ same: 3 })
    const texts = async (who: 0 | 1) =>
      (await list('', who)).body.entries
        .map(({ description, facts, country, code, note }) => ({ description, facts, country, code, note }))
        .sort((a, b) => (a.description < b.description ? -1 : 1))
    expect(await texts(1)).toEqual(await texts(0))
  })

  test('with a bad line is refused with its number, or taken in without it where that is wished', async () => {
    const file = `${FILE}\r\nhat;;CA;6109;\r\ncap;;CA;9999999999;\r\ncotton t-shirt;;CA;610990;`
    expect(await importFile(file)).toMatchObject({
      status: 400,
      body: { error: { code: 'TC-155', message: expect.stringMatching(/^TC-155 Line 5 .*TC-126/) as string } },
    })
    expect((await list()).body.total).toBe(0)
    const preview = (await importFile(file, '?dryRun=1')).body
    expect(preview).toMatchObject({ imported: false, rows: 6, new: 3, bad: 3 })
    expect(preview.badLines.map(({ line, error }) => [line, error.code])).toEqual([
      [5, 'TC-126'],
      [6, 'TC-210'],
      [7, 'TC-157'],
    ])
    expect((await importFile(file, '?skipBad=1')).body).toMatchObject({ imported: true, new: 3, bad: 3 })
    expect((await list()).body.total).toBe(3)
  })

  test('that is none, or too large, is refused', async () => {
    expect(await importFile('nonsense')).toMatchObject({ status: 400, body: { error: { code: 'TC-155' } } })
    expect(await call('POST', '/v1/memory/import', { body: FILE })).toMatchObject({
      status: 400,
      body: { error: { code: 'TC-131', message: expect.stringContaining('Content-Type: text/csv') as string } },
    })
    expect(await importFile('x'.repeat(8_000_001))).toMatchObject({ status: 413, body: { error: { code: 'TC-413' } } })
  })

  test('answers cells from the next question on, and no text of it is in the audit', async () => {
    await importFile(FILE)
    const [answer] = await house.ask([{ id: 'q', fn: 'HSCODE', args: ['cheese', 'CA'] }])
    expect(answer).toMatchObject({ value: '0406102000', source: { provider: 'memory' } })
    await exported()
    const records = await house.house.database.all<{ action: string; detail: string }>(
      "SELECT action, detail FROM audit WHERE action LIKE 'memory.%' ORDER BY at, id",
    )
    expect(records.map(({ action }) => action)).toEqual(['memory.approve', 'memory.export'])
    expect(JSON.stringify(records)).not.toMatch(/cheese|freezer/)
  })
})
