import { afterEach, beforeEach, expect, test } from 'vitest'
import type { FailedFormulas } from '../../shared/pane/pane-deps.ts'
import { mayPass } from '../../shared/pane/errors/failed-formulas.ts'
import { createSheetsFailures } from '../../sheets-addon/sidebar/sheets-failures.ts'
import type { Spreadsheet } from '../hosts/apps-script/spreadsheet-state.ts'
import { putCell } from '../hosts/excel-workbook.ts'
import { answerAll } from '../hosts/fake-provider.ts'
import { doorOf, EDITOR, openSheetsHouse, OWNER, type SheetsHouse } from './sheets-house.ts'

const GOODS = ['cotton shirt', 'leather handbag', 'glass vase', 'ceramic mug']
const SHEET = 'Products'

let open: SheetsHouse
/** How far Google's clock is ahead. */
let aheadMs: () => number
beforeEach(async () => {
  aheadMs = () => 0
  open = await openSheetsHouse({ now: () => Date.now() + aheadMs() })
})
afterEach(() => open.close())

async function openProducts(formulas: string[]): Promise<Spreadsheet> {
  const rows = [['Description', 'Code'], ...GOODS.map((text) => [text])]
  const sheet = await open.openSheet({ sheets: [{ name: SHEET, rows }] })
  for (const [at, formula] of formulas.entries()) if (formula !== '') sheet.person.type(SHEET, at + 1, 1, formula)
  return sheet
}

function failuresOf(spreadsheet: Spreadsheet, user = OWNER) {
  return createSheetsFailures(doorOf(open.world, user, spreadsheet))
}

const calculate = (spreadsheet: Spreadsheet): Promise<void> => open.world.recalculate(spreadsheet, EDITOR)
const codes = (spreadsheet: Spreadsheet): unknown[] => GOODS.map((_, at) => spreadsheet.person.value(SHEET, at + 1, 1))
const formulas = (spreadsheet: Spreadsheet): unknown[] =>
  GOODS.map((_, at) => spreadsheet.person.formula(SHEET, at + 1, 1))
const all = ({ groups }: FailedFormulas) => groups.flatMap((group) => group.formulas)

/** Until it is called off, all that formulas ask comes too late. */
function answerTooLate(): () => void {
  let goOn!: () => void
  const gate = new Promise<void>((resolve) => {
    goOn = resolve
  })
  open.provider.behave(async (inquiries) => {
    await gate
    return answerAll(inquiries)
  })
  open.world.web.trouble = (_, before) => (before === 0 ? { latencyMs: 16_000, error: 'unavailable' } : null)
  return () => {
    open.world.web.trouble = null
    goOn()
  }
}

test('a range that was still pending is found by its formula, and calculated again it shows values, paid once', async () => {
  const sheet = await openProducts(['=HSCODE(A2:A5)'])
  const goOn = answerTooLate()
  await calculate(sheet)
  expect(codes(sheet)).toEqual(GOODS.map(() => '#PENDING'))
  goOn()
  const failures = failuresOf(sheet)
  const found = await failures.look()
  expect(found).toMatchObject({ sheetName: SHEET, groups: [{ fn: 'HSCODE', shown: '#PENDING' }] })
  expect(all(found)).toEqual([{ row: 1, column: 1, formula: '=HSCODE(A2:A5)' }])
  expect(await failures.calculateAgain(found.sheet, all(found))).toEqual({
    rewritten: 1,
    changed: 0,
    left: 0,
    failed: null,
  })
  // What it had filled went with it, so that nothing stands in its way.
  expect(codes(sheet)).toEqual(['Loading...', null, null, null])
  await calculate(sheet)
  expect(codes(sheet)).toEqual(GOODS.map(() => '610910'))
  expect((await failures.look()).groups).toEqual([])
  expect(await open.house.balance()).toBe(996)
})

