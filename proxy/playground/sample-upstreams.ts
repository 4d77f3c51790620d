/** The sample's sheet of what connected upstreams are asked. It is not asked before a person opens it: its answers cost points. */
import { CellValueType, type ICellData, type IWorkbookData } from '@univerjs/presets'
import type { AskedOf } from '../../shared/functions.ts'
import type { Language } from '../../shared/language.ts'
import { labelCell } from './sample-labels.ts'
import { asRecord, exampleRow, headerRow, heightFor, MEANING_WIDTH, PRODUCTS_SHEET, ROW_HEIGHT } from './sample-rows.ts'

export const UPSTREAMS_SHEET_ID = 'upstreams'
/** Functions that nobody but an upstream answers. */
export const ASKED_OF_UPSTREAMS: ReadonlySet<AskedOf> = new Set(['reference', 'expert'])

interface Example {
  /** A function, whose summary is shown, or a text of its own. */
  label: string
  formula: string
  /** Rows its result may take. */
  rows: number
}

/** A cell that the formula below it reads. */
interface Input {
  label: string
  given: string
}

const TABLE_ROWS = 3
const PICTURE_ROWS = 3
// Ten countries and the others.
const TRADE_ROWS = 11
// The cell above, in the column of results.
const ABOVE = 'C#'

const EXAMPLES: readonly (Example | Input)[] = [
  { label: 'byJiayou', formula: `=HSCODE(${PRODUCTS_SHEET}!A2,"CA","provider=jiayou")`, rows: 1 },
  { label: 'besideJiayou', formula: `=HSALT(${PRODUCTS_SHEET}!A2,"CA","n=3;provider=jiayou")`, rows: 3 },
  { label: 'agreement', formula: `=HSINFO(${PRODUCTS_SHEET}!A2,"agreement","provider=jiayou")`, rows: 1 },
  { label: 'HSSEARCH', formula: `=HSSEARCH("bicycle","CN","n=${TABLE_ROWS}")`, rows: TABLE_ROWS },
  { label: 'HSEXAMPLES', formula: `=HSEXAMPLES("手机壳","n=${TABLE_ROWS}")`, rows: TABLE_ROWS },
  { label: 'HSDETAIL', formula: `=HSDETAIL("3926909090","CN","elements","n=${TABLE_ROWS}")`, rows: TABLE_ROWS },
  { label: 'HSHAZARD', formula: `=HSHAZARD("67-64-1","n=${TABLE_ROWS}")`, rows: TABLE_ROWS },
  { label: 'HSPORT', formula: `=HSPORT("Shanghai","n=${TABLE_ROWS}")`, rows: TABLE_ROWS },
  { label: 'HSCIQ', formula: `=HSCIQ("3926909090","n=${TABLE_ROWS}")`, rows: TABLE_ROWS },
  { label: 'pictureAddress', given: 'https://example.com/picture.jpg' },
  { label: 'HSIMAGE', formula: `=HSIMAGE(${ABOVE})`, rows: PICTURE_ROWS },
  { label: 'consultation', given: 'form-0000' },
  { label: 'HSEXPERT', formula: `=HSEXPERT(${ABOVE})`, rows: 1 },
  { label: 'HSTRADE', formula: '=HSTRADE("610910")', rows: TRADE_ROWS },
]

const WIDTHS = [385, MEANING_WIDTH, 130, 130, 230, 110, 110]
const HEADER = ['formula', 'meaning', 'result', '', '', '', '']

export function upstreamsSheet(language: Language): NonNullable<IWorkbookData['sheets'][string]> {
  const rows: ICellData[][] = [headerRow(['upstreams', '', '', '', '', '', ''], language), headerRow(HEADER, language)]
  const heights: Record<number, { h: number }> = {}
  for (const example of EXAMPLES) {
    const height = heightFor(example.label)
    if (height) heights[rows.length] = height
    if ('given' in example) {
      rows.push([
        {},
        { ...labelCell(example.label, language), s: 'meaning' },
        { v: example.given, t: CellValueType.STRING, s: 'input' },
      ])
      continue
    }
    // Rows count from 1 on the sheet, so this is the number of the row above.
    const formula = example.formula.replace(ABOVE, `C${rows.length}`)
    rows.push(exampleRow(formula, example.label, language))
    for (let left = example.rows - 1; left > 0; left--) rows.push([])
  }
  return {
    id: UPSTREAMS_SHEET_ID,
    name: 'Upstreams',
    rowCount: 1000,
    columnCount: 20,
    defaultRowHeight: ROW_HEIGHT,
    defaultStyle: 'text',
    freeze: { xSplit: 0, ySplit: 2, startRow: 2, startColumn: 0 },
    mergeData: [{ startRow: 0, endRow: 0, startColumn: 0, endColumn: WIDTHS.length - 1 }],
    columnData: asRecord(WIDTHS.map((width) => ({ w: width }))),
    rowData: heights,
    cellData: asRecord(rows.map(asRecord)),
  }
}
