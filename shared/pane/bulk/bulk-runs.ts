/** The pane's bulk runs, as its other parts see them. */
import type { Observable } from '../observable.ts'
import type { AnswerError } from '../../protocol.ts'
import type { EstimateReply } from '../../jobs-protocol.ts'
import type { Classified } from './classified.ts'
import type { OtherRun } from './other-runs.ts'
import type { LastRun, RunPlan, RunSetup } from './plan-run.ts'
import type { Receipt } from './receipt.ts'
import type { RunProgress } from './run-bulk.ts'
import type { Draft } from './run-draft.ts'

export interface BulkRuns {
  /** Rows of the latest run, by their n, those among them that have no answer yet; empty where there was none. Replaced as a whole
   * when something changes. */
  rows: Observable<readonly Classified[]>
  /** Name of the latest run for headings, such as `Products!B2:B500`. */
  title: Observable<string>
  /**
   * Puts a code that a person decided into the row's code column, and its label and rates beside it, behind the same guard as the run did.
   * @returns `moved` where the row holds other text now: then nothing was written.
   * @throws {FailureError} what the spreadsheet says; a `RefusedError` what the proxy says.
   */
  decide(n: number, code: string, decision: 'accepted' | 'changed'): Promise<'written' | 'moved'>
  /** Puts a row back to how it was before it was decided. @returns and throws as {@link decide}. */
  takeBack(before: Classified): Promise<'written' | 'moved'>
  /** Shows the row to the person. */
  goToRow(n: number): Promise<void>
}

export type BulkState =
  | { kind: 'idle' }
  | { kind: 'running'; progress: RunProgress }
  | { kind: 'over'; receipt: Receipt; undone: Undone | null }

/** Cells put back, and cells left alone because they were changed since. */
export interface Undone {
  restored: number
  changed: number
}

/** What a run wrote before the pane was closed, and can be taken back still. */
export interface Undoable {
  title: string
  /** Milliseconds since 1970. */
  startedAt: number
  cells: number
  undone: Undone | null
}

/** What a closed pane left behind. */
export interface LeftOver {
  title: string
  rows: number
  /** Rows that are written already, or were found moved. */
  dealtWith: number
}

/** The same runs, for their own view. */
export interface Bulk extends BulkRuns {
  state: Observable<BulkState>
  /** null: nothing can be picked from yet. */
  draft: Observable<Draft | null>
  /** null: nothing was classified in this workbook yet. */
  last: Observable<LastRun | null>
  /** null: no pane was closed over an unfinished run. */
  leftOver: Observable<LeftOver | null>
  /** null: nothing that another pane wrote here can be undone. */
  undoable: Observable<Undoable | null>
  /** Takes back what another pane wrote. @throws {FailureError} `run-elsewhere` where the workbook is open twice. */
  undoKept(): Promise<void>
  /** What was written stays, and what stood there before is forgotten. */
  forgetUndo(): Promise<void>
  /** Looks in this browser for what was classified last in this workbook, and for what was left unfinished. */
  recall(): Promise<void>
  /** Reads the sheet. @throws {FailureError} */
  plan(setup: RunSetup, signal?: AbortSignal): Promise<RunPlan>
  /** Asks what it would cost. */
  estimate(plan: RunPlan): Promise<EstimateReply | { error: AnswerError }>
  /** Who else fills this sheet now, as far as the proxy knows; null: nobody, or it cannot be asked. */
  otherRun(plan: RunPlan): Promise<OtherRun | null>
  /** @throws {FailureError} `run-elsewhere` where the workbook is open twice. */
  start(plan: RunPlan, estimate: Pick<EstimateReply, 'points' | 'balance'>): Promise<{ error: AnswerError } | void>
  pause(): void
  resume(): void
  /** What is paid already is written still. */
  stop(): void
  continueLeftOver(): Promise<{ error: AnswerError } | void>
  forgetLeftOver(): Promise<void>
  /** Asks again what failed, and what was not asked because of a stop. */
  retry(): Promise<{ error: AnswerError } | void>
  undo(): Promise<void>
  canUndo(): boolean
  /** Back to picking; the rows stay for the review. */
  clear(): void
  close(): void
}
