import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { failure, FailureError } from '../../../../shared/error-codes.ts'
import { createFreezer, type Freezer, type NoteWords } from '../../../../shared/pane/freeze/freezer.ts'
import { printFrozen, readFrozen, type FrozenBatch } from '../../../../shared/pane/freeze/frozen-list.ts'
import { createMemoryHost, type MemoryHost } from '../../../../shared/pane/memory-host.ts'
import type { ProxyApi } from '../../../../shared/pane/proxy-api.ts'
import type { JobQuestion } from '../../../../shared/jobs-protocol.ts'
import type { Question } from '../../../../shared/protocol.ts'
import type { CellValue } from '../../../../shared/tariff-code.ts'

const NOW = Date.parse('2026-11-29T12:00:00Z')
const NOTES: NoteWords = {
  header: 'Source',
  note: (source, day) => (source ? `${source.provider} · ${source.edition} · ${day}` : day),
}

interface Case {
  host: MemoryHost
  freezer: Freezer
  asked: Question[]
  find: () => Promise<void>
}

/** Descriptions in A, a formula each in B with what it shows. */
function open(formulas: [formula: string, value: CellValue][], refuses = false): Case {
  const host = createMemoryHost([{ name: 'S', rows: [['Goods', 'Code'], ...formulas.map((_, at) => [`goods ${at}`])] }])
  for (const [at, [formula, value]] of formulas.entries()) {
    host.person.type('S', at + 1, 1, formula)
    host.person.calculate('S', at + 1, 1, value)
  }
  const asked: Question[] = []
  const refusal = { error: { code: 'TC-520', message: 'away', retryable: true } }
  const api = {
    async answers(questions: Question[]) {
      asked.push(...questions)
      if (refuses) return refusal
      const table = [
        ['provider', 'embedded'],
        ['edition', 'E1'],
      ]
      const source = { provider: 'hsciq', edition: '2026-11', cached: true, at: '2026-11-01T00:00:00.000Z' }
      const answers = questions.map(({ id, fn }) => ({ id, points: 0, ...(fn === 'HSINFO' ? { table } : { source }) }))
      return { answers, points: { balance: 0, held: 0 } }
    },
    // A code that begins with 99 was never paid for.
    estimate: async (questions: JobQuestion[]) =>
      refuses ? refusal : { points: questions.filter(({ args }) => String(args[0]).startsWith('99')).length },
  } as unknown as Pick<ProxyApi, 'answers' | 'estimate'>
  let ids = 0
  const freezer = createFreezer({ host, api, clock: { now: () => NOW }, newId: () => `b${++ids}` })
  return { host, freezer, asked, find: async () => freezer.find(await host.selection(), 'all') }
}

const shown = (host: MemoryHost, rows: number, column = 1): CellValue[] =>
  Array.from({ length: rows }, (_, at) => host.person.value('S', at + 1, column))
const typed = (host: MemoryHost, rows: number): CellValue[] =>
  Array.from({ length: rows }, (_, at) => host.person.formula('S', at + 1, 1))

