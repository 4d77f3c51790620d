/** What a row's answer looks like in its output columns. */
import type { CellValue } from '../../tariff-code.ts'
import { printTariffCode } from '../../tariff-code.ts'
import type { AnswerError } from '../../protocol.ts'
import type { NumberFormat } from '../spreadsheet-host.ts'
import { printPercent } from '../words.ts'
import type { Classified } from './classified.ts'
import { OUTPUTS, type Output } from './output-columns.ts'
import type { RunSetup } from './plan-run.ts'
import { REASON_WORDS } from './reason-words.ts'

export interface CellToFill {
  column: number
  format: NumberFormat
  value: CellValue
}

export type Filling = Pick<RunSetup, 'outputs' | 'codeStyle' | 'language'>

/** @param kept columns of the row that stay as they are. */
export function cellsOf(
  filling: Filling,
  row: Classified,
  kept: readonly number[],
  only: readonly Output[] = OUTPUTS,
): CellToFill[] {
  return only.flatMap((output) => {
    const column = filling.outputs[output]
    return column === null || kept.includes(column) ? [] : [{ column, ...cellOf(filling, row, output) }]
  })
}

function cellOf({ codeStyle, language }: Filling, row: Classified, output: Output): Omit<CellToFill, 'column'> {
  switch (output) {
    case 'code':
      return { format: 'text', value: row.code === null ? '' : (printTariffCode(row.code, codeStyle) ?? row.code) }
    case 'label':
      return { format: 'text', value: row.label }
    case 'confidence':
      return { format: 'percent', value: row.confidence ?? '' }
    case 'agreement':
      return { format: 'general', value: row.agreement ?? '' }
    case 'mfn':
      // What is no plain percentage is a text. In the same format: rows of two formats would be written apart, and take twice as long.
      return { format: 'percent', value: row.mfn ?? row.mfnText }
    case 'best':
      return {
        format: 'text',
        value: row.best === null ? '' : `${row.best.treatment} ${printPercent(row.best.rate, language)}`,
      }
    case 'review':
      return { format: 'text', value: reviewText(row, language) }
  }
}

function reviewText({ error, reviews }: Classified, language: Filling['language']): string {
  if (error) return `${REASON_WORDS[language].needsReview}: ${errorText(error)}`
  return reviews.map((reason) => REASON_WORDS[language].reasons[reason]).join('; ')
}

/** With its stable code, once. */
export function errorText({ code, message }: AnswerError): string {
  return message.startsWith(code) ? message : `${code} ${message}`
}
