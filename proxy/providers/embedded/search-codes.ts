/** HSSEARCH without an upstream: what the classifier takes the keywords for, each with our label and the base rate printed below it. */
import type { SearchAsk } from '../../../shared/ask.ts'
import { failure } from '../../../shared/error-codes.ts'
import type { Cell } from '../../../shared/protocol.ts'
import { TariffBookError } from '../../tariff/book.ts'
import type { Reply } from '../provider.ts'
import type { EmbeddedDeps } from './index.ts'

const ROWS_SHOWN = 10
const RATES_SHOWN = 3

export function searchCodes({ classifier, book, labels }: EmbeddedDeps, ask: SearchAsk, date: string): Reply {
  const { candidates } = classifier.classify(ask.keywords, { material: '', use: '', gender: '', category: '' })
  if (candidates.length === 0) return failure('no-match', { provider: 'embedded' })
  const language = ask.options.lang ?? 'en'
  const rates = (code: string): string => {
    const treatment = ask.country === 'JP' ? 'WTO' : 'MFN'
    const texts = book.ratesUnder(ask.country, code, treatment, date).flatMap(({ text }) => text ?? [])
    return `${texts.slice(0, RATES_SHOWN).join(' | ')}${texts.length > RATES_SHOWN ? ' | …' : ''}`
  }
  const hasTariff = knowsTariff(() => book.edition(ask.country, date))
  return {
    kind: 'table',
    table: candidates
      .slice(0, ask.options.n ?? ROWS_SHOWN)
      .map(({ code }): Cell[] => [code, labels.label(code, language) ?? '', hasTariff ? rates(code) : '']),
  }
}

/** A country without a tariff here still has the six international digits. */
function knowsTariff(edition: () => unknown): boolean {
  try {
    edition()
    return true
  } catch (error) {
    if (error instanceof TariffBookError && error.code !== 'tariff-unavailable') return false
    throw error
  }
}
