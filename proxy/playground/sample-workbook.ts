/** What a newcomer finds: a sheet of products with the formulas at work, one example of every function, and what upstreams are asked. */
import { LocaleType, type ICellData, type IWorkbookData } from '@univerjs/presets'
import { FUNCTION_NAMES, functionSpec, type FunctionName } from '../../shared/functions.ts'
import type { Language } from '../../shared/language.ts'
import {
  asRecord,
  exampleRow,
  headerRow,
  heightFor,
  MEANING_WIDTH,
  PRODUCTS_SHEET,
  ROW_HEIGHT,
  STYLES,
  type Style,
} from './sample-rows.ts'
import { ASKED_OF_UPSTREAMS, upstreamsSheet } from './sample-upstreams.ts'

// Plain everyday goods, most of them with one rate under their code. "spare parts" is too vague on purpose; the bottle, the boots and
// the cheese show what a tariff can do to a rate; the salmon has a code that begins with a zero.
const PRODUCTS = [
  "men's cotton t-shirt, knitted",
  'stainless steel water bottle 500 ml',
  'wireless bluetooth mouse',
  'fresh Atlantic salmon fillets',
  'spare parts',
  'roasted coffee beans, 1 kg bag',
  'polarized sunglasses',
  'cotton terry bath towel',
  'aluminium frying pan',
  "women's leather ankle boots",
  'eau de parfum 50 ml',
  'cheddar cheese, 400 g block',
]

export const EXAMPLES_SHEET = 'Try it'

const HEADER_FROZEN = { xSplit: 0, ySplit: 1, startRow: 1, startColumn: 0 }

interface Column {
  label: string
  /** In pixels; holds the label in every language. */
  width: number
  style: Style
  /** The formula of a row; row numbers as on the sheet. */
  cell: (row: number) => ICellData
}

/** A Canadian tariff item says nothing in the United States: the description is classified for there. */
function ratedInUnitedStates(row: number): string {
  return `=HSRATE(HSCODE(A${row},"US"),"US")`
}

export function sampleWorkbook(language: Language): Partial<IWorkbookData> {
  return {
    id: 'playground',
    name: 'Tariffcell',
    locale: LocaleType.EN_US,
    styles: STYLES,
    sheetOrder: ['products', 'examples', 'upstreams'],
    sheets: {
      products: productsSheet(language),
      examples: examplesSheet(language),
      upstreams: upstreamsSheet(language),
    },
  }
}

function productsSheet(language: Language): NonNullable<IWorkbookData['sheets'][string]> {
  const formula = (build: (row: number) => string) => (row: number) => ({ f: build(row) })
  const columns: Column[] = [
    { label: 'description', width: 262, style: 'text', cell: (row) => ({ v: PRODUCTS[row - 2]! }) },
    { label: 'code', width: 128, style: 'code', cell: formula((row) => `=HSCODE(A${row})`) },
    { label: 'sure', width: 96, style: 'sure', cell: formula((row) => `=HSCONF(A${row})`) },
    { label: 'label', width: 372, style: 'text', cell: formula((row) => `=HSDESC(B${row})`) },
    { label: 'rate', width: 116, style: 'rate', cell: formula((row) => `=HSRATE(B${row},"CA")`) },
    { label: 'preference', width: 116, style: 'rate', cell: formula((row) => `=HSRATE(B${row},"CA","MX")`) },
    { label: 'elsewhere', width: 116, style: 'rate', cell: formula(ratedInUnitedStates) },
  ]
  const rows = PRODUCTS.map((_, at) => columns.map(({ style, cell }) => ({ s: style, ...cell(at + 2) })))
  return {
    id: 'products',
    name: PRODUCTS_SHEET,
    rowCount: 1000,
    columnCount: 20,
    defaultRowHeight: ROW_HEIGHT,
    defaultStyle: 'text',
    freeze: HEADER_FROZEN,
    // Alignment and colour reach to the bottom; a number format does not, the grid sets it cell by cell.
    columnData: asRecord(columns.map(({ width, style }) => ({ w: width, s: style }))),
    cellData: asRecord(
      [
        headerRow(
          columns.map(({ label }) => label),
          language,
        ),
        ...rows,
      ].map(asRecord),
    ),
  }
}

// Rows a spilled example may take; the longest stands last and may run on.
const SPILL_ROWS: Partial<Record<FunctionName, number>> = { HSALT: 4, HSPATH: 5, HSCHILDREN: 8, HSINFO: 9, HSRATES: 30 }

function examplesSheet(language: Language): NonNullable<IWorkbookData['sheets'][string]> {
  const rows: ICellData[][] = [headerRow(['formula', 'meaning', 'result', '', '', '', ''], language)]
  const values = FUNCTION_NAMES.filter(
    (name) => functionSpec(name).shape !== 'table' && !ASKED_OF_UPSTREAMS.has(functionSpec(name).askedOf),
  )
  const tables = FUNCTION_NAMES.filter((name) => name in SPILL_ROWS)
  const heights: Record<number, { h: number }> = {}
  for (const name of [...values, ...tables.sort((a, b) => SPILL_ROWS[a]! - SPILL_ROWS[b]!)]) {
    const formula = exampleOnProducts(name)
    const height = heightFor(name)
    if (height) heights[rows.length] = height
    rows.push(exampleRow(formula, name, language))
    for (let left = (SPILL_ROWS[name] ?? 1) - 1; left > 0; left--) rows.push([])
  }
  const widths = [310, MEANING_WIDTH, 150, 120, 300, 110, 110]
  return {
    id: 'examples',
    name: EXAMPLES_SHEET,
    rowCount: 1000,
    columnCount: 20,
    defaultRowHeight: ROW_HEIGHT,
    defaultStyle: 'text',
    freeze: HEADER_FROZEN,
    columnData: asRecord(widths.map((width) => ({ w: width }))),
    rowData: heights,
    cellData: asRecord(rows.map(asRecord)),
  }
}

/** The catalogue's examples speak of cells of the products sheet. */
function exampleOnProducts(name: FunctionName): string {
  return functionSpec(name).example.replaceAll(/\b[AB]\d+(?::[AB]\d+)?\b/g, (range) => `${PRODUCTS_SHEET}!${range}`)
}
