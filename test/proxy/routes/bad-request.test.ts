import { expect, test } from 'vitest'
import * as z from 'zod/mini'
import { sentence } from '../../../shared/error-codes.ts'
import { badRequest, firstIssue } from '../../../proxy/routes/bad-request.ts'

const schema = z.strictObject({
  code: z.string().check(z.minLength(2), z.maxLength(4)),
  cny: z.optional(z.int()),
  role: z.optional(z.enum(['seat', 'cell'])),
  rows: z.optional(z.array(z.strictObject({ id: z.string() }))),
})

function issueOf(given: unknown): string {
  return firstIssue(z.safeParse(schema, given).error!, given)
}

test.each([
  ['a field that is missing', {}, 'code is missing'],
  ['a field missing further down', { code: 'abc', rows: [{ id: 'a' }, {}] }, 'rows.1.id is missing'],
  ['a field of another type', { code: 7 }, 'code must be a string'],
  ['null in the place of a text', { code: null }, 'code must be a string'],
  ['a number that is not whole', { code: 'abc', cny: 1.5 }, 'cny must be a whole number'],
  ['a word that is not one of some', { code: 'abc', role: 'king' }, 'role must be "seat" or "cell"'],
  ['a text too short', { code: 'a' }, 'code is too short or too small'],
  ['a text too long', { code: 'abcde' }, 'code is too long or too large'],
  ['a field that is not known', { code: 'abc', colour: 'red' }, 'the body has unknown fields (colour)'],
  ['no object', [], 'the body must be an object'],
  ['a body that was not read', undefined, 'the body must be JSON, sent with the header Content-Type: application/json'],
])('%s is named', (_, given, said) => {
  expect(issueOf(given)).toBe(said)
})

test('a refused body is TC-131, and its value is never repeated', () => {
  const given = { code: 'a secret that is too long' }
  const said = sentence(badRequest(z.safeParse(schema, given).error!, given))
  expect(said).toBe('TC-131 The request is not as documented: code is too long or too large. See /openapi.json.')
})
