import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createHsciqClient, hsciq } from '../../../proxy/providers/hsciq/index.ts'
import { classifyInquiry, inquiryOf, openHsciq, type OpenHsciq } from './hsciq/open-hsciq.ts'

let house: OpenHsciq
beforeAll(async () => {
  house = await openHsciq()
})
afterAll(() => house.close())

const failed = (name: string, details: object = {}) => ({ failed: name, details: expect.objectContaining(details) })
const soon = () => AbortSignal.timeout(10_000)

describe('a classification', () => {
  test('of the document’s example is the first active code of each subheading, without scores', async () => {
    house.replyNext('search-code-cn')
    expect(await house.classify('塑料软管')).toEqual({
      kind: 'classification',
      candidates: [
        { code: '3917320000', score: null },
        { code: '3917390000', score: null },
      ],
      headings: [],
      lines: { count: 0, first: [] },
      words: [],
      vague: null,
      missing: null,
    })
    expect(house.simulator.requests.at(-1)!.path).toBe('/mcp/tools/call')
    expect(house.simulator.requests.at(-1)!.json).toEqual({
      toolName: 'search_code',
      arguments: { keywords: '塑料软管', country: 'CN', filterFailureCode: true, pageIndex: 1, pageSize: 30 },
    })
  })

  test('is asked with a short noun, never with the sentence', async () => {
    await house.classify('T-shirt, 100% cotton, knitted, for men', 'US')
    expect(house.lastArguments()).toMatchObject({ keywords: 'T-shirt', country: 'US' })
  })

  test('is asked with the facts beside the description, and not at all where they find no room', async () => {
    await house.classify('shirt', 'CN', soon(), { material: 'cotton', gender: 'women' })
    expect(house.lastArguments()).toMatchObject({ keywords: 'women cotton shirt' })
    const answers = (facts: object) => house.connected.provider.answers(classifyInquiry('shirt', 'CN', null, facts))
    expect(answers({ material: 'cotton' })).toBe(true)
    expect(answers({ material: 'cotton, polyester and elastane' })).toBe(false)
    expect(answers({ use: 'sport' })).toBe(false)
    expect(answers({ category: 'clothes' })).toBe(false)
  })

  test('of each country has that country’s codes', async () => {
    for (const [country, code] of [
      ['CN', '8712002000'],
      ['JP', '871200310'],
      ['US', '8712001510'],
    ]) {
      expect(await house.classify('bicycle', country)).toMatchObject({ candidates: [{ code, score: null }] })
    }
  })

  test('that finds nothing is no match', async () => {
    expect(await house.classify('unobtainium')).toEqual(failed('no-match', { provider: 'hsciq' }))
    house.replyNext('search-code-cn', (reply) => Object.assign(reply.data, { items: null }))
    expect(await house.classify('bicycle')).toEqual(failed('no-match'))
  })

  test('has at most ten candidates, of different subheadings', async () => {
    const items = Array.from({ length: 30 }, (_, at) => ({ Code: `${610910 + Math.floor(at / 2)}0000` }))
    house.replyNext('search-code-cn', (reply) => Object.assign(reply.data, { items }))
    const reply = (await house.classify('bicycle')) as { candidates: { code: string }[] }
    expect(reply.candidates.map(({ code }) => code.slice(0, 6))).toEqual(
      Array.from({ length: 10 }, (_, at) => String(610910 + at)),
    )
  })

  test('leaves out what is no code, and says so where nothing else is left', async () => {
    const items = [
      { Code: 3917320000 },
      { Code: '=HYPERLINK("http://x")' },
      { Code: '<b>3917</b>' },
      { Code: null },
      'text',
      null,
      { Code: '3917' },
      { Code: '8712.00.2000', Name: 7 },
    ]
    house.replyNext('search-code-cn', (reply) => Object.assign(reply.data, { items }))
    expect(await house.classify('bicycle')).toMatchObject({ candidates: [{ code: '8712002000' }] })
    house.replyNext('search-code-cn', (reply) => Object.assign(reply.data, { items: items.slice(1, 3) }))
    expect(await house.classify('bicycle')).toEqual(
      failed('upstream-code-broken', { value: '\'=HYPERLINK("http://x")' }),
    )
  })
})

