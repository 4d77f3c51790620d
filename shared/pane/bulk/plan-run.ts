/** What a run would ask and where it would write, by what stands in the sheet now. Asks nobody. */
import { parseCountry } from '../../country.ts'
import { failure, isFailure, type Failure } from '../../error-codes.ts'
import { JOB_ROWS_MAX, type JobQuestion } from '../../jobs-protocol.ts'
import type { Language } from '../../language.ts'
import { FACT_NAMES, type FactName } from '../../memory-protocol.ts'
import { isBlank, DESCRIPTION_CHARACTERS_MAX } from '../../read-cell.ts'
import type { CellValue } from '../../tariff-code.ts'
import type { ReadOptions, SpreadsheetHost } from '../spreadsheet-host.ts'
import type { InputColumns } from './pick-columns.ts'
import { OUTPUTS, type OutputColumns } from './output-columns.ts'
import { rowKey } from './row-key.ts'

/**
 * `blanks`: rows without a code · `failed`, `changed`: as against what was classified last · `test`: the first five.
 */
export const SCOPES = ['selected', 'table', 'blanks', 'failed', 'changed', 'test'] as const
export type Scope = (typeof SCOPES)[number]

export interface RunSetup {
  sheet: string
  sheetName: string
  firstRow: number
  rows: number
  headerRow: number | null
  selected: { row: number; rows: number } | null
  inputs: InputColumns & { description: number }
  /** Where no column names it. */
  country: string
  outputs: OutputColumns
  codeStyle: 'dots' | 'plain'
  scope: Scope
  /** `keep`: a cell with something in it stays, and a row with a code is not asked. */
  overwrite: 'keep' | 'replace'
  /** Of labels, new headers and what a person is to look at. */
  language: Language
}

/** What was classified last, by keys of rows. */
export interface LastRun {
  done: ReadonlySet<string>
  failed: ReadonlySet<string>
}

/** What one row says of its goods. */
export interface RowGoods {
  description: CellValue
  facts: Partial<Record<FactName, string>>
  /** As the proxy is asked: ISO where it could be read, else as it stands. */
  country: string
  origin: string | null
  value: number | null
}

export interface RunRow {
  n: number
  /** Place among all rows of the region. */
  at: number
  goods: RowGoods
  guard: CellValue[]
  /** Columns of it that hold something and stay. */
  kept: number[]
}

export interface RunPlan {
  setup: RunSetup
  guardColumns: number[]
  /** Of all rows of the region, to find them again. */
  keys: string[]
  rows: RunRow[]
  /** Rows in scope without a description. */
  blanks: number
  /** Rows in scope that are left out, because they have a code that stays. */
  keptRows: number
  /** Cells with something in them among those a run would fill. */
  filledCells: number
}

/** By column, a value for each row of the region. */
export type CellsByColumn = ReadonlyMap<number, readonly CellValue[]>

const TEST_ROWS = 5

/** Columns that an answer depends on: while they stay, it is the row's. */
export function guardColumnsOf({ inputs, outputs }: RunSetup): number[] {
  const { description, facts, country, origin } = inputs
  const columns = [
    description,
    ...FACT_NAMES.map((name) => facts[name]),
    country,
    outputs.best === null ? null : origin,
  ]
  return [...new Set(columns.filter((column) => column !== null))]
}

export async function readCells(
  { host, setup }: { host: Pick<SpreadsheetHost, 'read'>; setup: RunSetup },
  options?: ReadOptions,
): Promise<CellsByColumn> {
  const { inputs, outputs, sheet, firstRow, rows } = setup
  const columns = [...guardColumnsOf(setup), inputs.origin, inputs.value, ...OUTPUTS.map((output) => outputs[output])]
  const cells = new Map<number, CellValue[]>()
  // One after the other: a column of 50,000 is what a host carries at once.
  for (const column of new Set(columns.filter((one) => one !== null))) {
    const read = await host.read({ sheet, row: firstRow, rows, column, columns: 1 }, options)
    cells.set(
      column,
      read.map((row) => row[0] ?? ''),
    )
  }
  return cells
}

