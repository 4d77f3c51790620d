/**
 * Step two of reading a rate text: recursive descent over its tokens.
 *
 *     rate         = case { case }                                  each with a condition, unless it is the only one
 *     case         = { words } alternatives [ programmes | remark | qualifier ]
 *     alternatives = { mark } chain { or chain } [ if-the-rate … ] { note }
 *     chain        = sum [ range sum ]
 *     sum          = term { ( plus | minus | but-not-less | but-not-more ) term }        from left to right
 *     term         = gate price | bracketed | reference | free | none | percentage | amount
 *
 * "Whichever is the less" after a chain joins the two sums around the last "or".
 */
import type { Country } from './country.ts'
import type { DutyRate, RateCase, SpecificRate } from './duty-rate-algebra.ts'
import { currencyOf, numberOf, unitOf } from './duty-rate-amount.ts'
import { readGatePrice } from './duty-rate-gate-price.ts'
import { peek, take, tokenize, type Token, type TokenKind, type TokenReader } from './duty-rate-notation.ts'

/** The longest rate of the four tariffs has 613 characters; what is longer than this is not read. */
const TEXT_CHARACTERS_MAX = 2000

/** Brackets inside brackets; the tariffs have three. */
const DEPTH_MAX = 8

interface RateReader extends TokenReader {
  readonly country: Country
}

/** Reads a rate as a tariff prints it. Never throws: what is not understood to its last character is `unparsed`.
 * @param text one cell of one column; how its white space runs does not matter.
 * @param country whose tariff prints it: `$` and `¢` are dollars of that country. */
export function parseDutyRate(text: string, country: Country): DutyRate {
  const printed = collapse(text)
  if (printed === '') return { kind: 'none' }
  if (printed.length > TEXT_CHARACTERS_MAX) return { kind: 'unparsed', text: printed }
  const reader: RateReader = { text: printed, tokens: tokenize(printed), at: 0, depth: 0, country }
  return readCases(reader) ?? { kind: 'unparsed', text: printed }
}

function collapse(text: string): string {
  return text
    .split(/\s/u)
    .filter((piece) => piece !== '')
    .join(' ')
}

function readCases(reader: RateReader): DutyRate | null {
  const cases: { condition: string | null; rate: DutyRate }[] = []
  while (peek(reader) !== null) {
    const before = readCondition(reader)
    // A season holds its own conditions inside it, and which one counts is a matter of the day of import: not read.
    if (before?.startsWith('毎年')) return null
    const rate = readAlternatives(reader)
    if (!rate) return null
    const after = readProgrammes(reader) ?? (rate.kind === 'free' ? readQualifier(reader) : null)
    if (before !== null && after !== null) return null
    cases.push({ condition: before ?? after, rate })
    if (reader.at === reader.tokens.length - 1) take(reader, 'stop')
  }
  const [only] = cases
  if (cases.length === 1 && only?.condition === null) return only.rate
  const isConditional = (each: (typeof cases)[number]): each is RateCase => each.condition !== null
  return cases.every(isConditional) ? { kind: 'by-case', of: cases } : null
}

function readCondition(reader: RateReader): string | null {
  const first = take(reader, 'words')
  if (!first) return null
  let last = first
  for (let token = take(reader, 'words'); token; token = take(reader, 'words')) last = token
  return reader.text.slice(first.start, last.end)
}

function readProgrammes(reader: RateReader): string | null {
  const token = take(reader, 'programmes', 'remark')
  if (!token) return null
  const inside = token.text.slice(1, -1)
  return token.kind === 'remark' ? inside : (inside.match(/[^ ,]+/g) ?? []).join(', ')
}

function readAlternatives(reader: RateReader): DutyRate | null {
  const marks: string[] = []
  for (let mark = take(reader, 'mark'); mark; mark = take(reader, 'mark')) marks.push(mark.text)

  const first = readSum(reader)
  if (!first) return null
  let chain = [first]
  const chains = [chain]
  for (let joint = take(reader, 'or', 'range'); joint; joint = take(reader, 'or', 'range')) {
    const sum = readSum(reader)
    if (!sum) return null
    const whichever = joint.kind === 'or' ? take(reader, 'whichever-greater', 'whichever-less') : null
    if (whichever)
      chain.push({ kind: whichever.kind === 'whichever-greater' ? 'greater-of' : 'less-of', of: [chain.pop()!, sum] })
    else if (joint.kind === 'range') chain.push(sum)
    else chains.push((chain = [sum]))
  }

  const rates: DutyRate[] = []
  for (const [from, to, ...more] of chains) {
    if (!from || more.length > 0) return null
    rates.push(to ? { kind: 'range', from, to } : from)
  }
  const rate = readLimit(reader, rates.length === 1 ? rates[0]! : { kind: 'one-of', of: rates })
  for (let note = take(reader, 'note'); note; note = take(reader, 'note')) marks.push(note.text)
  return rate && marks.length > 0 ? { ...rate, marks: [...marks, ...(rate.marks ?? [])] } : rate
}

/** "But if the rate is below 67 yen/l, 67 yen/l": a floor; above, a ceiling. Any other pair of figures is not one. */
function readLimit(reader: RateReader, rate: DutyRate): DutyRate | null {
  if (!take(reader, 'if-the-rate')) return rate
  const from = reader.at
  if (!readTerm(reader)) return null
  const to = reader.at
  const side = take(reader, 'is-below', 'is-above')
  if (!side) return null
  const limitFrom = reader.at
  const limit = readTerm(reader)
  if (!limit || printed(reader, from, to) !== printed(reader, limitFrom, reader.at)) return null
  take(reader, 'end-if')
  return { kind: side.kind === 'is-below' ? 'greater-of' : 'less-of', of: [rate, limit] }
}

