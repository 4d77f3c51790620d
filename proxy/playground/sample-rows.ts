/** What the sample's sheets are made of: the styles of their cells, a header, an example with what it does. */
import {
  BooleanNumber,
  BorderStyleTypes,
  CellValueType,
  HorizontalAlign,
  VerticalAlign,
  WrapStrategy,
  type ICellData,
  type IStyleData,
} from '@univerjs/presets'
import { LANGUAGES, type Language } from '../../shared/language.ts'
import { labelCell, labelTexts } from './sample-labels.ts'

export type Style = 'header' | 'code' | 'rate' | 'sure' | 'text' | 'formula' | 'meaning' | 'input'

const MIDDLE: IStyleData = { vt: VerticalAlign.MIDDLE, pd: { l: 7, r: 7 } }
export const STYLES: Record<Style, IStyleData> = {
  header: {
    ...MIDDLE,
    bl: BooleanNumber.TRUE,
    bg: { rgb: '#EEF3F2' },
    cl: { rgb: '#24413D' },
    bd: { b: { s: BorderStyleTypes.THIN, cl: { rgb: '#9DB8B3' } } },
  },
  // Text, whatever it looks like: a code typed here keeps its leading zero.
  code: { ...MIDDLE, n: { pattern: '@' } },
  // No number format: the grid gives a rate as many decimals as the tariff prints.
  rate: { ...MIDDLE, ht: HorizontalAlign.RIGHT },
  sure: { ...MIDDLE, n: { pattern: '0%' }, ht: HorizontalAlign.RIGHT },
  text: MIDDLE,
  formula: { ...MIDDLE, cl: { rgb: '#1F6F63' } },
  meaning: { ...MIDDLE, tb: WrapStrategy.WRAP },
  input: { ...MIDDLE, n: { pattern: '@' }, bg: { rgb: '#FBF4DF' } },
}

export const PRODUCTS_SHEET = 'Products'
export const ROW_HEIGHT = 26
const TWO_LINES_HEIGHT = 46

// About 66 letters of the grid's font, or half as many characters of Chinese; the height is that of the longest language.
export const MEANING_WIDTH = 500
const LETTERS_PER_LINE = 66

/** The formula as text, what it does, and its result. */
export function exampleRow(formula: string, label: string, language: Language): ICellData[] {
  return [
    { v: formula, t: CellValueType.STRING, s: 'formula' },
    { ...labelCell(label, language), s: 'meaning' },
    { f: formula },
  ]
}

/** @returns what a row with this label needs beside the usual height. */
export function heightFor(label: string): { h: number } | null {
  const texts = labelTexts(label)
  const isLong = LANGUAGES.some((language) => {
    const letters = Array.from(texts?.[language] ?? '', (letter) => (letter > '\u2E80' ? 2 : 1))
    return letters.reduce((sum, width) => sum + width, 0) > LETTERS_PER_LINE
  })
  return isLong ? { h: TWO_LINES_HEIGHT } : null
}

export function headerRow(labels: readonly string[], language: Language): ICellData[] {
  return labels.map((label) => (label === '' ? { s: 'header' } : { ...labelCell(label, language), s: 'header' }))
}

export function asRecord<Item>(items: readonly Item[]): Record<number, Item> {
  return Object.fromEntries(items.entries())
}
