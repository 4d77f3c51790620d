/**
 * Units that published duty rates count by: one table from the names the four tariffs print to one code.
 */
import type { Language, Localised } from './language.ts'

interface Unit {
  /** As tariffs print it after the stroke, a blank inside standing for any or none. */
  names: readonly string[]
  /** The unit it is a fixed multiple of, and the multiple. */
  multipleOf?: { unit: string; factor: number }
  /** What people read; the code itself where it needs no translation. */
  label?: Localised
}

const UNITS = {
  g: { names: ['g'], multipleOf: { unit: 'kg', factor: 0.001 } },
  kg: { names: ['kg', 'キログラム'] },
  t: { names: ['t', 'tonne', 'MT'], multipleOf: { unit: 'kg', factor: 1000 } },
  // Scoured wool: not the weight that is declared.
  'kg-clean': { names: ['clean kg'], label: { en: 'clean kg', zh: '净毛千克', fr: 'kg net de laine lavée' } },
  l: { names: ['l', 'litre', 'liter'] },
  hl: { names: ['hl'], multipleOf: { unit: 'l', factor: 100 } },
  kl: { names: ['kl'], multipleOf: { unit: 'l', factor: 1000 } },
  bbl: { names: ['bbl'] },
  'l-alcohol': {
    names: ['litre of absolute ethyl alcohol', 'litre of pure alcohol'],
    label: { en: 'l of pure alcohol', zh: '升纯酒精', fr: "l d'alcool pur" },
  },
  // Half of it is alcohol, but only the United States levy by it: kept as a unit of its own.
  'l-proof': { names: ['pf. liter'], label: { en: 'proof litre', zh: '标准酒度升', fr: 'litre de preuve' } },
  no: { names: ['each', 'article', '本'], label: { en: 'unit', zh: '件', fr: 'unité' } },
  pr: { names: ['pr.', '足'], label: { en: 'pair', zh: '双', fr: 'paire' } },
  doz: {
    names: ['doz.', 'dozen'],
    multipleOf: { unit: 'no', factor: 12 },
    label: { en: 'dozen', zh: '打', fr: 'douzaine' },
  },
  gross: {
    names: ['gross'],
    multipleOf: { unit: 'no', factor: 144 },
    label: { en: 'gross', zh: '罗', fr: 'grosse' },
  },
  // Buttons: 144 of them, for each line (1/40 inch) of diameter.
  'line-gross': { names: ['line/ gross'], label: { en: 'line per gross', zh: '每罗每莱尼', fr: 'ligne par grosse' } },
  head: { names: ['head', '頭'], label: { en: 'head', zh: '头', fr: 'tête' } },
  sheet: { names: ['枚'], label: { en: 'sheet', zh: '张', fr: 'feuille' } },
  pack: { names: ['pack'], label: { en: 'pack', zh: '包', fr: 'paquet' } },
  pin: { names: ['pins'], label: { en: 'pins', zh: '枚针', fr: 'épingles' } },
  jewel: { names: ['jewel'], label: { en: 'jewel', zh: '钻', fr: 'rubis' } },
  m: { names: ['m', 'lin. m'] },
  m2: { names: ['m2', 'm²', '㎡'] },
  m3: { names: ['m3', 'm³'] },
} as const satisfies Record<string, Unit>

export type UnitCode = keyof typeof UNITS

/** So many of a unit: the 1,000 pins of "10¢/1,000 pins". */
export interface UnitCount {
  per: number
  unit: UnitCode
}

const TABLE: Readonly<Record<UnitCode, Unit>> = UNITS
const CODES = Object.keys(UNITS) as UnitCode[]

/** "thou- sand" is how a line break inside the word reaches us. */
const THOUSAND = ['1,000', '1000', 'thousand', 'thou- sand']

const COUNT_OF_NAME = new Map<string, UnitCount>([
  ...CODES.flatMap((unit) => TABLE[unit].names.map((name) => [nameKey(name), { per: 1, unit }] as const)),
  ...THOUSAND.map((name) => [nameKey(name), { per: 1000, unit: 'no' }] as const),
])

/** Source of a regular expression for the names, the longest first, so that "litre of pure alcohol" is not read as "litre". */
export const UNIT_NAME_PATTERN: string = [...CODES.flatMap((unit) => TABLE[unit].names), ...THOUSAND]
  .sort((a, b) => b.length - a.length)
  .map((name) => {
    const pattern = name.replaceAll('.', '\\.').replaceAll(' ', ' ?')
    // "m2of recording surface" is a misprint of m2; "m2" is never m, and "kg" never the start of a word.
    return /\d$/.test(name) ? `${pattern}(?!\\d)` : `${pattern}(?![A-Za-z0-9])`
  })
  .join('|')

/** What a printed unit counts: "kg", "1,000本", "pf.liter".
 * @returns null for a name that is not in the table. */
export function countOfUnit(printed: string): UnitCount | null {
  const known = COUNT_OF_NAME.get(nameKey(printed))
  if (known) return known
  const counted = /^(\d[\d,]*) ?(\D.*)$/.exec(printed)
  if (!counted) return null
  const unit = COUNT_OF_NAME.get(nameKey(counted[2]!))
  return unit ? { ...unit, per: unit.per * Number(counted[1]!.replaceAll(',', '')) } : null
}

/** The same count in the unit it is a multiple of: 1 t is 1,000 kg; what is a multiple of nothing stays. */
export function inBaseUnit({ per, unit }: UnitCount): { per: number; unit: string } {
  const { multipleOf } = TABLE[unit]
  return multipleOf ? { per: per * multipleOf.factor, unit: multipleOf.unit } : { per, unit }
}

/** "kg", "1000 pins", "paire". */
export function printUnit({ per, unit }: UnitCount, language: Language): string {
  const label = TABLE[unit].label?.[language] ?? unit
  return per === 1 ? label : `${per} ${label}`
}

function nameKey(name: string): string {
  return name.replaceAll(' ', '').toLowerCase()
}
