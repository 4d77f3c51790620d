/** Columns that a run fills: those of an earlier run where they are found by name, else the first free ones beside the region. */
import type { CellValue } from '../../tariff-code.ts'
import { foldName } from './pick-columns.ts'

export const OUTPUTS = ['code', 'label', 'confidence', 'agreement', 'mfn', 'best', 'review'] as const
export type Output = (typeof OUTPUTS)[number]

/** null: not wanted. */
export type OutputColumns = Record<Output, number | null>

export const NO_OUTPUTS: OutputColumns = {
  code: null,
  label: null,
  confidence: null,
  agreement: null,
  mfn: null,
  best: null,
  review: null,
}

/** Written at the top of a new column, and known again in every language. */
export const OUTPUT_HEADERS: Record<'en' | 'zh' | 'fr', Record<Output, string>> = {
  en: {
    code: 'HS code',
    label: 'HS label',
    confidence: 'Confidence',
    agreement: 'Digits agreed',
    mfn: 'MFN rate',
    best: 'Best preference',
    review: 'Needs review',
  },
  zh: {
    code: 'HS 编码',
    label: 'HS 名称',
    confidence: '置信度',
    agreement: '一致位数',
    mfn: '最惠国税率',
    best: '最优优惠税率',
    review: '待复核',
  },
  fr: {
    code: 'Code SH',
    label: 'Libellé SH',
    confidence: 'Confiance',
    agreement: 'Chiffres concordants',
    mfn: 'Taux NPF',
    best: 'Meilleure préférence',
    review: 'À réviser',
  },
}

const BY_NAME = new Map<string, Output>(
  Object.values(OUTPUT_HEADERS).flatMap((headers) =>
    OUTPUTS.map((output) => [foldName(headers[output]), output] as const),
  ),
)

export interface Beside {
  /** Column that `headers` begins with. */
  firstColumn: number
  headers: readonly string[]
  /** Some rows right of the region, from its next column on; a column with anything in it is not free. */
  right: readonly (readonly CellValue[])[]
}

/** @param wanted in the order in which they stand beside each other. */
export function placeOutputs({ firstColumn, headers, right }: Beside, wanted: readonly Output[]): OutputColumns {
  const columns = { ...NO_OUTPUTS }
  const taken = new Set<number>()
  headers.forEach((header, at) => {
    const output = BY_NAME.get(foldName(header))
    if (output === undefined || columns[output] !== null || !wanted.includes(output)) return
    columns[output] = firstColumn + at
    taken.add(firstColumn + at)
  })
  const isUsed = (at: number): boolean => right.some((row) => (row[at] ?? '') !== '')
  let at = 0
  for (const output of wanted) {
    if (columns[output] !== null) continue
    while (isUsed(at) || taken.has(firstColumn + headers.length + at)) at++
    columns[output] = firstColumn + headers.length + at
    at++
  }
  return columns
}
