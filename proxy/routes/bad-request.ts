/** What somebody is told whose request is not as documented: where, and what is wrong; never the value, which may be a cell's text. */
import type * as z from 'zod/mini'
import { failure, type Failure } from '../../shared/error-codes.ts'

const NAMES_SHOWN_MAX = 80

/** @param given what was checked. @param whole what all of it is. */
export function badRequest(error: z.core.$ZodError, given: unknown, whole?: string): Failure {
  return failure('bad-request', { detail: firstIssue(error, given, whole) })
}

/** @returns such as `code is missing`, `cny must be a number`, `the body has unknown fields (extra)`. */
export function firstIssue(error: z.core.$ZodError, given: unknown, whole = 'the body'): string {
  // Express leaves what is not of the right content type unread.
  if (given === undefined) return 'the body must be JSON, sent with the header Content-Type: application/json'
  const issue = error.issues[0]
  if (!issue) return 'it differs from what is documented'
  const where = issue.path.length === 0 ? whole : issue.path.join('.')
  switch (issue.code) {
    case 'unrecognized_keys':
      return `${where} has unknown fields (${issue.keys.join(', ').slice(0, NAMES_SHOWN_MAX)})`
    case 'invalid_type':
      return isMissing(given, issue.path) ? `${where} is missing` : `${where} must be ${withArticle(issue.expected)}`
    case 'invalid_value':
      return `${where} must be ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}`
    case 'too_small':
      return `${where} is too short or too small`
    case 'too_big':
      return `${where} is too long or too large`
    default:
      return `${where} has another form`
  }
}

function isMissing(given: unknown, path: readonly PropertyKey[]): boolean {
  let value = given
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return false
    value = (value as Record<PropertyKey, unknown>)[key]
  }
  return value === undefined
}

function withArticle(type: string): string {
  // zod's own word for a whole number.
  if (type === 'int') return 'a whole number'
  return `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}`
}
