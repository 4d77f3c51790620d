/**
 * What every spreadsheet behind the pane guarantees. One suite, run on each host: what a view may rely on in the preview holds in Excel,
 * and what is proven with the memory host in Node is not proven of something else.
 */
import { afterEach, describe, expect, test } from 'vitest'
import { FailureError, failureCode } from '../../shared/error-codes.ts'
import type { Place, RowsToWrite, SpreadsheetHost } from '../../shared/pane/spreadsheet-host.ts'
import type { CellValue } from '../../shared/tariff-code.ts'

/** What a person does at the keyboard, as each host lets a test do it. */
export interface ContractPerson {
  select(place: Place): void
  selectAreas(places: Place[]): void
  type(sheet: string, row: number, column: number, value: CellValue): void
  value(sheet: string, row: number, column: number): CellValue
  formula(sheet: string, row: number, column: number): CellValue
  format(sheet: string, row: number, column: number): string
  spill(sheet: string, row: number, column: number, values: CellValue[][]): void
  insertRows(sheet: string, row: number, count: number): void
  deleteRows(sheet: string, row: number, count: number): void
  hide(sheet: string, row: number): void
  protect(sheet: string, isProtected: boolean): void
  unlock(place: Place): void
  merge(sheet: string, address: string): void
  deleteSheet(sheet: string): void
  edit(isEditing: boolean): void
  readonly opened: string[]
}

export interface ContractSheet {
  name: string
  rows: CellValue[][]
  table?: { name: string; row: number; column: number; rows: number; columns: number }
}

export interface Subject {
  host: SpreadsheetHost
  person: ContractPerson
  close(): Promise<void>
}

const SHEET = 'Products'
const ROWS: CellValue[][] = [
  ['SKU', 'Description', 'Value'],
  ['A-1', 'knitted T-shirt', 1840],
  ['A-2', 'leather handbag', 5200.5],
  ['A-3', 'knitted T-shirt', 2210],
  ['A-4', '', true],
]
const PRODUCTS: ContractSheet = { name: SHEET, rows: ROWS }
const OTHER: ContractSheet = { name: 'Other sheet', rows: [['x']] }

function at(row: number, column: number, rows = 1, columns = 1, sheet = SHEET): Place {
  return { sheet, row, column, rows, columns }
}

/** Codes into D, confidence into E, beside the descriptions of B. */
function answers(rows: [row: number, description: CellValue, code: CellValue, rate: CellValue][]): RowsToWrite {
  return {
    sheet: SHEET,
    columns: [
      { column: 3, format: 'text' },
      { column: 4, format: 'percent' },
    ],
    guardColumns: [1],
    rows: rows.map(([row, description, code, rate]) => ({ row, guard: [description], values: [code, rate] })),
  }
}

/** What some spreadsheets do not have. */
export type Lacking = 'tables' | 'editing' | 'spills'

