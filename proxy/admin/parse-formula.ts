/** One function call with literal arguments, as typed into a cell: `=HSRATE("6109100012","CA")`, with `,` or `;` between. */
import { failure, type Failure } from '../../shared/error-codes.ts'
import type { CellValue } from '../../shared/tariff-code.ts'

export interface Call {
  fn: string
  args: CellValue[]
}

const CALL = /^\s*=?\s*([A-Za-z]\w*)\s*\((.*)\)\s*$/s
// A quoted text ("" is a quote inside), a number, TRUE or FALSE, or nothing.
const ARGUMENT = /\s*(?:"((?:[^"]|"")*)"|(-?\d+(?:\.\d+)?)|(true|false))?\s*([,;]|$)/iy

export function parseFormula(formula: string): Call | Failure {
  const call = CALL.exec(formula)
  if (!call) return failure('not-a-formula', { value: formula.trim() === '' ? '(empty)' : formula.trim() })
  const [, fn = '', inside = ''] = call
  if (inside.trim() === '') return { fn, args: [] }
  const args: CellValue[] = []
  ARGUMENT.lastIndex = 0
  for (;;) {
    const match = ARGUMENT.exec(inside)
    if (!match) return failure('not-a-formula', { value: formula.trim() })
    const [, text, number, truth, separator] = match
    if (text !== undefined) args.push(text.replaceAll('""', '"'))
    else if (number !== undefined) args.push(Number(number))
    else if (truth !== undefined) args.push(truth.toLowerCase() === 'true')
    else args.push(null)
    if (separator === '') return { fn, args }
  }
}