describe('freezing', () => {
  test('values stand where formulas stood, texts as text and numbers in their own format', async () => {
    const { host, freezer, find } = open([
      ['=HSCODE(A2)', '0101.21'],
      ['=HSCONF(A3)', 0.9],
    ])
    await find()
    expect(freezer.found.get()).toMatchObject({ freezable: 2, unanswered: 0, filling: 0 })
    await freezer.freeze(null)
    expect(typed(host, 2)).toEqual(['0101.21', 0.9])
    expect([host.person.format('S', 1, 1), host.person.format('S', 2, 1)]).toEqual(['@', 'General'])
    expect(freezer.report.get()).toMatchObject({ kind: 'frozen', cells: 2, changed: 0 })
  })

  test('errors, waiting cells and foreign formulas stay formulas, and tables where it cannot be told what they fill', async () => {
    const formulas: [string, CellValue][] = [
      ['=HSCODE(A2)', '#N/A'],
      ['=HSCODE(A3)', '#BUSY!'],
      ['=HSALT(A4)', 1],
      ['=SUM(A1:A2)', 3],
      ['=HSCODE(A6)', '610910'],
    ]
    const { host, freezer, find } = open(formulas)
    host.spills = async () => null
    await find()
    expect(freezer.found.get()).toMatchObject({ freezable: 1, unanswered: 2, filling: 1 })
    await freezer.freeze(null)
    expect(typed(host, 5)).toEqual(['=HSCODE(A2)', '=HSCODE(A3)', '=HSALT(A4)', '=SUM(A1:A2)', '610910'])
  })

  test('an error stays a formula in whatever language the spreadsheet names it, and with our own sentence', async () => {
    const { freezer, find } = open([
      ['=HSCODE(A2)', '#¿NOMBRE?'],
      ['=HSCODE(A3)', '#Н/Д'],
      ['=HSCODE(A4)', '#TC-402 No points left.'],
    ])
    await find()
    expect(freezer.found.get()).toMatchObject({ freezable: 0, unanswered: 3 })
  })

  test('a formula that fills other cells becomes values in all of them, each with its own source, and one formula again', async () => {
    const { host, freezer, asked, find } = open([['=HSCODE(A2:A4)', '610910']])
    for (const row of [2, 3]) host.person.type('S', row, 0, `goods ${row - 1}`)
    host.person.spill('S', 1, 1, [['610910'], ['0101.21'], ['420221']])
    await find()
    expect(freezer.found.get()).toMatchObject({ freezable: 1, filling: 0 })
    await freezer.freeze(NOTES)
    expect(freezer.report.get()).toMatchObject({ kind: 'frozen', cells: 1, changed: 0 })
    expect(typed(host, 3)).toEqual(['610910', '0101.21', '420221'])
    expect(asked.map(({ args }) => args[0])).toEqual(['goods 0', 'goods 1', 'goods 2'])
    expect(shown(host, 3, 2)).toEqual(Array(3).fill('embedded · E1 · 2026-11-29'))
    expect(readFrozen(await host.kept('frozen'))[0]?.spills).toEqual([{ row: 1, column: 1, rows: 3, columns: 1 }])
    await freezer.unfreeze('b1')
    expect(freezer.report.get()).toMatchObject({ kind: 'unfrozen', cells: 1, changed: 0 })
    expect(typed(host, 3)).toEqual(['=HSCODE(A2:A4)', null, null])
    expect(shown(host, 3, 2)).toEqual([null, null, null])
    expect(freezer.frozen.get()).toEqual([])
  })

  test('of a selection that ends in the middle of what a formula fills, all of it freezes, and of one that begins there nothing', async () => {
    const { host, freezer } = open([['=HSCODE(A2:A4)', '610910']])
    for (const row of [2, 3]) host.person.type('S', row, 0, `goods ${row - 1}`)
    host.person.spill('S', 1, 1, [['610910'], ['0101.21'], ['420221']])
    // As a spreadsheet may tell it of the cells that are filled.
    const read = host.readAsTheyStand.bind(host)
    host.readAsTheyStand = async (place, options) => {
      const cells = await read(place, options)
      return { ...cells, formulas: cells.formulas.map((line) => line.map((text) => text || '=HSCODE(A2:A4)')) }
    }
    host.person.select({ sheet: 'S', row: 2, column: 1, rows: 2, columns: 1 })
    await freezer.find(await host.selection(), 'selection')
    expect(freezer.found.get()).toMatchObject({ freezable: 0, unanswered: 0, filling: 0 })
    host.person.select({ sheet: 'S', row: 1, column: 1, rows: 2, columns: 1 })
    await freezer.find(await host.selection(), 'selection')
    expect(freezer.found.get()).toMatchObject({ freezable: 1 })
    await freezer.freeze(null)
    expect(typed(host, 3)).toEqual(['610910', '0101.21', '420221'])
  })

  test('with one of the cells it filled changed since, a formula is not put back, and all of them stay', async () => {
    const { host, freezer, find } = open([['=HSALT(A2)', 1]])
    host.person.spill('S', 1, 1, [
      [1, '610910'],
      [2, '610990'],
    ])
    await find()
    await freezer.freeze(null)
    host.person.type('S', 2, 2, 'mine')
    await freezer.unfreeze('b1')
    expect(freezer.report.get()).toMatchObject({ cells: 0, changed: 1, changedAt: ['S!B2'] })
    expect([typed(host, 2), shown(host, 2, 2)]).toEqual([
      [1, 2],
      ['610910', 'mine'],
    ])
    expect(freezer.frozen.get()[0]?.spills).toHaveLength(1)
  })

  test('a table with an error in one of its cells stays a formula', async () => {
    const { host, freezer, find } = open([['=HSCODE(A2:A3)', '610910']])
    host.person.spill('S', 1, 1, [['610910'], ['#N/A']])
    await find()
    expect(freezer.found.get()).toMatchObject({ freezable: 0, unanswered: 1 })
  })

  test('on a protected sheet formulas freeze where their cells may be edited, and with one that may not nothing is written', async () => {
    const { host, freezer, find } = open([
      ['=HSCODE(A2)', '610910'],
      ['=HSCODE(A3)', '420221'],
    ])
    await find()
    host.person.unlock({ sheet: 'S', row: 1, column: 1, rows: 1, columns: 1 })
    host.person.protect('S', true)
    await expect(freezer.freeze(null)).rejects.toThrow(/TC-172/)
    expect([typed(host, 2), await host.kept('frozen')]).toEqual([['=HSCODE(A2)', '=HSCODE(A3)'], null])
    host.person.unlock({ sheet: 'S', row: 2, column: 1, rows: 1, columns: 1 })
    await freezer.freeze(null)
    expect(typed(host, 2)).toEqual(['610910', '420221'])
  })

  test('what stood there is kept in the workbook before anything is written over it', async () => {
    const { host, freezer, find } = open([['=HSCODE(A2)', '610910']])
    await find()
    // Protected between the asking and the writing.
    host.restore = async () => {
      throw new FailureError(failure('sheet-protected', { sheet: 'S' }))
    }
    await expect(freezer.freeze(null)).rejects.toThrow(/TC-172/)
    expect(readFrozen(await host.kept('frozen'))[0]?.cells).toMatchObject([{ formula: '=HSCODE(A2)', value: '610910' }])
    expect(typed(host, 1)).toEqual(['=HSCODE(A2)'])
  })

  test('HSINFO is asked by the formula’s own arguments, each different one once, and never to ask anew', async () => {
    const { freezer, asked, find } = open([
      ['=HSCODE(A2,"US","fresh=1;min=0.6")', '610910'],
      ['=IFERROR(HSCODE("mug"),"")', '6912'],
      ['=HSCODE("mug")', '6912'],
      ['=HSCODE(A6&"x")', '6912'],
    ])
    await find()
    await freezer.freeze(null)
    expect(asked.map(({ fn, args }) => [fn, ...args])).toEqual([
      ['HSINFO', 'goods 0', null, 'country=US;min=0.6'],
      ['HSINFO', 'mug', null, ''],
    ])
    const [batch] = freezer.frozen.get()
    expect(batch?.sources).toEqual([{ provider: 'embedded', edition: 'E1' }])
    expect(batch?.cells.map(({ source }) => source)).toEqual([0, 0, 0, -1])
  })

  test('rates, descriptions and reference works have their source too, and nothing that would cost a point is asked', async () => {
    const { freezer, asked, find } = open([
      ['=HSRATE("610910","CA")', 0.18],
      ['=HSDUTY("610910")', 'no function of ours'],
      ['=HSDESC("990110","fr","fresh=1")', 'x'],
      ['=INDEX(HSDETAIL("610910","elements"),1,2)', 'cotton'],
      ['=HSRATE(HSCODE(A6),"CA")', 0.18],
      ['=HSFORMAT("610910")', '6109.10'],
    ])
    await find()
    await freezer.freeze(null)
    expect(asked.map(({ fn, args }) => [fn, args[0]])).toEqual([
      ['HSINFO', 'goods 4'],
      ['HSRATE', '610910'],
      ['HSDETAIL', '610910'],
    ])
    const [batch] = freezer.frozen.get()
    const sources = batch?.cells.map(({ formula, source }) => [formula.slice(0, 8), batch.sources[source]?.provider])
    expect(sources).toEqual([
      ['=HSRATE(', 'hsciq'],
      ['=HSDESC(', undefined],
      ['=INDEX(H', 'hsciq'],
      ['=HSRATE(', 'embedded'],
      ['=HSFORMA', undefined],
    ])
    expect(batch?.sources).toContainEqual({ provider: 'hsciq', edition: '2026-11' })
  })

  test('a proxy out of reach keeps nobody from freezing: only the day is known then', async () => {
    const { host, freezer, find } = open([['=HSCODE(A2)', '610910']], true)
    await find()
    await freezer.freeze(NOTES)
    expect([host.person.value('S', 0, 2), host.person.value('S', 1, 2)]).toEqual(['Source', '2026-11-29'])
  })

  test('rows inserted between looking and freezing are no harm', async () => {
    const { host, freezer, find } = open([
      ['=HSCODE(A2)', '610910'],
      ['=HSCODE(A3)', '420221'],
    ])
    await find()
    host.person.insertRows('S', 2, 2)
    await freezer.freeze(null)
    expect(typed(host, 4)).toEqual(['610910', null, null, '420221'])
  })
})

