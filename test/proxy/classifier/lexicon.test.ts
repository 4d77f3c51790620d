import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, describe, expect, test } from 'vitest'

import { LexiconError, loadLexicon, readLexicon } from '../../../proxy/classifier/lexicon.ts'
import { TOY_61, TOY_85, toyLexicon } from './toy-lexicon.ts'

const folder = mkdtempSync(join(tmpdir(), 'lexicon-'))
afterAll(() => rmSync(folder, { recursive: true }))

function failureOf(read: () => unknown): LexiconError {
  try {
    read()
  } catch (error) {
    if (error instanceof LexiconError) return error
    throw error
  }
  throw new Error('The lexicon was read.')
}

describe('a lexicon', () => {
  test('labels a code in each language', () => {
    const lexicon = toyLexicon()
    expect(lexicon.label('610910', 'en')).toBe('Cotton T-shirts')
    expect(lexicon.label('6109', 'zh')).toBe('针织T恤衫')
    expect(lexicon.label('85', 'fr')).toBe('Machines électriques')
  })

  test('labels a national code by its subheading, and an unknown code not at all', () => {
    const lexicon = toyLexicon()
    expect(lexicon.label('6109100012', 'en')).toBe('Cotton T-shirts')
    expect(lexicon.label('6109200000', 'en')).toBeNull()
    expect(lexicon.label('', 'en')).toBeNull()
  })

  test('lists its codes in order, and the terms of subheadings only', () => {
    const lexicon = toyLexicon()
    expect(lexicon.codes()).toEqual(lexicon.codes().toSorted())
    expect(lexicon.terms('851310')).toEqual([
      { text: 'torch', language: 'en' },
      { text: 'flashlight', language: 'en' },
      { text: 'led head torch', language: 'en' },
      { text: 'rechargeable headlamp for camping', language: 'en' },
      { text: '手电筒', language: 'zh' },
      { text: 'LED头灯', language: 'zh' },
      { text: 'lampe de poche', language: 'fr' },
    ])
    expect(lexicon.terms('610910')).toHaveLength(5)
    expect(lexicon.terms('8513')).toEqual([])
    expect(lexicon.terms('999999')).toEqual([])
  })

  test('has another hash as soon as one letter differs, and the same one whatever the line ends', () => {
    const files = (text: string): [string, string][] => [['61.txt', text]]
    const hash = readLexicon(files(TOY_61)).hash()
    expect(readLexicon(files(TOY_61.replaceAll('\n', '\r\n'))).hash()).toBe(hash)
    expect(readLexicon(files(TOY_61.replace('plain', 'plane'))).hash()).not.toBe(hash)
  })

  test('is read from the chapter files of a folder and from no others', () => {
    writeFileSync(join(folder, '85.txt'), TOY_85)
    writeFileSync(join(folder, '61.txt'), TOY_61)
    writeFileSync(join(folder, 'notes.txt'), 'not a chapter')
    expect(loadLexicon(folder).hash()).toBe(toyLexicon().hash())
  })

  test.each([
    ['a code of five digits', '610910 |', '61091 |', 5],
    ['a code of another chapter', '610910 |', '620910 |', 5],
    ['a code out of order', '611595 |', '611495 |', 14],
    ['a subheading without its heading', '6109 |', '6108 |', 5],
    ['a code that stands twice', '610990 |', '610910 |', 9],
    ['a missing label', ' | T-shirts en coton', '', 5],
    ['an empty label', '| 棉制T恤衫 |', '|  |', 5],
    ['a label too many', 'T-shirts en coton', 'T-shirts | en coton', 5],
    ['an unprintable character', 'Cotton T-shirts', 'Cotton\u200BT-shirts', 5],
    ['text that is neither code nor terms', '  cotton t-shirt', 'cotton t-shirt', 6],
  ])('names file and line of %s', (_, wanted, given, line) => {
    expect(TOY_61).toContain(wanted)
    const error = failureOf(() => readLexicon([['61.txt', TOY_61.replace(wanted, given)]]))
    expect({ file: error.file, line: error.line }).toEqual({ file: '61.txt', line })
    expect(error.message).toContain(`61.txt:${line}`)
  })

  test.each([
    ['a term that stands twice, whatever its case', 'plain cotton tee', 'Cotton T-Shirt'],
    ['a bar in a term', 'plain cotton tee', 'plain | cotton tee'],
    ['a language without its space', '  cotton t-shirt;', '  fr:t-shirt;'],
    ['a language there is none of', '  cotton t-shirt;', '  de: t-shirt;'],
    ['Chinese among English terms', 'plain cotton tee', '纯棉T恤'],
  ])('names file and line of %s when the terms are read', (_, wanted, given) => {
    const lexicon = readLexicon([['61.txt', TOY_61.replace(wanted, given)]])
    expect(failureOf(() => lexicon.terms('610910'))).toMatchObject({ file: '61.txt', line: 6 })
  })

  test('refuses terms under a heading, a file without a code and a folder without a chapter', () => {
    const headless = TOY_61.replace('T-shirts en maille\n', 'T-shirts en maille\n  tee\n')
    expect(failureOf(() => readLexicon([['61.txt', headless]])).line).toBe(4)
    expect(failureOf(() => readLexicon([['61.txt', '\n']])).line).toBe(0)
    expect(failureOf(() => loadLexicon(mkdtempSync(join(folder, 'empty-')))).line).toBe(0)
  })
})
