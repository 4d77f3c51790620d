import { readdirSync, readFileSync } from 'node:fs'

import { describe, expect, it } from 'vitest'

import { NOT_KNOWN, RATES_MARK, ROWS_MARK } from '../../proxy/tariff/pack.ts'
import { fractionOf, parseDutyRate, printDutyRate } from '../../shared/duty-rate.ts'
import { LANGUAGES } from '../../shared/language.ts'

const PACKS = new URL('../../proxy/tariff/packs/', import.meta.url)

/** What no reading is claimed for, and why. */
const UNPARSED: Record<string, RegExp[]> = {
  // Cut short in the source, in the middle of a word, a unit or a figure.
  CA: [/^Fre$/, /^1\.9 ¢$/, /^8\.47 ¢\/kg plus 8\.$/, /or more than 9\.48 ¢$/],
  CN: [],
  // One rate for each season of import.
  JP: [/^毎年\d+月\d+日から/],
  // Watch movements: a share for each other piece, capped in some of them by the duty of another article.
  US: [/¢\/jewel \+ [\d.]+¢ for each other piece or part, but if /],
}

/** Every distinct rate text of a country's packs. */
function publishedTexts(country: string): string[] {
  const texts = new Set<string>()
  for (const name of readdirSync(PACKS).filter((file) => file.startsWith(`${country.toLowerCase()}-`))) {
    const pack = readFileSync(new URL(name, PACKS), 'utf8')
    const rates = pack.slice(pack.indexOf(`\n${RATES_MARK}\n`), pack.indexOf(`\n${ROWS_MARK}\n`))
    for (const line of rates.split('\n')) for (const text of line.split('\t').slice(1)) texts.add(text)
  }
  texts.delete('')
  texts.delete(NOT_KNOWN)
  return [...texts]
}

describe.each(Object.entries(UNPARSED))('every rate text of the tariff of %s', (country, known) => {
  const texts = publishedTexts(country)
  const rates = texts.map((text) => ({ text, rate: parseDutyRate(text, country) }))

  it('is there to be read', () => {
    expect(texts.length).toBeGreaterThan(50)
  })

  it('is read, or is one of the few that are known not to be', () => {
    const isKnown = (text: string) => known.some((pattern) => pattern.test(text))
    const unparsed = rates.filter(({ rate }) => rate.kind === 'unparsed').map(({ text }) => text)
    expect(unparsed.filter((text) => !isKnown(text))).toEqual([])
    expect(rates.filter(({ text, rate }) => isKnown(text) && rate.kind !== 'unparsed')).toEqual([])
  })

  it('is a fraction only where it is one percentage or free, and then the one printed', () => {
    for (const { text, rate } of rates) {
      const plain = /^[（(]?(?:([\d.]+) ?[%％]|33 1\/3%|Free|無税|免税)[)）]?$/.exec(text)
      const printed = plain?.[1] === undefined ? null : Number(`${plain[1]}e-2`)
      const fraction = fractionOf(rate)
      if (!plain) expect([text, fraction]).toEqual([text, null])
      else expect([text, fraction]).toEqual([text, printed ?? (text.startsWith('33') ? 1 / 3 : 0)])
    }
  })

  it('can be said in every language', () => {
    for (const { rate } of rates)
      for (const language of LANGUAGES) expect(printDutyRate(rate, language)).not.toMatch(/^$|NaN|undefined/)
  })
})
