/**
 * Step one of reading a rate text: the notations of four tariffs as one row of tokens.
 *
 * Between blanks (or plus signs) a piece of text is either lexemes of the table below to its last character, or words: the
 * schedules put a blank between a rate and the words about it, and no lexeme is ever picked out of the middle of a word.
 */
import { UNIT_NAME_PATTERN } from './duty-unit.ts'

export type TokenKind =
  | 'number'
  | 'percent'
  | 'money' // ¢ $ 円
  | 'per' // /kg, each
  | 'per-before' // 1kgにつき: the unit stands in front of the amount
  | 'each-percent' // so much more for each 1 % of something
  | 'each-percent-end'
  | 'plus'
  | 'minus'
  | 'times'
  | 'divide'
  | 'open'
  | 'close'
  | 'range'
  | 'or'
  | 'whichever-greater'
  | 'whichever-less'
  | 'but-not-less'
  | 'but-not-more'
  | 'if-the-rate' // if the rate is below (above) this, then that: a floor or a ceiling
  | 'is-below'
  | 'is-above'
  | 'end-if'
  | 'customs-value'
  | 'free'
  | 'none'
  | 'part-of-goods'
  | 'mark'
  | 'note' // ◆2
  | 'reference'
  | 'programmes' // (A,AU,JP)
  | 'remark' // (See U.S. note 4 of this subchapter)
  | 'comma'
  | 'stop'
  | 'filler'
  | 'words'

export interface Token {
  kind: TokenKind
  /** As printed, white space collapsed. */
  text: string
  /** The same with full-width signs made plain. */
  folded: string
  start: number
  end: number
}

