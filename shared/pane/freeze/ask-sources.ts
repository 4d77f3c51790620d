/**
 * Who gave the answers of these formulas, and from which edition. Of descriptions HSINFO of the same arguments tells it, which never
 * spends; any other function is asked once more, where the proxy says that it costs nothing: what was paid for is remembered.
 */
import { isFailure } from '../../error-codes.ts'
import { functionSpec, type AskedOf, type FunctionName } from '../../functions.ts'
import { parseOptions, printOptions } from '../../options.ts'
import { QUESTIONS_PER_BATCH_MAX, type Answer, type Question } from '../../protocol.ts'
import { textOf } from '../../read-cell.ts'
import type { CellValue } from '../../tariff-code.ts'
import { isRefused, type ProxyApi } from '../proxy-api.ts'
import type { FrozenSource } from './frozen-list.ts'
import { callsIn, readArgument, type Argument } from './read-formula.ts'

export type CellReader = (row: number, column: number) => CellValue

/** A formula, and which of the cells that it fills is meant: of 8 rows and 1 column the one so far down and across. */
export interface Filled {
  formula: string
  rows: number
  columns: number
  down: number
  across: number
}

type Asked = Pick<Question, 'fn' | 'args'>

// Text and the account have no source.
const HAS_SOURCE: ReadonlySet<AskedOf> = new Set(['classification', 'tariff', 'reference', 'expert'])
/** A batch that would cost something is halved so often, to find what costs nothing in it. */
const ESTIMATES_MAX = 64

/** Cells whose values are needed to ask about a formula: of a range its corners. */
export function cellsAskedOf(formula: string): { row: number; column: number }[] {
  return sourcedCalls(formula).flatMap(({ args }) =>
    args.flatMap((argument) => {
      if (!argument || 'value' in argument) return []
      if ('cell' in argument) return [argument.cell]
      const { row, column, rows, columns } = argument.range
      return Array.from({ length: columns }, (_, at) => column + at).flatMap((one) => [
        { row, column: one },
        { row: row + rows - 1, column: one },
      ])
    }),
  )
}

interface SourcedCall {
  fn: FunctionName
  args: (Argument | null)[]
}

function sourcedCalls(formula: string): SourcedCall[] {
  return callsIn(formula)
    .filter(({ fn }) => HAS_SOURCE.has(functionSpec(fn).askedOf))
    .map(({ fn, args }) => ({ fn, args: args.map(readArgument) }))
}

/** @returns a source for each cell, in order; null where none is known. A proxy that cannot be asked makes no difference but that. */
export async function askSources(
  api: Pick<ProxyApi, 'answers' | 'estimate'>,
  filled: readonly Filled[],
  cell: CellReader,
  signal: AbortSignal,
): Promise<(FrozenSource | null)[]> {
  const asked = filled.map((one) => questionOf(one, cell))
  const keys = [...new Set(asked.flatMap((question) => (question ? [JSON.stringify(question)] : [])))]
  const sources = new Map<string, FrozenSource>()
  const budget = { estimates: ESTIMATES_MAX }
  for (const isFree of [true, false]) {
    const ofKind = keys.filter((key) => (questionIn(key).fn === 'HSINFO') === isFree)
    for (let from = 0; from < ofKind.length; from += QUESTIONS_PER_BATCH_MAX) {
      const some = ofKind.slice(from, from + QUESTIONS_PER_BATCH_MAX)
      const questions = some.map((key, at) => ({ id: String(at), ...questionIn(key) }))
      const answers = isFree ? await ask(api, questions, signal) : await askFree(api, questions, budget, signal)
      for (const answer of answers) {
        const source = isFree ? sourceInTable(answer) : sourceIn(answer)
        const key = some[Number(answer.id)]
        if (source && key !== undefined) sources.set(key, source)
      }
    }
  }
  return asked.map((question) => (question && sources.get(JSON.stringify(question))) ?? null)
}

function questionIn(key: string): Asked {
  return JSON.parse(key) as Asked
}

async function ask(api: Pick<ProxyApi, 'answers'>, questions: Question[], signal: AbortSignal): Promise<Answer[]> {
  signal.throwIfAborted()
  const reply = await api.answers(questions)
  return isRefused(reply) ? [] : reply.answers
}

async function askFree(
  api: Pick<ProxyApi, 'answers' | 'estimate'>,
  questions: Question[],
  budget: { estimates: number },
  signal: AbortSignal,
): Promise<Answer[]> {
  signal.throwIfAborted()
  if (budget.estimates-- <= 0) return []
  const estimate = await api.estimate(questions)
  if (isRefused(estimate)) return []
  if (estimate.points === 0) return ask(api, questions, signal)
  if (questions.length === 1) return []
  const middle = Math.ceil(questions.length / 2)
  return [
    ...(await askFree(api, questions.slice(0, middle), budget, signal)),
    ...(await askFree(api, questions.slice(middle), budget, signal)),
  ]
}

/** Of the first of its calls whose arguments can be read: in HSRATE(HSCODE(A2),"CA") that is HSCODE. */
function questionOf(filled: Filled, cell: CellReader): Asked | null {
  for (const { fn, args } of sourcedCalls(filled.formula)) {
    const given = valuesOf(fn, args, filled, cell)
    if (given) return functionSpec(fn).askedOf === 'classification' ? aboutDescription(given) : askedAgain(fn, given)
  }
  return null
}

function valuesOf(fn: FunctionName, args: (Argument | null)[], filled: Filled, cell: CellReader): CellValue[] | null {
  const values: CellValue[] = []
  for (const argument of args) {
    if (argument === null) return null
    if ('value' in argument) values.push(argument.value)
    else if ('cell' in argument) values.push(cell(argument.cell.row, argument.cell.column))
    else {
      const { row, column, rows, columns } = argument.range
      // Tables of several inputs stand below each other: which row is whose is not known here.
      const fits = (size: number, of: number): boolean => size === 1 || size === of
      const isSpread = fits(rows, filled.rows) && fits(columns, filled.columns)
      if (functionSpec(fn).shape !== 'value' || !isSpread) return null
      values.push(cell(row + (rows === 1 ? 0 : filled.down), column + (columns === 1 ? 0 : filled.across)))
    }
  }
  return textOf(values[0] ?? null) === '' ? null : values
}

function aboutDescription([description = null, country = null, options = null]: CellValue[]): Asked | null {
  const read = parseOptions(textOf(options))
  if (isFailure(read)) return null
  // To ask anew is not meant here.
  const { fresh: _, ...rest } = read
  const land = textOf(country)
  return { fn: 'HSINFO', args: [description, null, printOptions(land === '' ? rest : { ...rest, country: land })] }
}

function askedAgain(fn: FunctionName, given: CellValue[]): Asked | null {
  const { required, optional } = functionSpec(fn)
  const at = [...required, ...optional].indexOf('options')
  if (at < 0 || given.length <= at) return { fn, args: given }
  const read = parseOptions(textOf(given[at] ?? null))
  if (isFailure(read)) return null
  const { fresh: _, ...rest } = read
  return { fn, args: given.map((value, index) => (index === at ? printOptions(rest) : value)) }
}

function sourceInTable({ table }: Answer): FrozenSource | null {
  const fields = new Map(table?.map(([name, value]) => [String(name), String(value ?? '')]))
  const provider = fields.get('provider') ?? ''
  return provider === '' ? null : { provider, edition: fields.get('edition') ?? '' }
}

function sourceIn({ source }: Answer): FrozenSource | null {
  return source ? { provider: source.provider, edition: source.edition } : null
}
