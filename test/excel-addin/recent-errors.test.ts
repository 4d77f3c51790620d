import { expect, it } from 'vitest'
import { createRecentErrors, RECENT_ERRORS_MAX } from '../../excel-addin/recent-errors.ts'
import { createFakeClock } from './fake-clock.ts'
import { error } from './open-batcher.ts'

it('the last 50 are kept, newest first', () => {
  const errors = createRecentErrors(createFakeClock())
  for (let at = 0; at < 60; at++) errors.add(error(`TC-${at}`), 'HSCODE', null)
  expect(errors.list()).toHaveLength(RECENT_ERRORS_MAX)
  expect(errors.list()[0]).toMatchObject({ code: 'TC-59' })
})

it('whoever looks at them is told once for all that fail in one turn, and no more after leaving', async () => {
  const clock = createFakeClock()
  const errors = createRecentErrors(clock)
  let told = 0
  const leave = errors.onChange(() => told++)
  for (let at = 0; at < 500; at++) errors.add(error('TC-402'), 'HSCODE', null)
  expect(told).toBe(0)
  await clock.advance(0)
  expect(told).toBe(1)
  errors.add(error('TC-402'), 'HSCODE', null)
  await clock.advance(0)
  expect(told).toBe(2)
  leave()
  errors.add(error('TC-402'), 'HSCODE', null)
  await clock.advance(0)
  expect(told).toBe(2)
})
