/**
 * How a cell shows that it has no value. Spreadsheets name their errors in their own language (#NOM?, #¡REF!, #ИМЯ?, #N/D), and no list
 * of the names is known to be whole; so what counts is how such a name is built.
 */
import { callsIn } from '../freeze/read-formula.ts'

/** Ours: still worked on, and in a range a code with its sentence. */
const OURS = /^#(?:PENDING$|TC-\d{3}\b)/
/** Capitals, and ! or ? at the end; in French a space may stand before it. */
const NAMED = /^#[¡¿]?\p{Lu}[\p{Lu}\d/_ \u00a0\u202f]*[!?]$/u
/** What is not available ends in neither in most languages. */
const NOT_AVAILABLE = /^#(?:\p{Lu}\/\p{Lu}{1,4}|NV|YOK|HIÁNYZIK|NENÍ_K_DISPOZICI)$/u
/** With nothing but a formula of ours behind it, anything like a name. */
const LIKE_A_NAME = /^#[¡¿]?[\p{Lu}\p{Lo}]/u

/** Whether a text, of whichever cell, is an error: `#10 screws` and `#PENDING orders` are goods. */
export function isErrorShown(shown: string): boolean {
  return OURS.test(shown) || NAMED.test(shown) || NOT_AVAILABLE.test(shown)
}

/** Whether this is what a formula of ours shows in the place of a value: no answer begins like this, unless the formula writes it there. */
export function isErrorOf(formula: string, shown: string): boolean {
  if (isErrorShown(shown)) return true
  return LIKE_A_NAME.test(shown) && callsIn(formula).length > 0 && !formula.includes('"#')
}

/** What is wrong, as far as the name alone tells in every language. */
export type ShownKind = 'pending' | 'unknown-name' | 'reference' | 'other'

// As spreadsheets call it in the languages of Europe.
const REFERENCE = /^#¡?(?:REF|BEZUG|VERW|RIF|ССЫЛКА|ADR|REFERENS|VIITTAUS|HIV|BAŞV|ODKAZ)!$/u

export function kindOfError(shown: string): ShownKind {
  if (shown === '#PENDING') return 'pending'
  // Of all errors this one alone ends so, in every language.
  if (shown.endsWith('?') && NAMED.test(shown)) return 'unknown-name'
  return REFERENCE.test(shown) ? 'reference' : 'other'
}
