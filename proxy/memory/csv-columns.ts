/** The columns of a memory in a file, and the names people give them. */
export const CSV_COLUMNS = [
  'description',
  'material',
  'use',
  'gender',
  'category',
  'country',
  'code',
  'note',
  'approved by',
  'approved at',
  'source',
] as const
export type CsvColumn = (typeof CSV_COLUMNS)[number]

export const NEEDED_COLUMNS: readonly CsvColumn[] = ['description', 'country', 'code']

const OTHER_NAMES: Record<CsvColumn, readonly string[]> = {
  description: ['product', 'product name', 'goods', '品名', '商品名称', '商品描述', '描述', 'désignation', 'produit'],
  material: ['材质', '材料', 'matière', 'matériau'],
  use: ['usage', '用途'],
  gender: ['性别', 'sexe', 'genre'],
  category: ['类别', '分类', 'catégorie'],
  country: ['country of import', 'destination', '国家', '进口国', 'pays', 'pays d’importation'],
  code: ['hs code', 'hscode', 'tariff code', '编码', 'hs编码', '海关编码', '税号', 'code sh', 'code tarifaire'],
  note: ['notes', 'remark', 'remarks', '备注', 'remarque', 'remarques'],
  'approved by': ['确认人', 'approuvé par'],
  'approved at': ['approved on', '确认时间', 'approuvé le'],
  source: ['来源', 'origine'],
}

const BY_NAME: ReadonlyMap<string, CsvColumn> = new Map(
  CSV_COLUMNS.flatMap((column) => [column, ...OTHER_NAMES[column]].map((name) => [fold(name), column] as const)),
)

/** @returns null for a name that is none of ours. */
export function columnNamed(name: string): CsvColumn | null {
  return BY_NAME.get(fold(name)) ?? null
}

function fold(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('’', "'")
    .replaceAll(/[\s_-]+/g, ' ')
    .trim()
}

// What a spreadsheet takes for a formula where a cell begins with it. (OWASP, CSV injection, and its full-width forms.)
const FORMULA_START = /^'*[=+\-@\t\r\n＝＋－＠]/

/** A text that a spreadsheet would take for a formula is led by an apostrophe; so is one that has apostrophes there already. */
export function escapeFormula(text: string): string {
  return FORMULA_START.test(text) ? `'${text}` : text
}

/** Takes off what {@link escapeFormula}, or a person, put before a formula. */
export function unescapeFormula(text: string): string {
  return text.startsWith("'") && FORMULA_START.test(text) ? text.slice(1) : text
}
