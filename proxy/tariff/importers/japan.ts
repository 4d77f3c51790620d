import * as z from 'zod/mini'

import { arrangeLines, collapse, type DraftLine } from '../arrange-lines.ts'
import type { PackTreatment, TariffPack } from '../pack.ts'
import { checkCoverage, WHOLE_TARIFF } from './check-codes.ts'
import { fingerprint, jsonOf, TariffImportError, type Publication, type SourceFile } from './source-file.ts'

/** Treatment → the column's name in the schedule, in its order. */
const COLUMNS = {
  BASE: '基本',
  TEMP: '暫定',
  WTO: 'WTO協定',
  GSP: '特恵',
  LDC: '特別特恵',
  'EPA-SG': 'EPA_シンガポール',
  'EPA-MX': 'EPA_メキシコ',
  'EPA-MY': 'EPA_マレーシア',
  'EPA-CL': 'EPA_チリ',
  'EPA-TH': 'EPA_タイ',
  'EPA-ID': 'EPA_インドネシア',
  'EPA-BN': 'EPA_ブルネイ',
  'EPA-ASEAN': 'EPA_アセアン',
  'EPA-PH': 'EPA_フィリピン',
  'EPA-CH': 'EPA_スイス',
  'EPA-VN': 'EPA_ベトナム',
  'EPA-IN': 'EPA_インド',
  'EPA-PE': 'EPA_ペルー',
  'EPA-AU': 'EPA_豪州',
  'EPA-MN': 'EPA_モンゴル',
  'EPA-CPTPP': 'EPA_CPTPP',
  'EPA-EU': 'EPA_欧州連合',
  'EPA-UK': 'EPA_英国',
  'EPA-RCEP-ASEAN': 'EPA_RCEP_アセアン豪州NZ',
  'EPA-RCEP-CN': 'EPA_RCEP_中国',
  'EPA-RCEP-KR': 'EPA_RCEP_韓国',
  'EPA-US': 'EPA_日米貿易協定',
} as const

const HEADINGS: readonly string[] = Object.values(COLUMNS)

const NOTES = [
  'The schedule prints rates on groupings that have no code of their own; they are brought down to the 9-digit lines below them.',
  'A WTO rate in brackets is not below the rate otherwise applied.',
  'A code whose rate depends on the season of import carries both rates, each after its season, as the schedule does inside a column.',
  'The notation of the schedule (marks, quota conditions, ranges over several goods) is kept: such a text is no single rate.',
]

interface Node {
  stat_code: string
  hs_code: string
  desc: string
  rate: Record<string, string>
  unit: Record<string, string>
  children: Node[]
}

const nodeSchema: z.ZodMiniType<Node> = z.object({
  stat_code: z.string(),
  hs_code: z.string(),
  desc: z.string(),
  rate: z.record(z.string(), z.string()),
  unit: z.record(z.string(), z.string()),
  children: z.array(z.lazy(() => nodeSchema)),
})
const chapterSchema = z.array(nodeSchema)

/** A node of the schedule with what it inherits. */
interface Line extends DraftLine {
  /** The node's own words: they tell apart two nodes with one code. */
  condition: string
}

/** Reads the Japanese statistical schedule from its chapters as JSON trees, one file each (`j_01_tariff_data.json` …).
 * Codes are 9 digits, a subheading (stat_code) and three of Japan's own (hs_code).
 * @throws {TariffImportError} when a file is not such a chapter, or chapters are missing. */
export function importJapan(
  chapters: readonly SourceFile[],
  publication: Publication,
  coverage = WHOLE_TARIFF,
): TariffPack {
  const sorted = chapters.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const lines = sorted.flatMap((file) => readChapter(file))
  checkCoverage(
    lines.map((line) => line.code),
    coverage,
  )
  const treatments = Object.entries(COLUMNS).map(([id, column]): PackTreatment => ({ id, column }))
  const about = {
    country: 'JP',
    ...publication,
    source: 'Japan Customs, statistical schedule for import',
    sourceFiles: fingerprint(sorted, '*_tariff_data.json'),
    notes: [...NOTES, ...(publication.notes ?? [])],
  }
  return { about, treatments, lines: arrangeLines(mergeRepeated(lines), 9) }
}

