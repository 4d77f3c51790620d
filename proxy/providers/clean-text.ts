/** Text from an upstream is hostile until it has been through here: no mark-up, no control characters, no formula, bounded length. */

const CHARACTERS_MAX = 500
// oxlint-disable-next-line no-control-regex -- finding control characters is the point
const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g
const FORMULA_START = /^[\s]*[=+\-@＝＋－＠|%]/
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' }

/**
 * @returns plain text on one line, at most 500 characters. What would be a formula in a cell is led by an apostrophe, which
 * spreadsheets read as "text follows".
 */
export function cleanText(value: unknown): string {
  if (typeof value !== 'string' && typeof value !== 'number') return ''
  const plain = String(value)
    // Bounded first: a megabyte of "<" must not be searched to its end.
    .slice(0, CHARACTERS_MAX * 4)
    .replaceAll(/<[^<>]{0,200}>/g, '')
    .replaceAll(/&(amp|lt|gt|quot|apos|nbsp);/g, (_, name: string) => ENTITIES[name]!)
    .replaceAll(CONTROL_CHARACTERS, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
  const cut = plain.length > CHARACTERS_MAX ? `${plain.slice(0, CHARACTERS_MAX - 1)}…` : plain
  return FORMULA_START.test(cut) ? `'${cut}` : cut
}

/**
 * A code as an upstream gives it: text of 4–13 digits, dots and spaces aside. Never padded, never cut, never a number.
 * @returns its digits; null when it is no code.
 */
export function readCode(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > 40) return null
  const digits = value.replaceAll(/[.\s]/g, '')
  return /^\d{4,13}$/.test(digits) ? digits : null
}
