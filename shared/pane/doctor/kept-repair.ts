/** A repair as it is kept on this machine, to be undone after the pane was closed. */
import * as z from 'zod/mini'
import { parseJson } from '../../parse-json.ts'
import type { CellValue } from '../../tariff-code.ts'
import type { CellsAsTheyStand } from '../spreadsheet-host.ts'
import type { Repaired } from './code-doctor.ts'

export interface KeptRepair {
  report: Repaired
  before: CellsAsTheyStand
  expected: CellValue[][]
}

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()])
const schema = z.object({
  report: z.object({
    cells: z.int(),
    changed: z.int(),
    formulas: z.int(),
    column: z.int(),
    wasStopped: z.boolean(),
    undone: z.null(),
  }),
  before: z.object({
    place: z.object({ sheet: z.string(), row: z.int(), column: z.int(), rows: z.int(), columns: z.int() }),
    formulas: z.array(z.array(scalar)),
    formats: z.array(z.array(z.string())),
  }),
  expected: z.array(z.array(scalar)),
})

export function printKeptRepair(kept: KeptRepair): string {
  return JSON.stringify(kept)
}

/** @returns null where it cannot be read. */
export function readKeptRepair(text: string): KeptRepair | null {
  const kept = z.safeParse(schema, parseJson(text))
  return kept.success ? kept.data : null
}