test('errors of Google and of ours are told apart, and cells without a formula of ours are not looked at', async () => {
  const sheet = await openProducts(['=HSCODE(42)', '=HSCOD(A3)', '', '=HSCODE(A5)'])
  sheet.person.type(SHEET, 3, 1, '#ERROR!')
  sheet.person.type(SHEET, 4, 2, '=HSRATE(B5,"XX")')
  await calculate(sheet)
  const { groups } = await failuresOf(sheet).look()
  // A name that is misspelled is nobody's, and Google says so in the cell.
  expect(groups.map(({ fn, shown, formulas: [first] }) => [fn, shown, first?.row])).toEqual([
    ['HSCODE', '#ERROR!', 1],
    ['HSRATE', '#ERROR!', 4],
  ])
})

/** By the spreadsheet's locale: an unknown name, something in the way, a wrong value, and what is not available. */
const LOCALES: [locale: string, names: string[]][] = [
  ['fr_FR', ['#NOM?', '#REF!', '#VALEUR!', '#N/A']],
  ['de_DE', ['#NAME?', '#BEZUG!', '#WERT!', '#NV']],
  ['es_ES', ['#¿NOMBRE?', '#¡REF!', '#¡VALOR!', '#N/D']],
  ['it_IT', ['#NOME?', '#RIF!', '#VALORE!', '#N/D']],
  ['pt_BR', ['#NOME?', '#REF!', '#VALOR!', '#N/D']],
  ['ru_RU', ['#ИМЯ?', '#ССЫЛКА!', '#ЗНАЧ!', '#Н/Д']],
  ['pl_PL', ['#NAZWA?', '#ADR!', '#ARG!', '#N/D!']],
  ['zh_CN', ['#NAME?', '#REF!', '#VALUE!', '#N/A']],
  ['ja_JP', ['#NAME?', '#REF!', '#VALUE!', '#N/A']],
]

test.each(LOCALES)(
  'in a spreadsheet of %s errors are found under the names it may have for them',
  async (locale, names) => {
    const sheet = await open.openSheet({ locale, sheets: [{ name: SHEET, rows: GOODS.map((text) => [text]) }] })
    for (const [row, value] of names.entries()) {
      sheet.person.type(SHEET, row, 1, `=HSCODE(A${row + 1})`)
      putCell(sheet.workbook.sheets[0]!, row, 1, { value })
    }
    const { groups } = await failuresOf(sheet).look()
    expect(groups.map(({ shown }) => shown)).toEqual(names)
    // Only what stands in the way has to be taken out of it first.
    expect(groups.map(mayPass)).toEqual([true, false, true, true])
    // A formula that reads such a cell names it, and asks nobody.
    for (const name of names) await expect(open.formula(sheet, 'HSCODE', name)).rejects.toThrow(`TC-114`)
    expect(open.world.web.sent).toEqual([])
  },
)

test('a formula that somebody changed meanwhile stays as it is', async () => {
  const sheet = await openProducts(['=HSCODE(A2)', '=HSCODE(A3)'])
  open.world.web.trouble = () => ({ error: 'dns' })
  await calculate(sheet)
  open.world.web.trouble = null
  const failures = failuresOf(sheet)
  const found = await failures.look()
  sheet.person.type(SHEET, 1, 1, '=HSRATE(A2)')
  sheet.person.type(SHEET, 2, 1, '')
  expect(await failures.calculateAgain(found.sheet, all(found))).toEqual({
    rewritten: 0,
    changed: 2,
    left: 0,
    failed: null,
  })
  expect(formulas(sheet).slice(0, 2)).toEqual(['=HSRATE(A2)', null])
})

test('formulas go in pieces of a hundred, by columns, and a cell of text becomes one of formulas again', async () => {
  const rows = Array.from({ length: 230 }, (_, at) => [`cotton shirt ${at}`])
  const sheet = await open.openSheet({ sheets: [{ name: SHEET, rows }] })
  for (let row = 0; row < rows.length; row++) sheet.person.type(SHEET, row, 1, `=HSCODE(A${row + 1})`)
  sheet.person.setFormat({ sheet: SHEET, row: 5, column: 1, rows: 1, columns: 1 }, '@')
  const failures = failuresOf(sheet)
  const { place } = ((await open.door(OWNER, sheet, 'sheetInUse')) as { value: { place: { sheet: string } } }).value
  const given = rows.map((_, row) => ({ row, column: 1, formula: `=HSCODE(A${row + 1})` }))
  const told: number[] = []
  const report = await failures.calculateAgain(place.sheet, given, { onProgress: (done) => told.push(done) })
  expect([report, told]).toEqual([{ rewritten: 230, changed: 0, left: 0, failed: null }, [100, 200, 230]])
  // Marked and unmarked, three pieces each.
  expect(open.world.calls.get('Range.setFormulas')).toBe(6)
  expect([sheet.person.format(SHEET, 5, 1), sheet.person.formula(SHEET, 5, 1)]).toEqual(['General', '=HSCODE(A6)'])
  expect(open.world.properties.document(sheet.id).size).toBe(1)
  expect(sheet.namedRanges.size).toBe(0)
})

