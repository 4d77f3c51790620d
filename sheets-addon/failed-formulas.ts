/// <reference types="google-apps-script" />
/**
 * Formulas that show no value: found by what their cells show, which is all that Google tells, and calculated again. A formula whose
 * text and arguments are the same is not calculated anew: its cell is emptied first. Whoever is killed in between has kept its text.
 */
import * as z from 'zod/mini'
import type { ClearedFormula, ShownFailures } from '../shared/pane/errors/failed-formulas.ts'
import { isErrorOf, isErrorShown } from '../shared/pane/errors/shown-error.ts'
import { callsIn, mayFillOthers } from '../shared/pane/freeze/read-formula.ts'
import { NUMBER_FORMATS } from '../shared/pane/number-formats.ts'
import { addressOf } from '../shared/pane/place.ts'
import type { Place } from '../shared/pane/spreadsheet-host.ts'
import { parseJson } from '../shared/parse-json.ts'
import { FORMULAS_PER_CALL_MAX } from './door-protocol.ts'
import { keepText, keptText } from './kept-texts.ts'
import { isProtected, refuseProtected } from './protection.ts'
import { locked } from './locked.ts'
import { runsOf } from './sheet-deeds.ts'
import { onGrid, placeOf, rangeOn, sheetOf } from './sheet-places.ts'

type Sheet = GoogleAppsScript.Spreadsheet.Sheet
type Properties = GoogleAppsScript.Properties.Properties

const index = z.int().check(z.gte(0))
const formulaCell = z.object({ row: index, column: index, formula: z.string().check(z.startsWith('=')) })
type FormulaCell = z.infer<typeof formulaCell>

export const formulasSchema = z.object({
  sheet: z.string(),
  formulas: z.array(formulaCell).check(z.minLength(1), z.maxLength(FORMULAS_PER_CALL_MAX)),
})

/** Under this name, what is out of its cells just now. */
const CLEARED = 'cleared'
const clearedSchema = z.array(
  z.object({
    sheet: z.string(),
    /** Of the sheet: with rows inserted or deleted since, neither places nor formulas are what they were. */
    grid: z.object({ rows: z.int(), columns: z.int() }),
    formulas: z.array(formulaCell),
  }),
)
type Cleared = z.infer<typeof clearedSchema>

/** The sheet the person sees, and what of it is in use. */
export function sheetInUse(): { sheetName: string; place: Place | null } {
  const sheet = SpreadsheetApp.getActiveSpreadsheet().getActiveSheet()
  return { sheetName: sheet.getName(), place: sheet.getLastRow() === 0 ? null : placeOf(sheet.getDataRange()) }
}

export function failedIn(place: Place): ShownFailures {
  const sheet = sheetOf(place.sheet)
  const grid = onGrid(sheet, place)
  const found: ShownFailures = { formulas: [], filled: [] }
  if (!grid) return found
  const range = rangeOn(sheet, grid)
  const formulas = range.getFormulas()
  for (const [down, line] of range.getDisplayValues().entries()) {
    for (const [across, shown] of line.entries()) {
      const formula = formulas[down]?.[across] ?? ''
      const cell = { row: grid.row + down, column: grid.column + across, shown }
      if (formula === '') {
        if (isErrorShown(shown)) found.filled.push(cell)
      } else if (callsIn(formula).length > 0 && (isErrorOf(formula, shown) || mayFillOthers(formula))) {
        found.formulas.push({ ...cell, formula })
      }
    }
  }
  return found
}

export function calculateAgain(
  properties: Properties,
  { sheet: id, formulas }: z.infer<typeof formulasSchema>,
): { rewritten: number; changed: number } {
  return locked(() => {
    const left = putBack(properties)
    const sheet = sheetOf(id)
    const held = runsIn(id, formulas).flatMap(({ place, cells }) => {
      const now = rangeOn(sheet, place).getFormulas()
      return cells.filter(({ formula }, down) => now[down]?.[0] === formula)
    })
    const runs = runsIn(id, held)
    refuseProtected(
      sheet,
      runs.map(({ place }) => place),
    )
    if (held.length > 0) {
      keepCleared(properties, [...left, { sheet: id, grid: gridOf(sheet), formulas: held }])
      for (const { place } of runs) rangeOn(sheet, place).clearContent()
      SpreadsheetApp.flush()
      putBack(properties)
    }
    return { rewritten: held.length, changed: formulas.length - held.length }
  })
}

