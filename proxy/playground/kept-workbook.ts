/** What a person typed, kept in this browser over a reload: the workbook without its answers, which are asked for again. */
import type { ICellData, IWorkbookData } from '@univerjs/presets'
import * as z from 'zod/mini'
import type { Clock } from '../../shared/clock.ts'
import type { Store } from '../../excel-addin/store.ts'

/** `unreadable`: something is kept that is damaged or was written by another version of this page. */
export type KeptWorkbook =
  | { kind: 'none' }
  | { kind: 'unreadable' }
  | { kind: 'kept'; workbook: Partial<IWorkbookData> }

/** Why the latest changes are not kept; null when they are. */
export type KeepingTrouble = 'too large' | 'no storage' | null

export interface WorkbookKeeper {
  read(): KeptWorkbook
  /** The workbook changed; it is written when the changes pause. */
  changed(): void
  /** Writes now what waits for a pause: the page is about to go. */
  flush(): void
  /** Lets go of what is kept, and of what waits to be. */
  forget(): void
}

export interface WorkbookKeeperDeps {
  store: Store
  clock: Clock
  workbook: () => IWorkbookData
  /** Blanked out wherever a person pasted it: a copy of what is kept must not bring the connection along. */
  token: () => string | null
  onKept: (trouble: KeepingTrouble) => void
}

// Raise it when what the sample or the grid makes of a kept workbook changes.
const VERSION = 1
const KEY = 'playground.tariffcell.workbook'
const PAUSE_MS = 400
// Browsers give an origin about five million characters, which the connection shares.
const CHARACTERS_MAX = 2_000_000

const cellSchema = z.looseObject({
  v: z.nullish(z.union([z.string(), z.number(), z.boolean()])),
  f: z.nullish(z.string()),
})
const rangeSchema = z.looseObject({
  startRow: z.number(),
  endRow: z.number(),
  startColumn: z.number(),
  endColumn: z.number(),
})
const sheetSchema = z.looseObject({
  id: z.string(),
  name: z.string(),
  rowCount: z.optional(z.number().check(z.positive())),
  columnCount: z.optional(z.number().check(z.positive())),
  mergeData: z.optional(z.array(rangeSchema)),
  cellData: z.optional(z.record(z.string(), z.record(z.string(), z.nullable(cellSchema)))),
})
const keptSchema = z.object({
  version: z.literal(VERSION),
  workbook: z
    .looseObject({
      id: z.string(),
      sheetOrder: z.array(z.string()).check(z.minLength(1)),
      sheets: z.record(z.string(), sheetSchema),
    })
    .check(z.refine(({ sheetOrder, sheets }) => sheetOrder.every((id) => Object.hasOwn(sheets, id)))),
})

export function createWorkbookKeeper(deps: WorkbookKeeperDeps): WorkbookKeeper {
  let callOff: (() => void) | null = null

  function read(): KeptWorkbook {
    const text = stored()
    if (text === null) return { kind: 'none' }
    try {
      const { workbook } = z.parse(keptSchema, JSON.parse(text))
      // What the grid reads beyond the checked parts is what the grid wrote.
      return { kind: 'kept', workbook: workbook as Partial<IWorkbookData> }
    } catch {
      return { kind: 'unreadable' }
    }
  }

  function stored(): string | null {
    try {
      return deps.store.getItem(KEY)
    } catch {
      return null
    }
  }

  function write(): void {
    callOff = null
    deps.onKept(keep())
  }

  function keep(): KeepingTrouble {
    const text = withoutToken(JSON.stringify({ version: VERSION, workbook: withoutAnswers(deps.workbook()) }))
    if (text.length > CHARACTERS_MAX) return 'too large'
    try {
      deps.store.setItem(KEY, text)
      return null
    } catch {
      return 'no storage'
    }
  }

  function withoutToken(text: string): string {
    const token = deps.token()
    return token === null || token === '' ? text : text.replaceAll(token, '…')
  }

  return {
    read,
    changed: () => {
      callOff?.()
      callOff = deps.clock.schedule(write, PAUSE_MS)
    },
    flush: () => {
      if (callOff === null) return
      callOff()
      write()
    },
    forget: () => {
      callOff?.()
      callOff = null
      try {
        deps.store.removeItem(KEY)
      } catch {
        // Storage is forbidden: nothing is kept.
      }
    },
  }
}

/** Formulas without their results: opening the workbook calculates every formula that has none, and finds its sentence anew. */
function withoutAnswers(workbook: IWorkbookData): IWorkbookData {
  for (const { cellData } of Object.values(workbook.sheets)) {
    for (const row of Object.values(cellData ?? {})) {
      for (const cell of Object.values(row as Record<number, ICellData | null>)) {
        if (!cell || (!cell.f && !cell.si)) continue
        delete cell.v
        delete cell.t
      }
    }
  }
  return workbook
}
