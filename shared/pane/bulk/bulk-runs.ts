/** The pane's bulk runs, as its other parts see them. */
import type { Observable } from '../observable.ts'
import type { Classified } from './classified.ts'

export interface BulkRuns {
  /** Rows of the latest run, by their n; empty where there was none. Replaced as a whole when something changes. */
  rows: Observable<readonly Classified[]>
  /** Name of the latest run for headings, such as `Products!B2:B500`. */
  title: Observable<string>
  /**
   * Puts a code that a person decided into the row's code column, and its label and rates beside it, behind the same guard as the run did.
   * @returns `moved` where the row holds other text now: then nothing was written.
   */
  decide(n: number, code: string, decision: 'accepted' | 'changed'): Promise<'written' | 'moved'>
  /** Shows the row to the person. */
  goToRow(n: number): Promise<void>
}