/** Puts back what an execution that was killed had taken out. @returns what cannot be: its place is another one now, or filled. */
export function putBackCleared(properties: Properties): ClearedFormula[] {
  // Mostly there is nothing, and nobody needs to wait.
  if (keptText(properties, CLEARED) === null) return []
  return locked(() => putBack(properties)).flatMap(({ sheet: id, formulas }) => {
    const name = sheetOf(id).getName()
    return formulas.map(({ row, column, formula }) => ({
      address: addressOf(name, { row, column, rows: 1, columns: 1 }),
      formula,
    }))
  })
}

export function forgetCleared(properties: Properties): void {
  locked(() => keepCleared(properties, []))
}

/** @returns what stays out. */
function putBack(properties: Properties): Cleared {
  const parsed = z.safeParse(clearedSchema, parseJson(keptText(properties, CLEARED) ?? ''))
  if (!parsed.success) return []
  const sheets = SpreadsheetApp.getActiveSpreadsheet().getSheets()
  const left = parsed.data.flatMap((batch) => {
    const sheet = sheets.find((one) => String(one.getSheetId()) === batch.sheet)
    // Deleted, and its formulas with it.
    if (!sheet) return []
    const { rows, columns } = gridOf(sheet)
    const isAsItWas = rows === batch.grid.rows && columns === batch.grid.columns
    const formulas = isAsItWas ? putBackOn(sheet, batch.sheet, batch.formulas) : batch.formulas
    return formulas.length === 0 ? [] : [{ ...batch, formulas }]
  })
  SpreadsheetApp.flush()
  keepCleared(properties, left)
  return left
}

/** @returns those whose cells hold something else by now, or are not this person's to write. */
function putBackOn(sheet: Sheet, id: string, formulas: readonly FormulaCell[]): FormulaCell[] {
  const empty: FormulaCell[] = []
  const left: FormulaCell[] = []
  for (const { place, cells } of runsIn(id, formulas)) {
    const range = rangeOn(sheet, place)
    const [texts, values] = [range.getFormulas(), range.getValues()]
    for (const [down, cell] of cells.entries()) {
      const text = texts[down]?.[0]
      if (text === cell.formula) continue
      const isEmpty = text === '' && values[down]?.[0] === ''
      ;(isEmpty ? empty : left).push(cell)
    }
  }
  for (const { place, cells } of runsIn(id, empty)) {
    if (isProtected(sheet, [place])) {
      left.push(...cells)
      continue
    }
    const range = rangeOn(sheet, place)
    for (const [down, [format]] of range.getNumberFormats().entries()) {
      // In a cell of text it would stay the text it is.
      if (format === NUMBER_FORMATS.text) range.getCell(down + 1, 1).setNumberFormat(NUMBER_FORMATS.general)
    }
    range.setFormulas(cells.map(({ formula }) => [formula]))
  }
  return left
}

function keepCleared(properties: Properties, cleared: Cleared): void {
  keepText(properties, CLEARED, cleared.length === 0 ? null : JSON.stringify(cleared), 'spreadsheet-store-full')
}

function gridOf(sheet: Sheet): { rows: number; columns: number } {
  return { rows: sheet.getMaxRows(), columns: sheet.getMaxColumns() }
}

/** Cells below each other, together. */
function runsIn(sheet: string, cells: readonly FormulaCell[]): { place: Place; cells: FormulaCell[] }[] {
  const byColumn = new Map<number, Map<number, FormulaCell>>()
  for (const cell of cells) {
    const rows = byColumn.get(cell.column) ?? new Map<number, FormulaCell>()
    byColumn.set(cell.column, rows.set(cell.row, cell))
  }
  return [...byColumn].flatMap(([column, rows]) =>
    runsOf([...rows.keys()]).map(([row, count]) => ({
      place: { sheet, row, rows: count, column, columns: 1 },
      cells: Array.from({ length: count }, (_, down) => rows.get(row + down)!),
    })),
  )
}
