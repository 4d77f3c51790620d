import { expect, test } from 'vitest'
import { isFailure } from '../../shared/error-codes.ts'
import { parseAsk } from '../../shared/ask.ts'
import { productTexts, readableTexts, tariffItems } from './sample-goods.ts'

test('descriptions are all different and the same in every run', () => {
  const texts = productTexts(60_000)
  expect(new Set(texts).size).toBe(60_000)
  expect(productTexts(100)).toEqual(texts.slice(0, 100))
})

test('nearly every description is one that HSCODE reads', () => {
  const read = productTexts(5000).filter((text) => !isFailure(parseAsk('HSCODE', [text, 'CA'])))
  expect(read.length).toBeGreaterThan(4950)
})

test('readable descriptions are as many as asked for, each read, and different also without case', () => {
  const texts = readableTexts(14_000)
  expect(texts).toHaveLength(14_000)
  expect(new Set(texts.map((text) => text.toLowerCase())).size).toBe(14_000)
  expect(texts.every((text) => !isFailure(parseAsk('HSCODE', [text, 'CA'])))).toBe(true)
})

test('tariff items are different declarable codes of ten digits, from chapters far apart', () => {
  const items = tariffItems(50)
  expect(new Set(items).size).toBe(50)
  expect(items.every((item) => /^\d{10}$/.test(item))).toBe(true)
  expect(new Set(items.map((item) => item.slice(0, 2))).size).toBeGreaterThan(10)
})
