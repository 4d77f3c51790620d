/** What a run found for one row, as the sheet's columns, the review and the receipt need it. */
import type { FactName } from '../../memory-protocol.ts'
import type { AnswerError, AnswerSource } from '../../protocol.ts'

export interface Candidate {
  /** Digits only. */
  code: string
  label: string
  /** 0–1; null where its provider gives none. */
  score: number | null
  provider: string
}

/** `moved`: its row holds other text now, so nothing was written into it. */
export type RowWriting = 'not-yet' | 'written' | 'moved' | 'undone'

/** Why a person should look at a row, worst first. */
export type ReviewReason = 'failed' | 'vague' | 'not-certain' | 'disagreement' | 'low-confidence' | 'rate-differs'

export interface Classified {
  /** Place among the rows of the run, from 0. */
  n: number
  description: string
  facts: Partial<Record<FactName, string>>
  country: string
  /** Value of the goods on this row, in the sheet's own currency; null where no column was named. */
  value: number | null
  /** Digits only; null where there is an error. */
  code: string | null
  label: string
  error: AnswerError | null
  /** 0–1, calibrated; null where the provider gives none. */
  confidence: number | null
  /** Digits on which its provider and the classifier in the house agree: 6, 4, 2, 0; null where only one of them answered. */
  agreement: 6 | 4 | 2 | 0 | null
  /** Best first, the chosen one among them. */
  candidates: Candidate[]
  /** MFN duty rate as a fraction; null where it is none or no plain percentage, which `mfnText` then shows. */
  mfn: number | null
  mfnText: string
  /** Best preference for the row's origin: treatment and rate; null where there is none or no origin was named. */
  best: { treatment: string; rate: number } | null
  source: AnswerSource | null
  points: number
  reviews: ReviewReason[]
  writing: RowWriting
  /** What a person decided in the review. */
  decision: 'accepted' | 'changed' | null
}
