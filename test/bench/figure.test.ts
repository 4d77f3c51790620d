import { expect, test } from 'vitest'
import {
  atLeast,
  atMost,
  below,
  exactly,
  forTheRecord,
  median,
  printTable,
  quantile,
  ratio,
  seconds,
  whole,
} from './figure.ts'

test('the median is the middle, or between the two middles', () => {
  expect(median([9, 1, 5])).toBe(5)
  expect(median([4, 1, 9, 2])).toBe(3)
})

test('of a hundred values one is above the 99th of the hundred parts', () => {
  const values = Array.from({ length: 100 }, (_, at) => 100 - at)
  expect(quantile(values, 0.99)).toBe(99)
  expect(quantile(values, 0.5)).toBe(50)
  expect(quantile([7], 0.99)).toBe(7)
})

test.each([
  ['reached exactly', atLeast('n', 0.6, 0.6, ratio), true],
  ['just missed', atLeast('n', 0.599, 0.6, ratio), false],
  ['not more than allowed', atMost('n', 60, 60, whole), true],
  ['one more than allowed', atMost('n', 61, 60, whole), false],
  ['the number itself', exactly('n', 20, 20, whole), true],
  ['one too few of the number itself', exactly('n', 19, 20, whole), false],
  ['as long as the limit is not below it', below('n', 1.5, 1.5, seconds), false],
  ['without an aim there is no verdict', forTheRecord('n', 3, whole), null],
])('an aim is met or missed: %s', (_, figure, isMet) => {
  expect(figure.isMet).toBe(isMet)
})

test('the table is Markdown, with the aim and the verdict beside each figure', () => {
  const table = printTable([atLeast('Speed', 12_345, 2000, whole, 'warm'), forTheRecord('Time', 1.234, seconds)])
  expect(table.split('\n').map((line) => line.split('|').map((cell) => cell.trim()))).toEqual([
    ['', 'Figure', 'Measured', 'Aim', '', ''],
    ['', '------', '-------------', '-------', '---', ''],
    ['', 'Speed', '12,345 (warm)', '≥ 2,000', 'ok', ''],
    ['', 'Time', '1.23 s', '–', '', ''],
  ])
})
