import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { featuresOf, headOf } from '../../../proxy/classifier/features.ts'
import { stemOf } from '../../../proxy/classifier/stem.ts'
import { canonicalText, tokensOf } from '../../../proxy/classifier/tokens.ts'

/** Stems by segment, with the role of those that are not the goods. */
function read(text: string): string {
  return tokensOf(canonicalText(text))
    .map(
      ({ stem, role, isAdjacent }, at) =>
        `${at > 0 && !isAdjacent ? '| ' : ''}${stem}${role === 'goods' ? '' : `:${role}`}`,
    )
    .join(' ')
}

function head(text: string): string | null {
  const tokens = tokensOf(canonicalText(text))
  const at = headOf(tokens)
  return at === null ? null : tokens[at]!.stem
}

describe('words', () => {
  test.each([
    ['shoes', 'shoe'],
    ['batteries', 'battery'],
    ['knives', 'knife'],
    ['cookies', 'cookie'],
    ['gloves', 'glove'],
    ['boxes', 'box'],
    ['dresses', 'dress'],
    ['glass', 'glass'],
    ['printed', 'print'],
    ['knitted', 'knit'],
    ['running', 'run'],
    ['colour', 'color'],
    ['aluminium', 'aluminum'],
    ['jewellery', 'jewelry'],
    ['ladies', 'women'],
    ['mens', 'men'],
    ['bateaux', 'bateau'],
  ])('%s is the same word as %s', (word, same) => {
    expect(stemOf(word)).toBe(stemOf(same))
  })

  test.each([
    ['clothing', 'cloth'],
    ['earring', 'ear'],
    ['bearing', 'bear'],
    ['painting', 'paint'],
    ['care', 'car'],
  ])('%s is not the same word as %s', (word, other) => {
    expect(stemOf(word)).not.toBe(stemOf(other))
  })
})

describe('a text', () => {
  test.each([
    ['case, apostrophes and accents do not count', "MEN'S Café", 'men cafe'],
    ['full-width letters are letters', 'ＣＯＴＴＯＮ　ｂａｇ', 'cotton bag'],
    ['a tied letter belongs to its word', 'T-shirt t shirt e-bike', 'tshirt tshirt ebik'],
    ['shop talk is left out and parts nothing', 'new shirt hot sale collar', 'shirt collar'],
    ['numbers are left out, their units stay', '500ml bottle 12 V 3 pcs', 'ml bottl v'],
    ['purities stay', '14k ring 925 chain', 'karat ring 925 chain'],
    ['an alloy is its material too', 'SS304 sink', 'ss304 stainless steel sink'],
    ['what follows "for" is the host', 'brake pads for car, red', 'brak pad | car:host | red'],
    ['what follows "with" comes with the goods', 'bottle with straw', 'bottl | straw:with'],
    ['what follows "other than" is not the goods', 'plastics, other than tableware', 'plastic | tablewar:without'],
    ['Chinese stays in runs', '棉制T恤 U盘', '棉制t恤 u盘'],
    ['French joining words part segments', "huile d'olive, chemise en coton", 'huil oliv | chemis | coton'],
  ])('%s', (_, text, tokens) => {
    expect(read(text)).toBe(tokens)
  })

  test.each([
    ['Stainless steel water bottle, 500 ml', 'bottl'],
    ['phone case for iPhone 15', 'case'],
    ['box of chocolates', 'chocolat'],
    ['shirt of cotton', 'shirt'],
    ['dress women casual summer 2024', 'dress'],
    ['silver', 'silver'],
    ['Chemise en coton pour hommes', 'chemis'],
    ['100 pcs', null],
  ])('%s has the noun %s', (text, noun) => {
    expect(head(text)).toBe(noun)
  })
})

describe('features', () => {
  const shared = (one: string, other: string): number => {
    const known = new Set(featuresOf(one).fingerprints)
    return featuresOf(other).fingerprints.filter((fingerprint) => known.has(fingerprint)).length
  }

  test('a feature stands once, with the tokens it comes from', () => {
    const { tokens, fingerprints, firsts, lasts, weights } = featuresOf('cotton shirt, cotton shirt')
    expect(new Set(fingerprints).size).toBe(fingerprints.length)
    expect([weights.length, firsts.length, lasts.length]).toEqual(Array(3).fill(fingerprints.length))
    for (const [at, first] of firsts.entries()) expect(first <= lasts[at]! && lasts[at]! < tokens.length).toBe(true)
  })

  test('spelling and order lose little, another noun loses much', () => {
    const own = featuresOf('wireless earphones').fingerprints.length
    expect(shared('wireless earphones', 'Wireless EARPHONE')).toBe(own)
    expect(shared('wireless earphones', 'earphones, wireless')).toBeGreaterThan(own / 2)
    expect(shared('wireless earphones', 'wireless mouse')).toBeLessThan(own / 2)
  })

  test('Chinese names the goods last', () => {
    const count = (text: string): number => featuresOf(text).fingerprints.length
    expect(shared('自行车坐垫', '坐垫')).toBe(count('坐垫'))
    expect(shared('自行车坐垫', '自行车')).toBeLessThan(count('自行车'))
  })

  test('a host is not the goods', () => {
    expect(shared('charger for laptop', 'laptop')).toBeLessThan(featuresOf('laptop').fingerprints.length)
  })

  test('any text has features that are whole numbers of 32 bits', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (text) => {
        const { fingerprints } = featuresOf(text)
        expect(fingerprints.every((fingerprint) => fingerprint === fingerprint >>> 0)).toBe(true)
      }),
    )
  })

  test('a text without letters has none', () => {
    for (const text of ['', '   ', '👍🏽', '12 345', '\u0000\u0007', '——']) {
      expect(featuresOf(text).fingerprints).toEqual([])
    }
  })
})