/** From left to right: Canada's 0709.40.11 prints "3.75 ¢/kg but not less than 12.5 % plus 4 %", and 0709.40.12 beside it the same
 * without the 4 %, so the 4 % comes on top of the whole. */
function readSum(reader: RateReader): DutyRate | null {
  let rate = readTerm(reader)
  let parts: DutyRate[] | null = null
  for (;;) {
    const sign = take(reader, 'plus', 'minus', 'but-not-less', 'but-not-more')
    if (!sign || !rate) return rate
    take(reader, 'filler')
    const term = readTerm(reader)
    if (!term) return null
    if (sign.kind === 'plus') {
      if (parts) {
        parts.push(term)
      } else {
        parts = [rate, term]
        rate = { kind: 'sum', of: parts }
      }
      continue
    }
    parts = null
    if (sign.kind === 'minus') rate = { kind: 'difference', from: rate, less: term }
    else rate = { kind: sign.kind === 'but-not-less' ? 'greater-of' : 'less-of', of: [rate, term] }
  }
}

function readTerm(reader: RateReader): DutyRate | null {
  const gatePrice = readGatePrice(reader)
  if (gatePrice) return gatePrice
  const token = reader.tokens[reader.at++]
  switch (token?.kind) {
    case 'open':
      return readBracketed(reader)
    case 'mark': {
      const rate = readTerm(reader)
      return rate && { ...rate, marks: [token.text, ...(rate.marks ?? [])] }
    }
    case 'reference':
    case 'note':
      return { kind: 'reference', text: withoutStop(token.text) }
    case 'free':
      return { kind: 'free' }
    case 'none':
      return { kind: 'none', text: token.text }
    case 'number':
      return take(reader, 'percent') ? readPercentage(reader, token) : readAmount(reader, token, take(reader, 'money'))
    case 'money': {
      const number = token.folded === '$' ? take(reader, 'number') : null
      return number && readAmount(reader, number, token)
    }
    case 'per-before':
      return readAmountAfterUnit(reader, token)
    default:
      return null
  }
}

function readBracketed(reader: RateReader): DutyRate | null {
  if (reader.depth >= DEPTH_MAX) return null
  reader.depth++
  const part = take(reader, 'part-of-goods')
  const inside = readAlternatives(reader)
  reader.depth--
  if (!inside || !take(reader, 'close')) return null
  return part
    ? { kind: 'by-case', of: [{ condition: part.text, rate: inside }], bracketed: true }
    : { ...inside, bracketed: true }
}

function readPercentage(reader: RateReader, number: Token): DutyRate {
  const basis = readQualifier(reader)
  return { kind: 'ad-valorem', fraction: numberOf(number, -2), ...(basis === null ? {} : { basis }) }
}

/** Money without a unit is a text that was cut short. */
function readAmount(reader: RateReader, number: Token, money: Token | null): DutyRate | null {
  const per = take(reader, 'per')
  const rate = per && money && specific(reader, number, money, per)
  if (!rate) return null
  const basis = readQualifier(reader)
  return basis === null ? rate : { ...rate, basis }
}

/** "Per kg, 32.81 yen, and 3.31 yen more for each 1 % of lactose over 10 %". */
function readAmountAfterUnit(reader: RateReader, per: Token): DutyRate | null {
  const rate = readYen(reader, per)
  const eachPercent = take(reader, 'each-percent')
  if (!rate || !eachPercent) return rate
  const more = readYen(reader, per)
  if (!more || !take(reader, 'each-percent-end')) return null
  return { kind: 'sum', of: [rate, { ...more, basis: eachPercent.text.slice('に'.length) }] }
}

function readYen(reader: RateReader, per: Token): SpecificRate | null {
  const number = take(reader, 'number')
  const money = take(reader, 'money')
  return number && money && specific(reader, number, money, per)
}

function specific(reader: RateReader, number: Token, money: Token, per: Token): SpecificRate | null {
  const count = unitOf(per)
  const currency = currencyOf(money, reader.country)
  if (!count || !currency) return null
  return { kind: 'specific', amount: numberOf(number, currency.places), currency: currency.currency, ...count }
}

/** Where the words about a figure end. */
const QUALIFIER_ENDS: ReadonlySet<TokenKind> = new Set([
  'plus',
  'but-not-less',
  'but-not-more',
  'whichever-greater',
  'whichever-less',
  'programmes',
])
const QUALIFIER_STARTS: ReadonlySet<string> = new Set(['on', 'upon', 'of', 'over', 'for'])

/** "On the case", ", under bond": what a figure counts or when it holds, in the publisher's words. Words of any other kind
 * belong to the next case. */
function readQualifier(reader: RateReader): string | null {
  const comma = take(reader, 'comma')
  const first = reader.tokens[reader.at]
  if (first?.kind !== 'words' || !(comma || QUALIFIER_STARTS.has(first.folded))) {
    if (comma) reader.at--
    return null
  }
  const from = reader.at
  while (reader.at < reader.tokens.length && !QUALIFIER_ENDS.has(peek(reader)!)) reader.at++
  return withoutStop(printed(reader, from, reader.at))
}

/** The text of the tokens from one place up to another. */
function printed(reader: RateReader, from: number, to: number): string {
  return reader.text.slice(reader.tokens[from]?.start, reader.tokens[to - 1]?.end)
}

function withoutStop(text: string): string {
  return text.endsWith('.') ? text.slice(0, -1) : text
}
