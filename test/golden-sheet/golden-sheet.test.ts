/** One sheet through every host that runs outside of a browser, over one proxy as `npm start` runs it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { rootFolder } from '../../proxy/root-folder.ts'
import { FUNCTION_NAMES } from '../../shared/functions.ts'
import { openExcel, type ExcelRuntime, type Shown } from '../hosts/excel-runtime.ts'
import { calculate, hasLibreOffice, type CalcCell } from '../hosts/libreoffice.ts'
import { startProxyProcess, temporaryFolder, type ProxyProcess } from '../hosts/proxy-process.ts'
import { EDITOR, openSheets } from '../sheets-addon/sheets-house.ts'
import { byFormula, errorValue, goldenColumn, readGoldenSheet, type GoldenRow } from './golden-sheet.ts'

const rows = readGoldenSheet()
const column = goldenColumn(rows)
const data = temporaryFolder()
let proxy: ProxyProcess

beforeAll(async () => {
  proxy = await startProxyProcess(data.folder)
})
afterAll(async () => {
  await proxy.stop()
  data.remove()
})

/** What is expected of a row, said once for a host: how it shows a value, a table, a failure. */
interface Ways {
  value: (value: unknown) => unknown
  table: (table: unknown[][]) => unknown
  failure: (code: string) => unknown
}

function expected(of: readonly GoldenRow[], ways: Ways): unknown[] {
  return of.map((row) => {
    if ('fails' in row) return ways.failure(row.fails)
    return Array.isArray(row.shows) ? ways.table(row.shows) : ways.value(row.shows)
  })
}

/** The code, and a sentence behind it. */
function sentence(code: string, before = '^'): unknown {
  return expect.stringMatching(new RegExp(`${before}${code} .{20}`))
}

test('every function of the catalogue has a cell in the sheet', () => {
  expect([...new Set(rows.map(({ fn }) => fn))].sort()).toEqual([...FUNCTION_NAMES].sort())
})

describe('Excel', () => {
  let excel: ExcelRuntime
  beforeAll(async () => {
    excel = await openExcel({ baseUrl: proxy.url, token: proxy.ownerToken })
  })

  test('shows in each cell what the sheet says, a failure as an error value with its sentence', async () => {
    const calls = rows.map(({ fn, args }) => ({ name: fn, args: args.map((arg) => [[arg]]) }))
    const shown = await Promise.all(excel.burst(calls))
    const ways: Ways = {
      value: (value) => ({ kind: 'value', value: [[value]] }),
      table: (table) => ({ kind: 'value', value: table }),
      failure: (code) => ({ kind: 'error', code: errorValue(code), message: sentence(code) }),
    }
    expect(byFormula(rows, shown)).toEqual(byFormula(rows, expected(rows, ways)))
  })

  test('spills a column of descriptions into the same values', async () => {
    const shown = (await excel.invoke('HSCODE', [column.goods.map((text) => [text])])) as Shown & { value: unknown[][] }
    const ways: Ways = {
      value: (value) => [value],
      table: (table) => table,
      failure: (code) => [expect.objectContaining({ basicValue: errorValue(code), message: sentence(code) })],
    }
    expect(byFormula(column.rows, shown.value)).toEqual(byFormula(column.rows, expected(column.rows, ways)))
  })
})

describe('Google Sheets', () => {
  async function openSheet() {
    const sheets = await openSheets({ url: proxy.url, code: connectionCode })
    return { ...sheets, spreadsheet: await sheets.openSheet() }
  }

  test('shows in each cell what the sheet says, a failure as an error with its sentence', async () => {
    const { world, spreadsheet } = await openSheet()
    const calls = rows.map(({ fn, args }) => {
      return { user: EDITOR, spreadsheet, mode: 'CUSTOM_FUNCTION', fn, args } as const
    })
    const ended = await world.executeMany(calls)
    const shown = ended.map((end) => (end.status === 'fulfilled' ? end.value : { throws: String(end.reason.message) }))
    const ways: Ways = {
      value: (value) => value,
      table: (table) => table,
      failure: (code) => ({ throws: sentence(code) }),
    }
    expect(byFormula(rows, shown)).toEqual(byFormula(rows, expected(rows, ways)))
  })

  test('fills a column from a range of descriptions with the same values, a failure as its code and sentence', async () => {
    const sheets = await openSheet()
    const range = column.goods.map((text) => [text])
    const shown = (await sheets.formula(sheets.spreadsheet, 'HSCODE', range)) as unknown[][]
    const ways: Ways = {
      value: (value) => [value],
      table: (table) => table,
      failure: (code) => [sentence(code, '^#')],
    }
    expect(byFormula(column.rows, shown)).toEqual(byFormula(column.rows, expected(column.rows, ways)))
  })
})

