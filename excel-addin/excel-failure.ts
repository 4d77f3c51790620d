/** What Excel refuses, as a failure with a sentence. */
import { failure, FailureError } from '../shared/error-codes.ts'

/** The code of an error that Office.js threw; null for any other error. */
export function excelCode(error: unknown): string | null {
  if (!(error instanceof Error)) return null
  const { code } = error as Error & { code?: unknown }
  return typeof code === 'string' ? code : null
}

// The sheet, the table, the part or the cells behind a range are no longer there.
const GONE = new Set(['ItemNotFound', 'InvalidReference', 'InvalidObjectPath'])
// This Excel is older than what we asked of it, or cannot do it on this machine.
const UNABLE = new Set([
  'ApiNotFound',
  'ApiNotAvailable',
  'NotImplemented',
  'UnsupportedOperation',
  'UnsupportedFeature',
])
const PAYLOAD = new Set(['RequestPayloadSizeLimitExceeded', 'ResponsePayloadSizeLimitExceeded', 'RangeExceedsLimit'])

/** Excel's way to say so is an answer of null. */
export class TooManyCells extends Error {
  readonly code = 'ResponsePayloadSizeLimitExceeded'
}

export function isPayloadCode(code: string | null): boolean {
  return code !== null && PAYLOAD.has(code)
}

export function isGoneCode(code: string | null): boolean {
  return code !== null && GONE.has(code)
}

/** @returns the error itself where it is none of Excel's: a fault of ours is never shown as Excel's. */
export function toFailure(error: unknown): unknown {
  const code = excelCode(error)
  if (code === null) return error
  const options = { cause: error }
  if (GONE.has(code)) return new FailureError(failure('place-gone'), options)
  if (UNABLE.has(code)) return new FailureError(failure('not-in-this-spreadsheet', { detail: code }), options)
  if (code === 'InvalidOperationInCellEditMode') return new FailureError(failure('cell-being-edited'), options)
  // A picture or a chart is selected.
  if (code === 'InvalidSelection') return new FailureError(failure('nothing-selected'), options)
  return new FailureError(failure('spreadsheet-busy', { detail: code }), options)
}
