/** Text from an upstream is hostile until it has been through here: no mark-up, no control characters, no formula, bounded length. */

const CHARACTERS_MAX = 500
const INVISIBLE_CHARACTERS = /[\p{Cc}\p{Cf}\p{Cs}]/gu
const TAG = /<[^<>]{0,200}>/g
/** The beginning of a tag that never ends, or is too long to be taken out. */
const TAG_START = /<(?=[a-z/!?])/gi
const FORMULA_START = /^[=+\-@＝＋－＠|%]/
const ENTITY = /&(?:amp;)*(amp|lt|gt|quot|apos|nbsp);/g
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' }
// Tags in entities in tags: honest text is plain after two rounds.
const ROUNDS_MAX = 4

/**
 * @returns plain text on one line, at most 500 characters; cleaning it again changes nothing. What would be a formula in a cell is led
 * by an apostrophe, which spreadsheets read as "text follows".
 */
export function cleanText(value: unknown): string {
  if (typeof value !== 'string' && !(typeof value === 'number' && Number.isFinite(value))) return ''
  // Bounded first: a megabyte of "<" must not be searched to its end.
  const plain = takeOutMarkup(String(value).slice(0, CHARACTERS_MAX * 4))
  const led = FORMULA_START.test(plain) ? `'${plain}` : plain
  if (led.length <= CHARACTERS_MAX) return led
  // Half of a pair is no character.
  return `${led.slice(0, CHARACTERS_MAX - 1).replace(/[\ud800-\udbff]$/, '')}…`
}

/** Until nothing changes any more: an entity may hide a tag, and one tag taken out may close another. */
function takeOutMarkup(text: string): string {
  let plain = text
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const plainer = plain
      .replaceAll(TAG, '')
      .replaceAll(ENTITY, (_, name: string) => ENTITIES[name]!)
      .replaceAll(INVISIBLE_CHARACTERS, ' ')
      .replaceAll(/\s+/g, ' ')
      .trim()
    if (plainer === plain) return plain.replaceAll(TAG_START, '＜')
    plain = plainer
  }
  return plain.replaceAll('<', '＜').replaceAll('&', '＆')
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
