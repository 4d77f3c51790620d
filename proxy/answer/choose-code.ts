/** HSCODE's judgement: which code of a classification is certain enough to show, and how deep. */
import type { Country } from '../../shared/country.ts'
import { failure, type Failure } from '../../shared/error-codes.ts'
import type { Options } from '../../shared/options.ts'
import type { Classification } from '../providers/provider.ts'
import { MISSING_FACT_PHRASES, VAGUE_PHRASES } from './phrases.ts'

/** Lowest calibrated chance at which a code is shown without being asked for with `min=`. */
export const SCORE_SHOWN_MIN = 0.5

export interface Chosen {
  code: string
  /** Chance of being right at the depth of `code`; null when the provider gives none. */
  score: number | null
}

/**
 * The best subheading where it is likelier right than not; else its heading where that is; else the failure that names what is
 * missing. `min` moves the bar, `min=0` always names the best guess, `digits` forces a depth but never invents a line.
 */
export function chooseCode(classification: Classification, options: Options, country: Country): Chosen | Failure {
  const [best] = classification.candidates
  if (classification.vague !== null && options.min !== 0) {
    return failure('too-vague', { missing: VAGUE_PHRASES[classification.vague] })
  }
  if (!best) return failure('too-vague', { missing: VAGUE_PHRASES['unknown-words'] })
  const min = options.min ?? SCORE_SHOWN_MIN
  if (best.score === null || best.score >= min) return atDepth(classification, best, options, country)

  const [heading] = classification.headings
  if (options.digits === undefined && heading?.score != null && heading.score >= min) return heading
  return failure('not-certain', {
    code: best.code.slice(0, 6),
    label: '',
    // Rounded down: 0.496 is not "0.50, below 0.50".
    score: (Math.floor(best.score * 100) / 100).toFixed(2),
    min: min.toFixed(2),
    missing: classification.missing ? MISSING_FACT_PHRASES[classification.missing] : '',
  })
}

function atDepth(
  { lines }: Classification,
  best: { code: string; score: number | null },
  { digits }: Options,
  country: Country,
): Chosen | Failure {
  if (digits === undefined || digits === best.code.length) return best
  if (best.code.length > digits) return { code: best.code.slice(0, digits), score: best.score }
  return failure('too-deep', { code: best.code, count: lines.count, country, lines: lines.first.join(', ') })
}

/** As scores are shown everywhere: two decimals. */
export function roundScore(score: number | null): number | null {
  return score === null ? null : Math.round(score * 100) / 100
}
