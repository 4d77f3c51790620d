import { describe, expect, test } from 'vitest'

import { chanceOf } from '../../../../proxy/classifier/calibration.ts'
import { featuresOf } from '../../../../proxy/classifier/features.ts'
import { readModel } from '../../../../proxy/classifier/model.ts'
import { buildModel, type Progress } from '../../../../proxy/classifier/training/build-model.ts'
import { createWeigher } from '../../../../proxy/classifier/weigh.ts'
import { readLexicon } from '../../../../proxy/classifier/lexicon.ts'
import { TOY_61, TOY_85, toyLexicon } from '../toy-lexicon.ts'
import { TOY_SETTINGS } from './toy-settings.ts'

const lexicon = toyLexicon()
const bytes = buildModel(lexicon, TOY_SETTINGS)
const model = readModel(bytes)
const weigher = createWeigher(model)

function bestOf(text: string): { subheading: string; heading: string } {
  const { subheadings, headings } = weigher.weigh(featuresOf(text), 1, 1)
  return { subheading: subheadings[0]!.code, heading: headings[0]!.code }
}

describe('a model', () => {
  test('is the same bytes from the same lexicon', () => {
    expect(Buffer.compare(buildModel(lexicon, TOY_SETTINGS), bytes)).toBe(0)
  })

  test('is another one from another seed or another lexicon', () => {
    const other = readLexicon([['61.txt', TOY_61.replace('plain', 'white')], ['85.txt', TOY_85]]) // prettier-ignore
    expect(Buffer.compare(buildModel(lexicon, { ...TOY_SETTINGS, seed: 1 }), bytes)).not.toBe(0)
    expect(Buffer.compare(buildModel(other, TOY_SETTINGS), bytes)).not.toBe(0)
    expect(model.lexiconHash).toBe(lexicon.hash())
  })

  test('knows every term it was taught', () => {
    for (const code of lexicon.codes()) {
      for (const { text } of lexicon.terms(code)) expect([text, bestOf(text).subheading]).toEqual([text, code])
    }
  })

  test('knows what it was not taught in these words', () => {
    expect(bestOf('mens white cotton tee shirt')).toEqual({ subheading: '610910', heading: '6109' })
    expect(bestOf('polyester t shirt for sports')).toEqual({ subheading: '610990', heading: '6109' })
    expect(bestOf('switch for torch')).toEqual({ subheading: '851390', heading: '8513' })
  })

  test('knows a heading by its label, in Chinese and in French too', () => {
    expect(bestOf('针织T恤衫').heading).toBe('6109')
    expect(bestOf('袜子').heading).toBe('6115')
    expect(bestOf('chaussettes').heading).toBe('6115')
    expect(bestOf('手电筒').heading).toBe('8513')
  })

  test('believes in all subheadings together exactly once', () => {
    for (const text of ['cotton t-shirt', 'torch', 'qzx', '']) {
      const { subheadings, headings } = weigher.weigh(featuresOf(text), 100, 100)
      const sum = (found: { belief: number }[]): number => found.reduce((total, { belief }) => total + belief, 0)
      expect(sum(subheadings)).toBeCloseTo(1, 10)
      expect(sum(headings)).toBeCloseTo(1, 10)
      expect(subheadings).toEqual(subheadings.toSorted((one, other) => other.belief - one.belief))
    }
  })

  test('is less sure of a text the more of it is unknown', () => {
    const belief = (text: string): number => weigher.weigh(featuresOf(text), 1, 1).subheadings[0]!.belief
    expect(belief('torch')).toBeGreaterThan(belief('torch qzxwv'))
    expect(belief('torch qzxwv')).toBeGreaterThan(belief('torch qzxwv vwqyz ykjvx'))
  })

  test('has a calibration that never falls', () => {
    for (const curve of [model.calibration.subheading, model.calibration.heading]) {
      const chances = Array.from({ length: 101 }, (_, percent) => chanceOf(curve, percent / 100))
      expect(chances).toEqual(chances.toSorted((one, other) => one - other))
    }
  })

  test('tells how far it is, from nothing to both trainings', () => {
    const progress: Progress[] = []
    buildModel(lexicon, { ...TOY_SETTINGS, epochs: 1 }, (step) => progress.push(step))
    expect(progress.map(({ stage }) => stage)).toEqual(['calibrating', 'training'])
    expect(progress.map(({ share }) => share)).toEqual([0, 0.5])
  })
})
