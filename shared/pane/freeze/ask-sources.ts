/** Who gave the answers of these formulas, and from which edition: HSINFO of the same arguments, which never spends. */
import { parseOptions, printOptions } from '../../options.ts'
import { isFailure } from '../../error-codes.ts'
import { QUESTIONS_PER_BATCH_MAX, type Answer, type Question } from '../../protocol.ts'
import type { CellValue } from '../../tariff-code.ts'
import { textOf } from '../../read-cell.ts'
import { isRefused, type ProxyApi } from '../proxy-api.ts'
import type { FrozenSource } from './frozen-list.ts'
import { callsIn, readArgument } from './read-formula.ts'

export type CellReader = (row: number, column: number) => CellValue

// HSINFO tells of descriptions; of codes and rates it is only known when they were frozen.
const ABOUT_DESCRIPTIONS: ReadonlySet<string> = new Set(['HSCODE', 'HSALT', 'HSCONF', 'HSWHY'])

/** Cells whose values are needed to ask about a formula. */
export function cellsAskedOf(formula: string): { row: number; column: number }[] {
  return (argumentsOf(formula) ?? []).flatMap((argument) => (argument && 'cell' in argument ? [argument.cell] : []))
}

function argumentsOf(formula: string): ReturnType<typeof readArgument>[] | null {
  const call = callsIn(formula).find(({ fn }) => ABOUT_DESCRIPTIONS.has(fn))
  return call ? call.args.map(readArgument) : null
}

/** @returns a source for each formula, in order; null where none is known. A proxy that cannot be asked makes no difference but that. */
export async function askSources(
  api: Pick<ProxyApi, 'answers'>,
  formulas: readonly string[],
  cell: CellReader,
  signal: AbortSignal,
): Promise<(FrozenSource | null)[]> {
  const asked = formulas.map((formula) => questionOf(formula, cell))
  const keys = [...new Set(asked.flatMap((args) => (args ? [JSON.stringify(args)] : [])))]
  const sources = new Map<string, FrozenSource>()
  for (let from = 0; from < keys.length; from += QUESTIONS_PER_BATCH_MAX) {
    signal.throwIfAborted()
    const some = keys.slice(from, from + QUESTIONS_PER_BATCH_MAX)
    const reply = await api.answers(
      some.map((key, at) => ({ id: String(at), fn: 'HSINFO', args: JSON.parse(key) as Question['args'] })),
    )
    if (isRefused(reply)) break
    for (const answer of reply.answers) {
      const source = sourceIn(answer)
      const key = some[Number(answer.id)]
      if (source && key !== undefined) sources.set(key, source)
    }
  }
  return asked.map((args) => (args && sources.get(JSON.stringify(args))) ?? null)
}

function questionOf(formula: string, cell: CellReader): CellValue[] | null {
  const given = argumentsOf(formula)
  if (!given || given.includes(null)) return null
  const [description = null, country = null, options = null] = given.map((argument) =>
    argument && 'cell' in argument ? cell(argument.cell.row, argument.cell.column) : (argument?.value ?? null),
  )
  if (textOf(description) === '') return null
  const read = parseOptions(textOf(options))
  if (isFailure(read)) return null
  // To ask anew is not meant here.
  const { fresh: _, ...rest } = read
  const land = textOf(country)
  return [description, null, printOptions(land === '' ? rest : { ...rest, country: land })]
}

function sourceIn({ table }: Answer): FrozenSource | null {
  const fields = new Map(table?.map(([name, value]) => [String(name), String(value ?? '')]))
  const provider = fields.get('provider') ?? ''
  return provider === '' ? null : { provider, edition: fields.get('edition') ?? '' }
}
