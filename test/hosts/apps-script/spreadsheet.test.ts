import { describe, expect, test } from 'vitest'
import { EDITOR, openScriptHouse, refusal, type ScriptHouse } from './script-house.ts'

const PRODUCTS = {
  name: 'Products',
  rows: [
    ['SKU', 'Description', 'Value'],
    ['A-1', 'mug', 12.5],
    ['A-2', 'vase', true],
  ],
}
const SHEET = 'var sheet = SpreadsheetApp.getActiveSheet();'

function open(locale = 'en_US'): ScriptHouse {
  return openScriptHouse({}, { locale, sheets: [PRODUCTS, { name: 'Other sheet', rows: [] }] })
}

describe('what a value becomes in a cell', () => {
  test.each([
    ['0101', 101, '101', 'General'],
    ['8471.30', 8471.3, '8471.3', 'General'],
    ['1,234', 1234, '1234', 'General'],
    ['18%', 0.18, '18%', '0%'],
    ['TRUE', true, 'TRUE', 'General'],
    ['2026-01-02', new Date('2026-01-02T00:00:00Z'), '2026-01-02', 'yyyy-mm-dd'],
    ['1/2/2026', new Date('2026-01-02T00:00:00Z'), '1/2/2026', 'm/d/yyyy'],
    ["'0101", '0101', '0101', 'General'],
    ['=A1', 'Loading...', 'Loading...', 'General'],
    ["'=A1", '=A1', '=A1', 'General'],
    ['#N/A', '#N/A', '#N/A', 'General'],
    ['2026-13-02', '2026-13-02', '2026-13-02', 'General'],
    ['手机壳', '手机壳', '手机壳', 'General'],
    ['', '', '', 'General'],
  ])('%s is %s, shown as %s in the format %s', async (input, value, shown, format) => {
    const { run } = open()
    const lines = `${SHEET} var r = sheet.getRange("F1"); r.setValue(a); return [r.getValue(), r.getDisplayValue(), r.getNumberFormat()]`
    expect(await run(lines, { args: [input] })).toEqual([value, shown, format])
  })

  test('an apostrophe in front is no part of the text, in a cell of text too', async () => {
    const { run } = open()
    const lines = `${SHEET} var r = sheet.getRange("F1:G1"); r.setNumberFormats([["@", "General"]]); r.setValues([["'=1", "'=1"]]); return [r.getValues(), r.getFormulas()]`
    expect(await run(lines)).toEqual([[['=1', '=1']], [['', '']]])
  })

  test.each(['0101', '8471.30', 'TRUE', '2026-01-02', '=A1', '1e5', 'x'])(
    '%s stays as it is in a cell of text',
    async (text) => {
      const { run } = open()
      const lines = `${SHEET} var r = sheet.getRange("F1:G1"); r.setNumberFormat("@"); r.setValues([[a, 101]]); return [r.getValues(), r.getFormulas()]`
      expect(await run(lines, { args: [text] })).toEqual([[[text, '101']], [['', '']]])
    },
  )

  test('a French spreadsheet has decimal commas and puts the day first', async () => {
    const { run } = open('fr_FR')
    const lines = `${SHEET} var r = sheet.getRange("F1:F3"); r.setValues([["1,5"], ["1.5"], ["02/01/2026"]]); return [r.getValues(), r.getDisplayValues(), SpreadsheetApp.getActive().getSpreadsheetLocale()]`
    expect(await run(lines)).toEqual([
      [[1.5], ['1.5'], [new Date('2026-01-02T00:00:00Z')]],
      [['1,5'], ['1.5'], ['02/01/2026']],
      'fr_FR',
    ])
  })

  test('a rate is shown in its number format', async () => {
    const { run } = open()
    const lines = `${SHEET} var r = sheet.getRange("F1:F3"); r.setNumberFormats([["0.0##%"], ["#,##0.00"], ["0"]]); r.setValues([[0.065], [1234.5], [2.4]]); return r.getDisplayValues()`
    expect(await run(lines)).toEqual([['6.5%'], ['1,234.50'], ['2']])
  })

  test('only the first cell of a merge takes a value', async () => {
    const { run } = open()
    const lines = `${SHEET} sheet.getRange("F1:G1").merge(); sheet.getRange("F1:G1").setValues([["a", "b"]]); return [sheet.getRange("F1:G1").getValues(), sheet.getRange("E1:F2").getMergedRanges().map(function (r) { return r.getA1Notation() })]`
    expect(await run(lines)).toEqual([[['a', '']], ['F1:G1']])
  })
})

