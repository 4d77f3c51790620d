/**
 * What the address of a list may hold: how many, and where to go on. Strict: a cursor that is not understood would be the first page
 * again, and whoever reads page by page would read for ever.
 */
import * as z from 'zod/mini'

/** From 1; more than a page has is as many as it has. */
export const pageLimit = z.string().check(z.regex(/^[1-9]\d{0,14}$/))
/** Where the page before ended. */
export const numberCursor = z.string().check(z.regex(/^\d{1,15}$/))
export const idCursor = z.string().check(z.regex(/^[\w-]{1,64}$/))

/** Of a list without pages. */
export const noQuery = z.strictObject({})
