import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { rootFolder } from '../../proxy/root-folder.ts'
import { createTariffBook } from '../../proxy/tariff/book.ts'
import { HSCIQ_COUNTRIES, linesOf } from './hsciq-goods.ts'
import { HSCIQ_KEY, startHsciqSimulator, type HsciqOptions, type HsciqSimulator } from './hsciq.ts'

let simulator: HsciqSimulator
const open = async (options?: HsciqOptions) => {
  await simulator?.close()
  simulator = await startHsciqSimulator(options)
}
beforeEach(() => open())
afterEach(() => simulator.close())

async function post(path: string, body: unknown, key: string | null = HSCIQ_KEY) {
  const response = await fetch(simulator.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key === null ? {} : { 'x-api-key': key }) },
    body: JSON.stringify(body),
  })
  return { status: response.status, ...((await response.json()) as { ok?: boolean; error?: string; data?: unknown }) }
}
const call = (toolName: string, args: object, key?: string | null) =>
  post('/mcp/tools/call', { toolName, arguments: args }, key)

const PAGE = ['pageIndex', 'pageSize', 'totalPageCount', 'totalItemCount', 'isPreviousPage', 'isNextPage', 'items']

describe('the simulated HSCIQ', () => {
  test('refuses a key that is missing, wrong, expired or revoked, by name', async () => {
    await open({ keys: { good: 'valid', old: 'expired', gone: 'revoked' } })
    const refused = async (key: string | null) => {
      const { status, ok, error } = await call('search_code', { keywords: 'x', country: 'CN' }, key)
      return [status, ok, error]
    }
    expect(await refused(null)).toEqual([401, false, 'missing_api_key'])
    expect(await refused('bad')).toEqual([401, false, 'invalid_api_key'])
    expect(await refused('old')).toEqual([401, false, 'api_key_expired'])
    expect(await refused('gone')).toEqual([401, false, 'api_key_revoked'])
    expect((await post('/mcp/tools/list', {}, null)).status).toBe(401)
    expect((await call('search_code', { keywords: 'x', country: 'CN' }, 'good')).status).toBe(200)
  })

  test('has the eight tools of the document and refuses a ninth, a wrong method and a wrong path', async () => {
    const { tools } = (await post('/mcp/tools/list', {})) as unknown as {
      tools: { name: string; inputSchema: object }[]
    }
    expect(tools.map(({ name }) => name)).toEqual([
      'search_instance',
      'search_code',
      'search_unified',
      'get_code_detail',
      'create_guilei_form',
      'get_guilei_form',
      'list_my_guilei_forms',
      'add_guilei_dialog_message',
    ])
    expect(tools[3]!.inputSchema).toMatchObject({ required: ['country', 'code'] })
    expect(await call('classify', {})).toMatchObject({ status: 400, error: 'unknown_tool' })
    expect((await fetch(`${simulator.url}/mcp/tools/call`)).status).toBe(405)
    expect((await fetch(`${simulator.url}/MCP/mcp/tools/list`, { method: 'POST' })).status).toBe(404)
  })

  test('answers in pages, with the first and the last known', async () => {
    const data = (await call('search_code', { keywords: '61', country: 'CN', pageSize: 2, filterFailureCode: true }))
      .data
    expect(Object.keys(data as object)).toEqual(PAGE)
    expect(data).toMatchObject({ totalItemCount: 3, totalPageCount: 2, isPreviousPage: false, isNextPage: true })
    const last = await call('search_code', {
      keywords: '61',
      country: 'CN',
      pageSize: 2,
      pageIndex: 2,
      filterFailureCode: true,
    })
    expect(last.data).toMatchObject({ isPreviousPage: true, isNextPage: false, items: [{}] })
  })

  test('answers the same to the same words, whatever they are, and hides failed codes where it is told to', async () => {
    const codes = async (args: object) => {
      const { data } = await call('search_code', { keywords: 'something odd', country: 'JP', ...args })
      return (data as { items: { Code: string }[] }).items.map(({ Code }) => Code)
    }
    const active = await codes({ filterFailureCode: true })
    expect(active).toHaveLength(3)
    expect(await codes({ filterFailureCode: true })).toEqual(active)
    expect((await codes({})).slice(1)).toEqual(active)
  })

  test('refuses what the document calls invalid', async () => {
    for (const [tool, args] of [
      ['search_code', { keywords: '', country: 'CN' }],
      ['search_code', { keywords: 'x', country: 'CA' }],
      ['search_code', { keywords: 'x', country: 'CN', pageSize: 101 }],
      ['search_unified', { keywords: 'x', unifiedType: 'ship' }],
      ['get_code_detail', { country: 'CN', code: 3926909090 }],
      ['create_guilei_form', { productNameEn: 'case' }],
      ['create_guilei_form', { productNameCn: 'x', images: [{ fileName: 'a.png', data: 'QUJD' }] }],
      ['get_guilei_form', { formId: 'none' }],
      ['list_my_guilei_forms', { pageIndex: 0 }],
    ] as const) {
      expect(await call(tool, args)).toMatchObject({ status: 400, ok: false, error: 'invalid_params' })
    }
    expect(await call('search_instance', { keywords: 'contraband' })).toMatchObject({ error: 'forbidden_keyword' })
  })

  test('counts the calls of a day, all together and each tool for itself, and forgets them at midnight', async () => {
    await open({ callsPerDay: 3, callsPerDayOf: { search_code: 1 }, formsPerDay: 1 })
    const search = () => call('search_code', { keywords: 'x', country: 'CN' })
    const create = () => call('create_guilei_form', { productNameCn: 'x' })
    expect((await search()).status).toBe(200)
    expect(await search()).toMatchObject({ status: 429, error: 'daily_quota_exceeded' })
    expect((await create()).status).toBe(200)
    expect(await create()).toMatchObject({ status: 429, error: 'daily_guilei_quota_exceeded' })
    expect((await call('list_my_guilei_forms', {})).status).toBe(200)
    expect(await call('list_my_guilei_forms', {})).toMatchObject({ status: 429, error: 'daily_quota_exceeded' })
    expect(simulator.books.calls.get('search_code')).toBe(1)
    simulator.newDay()
    expect((await search()).status).toBe(200)
    expect((await create()).status).toBe(200)
  })

  test('keeps forms with their dialogs and conclusions, and gives pictures a public address', async () => {
    const image = { fileName: 'a.txt', data: Buffer.from('GIF89a…').toString('base64') }
    const { data } = await call('create_guilei_form', { productNameCn: '壳', images: [image] })
    const { formId } = data as { formId: string }
    expect(data).toMatchObject({
      status: '已创建',
      imageCount: 1,
      imageUrls: [expect.stringMatching(/^https:.*\.gif$/)],
    })
    const write = async (args: object) =>
      (await call('add_guilei_dialog_message', { formId, fieldKey: 'Uses', content: 'x', ...args })).data as {
        dialogId: string
        action: string
      }
    const first = await write({})
    expect(first.action).toBe('created')
    expect(await write({ dialogId: first.dialogId })).toMatchObject({ dialogId: first.dialogId, action: 'reply' })
    simulator.conclude(formId, '3926909090', 'first')
    simulator.conclude(formId, '3926901000', 'second')
    expect((await call('get_guilei_form', { formId })).data).toMatchObject({
      form: { id: formId, productNameCn: '壳' },
      acl: [],
      dialogs: [{ id: first.dialogId, fieldKey: 'Uses', messages: [{ content: 'x' }, { content: 'x' }] }],
      shares: [],
      finalization: { confirmedCode: '3926901000' },
      finalizationHistory: [{ confirmedCode: '3926909090' }],
    })
    expect((await call('list_my_guilei_forms', {})).data).toMatchObject({ items: [{ id: formId, isFinalized: true }] })
  })

  test('knows lines that stand in the tariffs', () => {
    const book = createTariffBook({ folders: [join(rootFolder(), 'proxy', 'tariff', 'packs')] })
    for (const country of HSCIQ_COUNTRIES) {
      const unknown = linesOf(country).filter(({ code }) => book.find(country, code) === null)
      expect(unknown.map(({ code }) => code)).toEqual([])
      expect(linesOf(country).length).toBeGreaterThan(40)
    }
  })
})