describe('finding cells', () => {
  test('a range is found by numbers and by its address, and a sheet by name and id', async () => {
    const { run } = open()
    const lines = `${SHEET}
      var ss = SpreadsheetApp.getActiveSpreadsheet()
      return [
        sheet.getRange(2, 2, 2, 1).getValues(), sheet.getRange("B2:B3").getA1Notation(), sheet.getRange("B:B").getNumRows(),
        ss.getRange("'Other sheet'!A1").getSheet().getName(), ss.getSheetById(1001).getName(), ss.getSheetByName("none"),
        ss.getSheets().map(function (s) { return s.getSheetId() }), sheet.getDataRange().getA1Notation(),
        sheet.getLastRow(), sheet.getLastColumn(), ss.getSheetByName("Other sheet").getLastRow(), sheet.getRange("C3").getDataRegion().getA1Notation(),
      ]`
    expect(await run(lines)).toEqual([
      [['mug'], ['vase']],
      'B2:B3',
      1000,
      'Other sheet',
      'Other sheet',
      null,
      [0, 1001],
      'A1:C3',
      3,
      3,
      0,
      'A1:C3',
    ])
  })

  test('cells beyond the sheet, and an address that is none, are refused', async () => {
    const { run } = open()
    expect(await refusal(run(`${SHEET} sheet.getRange(1001, 1)`))).toContain('outside the dimensions of the sheet')
    expect(await refusal(run(`${SHEET} sheet.getRange(0, 1)`))).toContain('outside the dimensions of the sheet')
    expect(await refusal(run(`${SHEET} sheet.getRange("no such name")`))).toContain('Range not found')
    expect(await refusal(run('SpreadsheetApp.getActive().getRange("Gone!A1")'))).toContain('Range not found')
  })

  test('values of another shape than the range are refused, and nothing is written', async () => {
    const { spreadsheet, run } = open()
    expect(await refusal(run(`${SHEET} sheet.getRange("A1:B1").setValues([["x"]])`))).toContain(
      'The data has 1 but the range has 2',
    )
    expect(await refusal(run(`${SHEET} sheet.getRange("A1:A2").setValues([["x"]])`))).toContain('The number of rows')
    expect(spreadsheet.person.value('Products', 0, 0)).toBe('SKU')
  })

  test('what is selected is told, also when it is several ranges', async () => {
    const { spreadsheet, run } = open()
    const at = (row: number) => ({ sheet: 'Products', row, column: 1, rows: 1, columns: 1 })
    spreadsheet.person.selectAreas([at(1), at(2)])
    const lines = `return [SpreadsheetApp.getActiveRange().getA1Notation(), SpreadsheetApp.getActiveRangeList().getRanges().length, SpreadsheetApp.getActiveSpreadsheet().getSelection().getCurrentCell().getA1Notation()]`
    expect(await run(lines)).toEqual(['B2', 2, 'B2'])
    spreadsheet.person.select({ sheet: 'Products', row: 0, column: 1, rows: 1_048_576, columns: 2 })
    expect(await run('return SpreadsheetApp.getActiveRange().getA1Notation()')).toBe('B:C')
  })

  test('a script selects and shows cells', async () => {
    const { spreadsheet, run } = open()
    await run('SpreadsheetApp.setActiveRange(SpreadsheetApp.getActive().getSheetByName("Other sheet").getRange("B2"))')
    expect(spreadsheet.person.selection()).toEqual({
      sheet: 'Other sheet',
      areas: [{ row: 1, column: 1, rows: 1, columns: 1 }],
    })
  })

  test('rows hidden by a person and by a filter are told apart', async () => {
    const { spreadsheet, run } = open()
    spreadsheet.person.hide('Products', 1)
    spreadsheet.person.filterOut('Products', 2)
    spreadsheet.person.insertRows('Products', 0, 1)
    const lines = `${SHEET} return [2, 3, 4].map(function (row) { return [sheet.isRowHiddenByUser(row), sheet.isRowHiddenByFilter(row)] })`
    expect(await run(lines)).toEqual([
      [false, false],
      [true, false],
      [false, true],
    ])
  })

  test('a filter tells the cells it lies over, wherever they are now, and a table that came with the sheet is one', async () => {
    const { spreadsheet, run } = open()
    const look = `${SHEET} var f = sheet.getFilter(); return f && f.getRange().getA1Notation()`
    expect(await run(look)).toBeNull()
    spreadsheet.person.setFilter({ sheet: 'Products', row: 0, column: 0, rows: 3, columns: 3 })
    spreadsheet.person.insertRows('Products', 0, 1)
    expect(await run(look)).toBe('A2:C4')
    const table = { name: 'Goods', row: 1, column: 1, rows: 2, columns: 2 }
    const { run: runOther } = openScriptHouse(
      {},
      { sheets: [{ name: 'Sheet1', rows: [[], ['', 'Name', 'Worth']], table }] },
    )
    expect(await runOther(look)).toBe('B2:C3')
  })

  test('each write is counted', async () => {
    const { world, run } = open()
    await run(`${SHEET} sheet.getRange("F1:F3").setNumberFormat("@").setValues([["1"], ["2"], ["3"]])`)
    expect([
      world.calls.get('Range.setValues'),
      world.calls.get('Range.setNumberFormat'),
      world.calls.get('Range.setValue'),
    ]).toEqual([1, 1, undefined])
  })
})

