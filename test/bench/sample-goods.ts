/** Goods to ask about: texts as people write them, from our own lexicon, and declarable codes. The same ones in every run. */
import { join } from 'node:path'
import { loadLexicon, type Lexicon } from '../../proxy/classifier/lexicon.ts'
import { rootFolder } from '../../proxy/root-folder.ts'
import { createTariffBook } from '../../proxy/tariff/book.ts'
import { BLANK, parseAsk } from '../../shared/ask.ts'
import { isFailure } from '../../shared/error-codes.ts'
import { normaliseDescription } from '../../shared/read-cell.ts'

const proxyFolder = join(rootFolder(), 'proxy')
// Past the lexicon's own terms: what sellers put around a name.
const AROUND = ['new', 'wholesale', 'blue', 'large', '2 pack', 'high quality', 'portable', 'for home']
// Prime, so that it has no factor with any list it steps through: neighbours in the list are far apart in the sample.
const STRIDE = 7919
// Far more than those that HSCODE does not read.
const TEXTS_TO_SPARE = 3000

function englishTerms(lexicon: Lexicon, code: string): string[] {
  return lexicon.terms(code).flatMap(({ text, language }) => (language === 'en' ? [text] : []))
}

/** @returns `count` different descriptions, every chapter mixed with every other. */
export function productTexts(count: number): string[] {
  const lexicon = loadLexicon(join(proxyFolder, 'classifier', 'lexicon'))
  const terms = [...new Set(lexicon.codes().flatMap((code) => englishTerms(lexicon, code)))]
  const texts = new Set(mixed(terms))
  for (const around of AROUND) {
    if (texts.size >= count) break
    for (const term of mixed(terms)) texts.add(`${around} ${term}`)
  }
  if (texts.size < count) throw new Error(`the lexicon is good for ${texts.size} texts, not ${count}`)
  return [...texts].slice(0, count)
}

/** @returns `count` descriptions that HSCODE reads, each another product also to an upstream that does not mind case. */
export function readableTexts(count: number): string[] {
  const texts = new Map<string, string>()
  for (const text of productTexts(count + TEXTS_TO_SPARE)) {
    const read = parseAsk('HSCODE', [text, 'CA'])
    if (read === BLANK || isFailure(read)) continue
    const key = normaliseDescription(text).toLowerCase()
    if (!texts.has(key)) texts.set(key, text)
  }
  if (texts.size < count) throw new Error(`${texts.size} of the texts can be read, not ${count}`)
  return [...texts.values()].slice(0, count)
}

/** @returns up to `count` Canadian tariff items of ten digits, in no order. */
export function tariffItems(count: number): string[] {
  const book = createTariffBook({ folders: [join(proxyFolder, 'tariff', 'packs')] })
  return mixed(book.declarableUnder('CA', '')).slice(0, count)
}

function mixed<Item>(items: readonly Item[]): Item[] {
  return items.map((_, at) => items[(at * STRIDE) % items.length]!)
}
