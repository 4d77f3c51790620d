/** HSWHY: one sentence of at most 300 characters. Deciding words, path, nearest rival, missing fact; a guess says that it is one. */
import { isFailure, sentence, type Failure } from '../../shared/error-codes.ts'
import type { Language } from '../../shared/language.ts'
import type { Classification, Labels, SecondOpinion } from '../providers/provider.ts'
import type { Chosen } from './choose-code.ts'
import { APPROVED_PHRASE, MISSING_FACT_PHRASES } from './phrases.ts'

const CHARACTERS_MAX = 300

const TEXTS: Record<
  Language,
  {
    words: (list: readonly string[]) => string
    guess: string
    /** A path that ends a sentence, and how certain it is. */
    path: (path: string, score: string | null) => string
    rival: (code: string, label: string, score: string) => string
    none: string
    agrees: (provider: string, digits: number) => string
    differs: (provider: string, code: string, label: string, score: string, digits: number) => string
    alone: (provider: string) => string
  }
> = {
  en: {
    words: (list) => `Decided by ${list.map((word) => `“${word}”`).join(', ')}.`,
    guess: 'Best guess: ',
    path: (path, score) => `${path}${score === null ? '' : ` (${score})`}.`,
    rival: (code, label, score) => `Nearest rival ${code} ${label} (${score}).`,
    none: 'No code is likely',
    agrees: (provider, digits) => `${provider} says so; the classifier here agrees to ${digits} digits.`,
    differs: (provider, code, label, score, digits) =>
      `${provider} says so; the classifier here would say ${code} ${label} (${score}), the same to ${digits} digits only: check it.`,
    alone: (provider) => `${provider} says so; the classifier here knows too little of the text to agree or not.`,
  },
  zh: {
    words: (list) => `依据：${list.map((word) => `“${word}”`).join('、')}。`,
    guess: '最可能：',
    path: (path, score) => `${path}${score === null ? '' : `（${score}）`}。`,
    rival: (code, label, score) => `最近竞争编码 ${code} ${label}（${score}）。`,
    none: '没有可能的编码',
    agrees: (provider, digits) => `来自 ${provider}；内置分类器在前 ${digits} 位与其一致。`,
    differs: (provider, code, label, score, digits) =>
      `来自 ${provider}；内置分类器认为是 ${code} ${label}（${score}），仅前 ${digits} 位一致：请核对。`,
    alone: (provider) => `来自 ${provider}；内置分类器对该文本了解不足，无法佐证。`,
  },
  fr: {
    words: (list) => `Décidé par ${list.map((word) => `« ${word} »`).join(', ')}.`,
    guess: 'Au mieux : ',
    path: (path, score) => `${path}${score === null ? '' : ` (${score})`}.`,
    rival: (code, label, score) => `Rival le plus proche ${code} ${label} (${score}).`,
    none: 'Aucun code n’est probable',
    agrees: (provider, digits) => `${provider} le dit ; le classement d’ici est d’accord sur ${digits} chiffres.`,
    differs: (provider, code, label, score, digits) =>
      `${provider} le dit ; le classement d’ici dirait ${code} ${label} (${score}), semblable sur ${digits} chiffres seulement : à vérifier.`,
    alone: (provider) => `${provider} le dit ; le classement d’ici connaît trop peu ce texte pour se prononcer.`,
  },
}

export function explain(
  labels: Labels,
  classification: Classification,
  chosen: Chosen | Failure,
  language: Language,
  provider: string,
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
  const score = classification.approved ? null : shown.score
  const parts = [
    `${isFailure(chosen) ? text.guess : ''}${text.path(path(labels, shown.code, language), score?.toFixed(2) ?? null)}`,
    classification.approved ? approved(classification.approved, language) : '',
    classification.second ? opinion(labels, classification.second, provider, language) : '',
    classification.words.length === 0 ? '' : text.words(classification.words),
    rival && !isNaught(rival.score)
      ? text.rival(rival.code, cut(labels.label(rival.code, language) ?? '', 50), rival.score?.toFixed(2) ?? '–')
      : '',
    classification.missing && (best.score ?? 1) < 0.9 ? MISSING_FACT_PHRASES[classification.missing][language] : '',
  ]
  return cut(parts.filter(Boolean).join(language === 'zh' ? '' : ' '), CHARACTERS_MAX)
}

/** Whose word it is. */
function approved({ by, at }: NonNullable<Classification['approved']>, language: Language): string {
  return APPROVED_PHRASE[language](cut(by, 40), new Date(at).toISOString().slice(0, 10))
}

/** How far the classifier in the house agrees with an upstream. */
function opinion(labels: Labels, second: SecondOpinion, provider: string, language: Language): string {
  const text = TEXTS[language]
  const [own] = second.candidates
  if (!own || second.agreement === null || second.vague !== null) return text.alone(provider)
  if (second.agreement === 6) return text.agrees(provider, 6)
  const label = cut(labels.label(own.code, language) ?? '', 50)
  return text.differs(provider, own.code, label, own.score?.toFixed(2) ?? '–', second.agreement)
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

/** What would be shown as 0.00 is no rival. */
function isNaught(score: number | null): boolean {
  return score !== null && score < 0.005
}

function cut(text: string, charactersMax: number): string {
  return text.length <= charactersMax ? text : `${text.slice(0, charactersMax - 1).trimEnd()}…`
}