async function connectionCode(): Promise<string> {
  const response = await fetch(`${proxy.url}/v1/session/codes`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${proxy.ownerToken}` },
  })
  return ((await response.json()) as { code: string }).code
}

/** A table as lines, their cells between tabs. */
function printTable(table: unknown[][]): string {
  return table.map((row) => row.join('\t')).join('\n')
}

describe('/v1/cell', () => {
  test('prints for each cell what the sheet says, a failure as its sentence and a status that is an error', async () => {
    const shown = await Promise.all(
      rows.map(async ({ fn, args }) => {
        const query = new URLSearchParams([['fn', fn], ...args.map((arg) => ['a', String(arg)])])
        const response = await fetch(`${proxy.url}/v1/cell?${query}`)
        return [response.status, await response.text()]
      }),
    )
    const ways: Ways = {
      value: (value) => [200, String(value)],
      table: (table) => [200, printTable(table)],
      failure: (code) => [422, sentence(code)],
    }
    expect(byFormula(rows, shown)).toEqual(byFormula(rows, expected(rows, ways)))
  })
})

describe.runIf(hasLibreOffice())('LibreOffice Calc', () => {
  const argumentCells = Math.max(...rows.map(({ args }) => args.length))
  const goods = ["men's cotton t-shirt, knitted", '', '雨伞']
  let shown: string[][]

  // One start for all of it: it takes longer than the rest.
  beforeAll(async () => {
    shown = await calculate([
      ...rows.map(goldenCells),
      ...goods.map((text, at) => readmeCells(text, rows.length + at + 1)),
    ])
  })

  /** @param cells null: nothing, since ENCODEURL of an empty cell is an error in Calc. */
  function webservice(fn: string, ...cells: (string | null)[]): string {
    const given = cells.map((cell) => `&"&a="${cell === null ? '' : `&COM.MICROSOFT.ENCODEURL([.${cell}])`}`)
    return `COM.MICROSOFT.WEBSERVICE("${proxy.url}/v1/cell?fn=${fn}"${given.join('')})`
  }

  function goldenCells({ fn, args }: GoldenRow, at: number): CalcCell[] {
    const asked = webservice(fn, ...args.map((arg, column) => (arg === '' ? null : `${'ABCDEFGH'[column]}${at + 1}`)))
    const blanks = Array.from({ length: argumentCells - args.length }, () => '')
    return [...args, ...blanks, { formula: asked }, { formula: `IFERROR(${asked};"failed")` }]
  }

  /** The README's formulas of A2 and B2, as an OpenDocument file has them of this row. */
  function readmeCells(text: string, row: number): CalcCell[] {
    const [code, rate] = README_FORMULAS.map((typed) => ({
      formula: typed
        .replaceAll(',', ';')
        .replaceAll(/\b([AB])2\b/g, `[.$1${row}]`)
        .replaceAll(/WEBSERVICE|ENCODEURL/g, 'COM.MICROSOFT.$&')
        .replaceAll('http://127.0.0.1:3000', proxy.url),
    }))
    return [text, code!, rate!, { formula: `[.C${row}]*200` }]
  }

  test('shows what the sheet says where WEBSERVICE asks for each cell, a failure as an error that IFERROR sees', () => {
    const ways: Ways = {
      value: (value) => [String(value), String(value)],
      table: (table) => [printTable(table), printTable(table)],
      failure: () => [SHOWN_ERROR, 'failed'],
    }
    const answers = shown.slice(0, rows.length).map((row) => row.slice(argumentCells, argumentCells + 2))
    expect(byFormula(rows, answers)).toEqual(byFormula(rows, expected(rows, ways)))
  })

  test('makes codes of descriptions and numbers of their rates by the formulas of the README, and nothing of empty cells', () => {
    const answers = shown.slice(rows.length).map((row) => row.slice(1, 4))
    expect(answers).toEqual([
      ['610910', '0.18', '36'],
      ['', '', SHOWN_ERROR],
      ['6601910000', '0.075', '15'],
    ])
  })
})

const README_FORMULAS = [
  ...readFileSync(join(rootFolder(), 'README.md'), 'utf8').matchAll(/^ {4}=(.*WEBSERVICE.*)$/gm),
].map(([, formula = '']) => formula)
const SHOWN_ERROR: unknown = expect.stringMatching(/^(?:#VALUE!|Err:540)$/)
