import { describe, expect, test } from 'vitest'
import { parseCall } from './calculate.ts'
import { EDITOR, openScriptHouse, type ScriptHouse } from './script-house.ts'

const CODE = `
function ECHO(value) { return value }
function CODES(values) { return values.map(function (row) { return ["0101", row[0] === "" ? "" : row[0].length] }) }
function WHO() { return PropertiesService.getUserProperties().getProperty("name") }
function FAIL() { throw new Error("Connect first") }
function SLOW() { Utilities.sleep(31000) }
function WRITE() { SpreadsheetApp.getActiveSheet().getRange("A1").setValue("x") }
function secret_() { return 1 }`

async function open(rows: (string | number)[][], locale = 'en_US'): Promise<ScriptHouse> {
  const house = openScriptHouse({}, { locale, sheets: [{ name: 'Sheet1', rows }] })
  await house.world.load(CODE)
  return house
}

describe('a formula', () => {
  test('shows Loading... until it is calculated, and then what its function returned', async () => {
    const { world, spreadsheet } = await open([['mug']])
    spreadsheet.person.type('Sheet1', 0, 1, '=ECHO(A1)')
    expect(spreadsheet.person.value('Sheet1', 0, 1)).toBe('Loading...')
    await world.recalculate(spreadsheet, EDITOR)
    expect(spreadsheet.person.value('Sheet1', 0, 1)).toBe('mug')
    expect(spreadsheet.person.formula('Sheet1', 0, 1)).toBe('=ECHO(A1)')
  })

  test('of a range fills the cells beside and below it, and texts stay texts', async () => {
    const { world, spreadsheet } = await open([['mug'], ['vase'], ['']])
    spreadsheet.person.type('Sheet1', 0, 1, '=CODES(A1:A3)')
    await world.recalculate(spreadsheet, EDITOR)
    const cells = [0, 1, 2].map((row) => [1, 2].map((column) => spreadsheet.person.value('Sheet1', row, column)))
    expect(cells).toEqual([
      ['0101', 3],
      ['0101', 4],
      ['0101', null],
    ])
    expect(spreadsheet.person.formula('Sheet1', 1, 1)).toBe('0101')
  })

  test('whose result something is in the way of shows #REF!, and fills its cells once it is gone', async () => {
    const { world, spreadsheet } = await open([['mug'], ['vase', '', 'in the way']])
    const { person } = spreadsheet
    person.type('Sheet1', 0, 1, '=CODES(A1:A2)')
    await world.recalculate(spreadsheet, EDITOR)
    expect(person.value('Sheet1', 0, 1)).toBe('#REF!')
    expect(person.error('Sheet1', 0, 1)).toContain('Array result was not expanded')
    expect(person.value('Sheet1', 1, 1)).toBeNull()
    person.type('Sheet1', 1, 2, '')
    await world.recalculate(spreadsheet, EDITOR)
    expect([person.value('Sheet1', 0, 1), person.value('Sheet1', 1, 2), person.error('Sheet1', 0, 1)]).toEqual([
      '0101',
      4,
      null,
    ])
  })

  test('loses its result when somebody types into it', async () => {
    const { world, spreadsheet } = await open([['mug'], ['vase']])
    const { person } = spreadsheet
    person.type('Sheet1', 0, 1, '=CODES(A1:A2)')
    await world.recalculate(spreadsheet, EDITOR)
    person.type('Sheet1', 1, 1, 'mine')
    expect([person.value('Sheet1', 0, 1), person.value('Sheet1', 1, 1), person.value('Sheet1', 1, 2)]).toEqual([
      '#REF!',
      'mine',
      null,
    ])
  })

  test('calculated again with fewer rows leaves none of the old ones', async () => {
    const { world, spreadsheet } = await open([['mug'], ['vase']])
    spreadsheet.person.type('Sheet1', 0, 1, '=CODES(A1:A2)')
    await world.recalculate(spreadsheet, EDITOR)
    spreadsheet.person.type('Sheet1', 0, 1, '=ECHO("x")')
    await world.recalculate(spreadsheet, EDITOR)
    expect([spreadsheet.person.value('Sheet1', 0, 1), spreadsheet.person.value('Sheet1', 1, 1)]).toEqual(['x', null])
  })

  test('runs with the properties of the owner, whoever has the spreadsheet open', async () => {
    const { world, spreadsheet } = await open([])
    world.properties.user(spreadsheet.owner).set('name', 'owner')
    spreadsheet.person.type('Sheet1', 0, 0, '=WHO()')
    await world.recalculate(spreadsheet, EDITOR)
    expect(spreadsheet.person.value('Sheet1', 0, 0)).toBe('owner')
  })

  test.each([
    ['=FAIL()', '#ERROR!', 'Connect first (line 5).'],
    ['=SLOW()', '#ERROR!', 'Exceeded maximum execution time'],
    ['=WRITE()', '#ERROR!', 'You do not have permission to call Range.setValue'],
    ['=secret_()', '#NAME?', "Unknown function: 'secret_'."],
    ['=NOBODY(A1)', '#NAME?', "Unknown function: 'NOBODY'."],
  ])('%s shows %s, and its note says why', async (formula, shown, note) => {
    const { world, spreadsheet } = await open([])
    spreadsheet.person.type('Sheet1', 0, 1, formula)
    await world.recalculate(spreadsheet, EDITOR)
    expect(spreadsheet.person.value('Sheet1', 0, 1)).toBe(shown)
    expect(spreadsheet.person.error('Sheet1', 0, 1)).toContain(note)
  })
})

describe('how a formula is read', () => {
  test.each([
    ['=HSCODE(A2:A500, "CA")', { fn: 'HSCODE', args: ['A2:A500', '"CA"'] }],
    ['=HSRATE(\'Other sheet\'!$A$2;"CA";;1)', { fn: 'HSRATE', args: ["'Other sheet'!$A$2", '"CA"', '', '1'] }],
    ['=HSCODE("say ""mug"", please")', { fn: 'HSCODE', args: ['"say ""mug"", please"'] }],
    ['=HSPOINTS()', { fn: 'HSPOINTS', args: [] }],
    ['=HSCODE(A:A)', { fn: 'HSCODE', args: ['A:A'] }],
    ['=HSCODE(A1)&"x"', null],
    ['=IF(TRUE, HSCODE(A1), "")', null],
    ['=A1', null],
  ])('%s', (formula, call) => expect(parseCall(formula, formula.includes(';') ? ';' : ',')).toEqual(call))
})