describe('putting formulas back', () => {
  test('formulas and formats return, notes beside go, and the list is empty again', async () => {
    const { host, freezer, find } = open([
      ['=HSCODE(A2)', '610910'],
      ['=HSCONF(A3)', 0.5],
    ])
    await find()
    await freezer.freeze(NOTES)
    expect(shown(host, 2, 2)).toEqual(['embedded · E1 · 2026-11-29', 'embedded · E1 · 2026-11-29'])
    await freezer.unfreeze('b1')
    expect(typed(host, 2)).toEqual(['=HSCODE(A2)', '=HSCONF(A3)'])
    expect(host.person.format('S', 1, 1)).toBe('General')
    expect(shown(host, 2, 2)).toEqual([null, null])
    expect(freezer.frozen.get()).toEqual([])
    expect(await host.kept('frozen')).toBeNull()
  })

  test('a cell that holds something else is left alone, named, and stays on the list', async () => {
    const { host, freezer, find } = open([
      ['=HSCODE(A2)', '610910'],
      ['=HSCODE(A3)', '420221'],
    ])
    await find()
    await freezer.freeze(null)
    host.person.type('S', 1, 1, 'mine')
    await freezer.unfreeze('b1')
    expect(typed(host, 2)).toEqual(['mine', '=HSCODE(A3)'])
    expect(freezer.report.get()).toMatchObject({ kind: 'unfrozen', cells: 1, changed: 1, changedAt: ['S!B2'] })
    expect(freezer.frozen.get()[0]?.cells).toHaveLength(1)
    await freezer.forget('b1')
    expect(freezer.frozen.get()).toEqual([])
  })

  test('rows inserted since are said, and no formula lands on other goods', async () => {
    const { host, freezer, find } = open([
      ['=HSCODE(A2)', '610910'],
      ['=HSCODE(A3)', '420221'],
    ])
    await find()
    await freezer.freeze(null)
    host.person.insertRows('S', 1, 1)
    await freezer.unfreeze('b1')
    expect(freezer.report.get()).toMatchObject({ cells: 0, changed: 2 })
    expect(typed(host, 3)).toEqual([null, '610910', '420221'])
  })

  test('another window’s list is added to, never written over', async () => {
    const { host, freezer, find } = open([['=HSCODE(A2)', '610910']])
    const other: FrozenBatch = {
      id: 'other',
      at: 1,
      sheet: 'S',
      sheetName: 'S',
      sources: [],
      spills: [],
      cells: [cell(9, '=HSCODE(A10)')],
    }
    await find()
    await host.keep('frozen', printFrozen([other]))
    await freezer.freeze(null)
    expect(freezer.frozen.get().map(({ id }) => id)).toEqual(['b1', 'other'])
  })

  test('a list that a newer version wrote is not touched', async () => {
    const { host, freezer, find } = open([['=HSCODE(A2)', '610910']])
    await host.keep('frozen', '{"v":2}')
    await find()
    await expect(freezer.freeze(null)).rejects.toThrow()
    expect(await host.kept('frozen')).toBe('{"v":2}')
    expect(typed(host, 1)).toEqual(['=HSCODE(A2)'])
  })
})

