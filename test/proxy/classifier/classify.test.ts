import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { createClassifier } from '../../../proxy/classifier/classify.ts'
import { loadLexicon } from '../../../proxy/classifier/lexicon.ts'
import { staleness } from '../../../proxy/classifier/training/check-model.ts'
import { loadModel } from '../../../proxy/classifier/model.ts'
import type { MissingFact } from '../../../proxy/classifier/missing-fact.ts'
import type { VagueReason } from '../../../proxy/classifier/vague.ts'
import { LANGUAGES } from '../../../shared/language.ts'
import { EVERYDAY_GOODS, GOODS_IN_CHINESE_AND_FRENCH } from './everyday-goods.ts'

const folder = (name: string): string => fileURLToPath(new URL(`../../../proxy/classifier/${name}`, import.meta.url))
const lexicon = loadLexicon(folder('lexicon'))
const model = loadModel(folder('model/hs6.model'))
const classifier = createClassifier(model, lexicon)

const NAMES_IN_CHINESE_AND_FRENCH = readFileSync(folder('development/names-zh-fr.txt'), 'utf8')

const sum = (scored: readonly { score: number }[]): number => scored.reduce((total, { score }) => total + score, 0)

describe('the committed model', () => {
  test('was trained on the committed lexicon, read as it is read now', () => {
    expect(model.lexiconHash).toBe(lexicon.hash())
    expect(staleness(model, lexicon)).toBeNull()
  })

  test('knows every subheading of the lexicon, and of the HS 2022', () => {
    const subheadings = lexicon.codes().filter((code) => code.length === 6)
    expect(model.tree.subheadings).toEqual(subheadings)
    expect(subheadings).toHaveLength(5613)
    expect(model.tree.chapters).toHaveLength(97)
  })

  test('was taught everyday words for every subheading in each language', () => {
    // What stands for goods that have no code has no words.
    const subheadings = lexicon.codes().filter((code) => code.length === 6 && code !== '999999')
    for (const wanted of LANGUAGES) {
      const without = subheadings.filter((code) => lexicon.terms(code).every(({ language }) => language !== wanted))
      expect([wanted, without]).toEqual([wanted, []])
    }
  })

  test.each([
    ['Chinese', true],
    ['French', false],
  ])('names at least nine of ten goods in %s at once that others wrote down', (_, isHan) => {
    const names = [...NAMES_IN_CHINESE_AND_FRENCH.matchAll(/^(\d{6}) (.+)$/gmu)].filter(
      ([, , name]) => /\p{Script=Han}/u.test(name!) === isHan,
    )
    expect(names).toHaveLength(400)
    const right = names.filter(([, code, name]) => classifier.classify(name!).candidates[0]?.code === code)
    expect(right.length).toBeGreaterThanOrEqual(360)
  })

  test('names at least 66 of 70 everyday goods at once, and every one among its first ten', () => {
    const places = EVERYDAY_GOODS.map(([code, description]) =>
      classifier.classify(description).candidates.findIndex((candidate) => candidate.code === code),
    )
    expect(places.filter((place) => place === 0).length).toBeGreaterThanOrEqual(66)
    expect(EVERYDAY_GOODS.filter((_, at) => places[at]! < 0)).toEqual([])
  })
})

