/** The words of the sample that follow the page's language, wherever a person moves them, until somebody writes something else there. */
import type { ICellData } from '@univerjs/presets'
import { functionSpec, isFunctionName } from '../../shared/functions.ts'
import { LANGUAGES, type Language, type Localised } from '../../shared/language.ts'
import { words, type PageWords } from './words.ts'

type SampleWord = keyof PageWords['columns'] | keyof PageWords['examples']

/** Rows of cells, both counted from 0. */
export type Cells<Cell> = Record<number, Record<number, Cell>>

/** A cell that carries the name of its label along: rows and columns may move. */
export function labelCell(label: string, language: Language): ICellData {
  return { v: labelTexts(label)?.[language] ?? '', custom: { label } }
}

/** @returns the labels that read otherwise in this language; cells a person wrote in are not among them. */
export function relabelled(cells: Cells<ICellData | null | undefined>, language: Language): Cells<{ v: string }> {
  const changed: Cells<{ v: string }> = {}
  for (const [row, line] of Object.entries(cells)) {
    for (const [column, cell] of Object.entries(line)) {
      const texts = labelTexts(cell?.custom?.label)
      if (!texts || !LANGUAGES.some((spoken) => texts[spoken] === cell?.v) || texts[language] === cell?.v) continue
      changed[Number(row)] = { ...changed[Number(row)], [Number(column)]: { v: texts[language] } }
    }
  }
  return changed
}

/** `label` names a column or an example of the sample, or a function whose summary it is; @returns null for anything else. */
export function labelTexts(label: unknown): Localised | null {
  if (typeof label !== 'string') return null
  if (isFunctionName(label)) return functionSpec(label).summary
  if (!Object.hasOwn(sampleWords('en'), label)) return null
  const word = label as SampleWord
  return { en: sampleWords('en')[word], zh: sampleWords('zh')[word], fr: sampleWords('fr')[word] }
}

function sampleWords(language: Language): Record<SampleWord, string> {
  return { ...words(language).columns, ...words(language).examples }
}