test('stopped or refused on the way, it says what is being calculated and what was not come to', async () => {
  const rows = Array.from({ length: 230 }, (_, at) => [`cotton shirt ${at}`])
  const sheet = await open.openSheet({ sheets: [{ name: SHEET, rows }] })
  const given = rows.map((_, row) => ({ row, column: 1, formula: `=HSCODE(A${row + 1})` }))
  for (const { row, formula } of given) sheet.person.type(SHEET, row, 1, formula)
  const failures = failuresOf(sheet, EDITOR)
  const { sheet: id } = await failures.look()
  const stop = new AbortController()
  const stopped = failures.calculateAgain(id, given, { signal: stop.signal, onProgress: () => stop.abort() })
  expect(await stopped).toEqual({ rewritten: 100, changed: 0, left: 130, failed: null })
  sheet.person.protectRange({ sheet: SHEET, row: 210, column: 1, rows: 1, columns: 1 })
  const refused = await failures.calculateAgain(id, given)
  expect(refused).toMatchObject({ rewritten: 200, changed: 0, left: 30, failed: { failed: 'sheet-protected' } })
  expect(given.every(({ row, formula }) => sheet.person.formula(SHEET, row, 1) === formula)).toBe(true)
})

test('on cells that are protected from this person nothing is taken out', async () => {
  const sheet = await openProducts(['=HSCODE(A2)'])
  sheet.person.protect(SHEET, true)
  const failures = failuresOf(sheet, EDITOR)
  const { sheet: id } = await failures.look()
  const cells = [{ row: 1, column: 1, formula: '=HSCODE(A2)' }]
  expect(await failures.calculateAgain(id, cells)).toMatchObject({
    rewritten: 0,
    left: 1,
    failed: { failed: 'sheet-protected' },
  })
  expect(formulas(sheet)[0]).toBe('=HSCODE(A2)')
})

/** Google ends the execution once it has called a service so many times. */
async function breakOff(sheet: Spreadsheet, service: string, times: number, given = EACH): Promise<void> {
  const failures = failuresOf(sheet)
  const { sheet: id } = await failures.look()
  const cells = given.flatMap((formula, at) => (formula === '' ? [] : [{ row: at + 1, column: 1, formula }]))
  const before = open.world.calls.get(service) ?? 0
  aheadMs = () => ((open.world.calls.get(service) ?? 0) >= before + times ? 7 * 60_000 : 0)
  await expect(failures.calculateAgain(id, cells)).rejects.toThrow('Exceeded maximum execution time')
  const ahead = aheadMs()
  aheadMs = () => ahead
}

const EACH = GOODS.map((_, at) => `=HSCODE(A${at + 2})`)
/** Once it is written down that all of them are marked. */
const MARKED = ['Properties.setProperties', 2] as const

/** Descriptions, and the formulas beside them. */
const table = (sheet: Spreadsheet, rows = 4): unknown[][] =>
  Array.from({ length: rows }, (_, at) => [
    sheet.person.value(SHEET, at + 1, 0),
    sheet.person.formula(SHEET, at + 1, 1),
  ])
const goodsInOrder = GOODS.map((text, at) => [text, `=HSCODE(A${at + 2})`])

function isTidy(sheet: Spreadsheet): void {
  expect(sheet.namedRanges.size).toBe(0)
  expect([...open.world.properties.document(sheet.id).keys()]).toEqual(['tariffcell.sheet'])
}

