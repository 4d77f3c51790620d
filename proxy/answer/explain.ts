/** HSWHY: one sentence of at most 300 characters. Deciding words, path, nearest rival, missing fact; a guess says that it is one. */
import { isFailure, sentence, type Failure } from '../../shared/error-codes.ts'
import type { Language } from '../../shared/language.ts'
import type { Classification, Labels } from '../providers/provider.ts'
import type { Chosen } from './choose-code.ts'
import { MISSING_FACT_PHRASES } from './phrases.ts'

const CHARACTERS_MAX = 300

const TEXTS: Record<
  Language,
  {
    words: (list: string) => string
    guess: string
    rival: (code: string, label: string, score: string) => string
    none: string
  }
> = {
  en: {
    words: (list) => `Decided by ${list}`,
    guess: 'Best guess',
    rival: (code, label, score) => `Nearest rival ${code} ${label} (${score}).`,
    none: 'No code is likely',
  },
  zh: {
    words: (list) => `依据：${list}`,
    guess: '最可能',
    rival: (code, label, score) => `最近竞争编码 ${code} ${label}（${score}）。`,
    none: '没有可能的编码',
  },
  fr: {
    words: (list) => `Décidé par ${list}`,
    guess: 'Au mieux',
    rival: (code, label, score) => `Rival le plus proche ${code} ${label} (${score}).`,
    none: 'Aucun code n’est probable',
  },
}

export function explain(
  labels: Labels,
  classification: Classification,
  chosen: Chosen | Failure,
  language: Language,
): string {
  const text = TEXTS[language]
  const [best] = classification.candidates
  if (!best || (isFailure(chosen) && chosen.failed === 'too-vague')) {
    return isFailure(chosen) ? sentence(chosen, language) : text.none
  }
  const shown = isFailure(chosen) ? best : chosen
  // Below a heading that is shown stands no rival of it.
  const rivals = shown.code.length < 6 ? classification.headings : classification.candidates
  const rival = rivals.find(({ code }) => !code.startsWith(shown.code) && !shown.code.startsWith(code))
  const words = classification.words.map((word) => `“${word}”`).join(', ')
  const parts = [
    `${isFailure(chosen) ? `${text.guess}: ` : ''}${path(labels, shown.code, language)}${scoreText(shown.score)}.`,
    words === '' ? '' : `${text.words(words)}.`,
    rival
      ? text.rival(rival.code, cut(labels.label(rival.code, language) ?? '', 50), rival.score?.toFixed(2) ?? '–')
      : '',
    classification.missing && (best.score ?? 1) < 0.9 ? MISSING_FACT_PHRASES[classification.missing][language] : '',
  ]
  return cut(parts.filter(Boolean).join(' '), CHARACTERS_MAX)
}

function path(labels: Labels, code: string, language: Language): string {
  const levels = [2, 4, 6].filter((digits) => digits <= code.length).map((digits) => code.slice(0, digits))
  return levels
    .map((level, at) => {
      const last = at === levels.length - 1
      return `${last ? code : level} ${cut(labels.label(level, language) ?? '', last ? 70 : 32)}`.trim()
    })
    .join(' › ')
}

function scoreText(score: number | null): string {
  return score === null ? '' : ` (${score.toFixed(2)})`
}

function cut(text: string, charactersMax: number): string {
  return text.length <= charactersMax ? text : `${text.slice(0, charactersMax - 1).trimEnd()}…`
}