function readChapter(file: SourceFile): Line[] {
  const parsed = chapterSchema.safeParse(jsonOf(file))
  if (!parsed.success) {
    const where = parsed.error.issues[0]?.path.join('.') || 'the top'
    throw new TariffImportError(
      'source-columns',
      `${file.name} is not a chapter of the Japanese tariff: it fails at ${where}.`,
    )
  }
  const lines: Line[] = []
  for (const node of parsed.data) collect(node, [], [], lines)
  return lines
}

/** @param above all ancestors, the nearest last. @param groups those since the last line: they have no line of their own. */
function collect(node: Node, above: readonly Node[], groups: readonly Node[], lines: Line[]): void {
  checkNode(node)
  const code = codeOf(node)
  // Section titles have no code. A grouping repeats the code of the subheading it divides: only the first such node is a line.
  const isLine = code !== '' && (node.hs_code !== '' || lines.at(-1)?.code.startsWith(code) !== true)
  if (isLine) lines.push(lineOf(node, code, above, groups))
  const groupsBelow = isLine ? [] : [...groups, node]
  for (const child of node.children) collect(child, [...above, node], groupsBelow, lines)
}

function lineOf(node: Node, code: string, above: readonly Node[], groups: readonly Node[]): Line {
  // 9620 hangs below 9619 in the files: what stands above speaks only for codes that begin with its own.
  const speaking = [node, ...above.toReversed()].filter((part) => code.startsWith(codeOf(part)))
  const printed = (heading: string) =>
    speaking.map((part) => collapse(part.rate[heading] ?? '')).find((text) => text !== '') ?? ''
  const units = ['I', 'II'].map((column) => collapse(node.unit[column] ?? '')).filter((unit) => unit !== '')
  const text = collapse([...groups, node].map((part) => part.desc).join(' '))
  return {
    code,
    units,
    rates: HEADINGS.map((heading) => (node.hs_code === '' ? '' : printed(heading))),
    text: text || null,
    condition: withoutNumbering(node.desc),
  }
}

/**
 * Eight codes are printed twice, once for each season of import. Their line takes both: a treatment with one rate all year has its
 * text, one with two has each after its season, the way the schedule writes it inside a column.
 * A subheading printed twice is one line.
 */
function mergeRepeated(lines: readonly Line[]): DraftLine[] {
  const byCode = new Map<string, Line[]>()
  for (const line of lines) byCode.set(line.code, [...(byCode.get(line.code) ?? []), line])
  return [...byCode.values()].flatMap((same) => {
    const [first] = same
    if (!first) return []
    const rates = first.rates.map((text, column) =>
      same.every((line) => line.rates[column] === text)
        ? text
        : same
            .filter((line) => line.rates[column] !== '')
            .map((line) => `${line.condition} ${line.rates[column]}`)
            .join(' '),
    )
    return [{ code: first.code, units: first.units, rates, text: first.text }]
  })
}

function withoutNumbering(text: string): string {
  return collapse(text).replace(/^(?:\(\d+\)|\d+ |[−-])\s*/u, '')
}

function codeOf(node: Node): string {
  return node.stat_code.replaceAll('.', '') + node.hs_code
}

function checkNode(node: Node): void {
  const unknown = Object.keys(node.rate).find((heading) => !HEADINGS.includes(heading))
  if (unknown !== undefined) {
    throw new TariffImportError(
      'source-columns',
      `The Japanese tariff has a column this version does not know: ${unknown}.`,
    )
  }
  const code = codeOf(node)
  if (!/^(?:|\d{4}|\d{6}|\d{9})$/u.test(code) || (code.length === 9) !== (node.hs_code !== '')) {
    throw new TariffImportError(
      'source-code',
      `"${node.stat_code} ${node.hs_code}" is not a code of the Japanese schedule.`,
    )
  }
}
