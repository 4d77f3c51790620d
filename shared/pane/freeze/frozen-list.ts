/**
 * What was frozen, as it is kept in the workbook: which formula stood where, what it showed, since when and from what source.
 * It travels with the file. Formulas that are filled down differ in their own row's number only, and are kept once.
 */
import * as z from 'zod/mini'
import { failure, FailureError } from '../../error-codes.ts'
import type { CellValue } from '../../tariff-code.ts'

export interface FrozenCell {
  row: number
  column: number
  /** '' where none stood: a note, or a cell that a formula beside it filled. */
  formula: string
  /** In the host's notation, as it was before. */
  format: string
  /** What was written in the formula's place. */
  value: CellValue
  /** Of the batch's sources; -1: not known. */
  source: number
  /** It is a note beside: there was nothing before. */
  isNote: boolean
}

export interface FrozenSource {
  provider: string
  edition: string
}

/** All that one formula filled, from its own cell on. */
export interface Spill {
  row: number
  column: number
  rows: number
  columns: number
}

/** What one press of the button froze. */
export interface FrozenBatch {
  id: string
  /** Milliseconds since 1970. */
  at: number
  sheet: string
  sheetName: string
  sources: FrozenSource[]
  cells: FrozenCell[]
  /** Their cells are among the others, and go together. */
  spills: Spill[]
}

// A workbook's settings go with every save; Excel carries a few megabytes of them.
const CHARACTERS_MAX = 1_000_000
const VERSION = 1

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()])
const whole = z.int().check(z.gte(0))
const schema = z.object({
  v: z.literal(VERSION),
  batches: z.array(
    z.object({
      id: z.string(),
      at: z.number(),
      sheet: z.string(),
      sheetName: z.string(),
      sources: z.array(z.tuple([z.string(), z.string()])),
      formulas: z.array(z.string()),
      formats: z.array(z.string()),
      /** Cells below each other: where they begin, and for each its formula, format, source and value. */
      runs: z.array(
        z.object({
          row: whole,
          column: whole,
          note: z.optional(z.boolean()),
          cells: z.array(z.tuple([whole, whole, z.int(), scalar])),
        }),
      ),
      spills: z.optional(z.array(z.object({ row: whole, column: whole, rows: whole, columns: whole }))),
    }),
  ),
})
type Kept = z.infer<typeof schema>

/** @throws {FailureError} `frozen-unreadable`: then nothing may be written over it. */
export function readFrozen(text: string | null): FrozenBatch[] {
  if (text === null) return []
  const kept = z.safeParse(schema, parse(text))
  if (!kept.success) throw new FailureError(failure('frozen-unreadable'))
  return kept.data.batches.map(({ sources, formulas, formats, runs, spills = [], ...batch }) => ({
    ...batch,
    spills,
    sources: sources.map(([provider, edition]) => ({ provider, edition })),
    cells: runs.flatMap((run) =>
      run.cells.map(([formula, format, source, value], at): FrozenCell => {
        const row = run.row + at
        return {
          row,
          column: run.column,
          formula: fromTemplate(formulas[formula] ?? '', row),
          format: formats[format] ?? 'General',
          value,
          source,
          isNote: run.note ?? false,
        }
      }),
    ),
  }))
}

/** @returns null when there is nothing to keep. @throws {FailureError} `frozen-full` when it is too much for a workbook. */
export function printFrozen(batches: readonly FrozenBatch[]): string | null {
  if (batches.length === 0) return null
  const text = JSON.stringify({ v: VERSION, batches: batches.map(toKept) } satisfies Kept)
  if (text.length > CHARACTERS_MAX) throw new FailureError(failure('frozen-full'))
  return text
}

function toKept({ sources, cells, spills, ...batch }: FrozenBatch): Kept['batches'][number] {
  const formulas = numbered()
  const formats = numbered()
  const runs: Kept['batches'][number]['runs'] = []
  let last: FrozenCell | null = null
  for (const cell of [...cells].sort((a, b) => a.column - b.column || a.row - b.row)) {
    const follows =
      last !== null && last.column === cell.column && last.row + 1 === cell.row && last.isNote === cell.isNote
    if (!follows) runs.push({ row: cell.row, column: cell.column, ...(cell.isNote ? { note: true } : {}), cells: [] })
    const template = formulas.of(toTemplate(cell.formula, cell.row))
    runs.at(-1)?.cells.push([template, formats.of(cell.format), cell.source, cell.value])
    last = cell
  }
  return {
    ...batch,
    sources: sources.map(({ provider, edition }): [string, string] => [provider, edition]),
    formulas: formulas.texts,
    formats: formats.texts,
    runs,
    ...(spills.length > 0 ? { spills } : {}),
  }
}

function numbered(): { texts: string[]; of: (text: string) => number } {
  const numbers = new Map<string, number>()
  const texts: string[] = []
  return {
    texts,
    of(text) {
      const known = numbers.get(text)
      if (known !== undefined) return known
      numbers.set(text, texts.length)
      return texts.push(text) - 1
    },
  }
}

// No formula holds it: it marks where the distance to the formula's own row stands for a row's number.
const MARK = '\u0001'
const ROW_NUMBER = /(?<=[A-Z])\d{1,7}(?!\d)/gi
const ROW_DISTANCE = new RegExp(`${MARK}(-?\\d+)${MARK}`, 'g')

function toTemplate(formula: string, row: number): string {
  // A number with a zero before it would not come back as it was written.
  return formula.replaceAll(ROW_NUMBER, (digits) =>
    digits.startsWith('0') ? digits : `${MARK}${Number(digits) - row}${MARK}`,
  )
}

function fromTemplate(template: string, row: number): string {
  return template.replaceAll(ROW_DISTANCE, (_, distance: string) => String(Number(distance) + row))
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