/** @returns the failure `nothing-selected` or `too-many-rows-selected` where that is so. */
export function planRun(setup: RunSetup, cells: CellsByColumn, last: LastRun | null): RunPlan | Failure {
  const { inputs, outputs } = setup
  const guardColumns = guardColumnsOf(setup)
  const cellAt = (column: number, at: number): CellValue => cells.get(column)?.[at] ?? ''
  const guardAt = (at: number): CellValue[] => guardColumns.map((column) => cellAt(column, at))
  const written = OUTPUTS.map((output) => outputs[output]).filter((column) => column !== null)
  const codeColumn = outputs.code ?? written[0] ?? null
  const keys = Array.from({ length: setup.rows }, (_, at) => rowKey(guardAt(at)))
  const plan: RunPlan = { setup, guardColumns, keys, rows: [], blanks: 0, keptRows: 0, filledCells: 0 }

  for (const at of rowsInScope(setup)) {
    if (isBlank(cellAt(inputs.description, at))) {
      plan.blanks++
      continue
    }
    const hasCode = codeColumn !== null && cellAt(codeColumn, at) !== ''
    if (!isInScope(setup.scope, keys[at]!, hasCode, last)) continue
    if (setup.scope === 'test' && plan.rows.length + plan.keptRows === TEST_ROWS) break
    const filled = written.filter((column) => cellAt(column, at) !== '')
    plan.filledCells += filled.length
    if (setup.overwrite === 'keep' && hasCode) {
      plan.keptRows++
      continue
    }
    const kept = setup.overwrite === 'keep' ? filled : []
    plan.rows.push({ n: plan.rows.length, at, goods: goodsAt(setup, cellAt, at), guard: guardAt(at), kept })
  }
  if (plan.rows.length > JOB_ROWS_MAX) {
    return failure('too-many-rows-selected', { count: plan.rows.length, max: JOB_ROWS_MAX })
  }
  return plan
}

function* rowsInScope({ scope, selected, firstRow, rows }: RunSetup): Iterable<number> {
  const from = scope === 'selected' ? (selected?.row ?? 0) - firstRow : 0
  const to = scope === 'selected' ? from + (selected?.rows ?? 0) : rows
  for (let at = Math.max(0, from); at < Math.min(to, rows); at++) yield at
}

function isInScope(scope: Scope, key: string, hasCode: boolean, last: LastRun | null): boolean {
  switch (scope) {
    case 'selected':
    case 'table':
    case 'test':
      return true
    case 'blanks':
      return !hasCode
    case 'failed':
      return last?.failed.has(key) ?? false
    case 'changed':
      return !(last?.done.has(key) ?? false) && !(last?.failed.has(key) ?? false)
  }
}

export function goodsAt(
  { inputs, country }: Pick<RunSetup, 'inputs' | 'country'>,
  cellAt: (column: number, at: number) => CellValue,
  at: number,
): RowGoods {
  const textAt = (column: number | null): string => (column === null ? '' : String(cellAt(column, at)).trim())
  const facts: RowGoods['facts'] = {}
  for (const name of FACT_NAMES) {
    const fact = factText(textAt(inputs.facts[name]))
    if (fact !== '') facts[name] = fact
  }
  const value = inputs.value === null ? null : cellAt(inputs.value, at)
  const origin = textAt(inputs.origin)
  return {
    description: cellAt(inputs.description, at),
    facts,
    country: isoOf(textAt(inputs.country) || country),
    origin: origin === '' ? null : isoOf(origin),
    value: typeof value === 'number' ? value : null,
  }
}

const FACT_CHARACTERS_MAX = 80

/** A fact as `[options]` can carry it: there a semicolon ends it, and 80 characters are what is read. */
function factText(text: string): string {
  return text
    .replaceAll(/[;；\s]+/g, ' ')
    .trim()
    .slice(0, FACT_CHARACTERS_MAX)
    .trim()
}

function isoOf(country: string): string {
  const iso = parseCountry(country)
  return isFailure(iso) ? country : iso
}

/** `[options]` of what is asked about the row's goods. */
export function optionsOf(facts: RowGoods['facts'], more: string[] = []): string {
  return [...FACT_NAMES.flatMap((name) => (facts[name] === undefined ? [] : [`${name}=${facts[name]}`])), ...more].join(
    ';',
  )
}

export function questionOf({ n, goods }: Pick<RunRow, 'n' | 'goods'>): JobQuestion {
  return {
    id: String(n),
    fn: 'HSCODE',
    args: [cutDescription(goods.description), goods.country, optionsOf(goods.facts)],
  }
}

/** Too long a text is refused by itself; the whole of it need not travel for that. */
export function cutDescription(description: CellValue): CellValue {
  return typeof description === 'string' ? description.slice(0, DESCRIPTION_CHARACTERS_MAX * 4 + 1) : description
}
