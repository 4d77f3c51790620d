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

// A2, $B$2:C9, Sheet1!A2, 'My sheet'!A2.
const ADDRESS = /^\s*((?:(?:[\w.]+|'[^']*')!)?\$?[a-z]{1,3}\$?\d{1,7}(?::\$?[a-z]{1,3}\$?\d{1,7})?)\s*(?:[,;]|$)/i

export function parseFormula(formula: string): Call | Failure {
  const call = CALL.exec(formula)
  if (!call) return failure('not-a-formula', { value: formula.trim() === '' ? '(empty)' : formula.trim() })
  const [, fn = '', inside = ''] = call
  if (inside.trim() === '') return { fn, args: [] }
  const args: CellValue[] = []
  ARGUMENT.lastIndex = 0
  for (;;) {
    const from = ARGUMENT.lastIndex
    const match = ARGUMENT.exec(inside)
    if (!match) {
      const address = ADDRESS.exec(inside.slice(from))?.[1]
      if (address === undefined) return failure('not-a-formula', { value: formula.trim() })
      return failure('no-cells-here', { value: address, example: `'=${fn.toUpperCase()}("…")'` })
    }
    const [, text, number, truth, separator] = match
    if (text !== undefined) args.push(text.replaceAll('""', '"'))
    else if (number !== undefined) args.push(Number(number))
    else if (truth !== undefined) args.push(truth.toLowerCase() === 'true')
    else args.push(null)
    if (separator === '') return { fn, args }
  }
}
