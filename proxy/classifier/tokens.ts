/**
 * Text → tokens: the words of a description with what each is doing there. Training and scoring read text through here alone,
 * so that a word means the same in both.
 */
import { stemOf } from './stem.ts'
import { MATERIAL_WORDS } from './words/material-words.ts'
import {
  COLOUR_WORDS,
  COLOURS_THAT_ARE_GOODS,
  CONTAINER_WORDS,
  FOR_WORDS,
  MANNER_WORDS,
  OF_WORDS,
  PRAISE_WORDS,
  SIZE_WORDS,
  STOP_WORDS,
  UNIT_WORDS,
  WITH_WORDS,
  WITHOUT_WORDS,
} from './words/noise-words.ts'

export type TokenKind =
  /** May name the goods. */
  | 'word'
  /** A material: names the goods only where nothing else does. */
  | 'material'
  /** Colour, size, manner, person: never names the goods. */
  | 'weak'
  /** Purity, alloy or model: 14k, 925, ss304, usb3. */
  | 'grade'
  /** Unit after a number. */
  | 'unit'
  /** A run of Chinese, Japanese or Korean characters. */
  | 'han'

/** What a token is to the goods: themselves, what they are for, what comes with them, what they are not. */
export type TokenRole = 'goods' | 'host' | 'with' | 'without'

export interface Token {
  kind: TokenKind
  role: TokenRole
  /** As it stands in the text. */
  text: string
  /** Lower case, without accents and apostrophes. */
  word: string
  stem: string
  /** Position in the text (in its NFC form), in UTF-16 units. */
  start: number
  /** Number of the segment: segments end at , ; : ( / for, with, without. */
  segment: number
  /** Next to the token before, with nothing but dropped words between them. */
  isAdjacent: boolean
}

