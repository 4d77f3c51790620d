import { expect, test } from 'vitest'
import { toFailure } from '../../excel-addin/excel-failure.ts'
import { FailureError } from '../../shared/error-codes.ts'
import { printFailure } from '../../shared/print-failure.ts'

/** As Office.js throws it. */
const excelError = (code: string): Error => Object.assign(new Error('Office said so'), { code })

test.each([
  ['InvalidOperationInCellEditMode', /^TC-175 .*Press Enter or Esc in it/, true],
  ['ApiNotFound', /^TC-179 .*cannot do that: ApiNotFound/, false],
  ['UnsupportedOperation', /^TC-179 /, false],
  ['ItemNotFound', /^TC-174 /, false],
  ['InvalidSelection', /^TC-170 /, false],
  ['GeneralException', /^TC-176 .*GeneralException/, true],
] as const)('what Excel calls %s is a sentence that says what to do', (code, said, retryable) => {
  const thrown = toFailure(excelError(code))
  if (!(thrown instanceof FailureError)) throw new Error('no failure')
  const printed = printFailure(thrown.failure, 'en')
  expect(printed.message).toMatch(said)
  expect(printed.retryable).toBe(retryable)
  expect(thrown.cause).toMatchObject({ code })
})

test('a fault of ours is never shown as Excel’s', () => {
  const ours = new TypeError('undefined is not a function')
  expect(toFailure(ours)).toBe(ours)
})
