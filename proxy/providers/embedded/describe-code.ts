/** HSDESC, HSPATH, HSCHILDREN: what a code covers. Our own words to six digits; below, the official text where it was imported. */
import type { CodeAsk } from '../../../shared/ask.ts'
import { failure } from '../../../shared/error-codes.ts'
import type { Language, Localised } from '../../../shared/language.ts'
import type { Cell } from '../../../shared/protocol.ts'
import { codeLengths, codeLevel, printTariffCode, type CodeLevel } from '../../../shared/tariff-code.ts'
import type { Reply } from '../provider.ts'
import type { EmbeddedDeps } from './index.ts'

type Deps = Pick<EmbeddedDeps, 'book' | 'labels'>

const LINE: Localised = { en: 'national line', zh: '本国税号', fr: 'ligne nationale' }

const LEVELS: Record<CodeLevel, Localised> = {
  chapter: { en: 'chapter', zh: '章', fr: 'chapitre' },
  heading: { en: 'heading', zh: '品目', fr: 'position' },
  subheading: { en: 'subheading', zh: '子目', fr: 'sous-position' },
  'tariff item': { en: 'tariff item', zh: '税号', fr: 'ligne tarifaire' },
}

export function describeCode(deps: Deps, digits: string, ask: CodeAsk): Reply {
  const label = labelOf(deps, digits, ask, ask.language)
  return label === null ? failure('no-label', { code: digits }) : { kind: 'value', value: label }
}

export function listPath(deps: Deps, digits: string, ask: CodeAsk): Reply {
  const lengths = codeLengths(ask.country).filter((length) => length <= digits.length)
  return {
    kind: 'table',
    table: lengths.map((length): Cell[] => {
      const code = digits.slice(0, length)
      return [LEVELS[codeLevel(code)][ask.language], code, labelOf(deps, code, ask, ask.language) ?? '']
    }),
  }
}

export function listChildren(deps: Deps, digits: string, ask: CodeAsk): Reply {
  const children = deps.book.children(ask.country, digits, ask.options.date)
  if (children.length === 0) return failure('no-children', { code: digits, country: ask.country })
  return {
    kind: 'table',
    table: children.map((line): Cell[] => [
      line.code,
      labelOf(deps, line.code, ask, ask.language) ?? '',
      line.units.join(', '),
    ]),
  }
}

/** A national line without its official text is named by its subheading, and says so. */
function labelOf({ book, labels }: Deps, digits: string, ask: CodeAsk, language: Language): string | null {
  const text = digits.length > 6 ? book.find(ask.country, digits, ask.options.date)?.text : null
  if (text) return text
  const label = labels.label(digits.slice(0, 6), language)
  if (label === null || digits.length <= 6) return label
  return `${label} (${LINE[language]} ${printTariffCode(digits, 'dots')})`
}