export function describeHost(
  name: string,
  open: (sheets: ContractSheet[]) => Promise<Subject>,
  lacking: ReadonlySet<Lacking> = new Set(),
): void {
  let opened: Subject[] = []
  const start = async (...sheets: ContractSheet[]): Promise<Subject> => {
    const subject = await open(sheets.length > 0 ? sheets : [PRODUCTS, OTHER])
    opened.push(subject)
    return subject
  }
  afterEach(async () => {
    const closing = opened
    opened = []
    for (const subject of closing) await subject.close()
  })

  describe(`${name}: what is selected`, () => {
    test('a selection is told with its sheet, its address, and the part it lies in with its headers', async () => {
      const { host, person } = await start()
      person.select(at(1, 1, 3))
      const selection = await host.selection()
      expect(selection).toMatchObject({ sheetName: SHEET, address: 'Products!B2:B4', areas: 1 })
      expect(selection.place).toMatchObject({ row: 1, column: 1, rows: 3, columns: 1 })
      expect(selection.region).toMatchObject({
        table: null,
        hasHeaders: true,
        headers: ['SKU', 'Description', 'Value'],
        place: { row: 0, column: 0, rows: 5, columns: 3 },
      })
    })

    test('whole columns are cut to the cells in use', async () => {
      const { host, person } = await start()
      person.select(at(0, 1, 1_048_576, 2))
      const { place, address } = await host.selection()
      expect(place).toMatchObject({ row: 0, column: 1, rows: 5, columns: 2 })
      expect(address).toBe('Products!B1:C5')
    })

    test('cells beside everything in use are nothing, and so is an empty sheet', async () => {
      const { host, person } = await start(PRODUCTS, { name: 'Empty', rows: [] })
      person.select(at(40, 9, 5))
      expect(await host.selection()).toMatchObject({ place: null, region: null, hiddenRows: 0 })
      person.select(at(0, 0, 1, 1, 'Empty'))
      expect(await host.selection()).toMatchObject({ sheetName: 'Empty', place: null, region: null })
    })

    test('several ranges at once are counted', async () => {
      const { host, person } = await start()
      person.selectAreas([at(1, 1), at(3, 1)])
      expect((await host.selection()).areas).toBe(2)
    })

    if (!lacking.has('tables')) {
      test('a table is the region of what is selected in it', async () => {
        const table = { name: 'Goods', row: 1, column: 1, rows: 3, columns: 2 }
        const rows: CellValue[][] = [[], ['', 'Name', 'Worth'], ['', 'mug', 3], ['', 'vase', 9]]
        const { host, person } = await start({ name: SHEET, rows, table })
        person.select(at(2, 1, 2))
        expect((await host.selection()).region).toMatchObject({
          table: 'Goods',
          hasHeaders: true,
          headers: ['Name', 'Worth'],
          place: { row: 1, column: 1, rows: 3, columns: 2 },
        })
      })
    }

    test('rows that a filter hides are counted, merged cells are told, and protection keeps nobody from selecting', async () => {
      const { host, person } = await start()
      person.select(at(1, 1, 4))
      person.hide(SHEET, 2)
      person.hide(SHEET, 3)
      person.protect(SHEET, true)
      person.merge(SHEET, 'B2:B3')
      expect(await host.selection()).toMatchObject({ hiddenRows: 2, hasMergedCells: true })
    })

    test('who listens hears of every selection, and no more after taking the listener off', async () => {
      const { host, person } = await start()
      // The first reply comes after the listener was taken on.
      await host.selection()
      let heard = 0
      const off = host.onSelection(() => heard++)
      person.select(at(2, 2))
      await expect.poll(() => heard).toBe(1)
      off()
      person.select(at(1, 1))
      await host.selection()
      expect(heard).toBe(1)
    })
  })

  describe(`${name}: reading`, () => {
    test('values come as they are: numbers, truth values, texts, and nothing as an empty text', async () => {
      const { host } = await start()
      expect(await host.read(at(1, 0, 5, 3))).toEqual([...ROWS.slice(1), ['', '', '']])
    })

    test('a long column says how far it is, and can be called off', async () => {
      const rows = Array.from({ length: 12_000 }, (_, row) => [`product ${row}`])
      const { host } = await start({ name: SHEET, rows })
      const told: number[] = []
      expect(await host.read(at(0, 0, 12_000), { onProgress: (done) => told.push(done) })).toEqual(rows)
      expect(told.at(-1)).toBe(12_000)
      expect(told.length).toBeGreaterThan(1)
      await expect(host.read(at(0, 0, 12_000), { signal: AbortSignal.abort() })).rejects.toThrow(/abort/i)
    })

    test('cells as they stand are their formulas and formats', async () => {
      const { host, person } = await start()
      await host.write(answers([[1, 'knitted T-shirt', '0101.21', 0.18]]))
      person.type(SHEET, 1, 5, '=HSCODE(B2)')
      expect(await host.readAsTheyStand(at(1, 3, 1, 3))).toMatchObject({
        formulas: [['0101.21', 0.18, '=HSCODE(B2)']],
        formats: [['@', '0.0##%', 'General']],
      })
    })
  })

  if (!lacking.has('spills')) {
    describe(`${name}: formulas that fill other cells`, () => {
      const filled = [
        ['6109.10', 0.9],
        ['4202.21', 0.5],
      ]

      test('what each fills is told, and a formula that fills its own cell only fills nothing', async () => {
        const { host, person } = await start()
        const formulas = [
          { row: 1, column: 5 },
          { row: 4, column: 5 },
        ]
        for (const { row, column } of formulas) person.type(SHEET, row, column, '=HSCODE(B2:B3)')
        expect(await host.spills(SHEET, formulas)).toEqual([null, null])
        person.spill(SHEET, 1, 5, filled)
        expect(await host.spills(SHEET, formulas)).toMatchObject([{ row: 1, column: 5, rows: 2, columns: 2 }, null])
        expect(await host.spills(SHEET, [{ row: 2, column: 6 }])).toEqual(['filled'])
        person.insertRows(SHEET, 0, 1)
        expect(await host.spills(SHEET, [{ row: 2, column: 5 }])).toMatchObject([{ row: 2, column: 5, rows: 2 }])
      })

      test('values over all of it stay values, and one formula put back leaves what it filled empty for it', async () => {
        const { host, person } = await start()
        person.type(SHEET, 1, 5, '=HSALT(B2)')
        person.spill(SHEET, 1, 5, filled)
        const place = at(1, 5, 2, 2)
        const formats = [
          ['@', 'General'],
          ['@', 'General'],
        ]
        expect(await host.restore({ place, formulas: filled, formats }, null)).toEqual({ restored: 4, changed: 0 })
        expect(await host.read(place)).toEqual(filled)
        expect(await host.spills(SHEET, [{ row: 1, column: 5 }])).toEqual([null])
        const formulas = [
          ['=HSALT(B2)', ''],
          ['', ''],
        ]
        await host.restore({ place, formulas, formats: formats.map(() => ['General', 'General']) }, filled)
        expect(await host.read(place)).toEqual([
          ['#BUSY!', ''],
          ['', ''],
        ])
        expect(person.formula(SHEET, 1, 5)).toBe('=HSALT(B2)')
      })
    })
  }

  describe(`${name}: following a place`, () => {
    test('rows inserted above it move it, rows inserted inside make it longer, rows deleted shorter', async () => {
      const { host, person } = await start()
      const followed = await host.follow(at(1, 1, 3, 2))
      person.insertRows(SHEET, 0, 2)
      expect(await followed.place()).toMatchObject({ row: 3, column: 1, rows: 3, columns: 2 })
      person.insertRows(SHEET, 4, 1)
      expect(await followed.place()).toMatchObject({ row: 3, rows: 4 })
      person.deleteRows(SHEET, 0, 4)
      expect(await followed.place()).toMatchObject({ row: 0, rows: 3 })
      await followed.release()
    })

    test('it is nowhere once its rows or its sheet are deleted', async () => {
      const { host, person } = await start()
      const rows = await host.follow(at(1, 0, 2))
      const sheet = await host.follow(at(0, 0, 1, 1, OTHER.name))
      person.deleteRows(SHEET, 0, 4)
      person.deleteSheet(OTHER.name)
      expect(await rows.place()).toBeNull()
      expect(await sheet.place()).toBeNull()
      await rows.release()
      await sheet.release()
    })
  })

  describe(`${name}: writing`, () => {
    test('a code keeps its zeros because its cell became text first, and a rate stays a number', async () => {
      const { host, person } = await start()
      const report = await host.write(
        answers([
          [1, 'knitted T-shirt', '6109.10', 0.18],
          [2, 'leather handbag', '0101210000', null],
        ]),
      )
      expect(report).toEqual({ written: [1, 2], changed: [] })
      expect([person.value(SHEET, 1, 3), person.format(SHEET, 1, 3)]).toEqual(['6109.10', '@'])
      expect(person.value(SHEET, 2, 3)).toBe('0101210000')
      expect([person.value(SHEET, 1, 4), person.format(SHEET, 1, 4)]).toEqual([0.18, '0.0##%'])
      expect(person.value(SHEET, 2, 4)).toBeNull()
    })

    test('null empties a cell', async () => {
      const { host, person } = await start()
      person.type(SHEET, 1, 3, 'old')
      await host.write(answers([[1, 'knitted T-shirt', null, null]]))
      expect(person.value(SHEET, 1, 3)).toBeNull()
    })

    test('a row whose input is another one now is left alone, and its neighbours are filled', async () => {
      const { host, person } = await start()
      person.type(SHEET, 2, 1, 'a different product')
      const report = await host.write(
        answers([
          [1, 'knitted T-shirt', '6109.10', 0.18],
          [2, 'leather handbag', '4202.21', 0.11],
          [3, 'knitted T-shirt', '6109.10', 0.18],
        ]),
      )
      expect(report).toEqual({ written: [1, 3], changed: [2] })
      expect([person.value(SHEET, 2, 3), person.format(SHEET, 2, 3)]).toEqual([null, 'General'])
    })

    test('rows between those to fill keep what they hold', async () => {
      const { host, person } = await start()
      person.type(SHEET, 2, 3, 'mine')
      await host.write(
        answers([
          [1, 'knitted T-shirt', '6109.10', 0.18],
          [3, 'knitted T-shirt', '6109.10', 0.18],
        ]),
      )
      expect(person.value(SHEET, 2, 3)).toBe('mine')
      expect(person.value(SHEET, 3, 3)).toBe('6109.10')
    })

    test('rows inserted above while the answers were on their way leave every wrong row alone', async () => {
      const { host, person } = await start()
      person.insertRows(SHEET, 1, 1)
      const report = await host.write(
        answers([
          [1, 'knitted T-shirt', '6109.10', 0.18],
          [2, 'leather handbag', '4202.21', 0.11],
        ]),
      )
      expect(report).toEqual({ written: [], changed: [1, 2] })
      expect(person.value(SHEET, 2, 3)).toBeNull()
    })

    test('a text that looks like a formula stays a text, in whatever cell it is written', async () => {
      const { host, person } = await start()
      const hostile = ['=1+1', '=HYPERLINK("http://x")', '+cmd', '@SUM(1)', '-2+3']
      for (const [at, text] of hostile.entries()) {
        await host.write({
          sheet: SHEET,
          columns: [
            { column: 5, format: 'text' },
            { column: 6, format: 'general' },
          ],
          guardColumns: [],
          rows: [{ row: at, guard: [], values: [text, text] }],
        })
        expect([person.value(SHEET, at, 5), person.value(SHEET, at, 6)]).toEqual([text, text])
      }
    })

    if (!lacking.has('editing')) {
      test('while a cell is being edited writing waits, says so, and goes on by itself', async () => {
        const { host, person } = await start()
        const reasons: (string | null)[] = []
        host.onWaiting((reason) => reasons.push(reason))
        person.edit(true)
        const writing = host.write(answers([[1, 'knitted T-shirt', '6109.10', 0.18]]))
        await expect.poll(() => reasons).toEqual(['editing'])
        expect(person.value(SHEET, 1, 3)).toBeNull()
        person.edit(false)
        expect(await writing).toEqual({ written: [1], changed: [] })
        expect(person.value(SHEET, 1, 3)).toBe('6109.10')
        expect(reasons).toEqual(['editing', null])
      })
    }

    if (!lacking.has('editing')) {
      test('what the cell that was edited became is looked at after the wait', async () => {
        const { host, person } = await start()
        const reasons: (string | null)[] = []
        host.onWaiting((reason) => reasons.push(reason))
        person.edit(true)
        const writing = host.write(answers([[1, 'knitted T-shirt', '6109.10', 0.18]]))
        await expect.poll(() => reasons).toEqual(['editing'])
        person.type(SHEET, 1, 1, 'a different product')
        person.edit(false)
        expect(await writing).toEqual({ written: [], changed: [1] })
      })
    }

    test('a protected sheet is refused by name, and nothing is written', async () => {
      const { host, person } = await start()
      person.protect(SHEET, true)
      const writing = host.write(answers([[1, 'knitted T-shirt', '6109.10', 0.18]]))
      await expectFailure(writing, 'TC-172', SHEET)
      expect(person.value(SHEET, 1, 3)).toBeNull()
    })

    test('on a protected sheet cells that are not locked are filled, between locked ones too, and a code keeps its zeros', async () => {
      const { host, person } = await start()
      person.type(SHEET, 2, 3, 'subtotal')
      person.unlock(at(1, 3, 1, 2))
      person.unlock(at(3, 3, 1, 2))
      person.protect(SHEET, true)
      await host.assertMayWrite({ sheet: SHEET, column: 3, rows: [1, 3] })
      const rows: Parameters<typeof answers>[0] = [
        [1, 'knitted T-shirt', '0610910', 0.18],
        [3, 'knitted T-shirt', '0101.21', null],
      ]
      expect(await host.write(answers(rows))).toEqual({ written: [1, 3], changed: [] })
      expect([1, 2, 3].map((row) => person.value(SHEET, row, 3))).toEqual(['0610910', 'subtotal', '0101.21'])
    })

    test('whether cells may be written is said beforehand: one that is locked on a protected sheet is enough', async () => {
      const { host, person } = await start()
      const cells = { sheet: SHEET, column: 3, rows: [1, 2, 3] }
      await host.assertMayWrite(cells)
      person.protect(SHEET, true)
      await expectFailure(host.assertMayWrite(cells), 'TC-172', SHEET)
      person.protect(SHEET, false)
      person.unlock(at(1, 3, 2))
      person.protect(SHEET, true)
      await expectFailure(host.assertMayWrite(cells), 'TC-172', SHEET)
      await host.assertMayWrite({ ...cells, rows: [1, 2] })
    })

    test('a locked cell whose row is another one now keeps nobody from filling its neighbours', async () => {
      const { host, person } = await start()
      person.unlock(at(1, 3, 1, 2))
      person.type(SHEET, 2, 1, 'a different product')
      person.protect(SHEET, true)
      const report = await host.write(
        answers([
          [1, 'knitted T-shirt', '6109.10', 0.18],
          [2, 'leather handbag', '4202.21', 0.11],
        ]),
      )
      expect(report).toEqual({ written: [1], changed: [2] })
    })

    test('merged cells among those to fill are refused with their address, and merged titles elsewhere are not', async () => {
      const { host, person } = await start()
      person.merge(SHEET, 'A1:C1')
      expect((await host.write(answers([[1, 'knitted T-shirt', '6109.10', 0.18]]))).written).toEqual([1])
      person.merge(SHEET, 'D3:D4')
      const writing = host.write(answers([[2, 'leather handbag', '4202.21', 0.11]]))
      await expectFailure(writing, 'TC-173', 'D3:D4')
    })

    test('a deleted sheet is said to be deleted, whatever is asked of it', async () => {
      const { host, person } = await start(OTHER, PRODUCTS)
      person.deleteSheet(SHEET)
      await expectFailure(host.write(answers([[1, 'knitted T-shirt', '6109.10', 0.18]])), 'TC-174')
      await expectFailure(host.read(at(0, 0)), 'TC-174')
      await expectFailure(host.goTo(at(0, 0)), 'TC-174')
    })
  })

  describe(`${name}: putting back`, () => {
    test('what stood there comes back exactly: formulas, formats, numbers, codes as text, empty cells', async () => {
      const { host, person } = await start()
      await host.write(answers([[1, 'knitted T-shirt', '0101.21', 0.18]]))
      person.type(SHEET, 2, 3, '=HSCODE(B3)')
      person.type(SHEET, 2, 4, 42)
      const before = await host.readAsTheyStand(at(1, 3, 3, 2))
      await host.write(
        answers([
          [1, 'knitted T-shirt', '6109.10', 0.5],
          [2, 'leather handbag', '4202.21', 0.5],
          [3, 'knitted T-shirt', '6109.10', 0.5],
        ]),
      )
      expect(await host.restore(before, null)).toEqual({ restored: 6, changed: 0 })
      expect(await host.readAsTheyStand(at(1, 3, 3, 2))).toEqual(before)
      expect(person.formula(SHEET, 2, 3)).toBe('=HSCODE(B3)')
      expect(person.value(SHEET, 1, 3)).toBe('0101.21')
    })

    test('a cell that shows anything but what was expected is left alone', async () => {
      const { host, person } = await start()
      const before = await host.readAsTheyStand(at(1, 3, 2, 1))
      await host.write(
        answers([
          [1, 'knitted T-shirt', '6109.10', 0.5],
          [2, 'leather handbag', '4202.21', 0.5],
        ]),
      )
      person.type(SHEET, 2, 3, '4202.29')
      expect(await host.restore(before, [['6109.10'], ['4202.21']])).toEqual({ restored: 1, changed: 1 })
      expect([person.value(SHEET, 1, 3), person.value(SHEET, 2, 3)]).toEqual([null, '4202.29'])
    })

    test('on a protected sheet locked cells are not put back, and what is not locked is', async () => {
      const { host, person } = await start()
      person.type(SHEET, 1, 3, '=HSCODE(B2)')
      const before = await host.readAsTheyStand(at(1, 3, 3, 1))
      person.unlock(at(1, 3))
      person.unlock(at(3, 3))
      person.protect(SHEET, true)
      await expectFailure(host.restore(before, null), 'TC-172', SHEET)
      await host.write({
        sheet: SHEET,
        columns: [{ column: 3, format: 'text' }],
        guardColumns: [],
        rows: [{ row: 3, guard: [], values: ['6109.10'] }],
      })
      const [[calculating = ''] = []] = await host.read(at(1, 3))
      const expected = [[calculating], ['never held'], ['6109.10']]
      expect(await host.restore(before, expected)).toEqual({ restored: 2, changed: 1 })
      expect([person.formula(SHEET, 1, 3), person.value(SHEET, 3, 3)]).toEqual(['=HSCODE(B2)', null])
    })
  })

  describe(`${name}: around the cells`, () => {
    test('a place is shown to the person, and a formula goes into the active cell', async () => {
      const { host, person } = await start()
      await host.goTo(at(3, 2, 1, 1, SHEET))
      expect(await host.selection()).toMatchObject({ sheetName: SHEET, address: 'Products!C4' })
      expect(await host.insertFormula('=HSCODE(B4)')).toBe('Products!C4')
      expect(person.formula(SHEET, 3, 2)).toBe('=HSCODE(B4)')
    })

    test('a text goes into the active cell as a text, and one behind an apostrophe is no formula', async () => {
      const { host, person } = await start()
      await host.goTo(at(3, 2))
      expect(await host.insertFormula('ceramic mug')).toBe('Products!C4')
      expect(person.value(SHEET, 3, 2)).toBe('ceramic mug')
      await host.insertFormula("'=1+1")
      expect(person.value(SHEET, 3, 2)).toBe('=1+1')
    })

    test('a text that looks like a formula comes back as the text it was, and so does an apostrophe', async () => {
      const { host, person } = await start()
      const place = at(3, 2, 1, 1)
      for (const [typed, text] of [
        ["'=1+1", '=1+1'],
        ["''tis", "'tis"],
      ] as const) {
        await host.goTo(place)
        await host.insertFormula(typed)
        const before = await host.readAsTheyStand(place)
        await host.insertFormula('ceramic mug')
        await host.restore(before, null)
        expect(person.value(SHEET, 3, 2)).toBe(text)
      }
    })

    test('a formula goes into a cell of text as a formula', async () => {
      const { host, person } = await start()
      await host.write(answers([[1, 'knitted T-shirt', '6109.10', 0.18]]))
      await host.goTo(at(1, 3))
      await host.insertFormula('=HSCODE(B2)')
      expect([person.formula(SHEET, 1, 3), person.format(SHEET, 1, 3)]).toEqual(['=HSCODE(B2)', 'General'])
    })

    test('a formula goes into an active cell that is not locked, on a protected sheet too, and into no locked one', async () => {
      const { host, person } = await start()
      person.unlock(at(1, 5))
      person.protect(SHEET, true)
      await host.goTo(at(1, 5))
      await host.insertFormula('=HSCODE(B2)')
      expect(person.formula(SHEET, 1, 5)).toBe('=HSCODE(B2)')
      await host.goTo(at(2, 5))
      await expectFailure(host.insertFormula('=HSCODE(B3)'), 'TC-172', SHEET)
    })

    test('the workbook keeps texts by name, as they are, until they are taken out', async () => {
      const { host } = await start()
      const text = '{"rows":[1,2]} <b>&amp;</b> ]]> 手机壳 \u0001\r\n\uD800 "quotes"'
      expect(await host.kept('frozen')).toBeNull()
      await host.keep('frozen', text)
      await host.keep('other name/ü', 'second')
      expect(await host.kept('frozen')).toBe(text)
      await host.keep('frozen', 'changed')
      expect(await host.kept('frozen')).toBe('changed')
      await host.keep('frozen', null)
      expect([await host.kept('frozen'), await host.kept('other name/ü')]).toEqual([null, 'second'])
    })

    test('a page outside is opened', async () => {
      const { host, person } = await start()
      host.openWindow('https://pay.example/checkout')
      await expect.poll(() => person.opened).toEqual(['https://pay.example/checkout'])
    })

    test('a workbook has a key that stays', async () => {
      const { host } = await start()
      const key = await host.workbookKey()
      expect(key).not.toBe('')
      expect(await host.workbookKey()).toBe(key)
    })
  })
}

/** @param part what its sentence names. */
export async function expectFailure(work: Promise<unknown>, code: string, part = ''): Promise<void> {
  const error: unknown = await work.then(
    () => null,
    (error: unknown) => error,
  )
  expect(error).toBeInstanceOf(FailureError)
  const failed = error as FailureError
  expect(failureCode(failed.failure)).toBe(code)
  expect(failed.message).toContain(part)
}