describe('the reference tables', () => {
  test('HSSEARCH has code, name and the rate most goods pay, in at most n rows', async () => {
    expect(await house.ask('HSSEARCH', 'bicycle', 'CN')).toEqual({
      kind: 'table',
      table: [['8712002000', '自行车', '7%']],
    })
    expect(await house.ask('HSSEARCH', 'bicycle', 'US')).toMatchObject({ table: [['8712001510', 'bicycle', '11%']] })
    expect(await house.ask('HSSEARCH', 'salmon', 'JP')).toMatchObject({ table: [['030214000', 'salmon', '3.5%']] })
    const rows = (await house.ask('HSSEARCH', 'something else', 'CN', 'n=2')) as { table: unknown[] }
    expect(rows.table).toHaveLength(2)
    expect(house.lastArguments()).toMatchObject({ pageSize: 2 })
  })

  test('a row whose code is none is left out and its neighbours stand', async () => {
    house.replyNext('search-code-cn', (reply) => {
      const items = reply.data['items'] as { Code: unknown; Name: unknown }[]
      items[0]!.Code = 42
      items[1]!.Name = '<img src=x onerror=alert(1)>=SUM(A1)\u0000'
      items.reverse()
    })
    expect(await house.ask('HSSEARCH', '塑料软管', 'CN')).toMatchObject({
      table: [
        ['3917390000', '塑料管', '6.5%'],
        ['3917320001', "'=SUM(A1)", '6.5%'],
      ],
    })
  })

  test('HSEXAMPLES has plain names without mark-up, and how often', async () => {
    expect(await house.ask('HSEXAMPLES', '手机壳')).toEqual({ kind: 'table', table: [['手机壳', 120]] })
  })

  test('HSHAZARD finds a name or a CAS number, and lists a substance that has no code', async () => {
    expect(await house.ask('HSHAZARD', '67-64-1')).toMatchObject({
      table: [['丙酮', 'acetone', '67-64-1', '2914110000', '']],
    })
    expect(await house.ask('HSHAZARD', '7782-50-5')).toMatchObject({ table: [['氯', '', '7782-50-5', '', '']] })
    expect(await house.ask('HSHAZARD', 'water')).toEqual(failed('no-match'))
  })

  test('HSPORT has plain codes and names, with or without country and line', async () => {
    expect(await house.ask('HSPORT', 'Shanghai')).toMatchObject({
      table: [['CNSHA', 'Shanghai', '上海', '中国', '远东']],
    })
    expect(await house.ask('HSPORT', 'USLAX')).toMatchObject({
      table: [['USLAX', 'Los Angeles', '洛杉矶', '', '美西']],
    })
  })

  test('HSCIQ lists what is under this code, and nothing of another', async () => {
    const rows = [
      ['3926909090', '101', '手机壳', 'M/N'],
      ['3926909090', '102', '手机壳其他', 'M/N'],
    ]
    expect(await house.ask('HSCIQ', '3926909090')).toEqual({ kind: 'table', table: rows })
    expect(await house.ask('HSCIQ', '3926.9090.90.101')).toMatchObject({ table: rows })
    expect(house.lastArguments()).toEqual({ keywords: '3926909090', unifiedType: 'ciq', pageIndex: 1, pageSize: 10 })
    house.simulator.fault({
      kind: 'rewrite',
      rewrite: (reply) => JSON.parse(JSON.stringify(reply).replaceAll('3926909090', '3926901000')) as unknown,
    })
    expect(await house.ask('HSCIQ', '3926909090')).toEqual(failed('no-match'))
  })
})