/** In order: the first that fits at a place is taken. */
const LEXEMES: readonly (readonly [TokenKind, RegExp])[] = [
  // A reference runs on to a plus or minus sign, a list of programmes or the end; nothing is read inside it.
  [
    'reference',
    /(?:See|The (?:duty|rate)|A duty|No additional duty|No [Cc]hange)(?![A-Za-z])(?:(?! (?:plus|minus) |\([A-Z]{1,2}[*+]?(?: ?, ?[A-Z]{1,2}[*+]?)*,?\))[^+])*/y,
  ],
  // Duties up to a standard import price that stands in another table.
  ['reference', /1(?:キログラム|頭)につき、?[^ ]*基準輸入価格[^ ]*との差額/y],
  ['programmes', /\([A-Z]{1,2}[*+]?(?: ?, ?[A-Z]{1,2}[*+]?)*,?\)/y],
  ['remark', /\([Ss]ee [^()]*\)/y],
  ['filler', /a duty of(?= \d)/y],
  ['if-the-rate', /\(?ただしその税率が/y],
  ['end-if', /とする\)?/y],
  ['is-below', /を下回る場合は/y],
  ['is-above', /を上回る場合は/y],
  ['whichever-greater', /のうちいずれか高い税率|, ?whichever is the (?:greater|higher)/y],
  ['whichever-less', /のうちいずれか低い税率|, ?whichever is the (?:less|lower)/y],
  // One text of the United States leaves out "than".
  ['but-not-less', /but not less (?:than )?/y],
  ['but-not-more', /(?:but not|or) more than /y],
  ['plus', /\+|plus(?= )/y],
  ['minus', /-|(?:less|minus)(?= )/y],
  ['times', /×/y],
  ['range', /~/y],
  ['or', /又は|、|or(?= )/y],
  ['customs-value', /課税価格|the value for customs duty/y],
  ['free', /[Ff]ree(?![A-Za-z])|無税|免税/y],
  ['none', /N\/A|非譲許|无/y],
  ['part-of-goods', /一部/y],
  ['mark', /[◎●※]|\*+/y],
  ['note', /◆\d+/y],
  ['each-percent', /に重量比による[^\d ]*[\d.]+%を超える1%ごとに/y],
  ['each-percent-end', /を加えた額/y],
  ['per-before', /(?:(?:当該)?原産品に含まれる砂糖の重量)?1(?:kg|キログラム)につき、?/y],
  ['per', new RegExp(`/ ?(?:\\d[\\d,]* ?)?(?:${UNIT_NAME_PATTERN})|each(?![A-Za-z])`, 'y')],
  ['divide', /\//y],
  // 33 1/3, then 1,268.73 and 170万, then .99. In "8.", a number cut short, the stop is left over. No figure is longer than what
  // a number holds.
  [
    'number',
    /\d{1,3} \d{1,3}\/[1-9]\d{0,2}(?=%)|\d{1,3}(?:,\d{3}){1,4}(?![\d,])(?:\.\d{1,10})?(?!\d)万?|\d{0,15}\.\d{1,15}(?!\d)万?|\d{1,15}(?!\d)万?/y,
  ],
  ['percent', /%|percent(?![A-Za-z])/y],
  ['money', /[¢$円]|yen(?![A-Za-z])/y],
  ['open', /\(/y],
  ['close', /\)/y],
  ['comma', /,/y],
  ['stop', /\./y],
]

/** Whole in themselves whatever follows: "¢/m2of recording surface", "(A,AU)2.7%". So is any lexeme with a blank in it. */
const ENDS_PIECE: ReadonlySet<TokenKind> = new Set(['words', 'plus', 'per', 'programmes', 'reference'])

const WORD = /[^\s+]+/y

/** Cuts a text into tokens.
 * @param text white space collapsed and trimmed; short, because a piece may be read twice. */
export function tokenize(text: string): Token[] {
  const folded = fold(text)
  const tokens: Token[] = []
  let at = 0
  // Where the piece being read began: a piece that turns out to be words takes its lexemes back.
  let piece = { start: 0, tokenCount: 0 }
  while (at < folded.length) {
    if (folded[at] === ' ') {
      at++
      piece = { start: at, tokenCount: tokens.length }
      continue
    }
    let token = lexemeAt(text, folded, at)
    if (!token) {
      tokens.length = piece.tokenCount
      WORD.lastIndex = piece.start
      token = cut('words', text, folded, piece.start, WORD.exec(folded)?.[0].length ?? 1)
    }
    tokens.push(token)
    at = token.end
    if (ENDS_PIECE.has(token.kind) || token.folded.includes(' ')) piece = { start: at, tokenCount: tokens.length }
  }
  return tokens
}

function lexemeAt(text: string, folded: string, at: number): Token | null {
  for (const [kind, pattern] of LEXEMES) {
    pattern.lastIndex = at
    const match = pattern.exec(folded)
    if (match) return cut(kind, text, folded, at, match[0].length)
  }
  return null
}

function cut(kind: TokenKind, text: string, folded: string, start: number, length: number): Token {
  const whole = folded.slice(start, start + length).trimEnd()
  return { kind, text: text.slice(start, start + whole.length), folded: whole, start, end: start + whole.length }
}

/** Full-width and look-alike signs made plain, one for one, so that positions stay those of the printed text. */
function fold(text: string): string {
  return text.replaceAll(/[！-～−–―〜～￠￥　]/g, (sign) => {
    if (sign === '−' || sign === '–' || sign === '―') return '-'
    if (sign === '〜' || sign === '～') return '~'
    if (sign === '￠') return '¢'
    if (sign === '￥') return '円'
    if (sign === '　') return ' '
    return String.fromCodePoint(sign.codePointAt(0)! - 0xfee0)
  })
}

/** A row of tokens and how far it is read. Readers return null where the tokens do not fit. */
export interface TokenReader {
  readonly text: string
  readonly tokens: readonly Token[]
  at: number
  /** Brackets open around `at`. */
  depth: number
}

/** Reads the next token if it is one of these. */
export function take(reader: TokenReader, ...kinds: readonly TokenKind[]): Token | null {
  const token = reader.tokens[reader.at]
  if (!token || !kinds.includes(token.kind)) return null
  reader.at++
  return token
}

/** The kind of the next token, which stays unread; null at the end. */
export function peek(reader: TokenReader): TokenKind | null {
  return reader.tokens[reader.at]?.kind ?? null
}
