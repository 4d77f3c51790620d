/// <reference types="google-apps-script" />
/**
 * Formulas calculated again. One whose text and arguments are the same is not calculated anew, so in between its cell holds the same formula
 * with a mark before our functions: no function has such a name, and nothing is asked. Google moves a marked formula with its row, sorts it
 * and goes on naming the right cells in it; whoever is killed in between leaves marks, which the next sidebar takes off where they are now.
 */
import * as z from 'zod/mini'
import type { UnreturnedFormula } from '../shared/pane/errors/failed-formulas.ts'
import { withPrefixedCalls } from '../shared/pane/freeze/read-formula.ts'
import { NUMBER_FORMATS } from '../shared/pane/number-formats.ts'
import { addressOf } from '../shared/pane/place.ts'
import type { Place } from '../shared/pane/spreadsheet-host.ts'
import { parseJson } from '../shared/parse-json.ts'
import { FORMULAS_PER_CALL_MAX } from './door-protocol.ts'
import { follow, release, stillFollowed, whereIs } from './followed-places.ts'
import { keepText, keptText } from './kept-texts.ts'
import { locked } from './locked.ts'
import { isProtected, refuseProtected } from './protection.ts'
import { runsOf } from './sheet-deeds.ts'
import { onGrid, rangeOn, sheetOf } from './sheet-places.ts'

type Sheet = GoogleAppsScript.Spreadsheet.Sheet
type Properties = GoogleAppsScript.Properties.Properties

const index = z.int().check(z.gte(0))
const formulaCell = z.object({ row: index, column: index, formula: z.string().check(z.startsWith('=')) })
type FormulaCell = z.infer<typeof formulaCell>

export const formulasSchema = z.object({
  sheet: z.string(),
  formulas: z.array(formulaCell).check(z.minLength(1), z.maxLength(FORMULAS_PER_CALL_MAX)),
})

/** Under this name, what is marked just now. */
const KEPT = 'again'
const takenSchema = z.array(
  z.object({
    /** Of the range they stood in, and in their marks; null: looked for already, and these are not there any more. */
    name: z.nullable(z.string()),
    sheet: z.string(),
    /** Whether all of them were marked; before that one that is not found may still stand there as it was. */
    isMarked: z.boolean(),
    formulas: z.array(z.object({ ...formulaCell.shape, /** In their mark. */ nth: index })),
  }),
)
type Taken = z.infer<typeof takenSchema>
type TakenBatch = Taken[number]
type TakenFormula = TakenBatch['formulas'][number]

export function calculateAgain(
  properties: Properties,
  { sheet: id, formulas }: z.infer<typeof formulasSchema>,
): { rewritten: number; changed: number } {
  return locked(() => {
    const left = takeMarksOff(properties)
    const sheet = sheetOf(id)
    const held = runsIn(id, formulas).flatMap(({ place, cells }) => {
      const now = rangeOn(sheet, place).getFormulas()
      return cells.filter(({ formula }, down) => unmarked(now[down]?.[0] ?? '') === formula)
    })
    const taken = held.map((cell, nth): TakenFormula => ({ ...cell, nth }))
    const runs = runsIn(id, taken)
    refuseProtected(
      sheet,
      runs.map(({ place }) => place),
    )
    if (taken.length > 0) {
      const name = follow(properties, around(id, taken))
      const batch: TakenBatch = { name, sheet: id, isMarked: false, formulas: taken }
      keepTaken(properties, [...left, batch])
      for (const run of runs)
        setFormulas(
          sheet,
          run.place,
          run.cells.map((cell) => marked(cell, name)),
        )
      SpreadsheetApp.flush()
      keepTaken(properties, [...left, { ...batch, isMarked: true }])
      takeMarksOff(properties)
    }
    return { rewritten: taken.length, changed: formulas.length - taken.length }
  })
}

/** Takes off the marks that an execution which was killed left. @returns what is not as it was: gone with its cell, or protected from this person. */
export function putBackMarked(properties: Properties): UnreturnedFormula[] {
  // Mostly there is nothing, and nobody needs to wait.
  if (keptText(properties, KEPT) === null) return []
  return locked(() => takeMarksOff(properties)).flatMap(({ name, sheet, formulas }) => {
    const sheetName = sheetById(sheet)?.getName()
    if (sheetName === undefined) return []
    return formulas.map(({ row, column, formula }) => ({
      address: addressOf(sheetName, { row, column, rows: 1, columns: 1 }),
      formula,
      isProtected: name !== null,
    }))
  })
}

/** What is gone needs not be told again. */
export function forgetGone(properties: Properties): void {
  locked(() =>
    keepTaken(
      properties,
      readTaken(properties).filter(({ name }) => name !== null),
    ),
  )
}

const MARK = /(TARIFFCELL_[0-9A-F]{8})_(\d+)_/gi

/** As it was before it was marked. */
export function unmarked(formula: string): string {
  return formula.replace(MARK, '')
}