describe('what it answers', () => {
  const answers = (...[fn, ...args]: [string, ...string[]]) => house.connected.provider.answers(inquiryOf(fn, args))

  test('is China, Japan and the United States of today, and what has no country', () => {
    for (const country of ['CN', 'JP', 'US']) {
      expect(house.connected.provider.answers(classifyInquiry('bicycle', country))).toBe(true)
      for (const fn of ['HSRATE', 'HSRATETEXT', 'HSRATES', 'HSUNIT', 'HSDETAIL']) {
        expect(answers(fn, '8712002000', country)).toBe(true)
      }
    }
    expect(answers('HSSEARCH', 'bicycle', 'JP')).toBe(true)
    expect(answers('HSHAZARD', 'acetone')).toBe(true)
    expect(answers('HSEXPERT', 'a1b2c3d4')).toBe(true)
  })

  test('is words in Chinese, and nothing in a language that was asked and cannot be given', () => {
    for (const country of ['CN', 'JP', 'US']) {
      expect(answers('HSDESC', '8712002000', country, 'zh')).toBe(true)
      expect(answers('HSDESC', '8712002000', country, '', 'lang=zh')).toBe(true)
      for (const language of ['', 'en', 'fr']) expect(answers('HSDESC', '8712002000', country, language)).toBe(false)
      expect(answers('HSDESC', '8712002000', country, '', 'lang=fr')).toBe(false)
    }
    for (const [fn, ...args] of [
      ['HSSEARCH', 'bicycle', 'CN'],
      ['HSEXAMPLES', 'bicycle'],
      ['HSDETAIL', '8712002000', 'CN', ''],
      ['HSHAZARD', 'acetone'],
      ['HSCIQ', '3926909090'],
      ['HSUNIT', '8712002000', 'CN'],
      ['HSEXPERT', 'a1b2c3d4', 'reason'],
    ] as [string, ...string[]][]) {
      expect([fn, ...['', 'lang=zh', 'lang=en', 'lang=fr'].map((options) => answers(fn, ...args, options))]).toEqual([
        fn,
        true,
        true,
        false,
        false,
      ])
    }
  })

  test('is codes, rates and names in both languages, whatever language was asked', () => {
    expect(answers('HSRATE', '8712002000', 'CN', '', 'lang=fr')).toBe(true)
    expect(answers('HSUNIT', '8712001510', 'US', 'lang=fr')).toBe(true)
    expect(answers('HSPORT', 'Shanghai', 'lang=en')).toBe(true)
    expect(answers('HSEXPERT', 'a1b2c3d4', 'code', 'lang=en')).toBe(true)
  })

  test('is no other country, no other day and no other question', () => {
    expect(house.connected.provider.answers(classifyInquiry('bicycle', 'CA'))).toBe(false)
    expect(house.connected.provider.answers(classifyInquiry('bicycle', 'CN', '2025-01-01'))).toBe(false)
    expect(answers('HSRATE', '8712002000', 'CA')).toBe(false)
    expect(answers('HSRATE', '8712002000', 'CN', '', 'date=2025-01-01')).toBe(false)
    for (const fn of ['HSPATH', 'HSCHILDREN', 'HSCHECK']) expect(answers(fn, '871200', 'CN')).toBe(false)
    expect(answers('HSTRADE', '871200')).toBe(false)
  })

  test('names the credential that is missing for the same questions', () => {
    expect(hsciq.couldAnswer({ kind: 'classify', fn: 'HSALT', country: 'JP' })).toBe(true)
    expect(hsciq.couldAnswer({ kind: 'classify', fn: 'HSCODE', country: 'CA' })).toBe(false)
    expect(hsciq.couldAnswer({ kind: 'lookup', fn: 'HSPORT', country: null })).toBe(true)
    expect(hsciq.couldAnswer({ kind: 'lookup', fn: 'HSTRADE', country: null })).toBe(false)
  })

  test('is remembered for the month it was asked in', () => {
    expect(house.connected.provider.edition(classifyInquiry('bicycle', 'CN'))).toBe('hsciq, asked 2026-11')
  })
})

describe('the service', () => {
  test('tells its name and its addresses', async () => {
    const client = createHsciqClient(house.connection)
    expect(await client.serviceInfo(soon())).toEqual({
      name: 'HSCIQ2 MCP',
      version: '1.0',
      toolsEndpoint: '/mcp/tools/list',
      callEndpoint: '/mcp/tools/call',
    })
    expect(await client.listTools(soon())).toHaveLength(8)
    await client.close()
  })

  test('proves its key by the list of tools, which spends no call', async () => {
    const before = [...house.simulator.books.calls.values()]
    expect(await house.connected.test(soon())).toMatch(/^8 tools: search_instance, /)
    expect([...house.simulator.books.calls.values()]).toEqual(before)
    expect(house.simulator.requests.at(-1)).toMatchObject({ method: 'POST', path: '/mcp/tools/list' })
  })

  test('every call counts as one inquiry, of which it tells no price', async () => {
    house.usage.length = 0
    await house.ask('HSPORT', 'Tokyo')
    await house.classify('contraband')
    expect(house.usage).toEqual(Array.from({ length: 2 }, () => ({ items: 1, charged: null, balance: null })))
  })
})
