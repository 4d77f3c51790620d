import { expect, it } from 'vitest'
import { createMemory } from '../../excel-addin/memory.ts'

it('the least recently used goes first', () => {
  const memory = createMemory<number>(2, () => 0)
  memory.set('a', 1, Infinity)
  memory.set('b', 2, Infinity)
  memory.get('a')
  memory.set('c', 3, Infinity)
  expect([memory.get('a'), memory.get('b'), memory.get('c')]).toEqual([1, undefined, 3])
  expect(memory.size).toBe(2)
})

it('what has outlived its time is not there, and what has none never was', () => {
  let now = 0
  const memory = createMemory<number>(10, () => now)
  memory.set('a', 1, 1000)
  memory.set('b', 2, 0)
  now = 999
  expect([memory.get('a'), memory.get('b')]).toEqual([1, undefined])
  now = 1000
  expect(memory.get('a')).toBeUndefined()
})