test('formulas that were marked when Google broke off are as they were once somebody opens a sidebar, paid for once', async () => {
  const sheet = await openProducts(EACH)
  await breakOff(sheet, ...MARKED)
  expect(formulas(sheet)[0]).toMatch(/^=TARIFFCELL_[0-9A-F]{8}_0_HSCODE\(A2\)$/)
  // Nothing is asked meanwhile.
  await calculate(sheet)
  expect(codes(sheet)).toEqual(GOODS.map(() => '#NAME?'))
  await open.door(EDITOR, sheet, 'tidy')
  expect(table(sheet)).toEqual(goodsInOrder)
  isTidy(sheet)
  await calculate(sheet)
  expect(codes(sheet)).toEqual(GOODS.map(() => '610910'))
  expect(await open.house.balance()).toBe(996)
})

test('where one row came in and another went since, each formula is at its goods and names their cell', async () => {
  const sheet = await openProducts(EACH)
  await breakOff(sheet, ...MARKED)
  sheet.person.insertRows(SHEET, 2, 1)
  sheet.person.type(SHEET, 2, 0, 'brass lamp')
  sheet.person.deleteRows(SHEET, 4, 1)
  const { unreturned } = await failuresOf(sheet).look()
  expect(table(sheet)).toEqual([
    ['cotton shirt', '=HSCODE(A2)'],
    ['brass lamp', null],
    ['leather handbag', '=HSCODE(A4)'],
    ['ceramic mug', '=HSCODE(A5)'],
  ])
  // What went with its row is told, and written nowhere.
  expect(unreturned).toEqual([{ address: 'Products!B4', formula: '=HSCODE(A4)', isProtected: false }])
})

test('rows and columns before them, and a new name of the sheet, are no harm', async () => {
  const sheet = await openProducts(['=HSRATE(A2,$D$1)', '=IF(HSCODE(A3)="","",HSCODE(A3))'])
  await breakOff(sheet, ...MARKED, ['=HSRATE(A2,$D$1)', '=IF(HSCODE(A3)="","",HSCODE(A3))'])
  sheet.person.insertRows(SHEET, 0, 3)
  sheet.person.insertColumns(SHEET, 0, 2)
  sheet.person.rename(SHEET, 'Goods')
  await open.door(OWNER, sheet, 'tidy')
  const typed = [4, 5].map((row) => sheet.person.formula('Goods', row, 3))
  expect(typed).toEqual(['=HSRATE(C5,$F$4)', '=IF(HSCODE(C6)="","",HSCODE(C6))'])
  isTidy(sheet)
})

test('sorted since, also out of the rows they stood in, each formula is at its goods', async () => {
  const sheet = await openProducts(['=HSCODE(A2)', '=HSCODE(A3)'])
  await breakOff(sheet, ...MARKED, ['=HSCODE(A2)', '=HSCODE(A3)'])
  sheet.person.sort({ sheet: SHEET, row: 1, column: 0, rows: 4, columns: 2 }, 0)
  await open.door(OWNER, sheet, 'tidy')
  expect(table(sheet)).toEqual([
    ['ceramic mug', null],
    ['cotton shirt', '=HSCODE(A3)'],
    ['glass vase', null],
    ['leather handbag', '=HSCODE(A5)'],
  ])
  isTidy(sheet)
})

test('a cell that somebody filled stays theirs: its formula is told until they take it off the list', async () => {
  const sheet = await openProducts(EACH)
  await breakOff(sheet, ...MARKED)
  sheet.person.type(SHEET, 2, 1, 'by hand')
  const failures = failuresOf(sheet)
  const { unreturned, sheet: id } = await failures.look()
  expect(unreturned).toEqual([{ address: 'Products!B3', formula: '=HSCODE(A3)', isProtected: false }])
  expect(formulas(sheet)).toEqual(['=HSCODE(A2)', 'by hand', '=HSCODE(A4)', '=HSCODE(A5)'])
  // Others that are calculated again meanwhile do not push it off the list.
  await failures.calculateAgain(id, [{ row: 1, column: 1, formula: '=HSCODE(A2)' }])
  expect((await failures.look()).unreturned).toHaveLength(1)
  await failures.forgetGone()
  expect((await failures.look()).unreturned).toEqual([])
  isTidy(sheet)
})