const CJK = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}`
const LETTER = String.raw`(?:(?![${CJK}])[\p{L}\p{M}])`
// One letter belongs to the word it is tied to: t-shirt, T shirt, e-bike, x-ray.
const TIED = String.raw`(?<!\p{L})\p{L}-(?=\p{L}{2})|(?<!\p{L})(?:t (?=shirt)|v (?=neck)|x (?=ray)|e (?=bike|cig|liquid|scooter))`
const RUN = String.raw`(?:${TIED})?(?:${LETTER}|\p{N})+(?:(?<=\p{N})[.,]\p{N}+|['’´](?=\p{L})${LETTER}+)*`
// A single letter is part of the run: T恤, U盘.
const HAN = String.raw`(?:[${CJK}]|(?<![a-z])[a-z](?=[${CJK}]))+`
const PIECE = new RegExp(`(?<han>${HAN})|(?<run>${RUN})|(?<end>[,;:()\\[\\]{}|/、。!?]|[-–—](?=\\s))`, 'giu')

const WEAK_WORDS = [COLOUR_WORDS, COLOURS_THAT_ARE_GOODS, SIZE_WORDS, MANNER_WORDS]
const ASCII = /^[\x20-\x7E]*$/u
const FULL_WIDTH = /[\uFF01-\uFF5E\u3000]/gu
const MARKS = /[\u0300-\u036F]/gu
const JOINTS = /['’´\s-]/gu
const FRENCH_ELISION = /^(?:[ldjns]|qu)['’´](?=\p{L}{2})/iu
const NUMBER = /^\p{N}+(?:[.,]\p{N}+)*$/u
const NUMBER_UNIT = /^\p{N}+(?:[.,]\p{N}+)*(\p{L}+)$/u
const KARAT = /^(?:8|9|10|12|14|18|19|20|21|22|24)(?:k|kt|ct|carat|karat)$/u
const PURITY = new Set(['375', '417', '585', '750', '800', '835', '900', '916', '925', '950', '958', '999', '9999'])
const STEEL_GRADE = /^(?:ss|aisi|sus)\d{3}l?$/u
const WORD_IN_GRADE = /\p{L}{3,}/u
const DIGIT = /\p{N}/u

/** The text that all positions refer to: in canonical composition, full-width characters made narrow. */
export function canonicalText(text: string): string {
  if (ASCII.test(text)) return text
  return text
    .normalize('NFC')
    .replaceAll(FULL_WIDTH, (wide) => (wide === '\u3000' ? ' ' : String.fromCharCode(wide.charCodeAt(0) - 0xfee0)))
}

/** @param text in its canonical form. */
export function tokensOf(text: string): Token[] {
  const reader = new Reader()
  for (const match of text.matchAll(PIECE)) {
    const { han, run } = match.groups as { han?: string; run?: string }
    if (han !== undefined) reader.add('han', han, han.toLowerCase(), match.index)
    else if (run !== undefined) readRun(reader, run, match.index)
    else reader.endSegment('goods')
  }
  return reader.tokens
}

/** Lower case, without accents and apostrophes; Chinese stays as it is. */
export function foldedWord(word: string): string {
  const lower = word.toLowerCase()
  return (ASCII.test(lower) ? lower : lower.normalize('NFD').replaceAll(MARKS, '').normalize('NFC')).replaceAll(
    JOINTS,
    '',
  )
}

class Reader {
  readonly tokens: Token[] = []
  private role: TokenRole = 'goods'
  private segment = 0
  private isAdjacent = false
  /** Where the last number ended: a unit stands right there or one character on. */
  private numberEnd = -2

  add(kind: TokenKind, text: string, word: string, start: number): void {
    const stem = kind === 'han' ? word : stemOf(word)
    const { role, segment, isAdjacent } = this
    this.tokens.push({ kind, role, text, word, stem, start, segment, isAdjacent })
    this.isAdjacent = true
  }

  endSegment(role: TokenRole): void {
    this.role = role
    this.segment++
    this.isAdjacent = false
  }

  /** "box of chocolates" is chocolates, "shirt of cotton" is a shirt. */
  of(): void {
    const last = this.tokens.at(-1)
    if (!last || last.segment !== this.segment || !CONTAINER_WORDS.has(last.word)) return this.endSegment(this.role)
    last.kind = 'weak'
    this.isAdjacent = false
  }

  number(start: number, length: number): void {
    this.numberEnd = start + length
  }

  followsNumber(start: number): boolean {
    return start - this.numberEnd <= 1
  }
}

function readRun(reader: Reader, run: string, start: number): void {
  const word = foldedWord(run.replace(FRENCH_ELISION, ''))
  if (NUMBER.test(word)) return readNumber(reader, run, word, start)
  if (DIGIT.test(word)) return readGrade(reader, run, word, start)
  const last = reader.tokens.at(-1)
  if (FOR_WORDS.has(word) && last) return reader.endSegment('host')
  if (WITH_WORDS.has(word) && last) return reader.endSegment('with')
  if (WITHOUT_WORDS.has(word)) return reader.endSegment('without')
  if (OF_WORDS.has(word)) return reader.of()
  if (reader.followsNumber(start) && UNIT_WORDS.has(word)) return reader.add('unit', run, word, start)
  if (word === '' || STOP_WORDS.has(word) || PRAISE_WORDS.has(word)) return
  reader.add(kindOf(word), run, word, start)
}

function readNumber(reader: Reader, run: string, word: string, start: number): void {
  reader.number(start, run.length)
  if (PURITY.has(word)) reader.add('grade', run, word, start)
}

/** Letters and digits in one: a quantity, a purity, an alloy, or a model that may begin with a word. */
function readGrade(reader: Reader, run: string, word: string, start: number): void {
  const unit = NUMBER_UNIT.exec(word)?.[1]
  if (KARAT.test(word)) return reader.add('grade', run, 'karat', start)
  if (unit !== undefined && PRAISE_WORDS.has(unit)) return
  if (unit !== undefined && UNIT_WORDS.has(unit)) return reader.add('unit', run, unit, start)
  reader.add('grade', run, word, start)
  if (STEEL_GRADE.test(word)) {
    reader.add('material', run, 'stainless', start)
    reader.add('material', run, 'steel', start)
  }
  const [named] = WORD_IN_GRADE.exec(word) ?? []
  if (named !== undefined) reader.add(kindOf(named), run, named, start)
}

function kindOf(word: string): TokenKind {
  if (MATERIAL_WORDS.has(word)) return 'material'
  return WEAK_WORDS.some((words) => words.has(word)) ? 'weak' : 'word'
}