describe('an answer', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 512 }),
    fc.array(fc.constantFrom('cotton', 'shirt', 'for', 'with', '棉', 'T恤', 'é', '14k', ',', '(', '\u0000', '👍🏽', 'parts'), {
      maxLength: 40,
    }).map((words) => words.join(' ')), // prettier-ignore
  )

  test('to any text keeps its shape: codes of six and four digits, chances from 0 to 1, best first, words of the text', () => {
    fc.assert(
      fc.property(text, (description) => {
        const { candidates, headings, words } = classifier.classify(description)
        expect(candidates.length).toBeLessThanOrEqual(10)
        expect(headings.length).toBeLessThanOrEqual(5)
        expect(words.length).toBeLessThanOrEqual(4)
        for (const scored of [candidates, headings]) {
          expect(scored.every(({ score }) => score >= 0 && score <= 1)).toBe(true)
          expect(scored).toEqual(scored.toSorted((one, other) => other.score - one.score))
          expect(sum(scored)).toBeLessThanOrEqual(1 + 1e-9)
        }
        expect(candidates.every(({ code }) => /^\d{6}$/u.test(code))).toBe(true)
        expect(headings.every(({ code }) => /^\d{4}$/u.test(code))).toBe(true)
        expect(new Set(candidates.map(({ code }) => code)).size).toBe(candidates.length)
        expect(words.every((word) => description.normalize('NFC').includes(word))).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  test('is the same for the same text, whatever was asked in between', () => {
    const first = classifier.classify('Wireless mouse, 2.4 GHz')
    for (const [, description] of EVERYDAY_GOODS.slice(0, 10)) classifier.classify(description)
    expect(classifier.classify('Wireless mouse, 2.4 GHz')).toEqual(first)
  })

  test('of a text without a word is empty', () => {
    for (const description of ['', '  ', '👍🏽🎉', '1234', '\u0000\u0001\u001B']) {
      expect(classifier.classify(description)).toEqual({
        candidates: [],
        headings: [],
        words: [],
        vague: 'unknown-words',
        missing: null,
      })
    }
  })

  test('is given to 512 characters and to far more', () => {
    const long = 'stainless steel kitchen sink with drain '.repeat(13).slice(0, 512)
    expect(classifier.classify(long).candidates[0]?.code.slice(0, 2)).toBe('73')
    expect(classifier.classify('cotton shirt '.repeat(10_000)).candidates).toHaveLength(10)
  })

  test('does not depend on case, width, accents or control characters', () => {
    const { candidates } = classifier.classify('cotton t-shirt')
    for (const same of ['COTTON T-SHIRT', 'ｃｏｔｔｏｎ ｔ-ｓｈｉｒｔ', 'cótton t-shirt', 'cotton\u0000 t-shirt']) {
      expect(classifier.classify(same).candidates).toEqual(candidates)
    }
  })

  test('names the heading of at least 28 of 36 goods in Chinese and French, learned from labels alone', () => {
    const right = GOODS_IN_CHINESE_AND_FRENCH.filter(
      ([heading, description]) => classifier.classify(description).headings[0]?.code === heading,
    )
    expect(right.length).toBeGreaterThanOrEqual(34)
  })

  test('gives a single noun its heading rather than calling it vague', () => {
    const { vague, headings } = classifier.classify('shirt')
    expect(vague).toBeNull()
    expect(headings[0]?.score).toBeGreaterThan(classifier.classify('shirt').candidates[0]!.score)
    expect(['6105', '6205']).toContain(headings[0]?.code)
  })

  test('names the words that decided, as they were typed and the strongest first', () => {
    expect(classifier.classify('Hot Sale!! Acoustic GUITAR, blue').words).toEqual(['GUITAR', 'Acoustic'])
    expect(classifier.classify('ｇｕｉｔａｒ').words).toEqual(['ｇｕｉｔａｒ'])
    expect(classifier.classify('qzxwv').words).toEqual([])
  })
})

describe('facts beside the description', () => {
  const best = (description: string, facts = {}): string | undefined =>
    classifier.classify(description, facts).candidates[0]?.code

  test('part what the description leaves open', () => {
    expect(best('t-shirt', { material: 'polyester' })).toBe('610990')
    expect(best('t-shirt', { material: 'cotton' })).toBe('610910')
    expect(best('handbag', { material: 'leather' })).toBe('420221')
    expect(best('jeans', { gender: 'women' })).toBe('620462')
    expect(best('jeans', { gender: 'men' })).toBe('620342')
  })

  test('are not among the deciding words, and empty ones change nothing', () => {
    const { words } = classifier.classify('handbag', { material: 'leather', use: 'travel', category: 'bags' })
    expect(words).toEqual(['handbag'])
    const plain = classifier.classify('handbag')
    expect(classifier.classify('handbag', { material: '', use: '', gender: '', category: '' })).toEqual(plain)
  })

  test('can name the host that the description leaves out', () => {
    expect(classifier.classify('spare parts').vague).toBe('part-of-what')
    expect(classifier.classify('spare parts', { use: 'washing machine' }).vague).toBeNull()
    expect(classifier.classify('spare parts', { category: 'bicycle' }).vague).toBeNull()
  })
})

describe('a vague text', () => {
  test.each<[string, VagueReason]>([
    ['parts', 'part-of-what'],
    ['Spare parts', 'part-of-what'],
    ['accessories', 'part-of-what'],
    ['metal parts', 'part-of-what'],
    ['plastic spare part, black, 2 pcs', 'part-of-what'],
    ['pièces détachées', 'part-of-what'],
    ['零件', 'part-of-what'],
    ['gift', 'what-goods'],
    ['birthday gift for women', 'what-goods'],
    ['sample', 'what-goods'],
    ['samples of no commercial value', 'what-goods'],
    ['goods', 'what-goods'],
    ['new items', 'what-goods'],
    ['personal effects', 'what-goods'],
    ['documents', 'what-goods'],
    ['misc', 'what-goods'],
    ['blue, XL', 'what-goods'],
    ['礼品', 'what-goods'],
    ['cadeau', 'what-goods'],
    ['qzxwv', 'unknown-words'],
    ['Qzxwv KJ-2201 XL', 'unknown-words'],
    ['', 'unknown-words'],
    ['shoes, bag and phone', 'mixed-goods'],
    ['wine, cheese, candles', 'mixed-goods'],
  ])('%s is called %s', (description, reason) => {
    expect(classifier.classify(description).vague).toBe(reason)
  })

  test.each([
    'shirt',
    'gift box',
    'gift wrapping paper',
    'car parts',
    'bicycle accessories',
    'parts for pumps',
    'washing machine spare parts',
    'document shredder',
    'sample bags of plastic',
    "Men's running shoes, breathable, lightweight, black",
    'salt and pepper mill',
    'eggs, hens, fresh',
    'orange',
    'double cream',
    '鞋',
    'nuts and bolts',
    'dress, blouse, skirt',
    'steel, wood and glass table',
    'LED lamp, light, bulb',
    'cotton',
    '雨伞',
  ])('%s is not vague', (description) => {
    expect(classifier.classify(description).vague).toBeNull()
  })
})

describe('the missing fact', () => {
  test.each<[string, MissingFact | null]>([
    ['shirt', 'material'],
    ['handbag', 'material'],
    ['coffee', 'state'],
    ['cheese', 'state'],
    ['wireless earbuds', null],
  ])('of %s is %s', (description, fact) => {
    expect(classifier.classify(description).missing).toBe(fact)
  })

  test('is not one that the text states', () => {
    for (const [, description] of EVERYDAY_GOODS.filter(([, words]) => /cotton|steel|leather|plastic/u.test(words))) {
      expect([description, classifier.classify(description).missing]).not.toEqual([description, 'material'])
    }
  })
})
