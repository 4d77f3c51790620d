/** What a person is about to run: guessed from the sheet, changed by them, kept while they look at another part of the pane. */
import type { Language } from '../../language.ts'
import { guessColumns, type InputColumns } from './pick-columns.ts'
import { NO_OUTPUTS, OUTPUTS, placeOutputs, type Output, type OutputColumns } from './output-columns.ts'
import type { RunSetup, Scope } from './plan-run.ts'
import type { Picked } from './read-selection.ts'

export interface Draft {
  picked: Picked
  inputs: InputColumns
  country: string
  outputs: OutputColumns
  codeStyle: 'dots' | 'plain'
  scope: Scope
}

const FIRST_OUTPUTS: readonly Output[] = ['code', 'label', 'confidence', 'mfn', 'review']

/** @param before kept where it is still the same table: only what is selected of it is another. */
export function draftOf(picked: Picked, before: Draft | null, country: string): Draft {
  const scope = scopeFor(picked)
  if (before && isSameTable(before.picked, picked)) {
    const isScopeTheirs = before.scope !== scopeFor(before.picked)
    return { ...before, picked, scope: isScopeTheirs && isPossible(before.scope, picked) ? before.scope : scope }
  }
  const inputs = guessColumns(picked.headers, picked.sample, picked.beside.firstColumn)
  const wanted = OUTPUTS.filter((one) => FIRST_OUTPUTS.includes(one) || (one === 'best' && inputs.origin !== null))
  return {
    picked,
    inputs,
    country: before?.country ?? country,
    outputs: placeOutputs(picked.beside, wanted),
    codeStyle: before?.codeStyle ?? 'dots',
    scope,
  }
}

/** An output more or less; the others stay where they are. */
export function toggleOutput(draft: Draft, output: Output, isWanted: boolean): OutputColumns {
  if (!isWanted) return { ...draft.outputs, [output]: null }
  const known = placeOutputs(draft.picked.beside, [output])[output]
  const taken = new Set(Object.values(draft.outputs))
  const free = freeColumns(draft, OUTPUTS.length + 1)
  const column = known !== null && !taken.has(known) ? known : (free.find((one) => !taken.has(one)) ?? null)
  return { ...draft.outputs, [output]: column }
}

/** The next columns right of the region with nothing in them. */
export function freeColumns({ picked: { beside } }: Pick<Draft, 'picked'>, count: number): number[] {
  const first = beside.firstColumn + beside.headers.length
  const free: number[] = []
  for (let at = 0; free.length < count; at++) {
    if (!beside.right.some((row) => (row[at] ?? '') !== '')) free.push(first + at)
  }
  return free
}

/** Two outputs in one column, or one on an input: neither can be meant. @returns the columns that clash. */
export function clashes({ inputs, outputs }: Draft): number[] {
  const read = [inputs.description, inputs.origin, inputs.value, inputs.country, ...Object.values(inputs.facts)]
  const seen = new Set(read.filter((column) => column !== null))
  const clashing: number[] = []
  for (const column of Object.values(outputs)) {
    if (column === null) continue
    if (seen.has(column)) clashing.push(column)
    seen.add(column)
  }
  return clashing
}

export function setupOf(draft: Draft, overwrite: RunSetup['overwrite'], language: Language): RunSetup | null {
  const { picked, inputs, outputs } = draft
  if (inputs.description === null || Object.values(outputs).every((column) => column === null)) return null
  const { sheet, sheetName, firstRow, rows, headerRow, selected } = picked
  const { country, codeStyle, scope } = draft
  return {
    sheet,
    sheetName,
    firstRow,
    rows,
    headerRow,
    selected,
    inputs: { ...inputs, description: inputs.description },
    country,
    outputs: { ...NO_OUTPUTS, ...outputs },
    codeStyle,
    scope,
    overwrite,
    language,
  }
}

function scopeFor({ selected, rows }: Picked): Scope {
  return selected !== null && selected.rows > 1 && selected.rows < rows ? 'selected' : 'table'
}

function isPossible(scope: Scope, { selected }: Picked): boolean {
  return scope !== 'selected' || selected !== null
}

function isSameTable(one: Picked, other: Picked): boolean {
  return (
    one.sheet === other.sheet &&
    one.headerRow === other.headerRow &&
    one.beside.firstColumn === other.beside.firstColumn &&
    JSON.stringify(one.headers) === JSON.stringify(other.headers) &&
    (one.headerRow !== null || one.firstRow === other.firstRow)
  )
}
