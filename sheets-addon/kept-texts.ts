/// <reference types="google-apps-script" />
/**
 * Texts kept in the spreadsheet, for everybody who opens it, or for one person: properties, whose values hold 9 KB each. A long text lies in
 * several of them, and one beside them says in how many. All are read at once: each reading is one of the day's 50,000.
 */
import { failure, FailureError, type FailureName } from '../shared/error-codes.ts'

// Of 9 KB, in which keys count too.
const PART_CHARACTERS = 8000
// Of 500 KB. How Google counts is not known to the byte.
const STORE_BYTES_NEARLY = 480_000

type Properties = GoogleAppsScript.Properties.Properties

export function keptText(properties: Properties, name: string): string | null {
  return textIn(properties.getProperties(), name)
}

/** By name, all whose name begins so. */
export function keptTexts(properties: Properties, prefix: string): Map<string, string> {
  const kept = properties.getProperties()
  const names = Object.keys(kept).flatMap((key) => nameOf(key) ?? [])
  const texts = names.filter((name) => name.startsWith(prefix)).map((name) => [name, textIn(kept, name)] as const)
  return new Map(texts.flatMap(([name, text]) => (text === null ? [] : [[name, text]])))
}

/** @param whenFull what to tell where there is no more room: whoever keeps something knows what could make some. @throws {FailureError} */
export function keepText(properties: Properties, name: string, text: string | null, whenFull: FailureName): void {
  const before = Number(properties.getProperty(keyOf(name, 'count')) ?? 0)
  const parts = text === null ? [] : partsIn(asciiJson(text))
  if (text === null) properties.deleteProperty(keyOf(name, 'count'))
  else {
    const entries = Object.fromEntries(parts.map((part, at) => [keyOf(name, at), part]))
    setAll(properties, { ...entries, [keyOf(name, 'count')]: String(parts.length) }, whenFull)
  }
  for (let at = parts.length; at < before; at++) properties.deleteProperty(keyOf(name, at))
}

function setAll(properties: Properties, entries: Record<string, string>, whenFull: FailureName): void {
  try {
    properties.setProperties(entries, false)
  } catch (error) {
    // What Google says is in the person's language, and may be about something else, such as the day's quota.
    const after = Object.entries({ ...properties.getProperties(), ...entries })
    const bytes = after.reduce((sum, [key, value]) => sum + key.length + value.length, 0)
    if (bytes < STORE_BYTES_NEARLY) throw error
    throw new FailureError(failure(whenFull), { cause: error })
  }
}

function textIn(kept: Record<string, string>, name: string): string | null {
  const count = kept[keyOf(name, 'count')]
  if (count === undefined) return null
  const parts = Array.from({ length: Number(count) }, (_, at) => kept[keyOf(name, at)])
  // JSON, because what stands alone of a pair of characters would not come back otherwise.
  return parts.includes(undefined) ? null : (JSON.parse(parts.join('')) as string)
}

const COUNT = /^tariffcell\.kept\.(.+)\.count$/

function nameOf(key: string): string | null {
  const name = COUNT.exec(key)?.[1]
  return name === undefined ? null : decodeURIComponent(name)
}

function keyOf(name: string, part: number | 'count'): string {
  return `tariffcell.kept.${encodeURIComponent(name)}.${part}`
}

/** JSON in which every character takes one byte, and every part of it can be kept alone. */
function asciiJson(text: string): string {
  return JSON.stringify(text).replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function partsIn(text: string): string[] {
  return text.match(new RegExp(`.{1,${PART_CHARACTERS}}`, 'g')) ?? []
}