function cell(row: number, formula: string): FrozenBatch['cells'][number] {
  return { row, column: 1, formula, format: 'General', value: '610910', source: -1, isNote: false }
}

describe('what is kept', () => {
  test('every formula comes back as it was', () => {
    const part = fc.constantFrom(
      'A1',
      '$B$2',
      'LOG10(A2)',
      '"A7"',
      'Sheet1!C003',
      'é',
      '[@Name]',
      '1E5',
      'AB1048576',
      '+',
      '(',
      ')',
    )
    const formula = fc.array(part, { maxLength: 8 }).map((parts) => `=${parts.join('')}`)
    fc.assert(
      fc.property(formula, fc.nat({ max: 1_048_575 }), (text, row) => {
        const batch: FrozenBatch = {
          id: 'b',
          at: 1,
          sheet: 'S',
          sheetName: 'S',
          sources: [],
          spills: [],
          cells: [cell(row, text)],
        }
        expect(readFrozen(printFrozen([batch]))).toEqual([batch])
      }),
    )
  })

  test('ten thousand formulas filled down take little room, and far too many are refused', () => {
    const fill = (rows: number): FrozenBatch => ({
      id: 'b',
      at: 1,
      sheet: 'S',
      sheetName: 'S',
      sources: [],
      spills: [],
      cells: Array.from({ length: rows }, (_, at) => cell(at, `=HSCODE(A${at + 1},"CA","min=0.6")`)),
    })
    expect(printFrozen([fill(10_000)])!.length).toBeLessThan(250_000)
    expect(() => printFrozen([fill(60_000)])).toThrow()
  })
})
