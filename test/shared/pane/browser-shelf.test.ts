import { expect, test } from 'vitest'
import { tooMuch, type ShelfRecord } from '../../../shared/pane/browser-shelf.ts'

const record = (name: string, characters: number, usedAt: number): ShelfRecord => ({
  name,
  characters,
  usedAt,
  texts: 1,
})

test('where all of it is too much, what was used longest ago goes, and the newest stays', () => {
  const records = [record('new', 50, 3), record('old', 40, 1), record('middle', 40, 2)]
  expect(tooMuch(records, 130)).toEqual([])
  expect(tooMuch(records, 100)).toEqual(['old'])
  expect(tooMuch(records, 60)).toEqual(['old', 'middle'])
})

test('what alone is too much is not kept either', () => {
  expect(tooMuch([record('huge', 200, 2), record('old', 10, 1)], 100)).toEqual(['old', 'huge'])
})
