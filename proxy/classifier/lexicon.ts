/**
 * The lexicon: our own words for every chapter, heading and subheading of the HS 2022, one file per chapter, reviewed like code.
 * It is the only training text of the classifier and the source of every label to six digits.
 *
 *     6109 | T-shirts, singlets and vests, knitted | 针织T恤衫、汗衫及背心 | T-shirts et maillots de corps en maille
 *
 *     610910 | Cotton T-shirts and singlets, knitted | 棉制针织T恤衫及背心 | T-shirts et maillots de corps en coton, en maille
 *       t-shirt; cotton t-shirt; men's 100% cotton crew neck tee;
 *       plain white tee
 *       zh: T恤; 纯棉短袖T恤
 *       fr: t-shirt en coton
 *
 * A line that begins with digits is a code with its label in English, Chinese and French; codes stand in order. Indented lines
 * under a subheading are its terms, separated by `;`: what people write in a product cell. They are English where no other
 * language stands before them.
 */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { LANGUAGES, type Language } from '../../shared/language.ts'

export interface Lexicon {
  /** Label of a chapter, heading or subheading; of a longer national code the label of its subheading. Null for an unknown code. */
  label(code: string, language: Language): string | null
  /** All codes of 2, 4 and 6 digits in order: a heading stands before its subheadings. */
  codes(): readonly string[]
  /** Everyday terms of a subheading, in the file's order; empty for a chapter or a heading.
   * @throws {LexiconError} where a term stands twice, holds a `|` or is in another script than its language, or the language is none: they are read only here. */
  terms(code: string): readonly Term[]
  /** SHA-256 of all files in order, as 64 hex digits. Line ends do not count. */
  hash(): string
}

export interface Term {
  text: string
  language: Language
}

/** A line of the lexicon cannot be read. */
export class LexiconError extends Error {
  override readonly name = 'LexiconError'
  readonly code = 'lexicon-broken'
  readonly file: string
  /** From 1; 0 when it is about the file as a whole. */
  readonly line: number

  constructor(file: string, line: number, problem: string) {
    super(line === 0 ? `${file}: ${problem}` : `${file}:${line}: ${problem}`)
    this.file = file
    this.line = line
  }
}

interface Entry {
  /** In the order of LANGUAGES. */
  labels: readonly string[]
  file: string
  /** Lines of terms as they stand in the file, with their numbers. Split only when asked for: a proxy never does. */
  termLines: [line: number, text: string][]
}

const TERM_LINE = /^ {2}(?:(?<language>zh|fr): )?(?<terms>.*)$/u
// Read as English, what stands behind it would be learned as such.
const LOST_MARK = /^\s*\p{L}{2}\s*[:：]/u
const HAN = /\p{Script=Han}/u
const CHAPTER_FILE = /^\d{2}\.txt$/u
const CODE = /^(?:\d{2}|\d{4}|\d{6})$/u
// Control characters, joiners and direction marks would be invisible in a review.
// oxlint-disable-next-line no-control-regex -- finding them is the point
const UNPRINTABLE = /[^\n\P{Cc}]|[\p{Cf}\uFFFD]/u

/**
 * Reads every `NN.txt` of a folder; other files are left alone.
 * @throws {LexiconError} at the first line that does not keep the format.
 */
export function loadLexicon(folder: string): Lexicon {
  const files = readdirSync(folder).filter((name) => CHAPTER_FILE.test(name))
  if (files.length === 0) throw new LexiconError(folder, 0, 'no chapter is here')
  return readLexicon(files.sort().map((file) => [file, readFileSync(join(folder, file), 'utf8')]))
}

/** @param files name and text of each chapter, in order. */
export function readLexicon(files: readonly (readonly [file: string, text: string])[]): Lexicon {
  const entries = new Map<string, Entry>()
  const sum = createHash('sha256')
  for (const [file, raw] of files) {
    const text = raw.replaceAll('\r\n', '\n')
    sum.update(`${file}\n`).update(text)
    readChapter(file, text, entries)
  }
  const codes = [...entries.keys()]
  const hash = sum.digest('hex')
  return {
    label: (code, language) => entries.get(code.slice(0, 6))?.labels[LANGUAGES.indexOf(language)] ?? null,
    codes: () => codes,
    terms: (code) => termsOf(code, entries.get(code)),
    hash: () => hash,
  }
}

function readChapter(file: string, text: string, entries: Map<string, Entry>): void {
  const hidden = UNPRINTABLE.exec(text)
  if (hidden) throw new LexiconError(file, lineAt(text, hidden.index), 'an unprintable character')
  let last = ''
  for (const [at, line] of text.split('\n').entries()) {
    const fail = (problem: string): never => {
      throw new LexiconError(file, at + 1, problem)
    }
    if (line === '') continue
    if (line.startsWith('  ')) {
      if (last.length !== 6) fail('terms stand under a subheading only')
      entries.get(last)!.termLines.push([at + 1, line])
      continue
    }
    const [code, ...labels] = line.split('|').map((field) => field.trim()) as [string, ...string[]]
    if (!CODE.test(code)) fail('neither a code of 2, 4 or 6 digits nor an indented line of terms')
    if (!file.startsWith(code.slice(0, 2))) fail(`${code} is not of this chapter`)
    if (code <= last) fail(`${code} stands after ${last}`)
    if (code.length > 2 && !entries.has(code.slice(0, -2))) fail(`${code} has no ${code.slice(0, -2)} above it`)
    if (labels.length !== LANGUAGES.length || labels.includes('')) fail('a code needs a label in each language')
    last = code
    entries.set(code, { labels, file, termLines: [] })
  }
  if (last === '') throw new LexiconError(file, 0, 'no code in it')
}

function termsOf(code: string, entry: Entry | undefined): Term[] {
  const terms = new Map<string, Term>()
  for (const [line, text] of entry?.termLines ?? []) {
    const fail = (problem: string): never => {
      throw new LexiconError(entry!.file, line, problem)
    }
    if (text.includes('|')) fail('"|" in a term')
    const groups = TERM_LINE.exec(text)!.groups!
    const language = (groups['language'] ?? 'en') as Language
    if (LOST_MARK.test(groups['terms']!)) fail('a language that is not "zh: " or "fr: "')
    for (const term of groups['terms']!.split(';').map((part) => part.trim())) {
      if (term === '') continue
      if (terms.has(term.toLowerCase())) fail(`"${term}" stands twice under ${code}`)
      if (HAN.test(term) !== (language === 'zh')) fail(`"${term}" is not ${language}`)
      terms.set(term.toLowerCase(), { text: term, language })
    }
  }
  return [...terms.values()]
}

function lineAt(text: string, position: number): number {
  return text.slice(0, position).split('\n').length
}
