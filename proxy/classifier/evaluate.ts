/**
 * How often the classifier agrees with codes others gave: `npx tsx proxy/classifier/evaluate.ts <file>…`.
 *
 * Reads a CSV of description and code with a header line, a JSON object of description to code, or lines of code and description as in
 * `development/*.txt`. Codes may be national: their
 * first 2, 4 and 6 digits are compared, and those that are no subheading of the lexicon are left out and counted. Agreement is
 * not accuracy: such lists hold codes that are old, shallow or wrong.
 */
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'

import { parse } from 'csv-parse/sync'

import { createClassifier, type ClassifiedDescription } from './classify.ts'
import { loadLexicon } from './lexicon.ts'
import { loadModel } from './model.ts'

interface Labelled {
  text: string
  /** Six digits of the lexicon. */
  code: string
}

interface Judged {
  answer: ClassifiedDescription
  code: string
  /** Chance given to the best subheading and to the best heading; 0 where there is none. */
  score: number
  headingScore: number
}

const BANDS = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]
const SCORES_MIN = [0.3, 0.5, 0.6, 0.7, 0.8]

function main(paths: readonly string[]): void {
  const lexicon = loadLexicon(fileURLToPath(new URL('./lexicon', import.meta.url)))
  const classifier = createClassifier(loadModel(fileURLToPath(new URL('./model/hs6.model', import.meta.url))), lexicon)
  for (const path of paths) {
    const rows = readRows(path)
    const known = rows.filter(({ code }) => code.length === 6 && lexicon.label(code, 'en') !== null)
    const judged = known.map(({ text, code }): Judged => {
      const answer = classifier.classify(text)
      return { answer, code, score: answer.candidates[0]?.score ?? 0, headingScore: answer.headings[0]?.score ?? 0 }
    })
    print(`\n${basename(path)}: ${judged.length} descriptions, ${rows.length - known.length} left out\n`)
    if (judged.length > 0) report(judged)
  }
}

function readRows(path: string): Labelled[] {
  const text = readFileSync(path, 'utf8')
  const pairs = pairsIn(text, path)
  return pairs.map(([description, code]) => ({ text: description ?? '', code: (code ?? '').trim().slice(0, 6) }))
}

function pairsIn(text: string, path: string): string[][] {
  if (path.endsWith('.json')) return Object.entries(JSON.parse(text) as Record<string, string>)
  if (path.endsWith('.txt')) {
    return [...text.matchAll(/^(\d+) (.+)$/gmu)].map(([, code, description]) => [description!, code!])
  }
  return parse(text, { from_line: 2, relax_column_count: true, skip_empty_lines: true, bom: true })
}

function report(judged: readonly Judged[]): void {
  print(`agreement  6 digits ${shareOf(judged, isRight)}  4 digits ${shareOf(judged, isHeadingRight)}`)
  print(
    `           2 digits ${shareOf(judged, ({ answer, code }) => candidate(answer, 0).startsWith(code.slice(0, 2)))}`,
  )
  print(`           top 3 ${shareOf(judged, among(3))}  top 10 ${shareOf(judged, among(10))}`)
  print(`vague      ${shareOf(judged, ({ answer }) => answer.vague !== null)}\n`)

  print('score      descriptions  6 digits   |  heading score  4 digits')
  for (const [at, from] of BANDS.entries()) {
    const to = BANDS[at + 1] ?? 1.01
    const band = judged.filter(({ score }) => score >= from && score < to)
    const headingBand = judged.filter(({ headingScore }) => headingScore >= from && headingScore < to)
    const name = `${from.toFixed(1)}–${Math.min(to, 1).toFixed(1)}`
    const own = `${String(band.length).padStart(8)}      ${shareOf(band, isRight)}`
    print(
      `${name.padEnd(11)}${own}    |  ${String(headingBand.length).padStart(8)}       ${shareOf(headingBand, isHeadingRight)}`,
    )
  }

  print('\nmin score  shown     right of those shown')
  for (const min of SCORES_MIN) {
    const shown = judged.filter(({ answer, score }) => answer.vague === null && score >= min)
    print(`${min.toFixed(1).padEnd(11)}${percent(shown.length, judged.length)}   ${shareOf(shown, isRight)}`)
  }
}

function candidate(answer: ClassifiedDescription, at: number): string {
  return answer.candidates[at]?.code ?? ''
}

function isRight({ answer, code }: Judged): boolean {
  return candidate(answer, 0) === code
}

function isHeadingRight({ answer, code }: Judged): boolean {
  return answer.headings[0]?.code === code.slice(0, 4)
}

function among(count: number): (judged: Judged) => boolean {
  return ({ answer, code }) => answer.candidates.slice(0, count).some((found) => found.code === code)
}

function shareOf(judged: readonly Judged[], test: (one: Judged) => boolean): string {
  return percent(judged.filter(test).length, judged.length)
}

function percent(part: number, whole: number): string {
  return `${whole === 0 ? '–' : ((100 * part) / whole).toFixed(1)} %`.padStart(7)
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

const paths = process.argv.slice(2)
if (paths.length === 0) {
  process.stderr.write('Usage: npx tsx proxy/classifier/evaluate.ts <file.csv | file.json>…\n')
  process.exitCode = 2
} else main(paths)
