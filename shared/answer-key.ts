/**
 * Same question, same key: for the add-ins' batcher, the coalescer and the cache alike.
 * Parts are length-prefixed, so that no text can run over into the next part.
 */
import type { Ask, DescriptionAsk } from './ask.ts'
import { printOptions } from './options.ts'
import type { CellValue } from './tariff-code.ts'

// Raise it when the same key would have to mean another answer.
const KEY_VERSION = 'v1'

/** Key of one cell's question as it was typed: what the add-ins remember an answer under. */
export function questionKey(fn: string, args: readonly CellValue[]): string {
  const last = args.findLastIndex((arg) => arg !== null && arg !== '')
  return join([
    KEY_VERSION,
    fn.toUpperCase(),
    ...args.slice(0, last + 1).map((arg) => `${typeof arg}:${String(arg ?? '')}`),
  ])
}

/** Key of what is looked up behind a description: HSCODE, HSALT, HSCONF, HSWHY and HSINFO of one text share it, and its price.
 * @param edition of whoever answers; a new edition makes every old key unreachable, so nothing needs purging.
 */
export function classificationKey(ask: DescriptionAsk, provider: string, edition: string): string {
  const { material, use, gender, category } = ask.options
  return join([
    KEY_VERSION,
    'classify',
    provider,
    edition,
    ask.country,
    ask.description,
    material ?? '',
    use ?? '',
    gender ?? '',
    category ?? '',
  ])
}

/** What is said of goods, as one text: the same exactly where the classification keys of one country are the same. */
export function goodsKey(
  description: string,
  { material, use, gender, category }: Readonly<Record<'material' | 'use' | 'gender' | 'category', string>>,
): string {
  return join([description, material, use, gender, category])
}

/** Key of a tariff question or a look-up, with the options that change its answer: who is asked is part of the key already, and
 * asking again is no other question. */
export function tariffKey(ask: Ask, provider: string, edition: string): string {
  const { fn, options: given, ...rest } = ask
  const { fresh: _, provider: __, ...options } = given
  return join([KEY_VERSION, fn, provider, edition, printOptions(options), JSON.stringify(rest)])
}

function join(parts: readonly string[]): string {
  return parts.map((part) => `${part.length}:${part}`).join('')
}