describe('following a place', () => {
  test('a named range moves, grows and shrinks with its rows, and is gone with them', async () => {
    const { spreadsheet, run } = open()
    const { person } = spreadsheet
    await run(`${SHEET} SpreadsheetApp.getActive().setNamedRange("run_1", sheet.getRange("B2:B3"))`)
    const look = 'var r = SpreadsheetApp.getActive().getRangeByName("run_1"); return r && r.getA1Notation()'
    person.insertRows('Products', 0, 2)
    expect(await run(look)).toBe('B4:B5')
    await run(`${SHEET} sheet.insertRowsBefore(5, 1)`)
    expect(await run(look)).toBe('B4:B6')
    await run(`${SHEET} sheet.deleteRows(1, 4)`)
    expect(await run(look)).toBe('B1:B2')
    person.insertColumns('Products', 0, 1)
    expect(await run(look)).toBe('C1:C2')
    await run(`${SHEET} sheet.deleteRows(1, 2)`)
    expect(await run(look)).toBeNull()
    expect(await run('return SpreadsheetApp.getActive().getNamedRanges().length')).toBe(0)
  })

  test('metadata of a row moves with it, is found by its key, and is gone with it', async () => {
    const { spreadsheet, run } = open()
    await run(
      `${SHEET} sheet.getRange("2:2").addDeveloperMetadata("run_1", "from", SpreadsheetApp.DeveloperMetadataVisibility.PROJECT)`,
    )
    const look =
      'return SpreadsheetApp.getActive().createDeveloperMetadataFinder().withKey("run_1").find().map(function (m) { return [m.getValue(), m.getLocation().getRow().getA1Notation()] })'
    spreadsheet.person.insertRows('Products', 0, 3)
    expect(await run(look)).toEqual([['from', '5:5']])
    spreadsheet.person.deleteRows('Products', 4, 1)
    expect(await run(look)).toEqual([])
    expect(await refusal(run(`${SHEET} sheet.getRange("B2:B3").addDeveloperMetadata("k")`))).toContain(
      'arbitrary ranges is not currently supported',
    )
  })

  test('what was of a deleted sheet is refused', async () => {
    const { spreadsheet, run } = open()
    await run(
      'SpreadsheetApp.getActive().setNamedRange("run_1", SpreadsheetApp.getActive().getSheetByName("Other sheet").getRange("A1"))',
    )
    spreadsheet.person.deleteSheet('Other sheet')
    expect(
      await run(
        'return [SpreadsheetApp.getActive().getSheetById(1001), SpreadsheetApp.getActive().getRangeByName("run_1")]',
      ),
    ).toEqual([null, null])
  })
})

