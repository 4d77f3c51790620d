/** The whole path ①–⑪: Microsoft's runtime, our bundle, a real proxy process, real tariffs and model. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openExcel, type ExcelRuntime } from './hosts/excel-runtime.ts'
import { startProxyProcess, temporaryFolder, type ProxyProcess } from './hosts/proxy-process.ts'

const data = temporaryFolder()
let proxy: ProxyProcess
let excel: ExcelRuntime

beforeAll(async () => {
  proxy = await startProxyProcess(data.folder)
  excel = await openExcel({ baseUrl: proxy.url, token: proxy.ownerToken })
})
afterAll(async () => {
  await proxy.stop()
  data.remove()
})

async function value(name: string, ...args: unknown[]): Promise<unknown> {
  const shown = await excel.invoke(
    name,
    args.map((arg) => (Array.isArray(arg) ? arg : [[arg]])),
  )
  return shown.kind === 'value' ? shown.value : `${shown.code} ${shown.message}`
}

test('a description becomes a code, and the code a rate', async () => {
  const code = await value('HSCODE', "men's cotton t-shirt, knitted")
  expect(code).toEqual([['610910']])
  expect(await value('HSRATE', '610910', 'CA')).toEqual([[0.18]])
})

test('a column of descriptions spills, each error in its own cell', async () => {
  const rows = ["men's cotton t-shirt, knitted", 'spare parts', '', '🎁', 'x'.repeat(600)]
  const spilled = (await value(
    'HSCODE',
    rows.map((row) => [row]),
  )) as unknown[][]
  expect(
    spilled.map(([cell]) => (typeof cell === 'object' ? (cell as { basicValue: string }).basicValue : cell)),
  ).toEqual(['610910', '#N/A', '', '#VALUE!', '#VALUE!'])
})

test('a code keeps its leading zero, as text', async () => {
  expect(await value('HSFIX', 30214, 'CA')).toEqual([['030214']])
  expect(await value('HSPATH', 30214, 'CA')).toContainEqual(['subheading', '030214', expect.any(String)])
})

test('a table of codes by countries is one formula', async () => {
  expect(await value('HSRATE', [['610910'], ['847160']], [['CA', 'US']])).toEqual([
    [0.18, 0.165],
    [0, 0],
  ])
})

test('what is no plain percentage is an error with a code, which IFERROR sees', async () => {
  expect(await value('HSRATE', '0406102000', 'CA')).toMatch(/^#N\/A TC-212 The rate is "245\.5 % but not less than/)
})

describe('every function of the catalogue answers through Excel', () => {
  const text = expect.any(String) as string
  const score = expect.any(Number) as number

  test.each<[string, unknown[], unknown]>([
    ['HSFORMAT', ['6109100012', 'CA'], [['6109.10.00.12']]],
    ['HSCHECK', ['030211', 'CA', 'fresh Atlantic salmon'], [['MISMATCH?']]],
    ['HSUNIT', ['6109100012', 'CA'], [['NMB']]],
    ['HSCOST', [[['cotton t-shirt'], ['steel bolt']]], [[0]]],
    ['HSPOINTS', [], [[0]]],
    ['HSINFO', ['cotton t-shirt', 'provider'], [['embedded']]],
    ['HSDESC', ['610910'], [[expect.stringMatching(/cotton/i)]]],
    ['HSWHY', ['cotton t-shirt'], [[expect.stringMatching(/^61 .* › 6109 .* › 610910 .*Decided by/)]]],
    [
      'HSALT',
      ['cotton t-shirt'],
      [
        [1, '610910', text, score, 'embedded'],
        [2, text, text, score, 'embedded'],
        [3, text, text, score, 'embedded'],
      ],
    ],
    [
      'HSPATH',
      ['610910'],
      [
        ['chapter', '61', text],
        ['heading', '6109', text],
        ['subheading', '610910', text],
      ],
    ],
    [
      'HSCHILDREN',
      ['6109'],
      [
        ['610910', text, ''],
        ['610990', text, ''],
      ],
    ],
  ])('%s', async (name, args, cells) => expect(await value(name, ...args)).toEqual(cells))

  test('HSCONF', async () => {
    const [[confidence]] = (await value('HSCONF', 'cotton t-shirt')) as [[number]]
    expect(confidence).toBeGreaterThan(0.5)
    expect(confidence).toBeLessThanOrEqual(1)
  })

  test('HSRATES', async () => {
    const [first] = (await value('HSRATES', '6109100012', 'CA')) as unknown[][]
    expect(first).toEqual(['MFN', 0.18, '18 %', '61091000', 'T2026-0'])
  })
})
