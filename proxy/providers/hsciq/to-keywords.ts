/** HSCIQ searches by the name of the goods, a short noun: sentences find nothing. */
import type { Facts } from '../provider.ts'

const WORDS_MAX = 6
const CHARACTERS_MAX = 24

// What comes after these tells more about the goods, not what they are.
const CUT = /[,，、;；:：()（）[\]【】{}<>《》|/\n]|\s[-–—]\s|\s(?:for|with|without|w)\s/iu
const BRACKETED = /[(（[【{<《][^)）\]】}>》]*[)）\]】}>》]/gu
const UNITS =
  'mm|cm|dm|m|km|inch(?:es)?|in|ft|g|kg|mg|lbs?|oz|t|ml|mL|cl|l|L|W|kW|V|mAh|Ah|A|Hz|kHz|MHz|GHz|GB|TB|MB|pcs?|pieces?|packs?|pk|ct|gsm|dpi|°[CF]|' +
  '毫米|厘米|公分|米|毫克|千克|公斤|克|毫升|升|伏|瓦|安|英寸|寸|只装|个装|件装|支装|片装'
const NUMBER = String.raw`\d+(?:[.,]\d+)*`
const IDEOGRAPH = String.raw`\p{Script=Han}`
/** `100%`, `12 V`, `20x30 cm`, `500ml`, a number alone or beside Chinese; not the 3 of `3D`, nor the 4 of `A4`. */
const QUANTITY = new RegExp(
  String.raw`(?<=^|[^\p{L}\d.-]|${IDEOGRAPH})(?:${NUMBER}\s*[x×*]\s*)*${NUMBER}(?:\s*(?:%|％|"|″|(?:${UNITS})(?![a-z\d]))|(?![\p{L}\d-])|(?=${IDEOGRAPH}))`,
  'gu',
)

/**
 * @param description as typed, one line.
 * @returns at most six words and 24 characters, the end of the first phrase: the noun stands last in English and in Chinese.
 * Empty only for an empty description.
 */
export function toKeywords(description: string): string {
  const plain = description.normalize('NFC').replaceAll(/\s+/gu, ' ').trim()
  const phrase = firstPhrase(plain)
  const kept = phrase.replaceAll(QUANTITY, ' ').replaceAll(/\s+/gu, ' ').trim()
  return fit(/\p{L}/u.test(kept) ? kept : phrase)
}

/**
 * @returns the keywords led by what else is known of the goods; null where a fact finds no room among them. What a name of goods has no
 * place for, use and category, never does: an answer that knew nothing of a fact would pass for one that did.
 */
export function toKeywordsWithFacts(description: string, { material, use, gender, category }: Facts): string | null {
  if (use !== '' || category !== '') return null
  const noun = toKeywords(description)
  const said = [gender, material].map((fact) => fact.replaceAll(/\s+/gu, ' ').trim()).filter((fact) => fact !== '')
  const missing = said.filter((fact) => !says(noun, fact))
  if (missing.length === 0) return noun
  const keywords = [...missing, noun].join(' ')
  return keywords.split(' ').length <= WORDS_MAX && lengthOf(keywords) <= CHARACTERS_MAX ? keywords : null
}

/** Whole words; Chinese has none to be told apart. */
function says(keywords: string, fact: string): boolean {
  const [text, wanted] = [keywords.toLowerCase(), fact.toLowerCase()]
  return /\p{Script=Han}/u.test(wanted) ? text.includes(wanted) : ` ${text} `.includes(` ${wanted} `)
}

/** "(new) shoes" and ", shoes" are shoes all the same. */
function firstPhrase(text: string): string {
  for (const candidate of [text, text.replaceAll(BRACKETED, ' ')]) {
    const phrase = candidate.split(CUT)[0]?.trim() ?? ''
    if (/\p{L}/u.test(phrase)) return phrase
  }
  return (
    text
      .split(CUT)
      .map((phrase) => phrase.trim())
      .find((phrase) => /\p{L}/u.test(phrase)) ?? text
  )
}

function fit(text: string): string {
  const words = text.split(' ').slice(-WORDS_MAX)
  while (words.length > 1 && lengthOf(words.join(' ')) > CHARACTERS_MAX) words.shift()
  const [first = ''] = words
  // One word longer than all of it, as Chinese without spaces is.
  return words.length === 1 ? Array.from(first).slice(-CHARACTERS_MAX).join('') : words.join(' ')
}

function lengthOf(text: string): number {
  return Array.from(text).length
}
