/**
 * Duty rates as short sentences for people. Conditions and references stay in the publisher's words, except the few that every
 * Japanese column repeats.
 */
import type { DutyRate, RateCase } from './duty-rate-algebra.ts'
import { printUnit } from './duty-unit.ts'
import type { Language, Localised } from './language.ts'

/** "18 % but not less than 4.52 CAD/kg". A rate that the tariff prints in brackets stands in square ones, explained once. */
export function printDutyRate(rate: DutyRate, language: Language): string {
  const text = printAnnotated(rate, language)
  return hasBrackets(rate) ? `${text} (${WORDS.brackets[language]})` : text
}

const WORDS = {
  none: { en: 'no rate', zh: '无税率', fr: 'aucun taux' },
  free: { en: 'free', zh: '免税', fr: 'en franchise' },
  value: { en: 'customs value', zh: '完税价格', fr: 'valeur en douane' },
  butNotLess: { en: ' but not less than ', zh: '，但不低于', fr: ', mais pas moins de ' },
  butNotMore: { en: ' but not more than ', zh: '，但不高于', fr: ', mais pas plus de ' },
  greaterOf: { en: 'the highest of ', zh: '从高适用：', fr: 'le plus élevé de ' },
  lessOf: { en: 'the lowest of ', zh: '从低适用：', fr: 'le moins élevé de ' },
  from: { en: 'from ', zh: '', fr: 'de ' },
  to: { en: ' to ', zh: '至', fr: ' à ' },
  or: { en: ' or ', zh: '或', fr: ' ou ' },
  colon: { en: ': ', zh: '：', fr: ' : ' },
  brackets: {
    en: '[ ]: printed in brackets, another rate applies',
    zh: '[ ]：原文在括号内，适用其他税率',
    fr: "[ ] : entre parenthèses dans le tarif, un autre taux s'applique",
  },
} as const satisfies Record<string, Localised>

const CONDITIONS: Readonly<Record<string, Localised>> = {
  一部: { en: 'part of these goods', zh: '部分商品', fr: 'une partie de ces marchandises' },
  その他のもの: { en: 'other', zh: '其他', fr: 'autres' },
  関税割当数量以内のもの: { en: 'within the quota', zh: '配额内', fr: 'dans les limites du contingent' },
  関税割当数量以外のもの: { en: 'outside the quota', zh: '配额外', fr: 'hors contingent' },
}

function printAnnotated(rate: DutyRate, language: Language): string {
  const text = printKind(rate, language)
  const bracketed = rate.bracketed ? `[${text}]` : text
  return rate.marks ? `${bracketed} ${rate.marks.join(' ')}` : bracketed
}

function hasBrackets(rate: DutyRate): boolean {
  if (rate.bracketed) return true
  switch (rate.kind) {
    case 'by-case':
      return rate.of.some((each) => hasBrackets(each.rate))
    case 'sum':
    case 'greater-of':
    case 'less-of':
    case 'one-of':
      return rate.of.some(hasBrackets)
    case 'range':
      return hasBrackets(rate.from) || hasBrackets(rate.to)
    case 'difference':
      return hasBrackets(rate.from) || hasBrackets(rate.less)
    default:
      return false
  }
}

function printKind(rate: DutyRate, language: Language): string {
  const part = (inner: DutyRate) => printPart(inner, language)
  switch (rate.kind) {
    case 'none':
      return WORDS.none[language]
    case 'free':
      return WORDS.free[language]
    case 'ad-valorem':
      return withBasis(`${printNumber(percentOf(rate.fraction), language)}${language === 'zh' ? '' : ' '}%`, rate.basis)
    case 'specific':
      return withBasis(
        `${printNumber(rate.amount, language)} ${rate.currency}/${printUnit(rate, language)}`,
        rate.basis,
      )
    case 'price-less-value': {
      const factor = rate.valueFactor === 1 ? '' : `${printNumber(rate.valueFactor, language)} × `
      const price = `${printNumber(rate.price, language)} ${rate.currency}`
      return `(${price} − ${factor}${WORDS.value[language]})/${printUnit(rate, language)}`
    }
    case 'sum':
      return rate.of.map(part).join(' + ')
    case 'difference':
      return `${part(rate.from)} − ${part(rate.less)}`
    case 'greater-of':
      return printChoice(rate.of.map(part), WORDS.butNotLess[language], WORDS.greaterOf[language])
    case 'less-of':
      return printChoice(rate.of.map(part), WORDS.butNotMore[language], WORDS.lessOf[language])
    case 'range':
      return `${WORDS.from[language]}${part(rate.from)}${WORDS.to[language]}${part(rate.to)}`
    case 'one-of':
      return rate.of.map(part).join(WORDS.or[language])
    case 'by-case':
      return rate.of.map((each) => printCase(each, language)).join('; ')
    case 'reference':
    case 'unparsed':
      return rate.text
  }
}

/** A rate inside another: in brackets where it would otherwise run into its neighbours. */
function printPart(rate: DutyRate, language: Language): string {
  const text = printAnnotated(rate, language)
  const isCompound = 'of' in rate || rate.kind === 'difference' || rate.kind === 'range'
  return isCompound && !rate.bracketed ? `(${text})` : text
}

function printChoice(parts: readonly string[], between: string, before: string): string {
  return parts.length === 2 ? parts.join(between) : `${before}${parts.join(', ')}`
}

function printCase({ condition, rate }: RateCase, language: Language): string {
  return `${CONDITIONS[condition]?.[language] ?? condition}${WORDS.colon[language]}${printAnnotated(rate, language)}`
}

function withBasis(figure: string, basis: string | undefined): string {
  return basis === undefined ? figure : `${figure} (${basis})`
}

const PERCENT_PLACES = 6

function percentOf(fraction: number): number {
  return Number((fraction * 100).toFixed(PERCENT_PLACES))
}

/** 4.52, in French 4,52; no thousands separators, so that it can be pasted into a cell. */
function printNumber(figure: number, language: Language): string {
  const text = String(figure)
  return language === 'fr' ? text.replace('.', ',') : text
}