/** Whether its mark is known of, and taken off by whoever may: not where the formula was moved out of reach. */
export function isBeingCalculated(properties: Properties, formula: string): boolean {
  const mark = markOf(formula)
  return mark !== null && readTaken(properties).some(({ name }) => name === mark.name)
}

function markOf(formula: string): { name: string; nth: number } | null {
  const [found] = formula.matchAll(MARK)
  return found ? { name: found[1]!.toUpperCase(), nth: Number(found[2]) } : null
}

function marked({ nth, formula }: TakenFormula, name: string): string {
  return withPrefixedCalls(formula, `${name}_${nth}_`)
}

/** @returns what stays. */
function takeMarksOff(properties: Properties): Taken {
  const taken = readTaken(properties)
  if (taken.length === 0) return []
  const left = taken.flatMap((batch) => (batch.name === null ? [batch] : takeOff(properties, batch, batch.name)))
  SpreadsheetApp.flush()
  keepTaken(properties, left)
  return left
}

function takeOff(properties: Properties, batch: TakenBatch, name: string): Taken {
  const place = whereIs(name)
  const sheet = sheetById(place?.sheet ?? batch.sheet)
  const found = sheet ? findMarked(sheet, place ?? around(batch.sheet, batch.formulas), { name, batch }) : []
  const closed: TakenFormula[] = []
  for (const run of runsIn(batch.sheet, found)) {
    if (!sheet) continue
    if (isProtected(sheet, [run.place])) closed.push(...run.cells)
    else
      setFormulas(
        sheet,
        run.place,
        run.cells.map(({ formula }) => formula),
      )
  }
  if (closed.length === 0) release(properties, name)
  else stillFollowed(properties, [name])
  const isFound = new Set(found.map(({ nth }) => nth))
  // With its sheet deleted there is nothing to tell of a formula.
  const gone = sheet && batch.isMarked ? batch.formulas.filter(({ nth }) => !isFound.has(nth)) : []
  return [
    { ...batch, formulas: closed },
    { ...batch, name: null, formulas: gone },
  ].filter(({ formulas }) => formulas.length > 0)
}

/** Where the range was that holds them; a sort may have taken some out of it, into other rows of these columns. */
function findMarked(sheet: Sheet, place: Place, { name, batch }: { name: string; batch: TakenBatch }): TakenFormula[] {
  const near = markedIn(sheet, place, name)
  if (near.length >= batch.formulas.length) return near
  return markedIn(sheet, { ...place, row: 0, rows: Math.max(1, sheet.getLastRow()) }, name)
}

function markedIn(sheet: Sheet, place: Place, name: string): TakenFormula[] {
  const grid = onGrid(sheet, place)
  if (!grid) return []
  return rangeOn(sheet, grid)
    .getFormulas()
    .flatMap((line, down) =>
      line.flatMap((text, across): TakenFormula[] => {
        const mark = markOf(text)
        if (mark?.name !== name) return []
        return [{ row: grid.row + down, column: grid.column + across, formula: unmarked(text), nth: mark.nth }]
      }),
    )
}

function setFormulas(sheet: Sheet, place: Place, formulas: readonly string[]): void {
  const range = rangeOn(sheet, place)
  for (const [down, [format]] of range.getNumberFormats().entries()) {
    // In a cell of text it would stay the text it is.
    if (format === NUMBER_FORMATS.text) range.getCell(down + 1, 1).setNumberFormat(NUMBER_FORMATS.general)
  }
  range.setFormulas(formulas.map((formula) => [formula]))
}

function sheetById(id: string): Sheet | undefined {
  return SpreadsheetApp.getActiveSpreadsheet()
    .getSheets()
    .find((sheet) => String(sheet.getSheetId()) === id)
}

function readTaken(properties: Properties): Taken {
  const parsed = z.safeParse(takenSchema, parseJson(keptText(properties, KEPT) ?? ''))
  return parsed.success ? parsed.data : []
}

function keepTaken(properties: Properties, taken: Taken): void {
  keepText(properties, KEPT, taken.length === 0 ? null : JSON.stringify(taken), 'spreadsheet-store-full')
}

function around(sheet: string, cells: readonly FormulaCell[]): Place {
  const [rows, columns] = [cells.map(({ row }) => row), cells.map(({ column }) => column)]
  const [row, column] = [Math.min(...rows), Math.min(...columns)]
  return { sheet, row, column, rows: Math.max(...rows) - row + 1, columns: Math.max(...columns) - column + 1 }
}

/** Cells below each other, together. */
function runsIn<Cell extends FormulaCell>(sheet: string, cells: readonly Cell[]): { place: Place; cells: Cell[] }[] {
  const byColumn = new Map<number, Map<number, Cell>>()
  for (const cell of cells) {
    const rows = byColumn.get(cell.column) ?? new Map<number, Cell>()
    byColumn.set(cell.column, rows.set(cell.row, cell))
  }
  return [...byColumn].flatMap(([column, rows]) =>
    runsOf([...rows.keys()]).map(([row, count]) => ({
      place: { sheet, row, rows: count, column, columns: 1 },
      cells: Array.from({ length: count }, (_, down) => rows.get(row + down)!),
    })),
  )
}
