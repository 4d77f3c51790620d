/** What the pane is given: the spreadsheet, the way to the proxy, the sheet functions beside it. Hosts fill it in; tests too. */
import type { Clock } from '../clock.ts'
import type { Language } from '../language.ts'
import type { AnswerError, PointsSummary, SessionReply } from '../protocol.ts'
import type { AgainReport, FailedGroup, FormulaCell, UnreturnedFormula } from './errors/failed-formulas.ts'
import type { CallProxy } from './proxy-api.ts'
import type { ReadOptions, SpreadsheetHost } from './spreadsheet-host.ts'

/** Who this seat is. The token stays behind it. */
export interface PaneSession {
  isConnected(): boolean
  /** Of the proxy, without a slash at the end. */
  baseUrl(): string
  language(): Language
  setLanguage(language: Language): void
  connect(code: string, options?: { name?: string }): Promise<SessionReply | { error: AnswerError }>
  forget(): Promise<void>
  /** Called after every connect, forget and change of language. @returns what takes the listener off again. */
  onChange(listener: () => void): () => void
  call: CallProxy
}

export interface ShownError {
  /** Milliseconds since 1970. */
  at: number
  fn: string
  address: string | null
  code: string
  message: string
  times: number
}

/** The sheet functions that run beside the pane: their errors, and whether they are sending. */
export interface PaneFunctions {
  /** Newest first. */
  recentErrors(): ShownError[]
  /** Called after the list has changed. @returns what takes the listener off again. */
  onErrors(listener: () => void): () => void
  /** Why cells are not sent just now; null: they are. */
  stoppedBy(): AnswerError | null
  /** Connected again or recharged: cells are sent from now on. */
  resume(): void
  onStopped(listener: (error: AnswerError) => void): () => void
  onPoints(listener: (points: PointsSummary) => void): () => void
  /** Answers kept on this machine; null: they are kept with the spreadsheet, where nobody counts them. */
  rememberedCount(): number | null
  forgetAnswers(): Promise<void>
  /** What the proxy said when it was asked, for the cells that show it, and for answers kept from older data. */
  tellPoints(points: { balance: number; dataVersion?: string | undefined }): void
}

/** Small things kept in this browser. It may refuse: then they last as long as the page. */
export interface PaneStore {
  get(name: string): string | null
  set(name: string, text: string | null): void
}

/**
 * Larger things kept on this machine, text behind text: how cells stood before they were written over. Within bounds: where all of it is
 * too much, what was used longest ago goes. It never rejects; where nothing can be kept, nothing is read.
 */
export interface PaneShelf {
  /** In the order they were added. */
  read(name: string): Promise<string[]>
  add(name: string, text: string): Promise<void>
  clear(name: string): Promise<void>
}

/** Formulas that ask by a token of the spreadsheet's own, which somebody connected must have given it: Google Sheets. */
export interface PaneFormulas {
  isEnabled(): boolean
  /** What the proxy knows this spreadsheet by. */
  spreadsheet: string
  /** Everybody who edits the spreadsheet then spends up to so many points a day. */
  enable(dailyCapPoints: number): Promise<{ error: AnswerError } | void>
  disable(): Promise<void>
  /** @returns what takes the listener off again. */
  onChange(listener: () => void): () => void
}

/** What was begun and nobody answered yet. */
export interface OpenPairing {
  /** The page where somebody who is connected approves it. */
  address: string
  /** Shown here and on that page, to be compared. */
  matchCode: string
  /** Milliseconds since 1970. */
  endsAt: number
}

/**
 * Connecting without a code to type: a person who is connected in their browser approves it there. Google Sheets, which opens no window
 * after a wait; so it is begun first, and what it leads to is a link.
 */
export interface PanePairing {
  /** Begun here, or before this pane was opened. */
  open(): OpenPairing | null
  begin(): Promise<OpenPairing | { error: AnswerError }>
  /** How it stands. Once it is approved this seat is connected, as the session tells. Never rejects. */
  ask(): Promise<'waiting' | 'connected' | { error: AnswerError }>
}

export interface FailedFormulas {
  sheet: string
  sheetName: string
  groups: FailedGroup[]
  unreturned: UnreturnedFormula[]
}

/** Formulas that tell of their failures nowhere but in their cells: Google Sheets. */
export interface PaneFailures {
  /** Looks through the sheet that the person sees. @throws {FailureError} */
  look(options?: ReadOptions): Promise<FailedFormulas>
  /** Stopped or failed it ends early, and says what was done until then. */
  calculateAgain(sheet: string, formulas: readonly FormulaCell[], options?: ReadOptions): Promise<AgainReport>
  /** The person has typed again what is gone, or does without. */
  forgetGone(): Promise<void>
}

export interface PaneDeps {
  host: SpreadsheetHost
  session: PaneSession
  functions: PaneFunctions
  /** Absent where formulas ask as the person who calculates them. */
  formulas?: PaneFormulas
  /** Absent where a code is the only way. */
  pairing?: PanePairing
  /** Absent where formulas tell of their failures themselves. */
  failures?: PaneFailures
  store: PaneStore
  shelf: PaneShelf
  clock: Clock
  newId: () => string
  version: string
  /** Outside of a spreadsheet program, over sample rows. */
  isPreview: boolean
}
