/** Why a person should look at a row, worst first. */
import type { Classified, ReviewReason } from './classified.ts'

/** What the proxy says where it found no code to name. */
const VAGUE = 'TC-201'
/** A code came, and is charged as any other; it is not certain enough to be written, or not as deep as was asked. */
const NOT_CERTAIN: ReadonlySet<string> = new Set(['TC-202', 'TC-203'])
export const LOW_CONFIDENCE = 0.6
/** From here on a rival's other rate is not worth a person's time. */
export const SURE_CONFIDENCE = 0.85
const AGREEMENT_LOW = 2

type Judged = Pick<Classified, 'error' | 'confidence' | 'agreement'>

export function isNotCertain(error: Classified['error']): boolean {
  return error !== null && NOT_CERTAIN.has(error.code)
}

/** A description that does not decide: a person with one more fact does. */
export function isUndecided(error: Classified['error']): boolean {
  return error?.code === VAGUE || isNotCertain(error)
}

/** @param rates MFN rates of the likely codes as printed; '' where one is not known, which tells nothing. */
export function reviewReasons({ error, confidence, agreement }: Judged, rates: readonly string[]): ReviewReason[] {
  if (isNotCertain(error)) return ['not-certain']
  if (error) return [error.code === VAGUE ? 'vague' : 'failed']
  const reasons: ReviewReason[] = []
  if (agreement !== null && agreement <= AGREEMENT_LOW) reasons.push('disagreement')
  if (confidence !== null && confidence < LOW_CONFIDENCE) reasons.push('low-confidence')
  const differs = new Set(rates.filter((rate) => rate !== '')).size > 1
  if (differs && (confidence === null || confidence < SURE_CONFIDENCE)) reasons.push('rate-differs')
  return reasons
}
