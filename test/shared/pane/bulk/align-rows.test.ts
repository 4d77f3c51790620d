import fc from 'fast-check'
import { expect, test } from 'vitest'
import { alignRows } from '../../../../shared/pane/bulk/align-rows.ts'

test('rows inserted and deleted around the others move them, and those that are gone are nowhere', () => {
  expect(alignRows(['a', 'b', 'c', 'd'], ['x', 'a', 'c', 'y', 'd'])).toEqual([1, null, 2, 4])
})

test('sorted rows are found wherever they are', () => {
  expect(alignRows(['a', 'b', 'c'], ['c', 'a', 'b'])).toEqual([1, 2, 0])
})

test('of rows that say the same each is found once, in order', () => {
  expect(alignRows(['a', 'a', 'b', 'a'], ['x', 'a', 'a', 'b'])).toEqual([1, 2, 3, null])
})

test('a row is never found where something else stands, and no place is given twice', () => {
  const keys = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 30 })
  fc.assert(
    fc.property(keys, keys, (expected, found) => {
      const places = alignRows(expected, found).flatMap((place, at) =>
        place === null ? [] : [{ place, key: expected[at] }],
      )
      expect(places.every(({ place, key }) => found[place] === key)).toBe(true)
      expect(new Set(places.map(({ place }) => place)).size).toBe(places.length)
    }),
  )
})

test('as many rows are found as there are left of each', () => {
  const keys = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 30 })
  fc.assert(
    fc.property(keys, keys, (expected, found) => {
      const count = (list: string[], key: string): number => list.filter((one) => one === key).length
      const wanted = ['a', 'b', 'c'].reduce((sum, key) => sum + Math.min(count(expected, key), count(found, key)), 0)
      expect(alignRows(expected, found).filter((place) => place !== null)).toHaveLength(wanted)
    }),
  )
})
