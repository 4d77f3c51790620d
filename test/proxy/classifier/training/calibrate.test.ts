import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { chanceOf, isCurve } from '../../../../proxy/classifier/calibration.ts'
import { curveThrough, holdOut } from '../../../../proxy/classifier/training/calibrate.ts'
import { examplesOf } from '../../../../proxy/classifier/training/examples.ts'
import { toyLexicon } from '../toy-lexicon.ts'

const point = fc.record({ belief: fc.double({ min: 0, max: 1, noNaN: true }), isRight: fc.boolean() })

describe('a calibration curve', () => {
  test('never falls and stays within 0 and 1, whatever was measured', () => {
    fc.assert(
      fc.property(fc.array(point, { maxLength: 400 }), (points) => {
        const curve = curveThrough(points)
        expect(isCurve(curve)).toBe(true)
        const chances = Array.from({ length: 201 }, (_, at) => chanceOf(curve, at / 200))
        expect(chances).toEqual(chances.toSorted((one, other) => one - other))
        expect(chances.every((chance) => chance >= 0 && chance <= 1)).toBe(true)
      }),
    )
  })

  test('stays below what was measured, and nearer to it the more was measured', () => {
    const measured = (count: number) =>
      curveThrough(Array.from({ length: count }, (_, at) => ({ belief: 0.52, isRight: at % 10 < 6 })))
    const few = chanceOf(measured(20), 0.52)
    const many = chanceOf(measured(20_000), 0.52)
    expect(few).toBeLessThan(many)
    expect(many).toBeLessThan(0.6)
    expect(many).toBeGreaterThan(0.59)
  })

  test('is never quite sure, even where nothing was wrong', () => {
    const flawless = Array.from({ length: 100_000 }, () => ({ belief: 0.999, isRight: true }))
    expect(chanceOf(curveThrough(flawless), 1)).toBeLessThanOrEqual(0.95)
  })

  test('believes nothing where nothing was measured', () => {
    expect(chanceOf(curveThrough([]), 1)).toBe(0)
  })

  test('is a straight line between two points', () => {
    const curve = [
      [0, 0],
      [0.5, 0.2],
      [1, 0.8],
    ] as const
    expect(chanceOf(curve, 0.25)).toBeCloseTo(0.1)
    expect(chanceOf(curve, 0.75)).toBeCloseTo(0.5)
    expect(chanceOf(curve, 1)).toBe(0.8)
  })
})

describe('held-out terms', () => {
  test('are terms only, never labels, and the same ones for the same seed', () => {
    const examples = Array.from({ length: 40 }, () => examplesOf(toyLexicon())).flat()
    const { kept, held } = holdOut(examples, 5)
    expect(held.length).toBeGreaterThan(0)
    expect(held.every(({ isTerm }) => isTerm)).toBe(true)
    expect(kept.length + held.length).toBe(examples.length)
    expect(holdOut(examples, 5).held).toEqual(held)
  })
})
