/** Which columns hold what, guessed from their names in three languages and from what stands in them. A person can choose otherwise. */
import { FACT_NAMES, type FactName } from '../../memory-protocol.ts'
import type { CellValue } from '../../tariff-code.ts'

/** Columns of the sheet, counted from 0; null where there is none. */
export interface InputColumns {
  description: number | null
  facts: Record<FactName, number | null>
  origin: number | null
  value: number | null
  /** Country of import, where it differs from row to row. */
  country: number | null
}

export const NO_COLUMNS: InputColumns = {
  description: null,
  facts: { material: null, use: null, gender: null, category: null },
  origin: null,
  value: null,
  country: null,
}

type Role = 'description' | FactName | 'origin' | 'value' | 'country'

// In the order in which they are given a column: what is named most exactly first. Names come folded: lower case, no accents.
const NAMES: readonly (readonly [Role, RegExp])[] = [
  [
    'country',
    /\b(country of import|import(ing)? country|destination|pays (d )?import\w*|importing)\b|进口国|目的国|目的地/u,
  ],
  ['origin', /\b(origin|country of origin|coo|made in|origine|provenance)\b|原产|产地/u],
  ['material', /\b(materials?|composition|fabric|fib(er|re)|matiere|materiau|tissu)\b|材质|材料|成分|面料/u],
  ['gender', /\b(gender|sex|genre|sexe)\b|性别|适用人群/u],
  ['use', /\b(use|usage|purpose|application|utilisation|fonction)\b|用途|用于/u],
  ['value', /\b(value|amount|total|price|cost|valeur|montant|prix)\b|金额|价值|总价|货值|单价|价格/u],
  [
    'description',
    /\b(description|goods|product name|item name|designation|libelle|marchandises?)\b|品名|商品名|描述|货物|货名/u,
  ],
  ['description', /\b(product|item|article|produit|name|title|nom)\b|商品|产品|名称/u],
  ['category', /\b(category|type|department|family|categorie|famille|rayon)\b|类别|分类|品类|种类/u],
  ['origin', /\b(country|pays)\b|国家|国别/u],
]
// "Product code", "Description of code", "类别编号": a name for a number, not for goods.
const NAMES_A_NUMBER =
  /\b(code|codes|sku|id|no|number|numero|ref|reference|hs|hts|gtin|ean|upc|qty|quantity)\b|编码|编号|代码|税号|数量/u

/**
 * @param headers one for each column from `firstColumn` on; '' where it has no name.
 * @param sample some rows of cells below them.
 */
export function guessColumns(
  headers: readonly string[],
  sample: readonly (readonly CellValue[])[],
  firstColumn = 0,
): InputColumns {
  const folded = headers.map(foldName)
  const given = new Map<Role, number>()
  const taken = new Set<number>()
  for (const [role, pattern] of NAMES) {
    if (given.has(role)) continue
    const at = folded.findIndex(
      (name, at) =>
        !taken.has(at) && pattern.test(name) && !isNumberName(role, name) && fits(role, columnOf(sample, at)),
    )
    if (at < 0) continue
    given.set(role, at)
    taken.add(at)
  }
  if (!given.has('description')) {
    const wordiest = mostWords(
      headers.length,
      sample,
      (at) => taken.has(at) || isNumberName('description', folded[at] ?? ''),
    )
    if (wordiest !== null) given.set('description', wordiest)
  }
  const column = (role: Role): number | null => {
    const at = given.get(role)
    return at === undefined ? null : at + firstColumn
  }
  return {
    description: column('description'),
    facts: Object.fromEntries(FACT_NAMES.map((name) => [name, column(name)])) as InputColumns['facts'],
    origin: column('origin'),
    value: column('value'),
    country: column('country'),
  }
}

/** As names are compared: lower case, without accents, runs of anything else a blank. */
export function foldName(name: string): string {
  return name
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}%]+/gu, ' ')
    .trim()
}

function isNumberName(role: Role, name: string): boolean {
  return role !== 'value' && NAMES_A_NUMBER.test(name)
}

function columnOf(sample: readonly (readonly CellValue[])[], at: number): CellValue[] {
  return sample.map((row) => row[at] ?? '').filter((value) => value !== '')
}

/** An empty column may become anything; one of numbers is no text, and one of words no amount. */
function fits(role: Role, values: readonly CellValue[]): boolean {
  if (values.length === 0) return true
  const numbers = values.filter((value) => typeof value === 'number').length
  return role === 'value' ? numbers * 2 >= values.length : numbers * 2 <= values.length
}

/** The column that reads most like names of goods: texts of letters, longer than codes, differing from each other. */
function mostWords(
  columns: number,
  sample: readonly (readonly CellValue[])[],
  isTaken: (at: number) => boolean,
): number | null {
  let best: { at: number; score: number } | null = null
  for (let at = 0; at < columns; at++) {
    if (isTaken(at)) continue
    const values = columnOf(sample, at)
    const texts = values.filter(
      (value) => typeof value === 'string' && /\p{L}{2}|\p{Script=Han}/u.test(value),
    ) as string[]
    if (texts.length * 2 <= values.length || texts.length === 0) continue
    const weight = texts.reduce((sum, text) => sum + Math.min(60, wordsIn(text)), 0) / texts.length
    const score = weight * (new Set(texts).size / texts.length)
    if (score > 1 && (best === null || score > best.score)) best = { at, score }
  }
  return best?.at ?? null
}

function wordsIn(text: string): number {
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0
  return han / 2 + (text.match(/[\p{Script=Latin}]{2,}/gu)?.length ?? 0)
}
