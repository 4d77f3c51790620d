/** Rows that a person should look at, the same goods together, those first where looking saves most. */
import type { Classified } from '../bulk/classified.ts'

export interface ReviewItem {
  /** Same for rows that say the same: one decision settles all of them. */
  key: string
  /** The first of its rows stands for all. */
  row: Classified
  ns: number[]
  /** Value of all its rows, in the sheet's own currency; null where no row names one. */
  value: number | null
  /** 0–1: how likely the code is another one. */
  doubt: number
  /** Between the lowest and the highest MFN rate of its likely codes; null where that is not known. */
  spread: number | null
  /** Duty that hangs on the decision: value × spread; null where either is not known. */
  atStake: number | null
}

/** @param code digits only. @returns the MFN rate as a fraction, or null where it is not known or no plain percentage. */
export type RateOf = (country: string, code: string) => number | null

// Rivals that a person compares; the others are seldom right.
const RIVALS_COMPARED = 3
// Where its provider gives no score: how often a code is another one, by the digits on which the classifier in the house agrees.
const DOUBT_BY_AGREEMENT: Readonly<Record<number, number>> = { 6: 0.1, 4: 0.4, 2: 0.7, 0: 0.9 }
const DOUBT_UNKNOWN = 0.5

/** What waits for a decision, in the order to look at it. */
export function reviewQueue(rows: readonly Classified[], rateOf: RateOf): ReviewItem[] {
  const items = new Map<string, ReviewItem>()
  for (const row of rows) {
    if (!isWaiting(row)) continue
    const key = goodsKey(row)
    const item = items.get(key)
    if (!item) items.set(key, itemOf(key, row, rateOf))
    else {
      item.ns.push(row.n)
      if (row.value !== null) item.value = (item.value ?? 0) + row.value
    }
  }
  for (const item of items.values()) {
    item.atStake = item.value === null || item.spread === null ? null : item.value * item.spread
  }
  return [...items.values()].sort(byUrgency)
}

export function isWaiting({ reviews, decision, writing }: Classified): boolean {
  return reviews.length > 0 && decision === null && writing !== 'moved' && writing !== 'undone'
}

/** The same text, facts and country are the same question, and have the same answer. */
export function goodsKey({
  description,
  facts,
  country,
}: Pick<Classified, 'description' | 'facts' | 'country'>): string {
  const { material = '', use = '', gender = '', category = '' } = facts
  return JSON.stringify([description, country, material, use, gender, category])
}

function itemOf(key: string, row: Classified, rateOf: RateOf): ReviewItem {
  const rates = comparedCodes(row).map((code) => rateOf(row.country, code))
  const known = rates.filter((rate) => rate !== null)
  const isKnown = known.length > 1 && known.length === rates.length
  return {
    key,
    row,
    ns: [row.n],
    value: row.value,
    doubt: doubtOf(row),
    spread: isKnown ? Math.max(...known) - Math.min(...known) : null,
    atStake: null,
  }
}

export function comparedCodes({ code, candidates }: Pick<Classified, 'code' | 'candidates'>): string[] {
  const codes = candidates.slice(0, RIVALS_COMPARED).map((candidate) => candidate.code)
  return code === null || codes.includes(code) ? codes : [code, ...codes]
}

export function doubtOf({
  code,
  confidence,
  agreement,
}: Pick<Classified, 'code' | 'confidence' | 'agreement'>): number {
  if (code === null) return 1
  if (confidence !== null) return 1 - confidence
  return agreement === null ? DOUBT_UNKNOWN : DOUBT_BY_AGREEMENT[agreement]!
}

/** Rows without a code first: nobody can declare them. Then by doubt × duty at stake, then by doubt × value, then by doubt alone. */
function byUrgency(one: ReviewItem, other: ReviewItem): number {
  return (
    Number(other.row.code === null) - Number(one.row.code === null) ||
    expected(other) - expected(one) ||
    other.doubt * (other.value ?? 0) - one.doubt * (one.value ?? 0) ||
    other.doubt - one.doubt ||
    one.ns[0]! - other.ns[0]!
  )
}

function expected({ doubt, atStake }: ReviewItem): number {
  return atStake === null ? 0 : doubt * atStake
}