test('broken off before all were marked, none is said to be gone', async () => {
  const sheet = await openProducts(['=HSCODE(A2)', '', '=HSCODE(A4)', ''])
  await breakOff(sheet, 'Range.setFormulas', 1, ['=HSCODE(A2)', '', '=HSCODE(A4)'])
  expect(formulas(sheet)[2]).toBe('=HSCODE(A4)')
  sheet.person.insertRows(SHEET, 0, 1)
  expect((await failuresOf(sheet).look()).unreturned).toEqual([])
  expect([2, 4].map((row) => sheet.person.formula(SHEET, row, 1))).toEqual(['=HSCODE(A3)', '=HSCODE(A5)'])
  isTidy(sheet)
})

test('a marked formula that was moved to another column is found like any without a value, and is as it was when calculated again', async () => {
  const sheet = await openProducts(['=HSCODE(A2)'])
  await breakOff(sheet, ...MARKED, ['=HSCODE(A2)'])
  const cut = sheet.person.formula(SHEET, 1, 1)
  sheet.person.type(SHEET, 1, 1, '')
  sheet.person.type(SHEET, 3, 4, cut)
  await calculate(sheet)
  const failures = failuresOf(sheet)
  const found = await failures.look()
  expect(all(found)).toEqual([{ row: 3, column: 4, formula: '=HSCODE(A2)' }])
  await failures.calculateAgain(found.sheet, all(found))
  expect(sheet.person.formula(SHEET, 3, 4)).toBe('=HSCODE(A2)')
})

test('with its sheet deleted nothing is left of a run that broke off', async () => {
  const sheet = await open.openSheet({
    sheets: [
      { name: SHEET, rows: [['Description', 'Code'], ['mug']] },
      { name: 'Other', rows: [] },
    ],
  })
  sheet.person.type(SHEET, 1, 1, '=HSCODE(A2)')
  await breakOff(sheet, ...MARKED, ['=HSCODE(A2)'])
  sheet.person.deleteSheet(SHEET)
  expect((await failuresOf(sheet).look()).unreturned).toEqual([])
  expect([...open.world.properties.document(sheet.id).keys()]).toEqual(['tariffcell.sheet'])
})

test('two persons who calculate the same again at once leave every formula in its cell', async () => {
  const sheet = await openProducts(EACH)
  const [one, other] = [failuresOf(sheet), failuresOf(sheet, EDITOR)]
  const { sheet: id } = await one.look()
  const cells = EACH.map((formula, at) => ({ row: at + 1, column: 1, formula }))
  const reports = await Promise.all([one.calculateAgain(id, cells), other.calculateAgain(id, cells)])
  expect(reports).toEqual([
    { rewritten: 4, changed: 0, left: 0, failed: null },
    { rewritten: 4, changed: 0, left: 0, failed: null },
  ])
  expect(formulas(sheet)).toEqual(EACH)
})

test('what somebody may not put back is listed for them, and does not keep them from the rest', async () => {
  const sheet = await openProducts(EACH)
  await breakOff(sheet, ...MARKED)
  // Longer than a name is kept that nobody needs.
  const later = aheadMs() + 3 * 3_600_000
  aheadMs = () => later
  sheet.person.protectRange({ sheet: SHEET, row: 1, column: 1, rows: 4, columns: 1 })
  sheet.person.type(SHEET, 1, 2, '=HSRATE("610910","XX")')
  await calculate(sheet)
  const failures = failuresOf(sheet, EDITOR)
  const found = await failures.look()
  expect(found.unreturned).toEqual(
    EACH.map((formula, at) => ({ address: `Products!B${at + 2}`, formula, isProtected: true })),
  )
  expect(found.groups).toHaveLength(1)
  expect(await failures.calculateAgain(found.sheet, all(found))).toEqual({
    rewritten: 1,
    changed: 0,
    left: 0,
    failed: null,
  })
  // Whoever may write there puts them back.
  await open.door(OWNER, sheet, 'tidy')
  expect((await failuresOf(sheet).look()).unreturned).toEqual([])
  expect(formulas(sheet)).toEqual(EACH)
  isTidy(sheet)
})
