/** Why a person should look at a row, worst first. */
import type { Classified, ReviewReason } from './classified.ts'

/** What the proxy says where a description does not decide: a person with one more fact does. */
const VAGUE_CODES: ReadonlySet<string> = new Set(['TC-201', 'TC-202', 'TC-203'])
export const LOW_CONFIDENCE = 0.6
/** From here on a rival's other rate is not worth a person's time. */
export const SURE_CONFIDENCE = 0.85
const AGREEMENT_LOW = 2

type Judged = Pick<Classified, 'error' | 'confidence' | 'agreement'>

export function isVague(error: Classified['error']): boolean {
  return error !== null && VAGUE_CODES.has(error.code)
}

/** @param rates MFN rates of the likely codes as printed; '' where one is not known, which tells nothing. */
export function reviewReasons({ error, confidence, agreement }: Judged, rates: readonly string[]): ReviewReason[] {
  if (error) return [isVague(error) ? 'vague' : 'failed']
  const reasons: ReviewReason[] = []
  if (agreement !== null && agreement <= AGREEMENT_LOW) reasons.push('disagreement')
  if (confidence !== null && confidence < LOW_CONFIDENCE) reasons.push('low-confidence')
  const differs = new Set(rates.filter((rate) => rate !== '')).size > 1
  if (differs && (confidence === null || confidence < SURE_CONFIDENCE)) reasons.push('rate-differs')
  return reasons
}