describe('protection', () => {
  const WRITE = `${SHEET} sheet.getRange("F2").setValue(1)`
  const LOOK = `${SHEET} return [sheet.getProtections(SpreadsheetApp.ProtectionType.SHEET).map(function (p) { return p.canEdit() }), sheet.getRange("F2").canEdit()]`

  test('a protected sheet is written by its owner and its editors, and by nobody else', async () => {
    const { spreadsheet, run } = open()
    spreadsheet.person.protect('Products', true)
    expect(await run(LOOK, { user: EDITOR })).toEqual([[false], false])
    expect(await refusal(run(WRITE, { user: EDITOR }))).toContain('You are trying to edit a protected cell or object')
    expect(await run(LOOK)).toEqual([[true], true])
    spreadsheet.person.protect('Products', true, { editors: [EDITOR] })
    expect(await refusal(run(WRITE, { user: EDITOR }))).toBe('it was not refused')
    spreadsheet.person.protect('Products', false)
    expect(await run(LOOK, { user: EDITOR })).toEqual([[], true])
  })

  test('cells left open on a protected sheet may be written', async () => {
    const { spreadsheet, run } = open()
    const place = { sheet: 'Products', row: 0, column: 5, rows: 10, columns: 1 }
    spreadsheet.person.protect('Products', true, { except: [place] })
    expect(await refusal(run(WRITE, { user: EDITOR }))).toBe('it was not refused')
    expect(await refusal(run(`${SHEET} sheet.getRange("E2:F2").setValues([[1, 1]])`, { user: EDITOR }))).toContain(
      'protected',
    )
  })

  test('a protected range refuses what meets it, and one that only warns refuses nothing', async () => {
    const { spreadsheet, run } = open()
    const place = { sheet: 'Products', row: 1, column: 5, rows: 1, columns: 1 }
    spreadsheet.person.protectRange(place, { isWarningOnly: true })
    expect(await refusal(run(WRITE, { user: EDITOR }))).toBe('it was not refused')
    spreadsheet.person.protectRange(place)
    expect(await refusal(run(WRITE, { user: EDITOR }))).toContain('protected')
    expect(await refusal(run(`${SHEET} sheet.getRange("F3").setValue(1)`, { user: EDITOR }))).toBe('it was not refused')
  })
})

describe('a copy', () => {
  test('has the cells and an id of its own, and no document properties unless asked for', async () => {
    const { world, spreadsheet, run } = open()
    await run(
      'PropertiesService.getDocumentProperties().setProperty("sheet token", "t"); SpreadsheetApp.getActiveSheet().getRange("B2").setNumberFormat("@")',
    )
    const copy = world.copy(spreadsheet)
    const look =
      'return [SpreadsheetApp.getActive().getRange("B2").getValue(), PropertiesService.getDocumentProperties().getProperty("sheet token"), SpreadsheetApp.getActive().getId(), SpreadsheetApp.getActive().getRange("B2").getNumberFormat()]'
    expect(await run(look, { spreadsheet: copy })).toEqual(['mug', null, copy.id, '@'])
    expect(copy.id).not.toBe(spreadsheet.id)
    const withProperties = world.copy(spreadsheet, { withDocumentProperties: true })
    expect(await run(look, { spreadsheet: withProperties })).toEqual(['mug', 't', withProperties.id, '@'])
    copy.person.type('Products', 1, 1, 'cup')
    expect(spreadsheet.person.value('Products', 1, 1)).toBe('mug')
  })
})
