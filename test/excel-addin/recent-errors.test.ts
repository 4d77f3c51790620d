import { expect, it } from 'vitest'
import { createRecentErrors, RECENT_ERRORS_MAX } from '../../excel-addin/recent-errors.ts'
import { error } from './open-batcher.ts'

it('the last 50 are kept, newest first', () => {
  const errors = createRecentErrors(() => 0)
  for (let at = 0; at < 60; at++) errors.add(error(`TC-${at}`), 'HSCODE', null)
  expect(errors.list()).toHaveLength(RECENT_ERRORS_MAX)
  expect(errors.list()[0]).toMatchObject({ code: 'TC-59' })
})
