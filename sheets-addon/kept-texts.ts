/// <reference types="google-apps-script" />
/**
 * Texts kept in the spreadsheet, for everybody who opens it, or for one person: properties, whose values hold 9 KB each. A long text lies in
 * several of them, and one beside them says in how many.
 */
import { failure, FailureError } from '../shared/error-codes.ts'

// Of 9 KB, in which keys count too.
const PART_CHARACTERS = 8000

type Properties = GoogleAppsScript.Properties.Properties

export function keptText(properties: Properties, name: string): string | null {
  const count = partsOf(properties, name)
  if (count === null) return null
  const parts = Array.from({ length: count }, (_, at) => properties.getProperty(keyOf(name, at)))
  // JSON, because what stands alone of a pair of characters would not come back otherwise.
  return parts.includes(null) ? null : (JSON.parse(parts.join('')) as string)
}

/** @throws {FailureError} `frozen-full` where they hold no more. */
export function keepText(properties: Properties, name: string, text: string | null): void {
  const before = partsOf(properties, name) ?? 0
  const parts = text === null ? [] : partsIn(asciiJson(text))
  try {
    const entries = Object.fromEntries(parts.map((part, at) => [keyOf(name, at), part]))
    if (text !== null) properties.setProperties({ ...entries, [keyOf(name, 'count')]: String(parts.length) }, false)
  } catch (error) {
    throw new FailureError(failure('frozen-full'), { cause: error })
  }
  if (text === null) properties.deleteProperty(keyOf(name, 'count'))
  for (let at = parts.length; at < before; at++) properties.deleteProperty(keyOf(name, at))
}

const KEPT = /^tariffcell\.kept\.(.+)\.count$/

export function keptNames(properties: Properties): string[] {
  return properties.getKeys().flatMap((key) => {
    const name = KEPT.exec(key)?.[1]
    return name === undefined ? [] : [decodeURIComponent(name)]
  })
}

function keyOf(name: string, part: number | 'count'): string {
  return `tariffcell.kept.${encodeURIComponent(name)}.${part}`
}

function partsOf(properties: Properties, name: string): number | null {
  const count = properties.getProperty(keyOf(name, 'count'))
  return count === null ? null : Number(count)
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
