/** HSCHECK: format, existence, depth and plausibility of a code, in one word each. */
import type { CheckAsk } from '../../../shared/ask.ts'
import { isFailure } from '../../../shared/error-codes.ts'
import { parseTariffCode } from '../../../shared/tariff-code.ts'
import type { Classifier } from '../../classifier/classify.ts'
import type { Reply } from '../provider.ts'
import { codeExists, countriesWith } from './find-code.ts'
import type { EmbeddedDeps } from './index.ts'

export type CheckStatus = 'OK' | 'OK-PARENT' | 'SHORT' | 'NOT-FOUND' | 'WRONG-COUNTRY' | 'ZERO-LOST' | 'MISMATCH?'

export function checkCode(deps: Pick<EmbeddedDeps, 'book' | 'labels' | 'classifier'>, ask: CheckAsk): Reply {
  const { book, labels, classifier } = deps
  const reading = parseTariffCode(ask.code, ask.country)
  if (isFailure(reading)) return reading
  const { digits } = reading
  const { date } = ask.options
  const status = (value: CheckStatus): Reply => ({ kind: 'value', value })

  if (!codeExists(book, labels, digits, ask.country, date)) {
    const elsewhere = digits.length > 6 && countriesWith(book, digits).some((country) => country !== ask.country)
    return status(elsewhere ? 'WRONG-COUNTRY' : 'NOT-FOUND')
  }
  // Said before anything else: the cell itself is damaged, whatever the code behind it.
  if (reading.repairs.includes('leading-zero') || reading.repairs.includes('trailing-zero')) return status('ZERO-LOST')
  if (ask.description !== null && contradicts(classifier, ask.description, digits)) return status('MISMATCH?')
  if (digits.length < 6) return status('SHORT')
  const line = book.find(ask.country, digits.slice(0, 10), date)
  return status(line?.isDeclarable === true ? 'OK' : 'OK-PARENT')
}

// Doubt is raised only where the classifier is sure of something else: a false alarm costs the reader's trust.
const RIVAL_SCORE_MIN = 0.6
const OWN_SCORE_MAX = 0.1

/** Whether the description is, with good certainty, something else than the code says. */
export function contradicts(classifier: Classifier, description: string, digits: string): boolean {
  const { candidates, headings, vague } = classifier.classify(description)
  if (vague !== null) return false
  const depth = Math.min(digits.length, 6)
  if (depth < 6) {
    const [best] = headings
    const own = headings.find(({ code }) => code.startsWith(digits) || digits.startsWith(code))
    return (
      best !== undefined &&
      !best.code.startsWith(digits) &&
      best.score >= RIVAL_SCORE_MIN &&
      (own?.score ?? 0) <= OWN_SCORE_MAX
    )
  }
  const [best] = candidates
  const own = candidates.find(({ code }) => code === digits.slice(0, 6))
  if (best && best !== own && best.score >= RIVAL_SCORE_MIN && (own?.score ?? 0) <= OWN_SCORE_MAX) return true
  const [heading] = headings
  const ownHeading = headings.find(({ code }) => digits.startsWith(code))
  return (
    heading !== undefined &&
    heading !== ownHeading &&
    heading.score >= RIVAL_SCORE_MIN &&
    (ownHeading?.score ?? 0) <= OWN_SCORE_MAX
  )
}
