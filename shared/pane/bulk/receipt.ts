/** What a run did, for the person and for their files. */
import type { Language } from '../../language.ts'
import { neutralise } from '../../neutralise.ts'
import type { AnswerError } from '../../protocol.ts'
import type { Classified } from './classified.ts'
import { errorText } from './fill-cells.ts'
import { REASON_WORDS } from './reason-words.ts'
import { isNotCertain } from './review-reasons.ts'
import { RECEIPT_HEADERS } from './receipt-words.ts'

export interface Receipt {
  title: string
  /** Milliseconds since 1970. */
  startedAt: number
  endedAt: number
  /** A person stopped it, or it could not go on. */
  isStopped: boolean
  /** Why it could not go on; null where it was not that. */
  error: AnswerError | null
  /** Rows that were asked about. */
  rows: number
  classified: number
  failed: number
  /** A code came that is not certain enough to be written. */
  notCertain: number
  /** Points that those cost. */
  notCertainPoints: number
  /** Not asked any more when it was stopped. */
  notAsked: number
  moved: number
  /** Answered, and not written because it ended before. */
  notWritten: number
  blanks: number
  keptRows: number
  toReview: number
  /** Charged, as the proxy says. */
  spent: number
  /** null: not known. */
  balanceBefore: number | null
  balanceAfter: number | null
  /** Who answered how many rows, most first. */
  providers: { provider: string; rows: number }[]
  editions: string[]
}

export type ReceiptFacts = Pick<
  Receipt,
  | 'title'
  | 'startedAt'
  | 'endedAt'
  | 'isStopped'
  | 'error'
  | 'blanks'
  | 'keptRows'
  | 'spent'
  | 'balanceBefore'
  | 'balanceAfter'
>

export function receiptOf(facts: ReceiptFacts, rows: readonly Classified[]): Receipt {
  const providers = new Map<string, number>()
  const editions = new Set<string>()
  const counts = {
    classified: 0,
    failed: 0,
    notCertain: 0,
    notCertainPoints: 0,
    notAsked: 0,
    moved: 0,
    notWritten: 0,
    toReview: 0,
  }
  for (const { code, error, writing, reviews, source, points } of rows) {
    if (code !== null) counts.classified++
    else if (isNotCertain(error)) {
      counts.notCertain++
      counts.notCertainPoints += points
    } else if (error) counts.failed++
    else counts.notAsked++
    if (writing === 'moved') counts.moved++
    if (writing === 'not-yet' && (code !== null || error)) counts.notWritten++
    if (reviews.length > 0) counts.toReview++
    if (source && code !== null) {
      providers.set(source.provider, (providers.get(source.provider) ?? 0) + 1)
      editions.add(source.edition)
    }
  }
  return {
    ...facts,
    ...counts,
    rows: rows.length,
    providers: [...providers]
      .map(([provider, rows]) => ({ provider, rows }))
      .sort((one, other) => other.rows - one.rows),
    editions: [...editions].sort(),
  }
}

/** Every row as it was answered. A text that a spreadsheet would take for a formula is written as one that it does not. */
export function receiptCsv(receipt: Receipt, rows: readonly Classified[], language: Language): string {
  const words = RECEIPT_HEADERS[language]
  const summary: (string | number)[][] = [
    [words.title, receipt.title],
    [words.started, new Date(receipt.startedAt).toISOString()],
    [words.ended, new Date(receipt.endedAt).toISOString()],
    [words.points, receipt.spent],
    [words.editions, receipt.editions.join('; ')],
    [],
  ]
  const lines = rows.map((row) => [
    row.n + 1,
    row.description,
    row.country,
    row.code ?? '',
    row.label,
    row.confidence ?? '',
    row.agreement ?? '',
    row.mfn ?? row.mfnText,
    row.best === null ? '' : `${row.best.treatment} ${row.best.rate}`,
    row.error ? errorText(row.error) : row.reviews.map((reason) => REASON_WORDS[language].reasons[reason]).join('; '),
    row.source?.provider ?? '',
    row.source?.edition ?? '',
    row.points,
    words.writings[row.writing],
    row.decision === null ? '' : words.decisions[row.decision],
  ])
  return [...summary, words.columns, ...lines].map((line) => `${line.map(csvCell).join(',')}\r\n`).join('')
}

function csvCell(value: string | number): string {
  const safe = String(neutralise(value))
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
