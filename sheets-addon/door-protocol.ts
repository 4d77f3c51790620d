/** What the sidebar asks of what runs at Google, and what comes back: both sides' types. What passes is plain: no dates, nothing undefined. */
import type { Failure } from '../shared/error-codes.ts'
import type { Language } from '../shared/language.ts'
import type { FormulaCell, ShownFailures, UnreturnedFormula } from '../shared/pane/errors/failed-formulas.ts'
import type {
  CellsAsTheyStand,
  CellsOfColumn,
  Place,
  RowsToWrite,
  Selection,
  WriteReport,
} from '../shared/pane/spreadsheet-host.ts'
import type { CellValue } from '../shared/tariff-code.ts'

/** A request to the proxy; the token is put on the way, where the sidebar never sees it. */
export interface RelayedCall {
  path: string
  method: 'get' | 'post' | 'patch' | 'delete'
  language?: Language | undefined
  contentType?: string | undefined
  body?: string | undefined
  /** Bytes as base64, in the place of `body`. */
  bytes?: string | undefined
}

export interface RelayedReply {
  status: number
  contentType: string
  retryAfter: string | null
  text: string
}

export interface SidebarState {
  baseUrl: string
  isConnected: boolean
  language: Language
  /** Tells spreadsheets apart, and is not its id. */
  spreadsheetKey: string
  /** Whether formulas answer in this spreadsheet. */
  isEnabled: boolean
  /** What this person began and nobody answered yet. */
  pairing: SidebarPairing | null
}

/** Shown in the sidebar, and led to by it. */
export interface SidebarPairing {
  address: string
  matchCode: string
  /** How long it may still be approved. */
  leftMs: number
}

/** Marked and put back together; what is marked is kept in the spreadsheet's properties. */
export const FORMULAS_PER_CALL_MAX = 100

/** By name of the deed: what is given, what it comes to. */
export interface Deeds {
  begin: [null, SidebarState & { small: Record<string, string> }]
  relay: [RelayedCall, RelayedReply]
  connect: [{ code: string; name?: string; language: Language }, RelayedReply]
  /** To a 201 whose text is a {@link SidebarPairing}. */
  beginPairing: [Language, RelayedReply]
  /** To a 202 while it waits, and to who this person is once it is approved. */
  askPairing: [Language, RelayedReply]
  forget: [null, SidebarState]
  enable: [{ dailyCapPoints: number; language: Language }, RelayedReply]
  disable: [null, SidebarState]
  setLanguage: [Language, SidebarState]
  /** Small things of the pane, for this person. */
  keepSmall: [{ name: string; text: string | null }, null]
  /** From now on answers of other data are asked for again. */
  tellDataVersion: [string, null]
  /** What sidebars that were closed, and executions that were killed, left behind. */
  tidy: [null, null]
  /** From now on formulas ask again, whatever was kept. */
  forgetAnswers: [null, null]
  /** The sheet the person sees. */
  sheetInUse: [null, { sheetName: string; place: Place | null }]
  failedIn: [Place, ShownFailures]
  /** At most {@link FORMULAS_PER_CALL_MAX}. */
  calculateAgain: [{ sheet: string; formulas: FormulaCell[] }, { rewritten: number; changed: number }]
  /** What an execution that was killed had marked, and is not as it was. */
  putBackMarked: [null, UnreturnedFormula[]]
  forgetGone: [null, null]
  selection: [null, Selection]
  read: [Place, CellValue[][]]
  readAsTheyStand: [Place, CellsAsTheyStand]
  assertMayWrite: [CellsOfColumn, null]
  write: [RowsToWrite, WriteReport]
  restore: [CellsAsTheyStand & { expected: CellValue[][] | null }, { restored: number; changed: number }]
  follow: [Place, string]
  whereIs: [string, Place | null]
  /** Names that this sidebar needs further on. */
  stillFollowed: [string[], null]
  release: [string, null]
  goTo: [Place, null]
  insertFormula: [string, string]
  kept: [string, string | null]
  keep: [{ name: string; text: string | null }, null]
}
export type Deed = keyof Deeds

export type DoorReply = { value: unknown } | { failure: Failure }
