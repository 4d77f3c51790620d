/** From what was typed, in a request or a file, to what is approved. The texts are read as a cell's are: they must be found by one. */
import { parseCountry } from '../../shared/country.ts'
import { failure, isFailure, type Failure } from '../../shared/error-codes.ts'
import { FACT_NAMES, NOTE_CHARACTERS_MAX, type FactName } from '../../shared/memory-protocol.ts'
import { parseOptions } from '../../shared/options.ts'
import { readDescription } from '../../shared/read-cell.ts'
import type { CellValue, Repair } from '../../shared/tariff-code.ts'
import type { Facts } from '../providers/provider.ts'
import { hashOf, placeOf, type Entry } from './approvals.ts'
import type { CodeCheck } from './check-code.ts'

export interface Typed {
  description: CellValue
  facts: Partial<Record<FactName, string | undefined>>
  country: string
  code: CellValue
  note: string
}

export interface ReadEntry {
  entry: Entry
  /** What was done to the code to read it. */
  repairs: Repair[]
}

// oxlint-disable-next-line no-control-regex -- finding control characters is the point
const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f]/

const NO_FACTS: Facts = { material: '', use: '', gender: '', category: '' }

export function readEntry(codes: Pick<CodeCheck, 'read'>, typed: Typed): ReadEntry | Failure {
  const description = readDescription(typed.description)
  if (isFailure(description)) return description
  const facts = readFacts(typed.facts)
  if (isFailure(facts)) return facts
  const country = parseCountry(typed.country)
  if (isFailure(country)) return country
  const note = readNote(typed.note)
  if (isFailure(note)) return note
  const reading = codes.read(typed.code, country)
  if (isFailure(reading)) return reading
  const keyHash = hashOf(description, facts)
  return { entry: { description, facts, keyHash, country, code: reading.digits, note }, repairs: reading.repairs }
}

/** Each must be one that `[options]` can say: one that no cell can say would never be found. */
function readFacts(typed: Typed['facts']): Facts | Failure {
  // Most have none: one for all of them.
  if (FACT_NAMES.every((name) => (typed[name] ?? '').trim() === '')) return NO_FACTS
  const facts = { ...NO_FACTS }
  for (const name of FACT_NAMES) {
    const value = (typed[name] ?? '').trim()
    if (value === '') continue
    if (CONTROL_CHARACTERS.test(value)) return failure('control-characters')
    const options = parseOptions(`${name}=${value}`)
    if (isFailure(options)) return options
    if (options[name] !== value) {
      return failure('bad-option', { key: name, value: value.slice(0, 40), expected: 'Leave out the semicolon.' })
    }
    facts[name] = value
  }
  return facts
}

function readNote(typed: string): string | Failure {
  const note = typed.replaceAll(/\s+/g, ' ').trim()
  if (note.length > NOTE_CHARACTERS_MAX)
    return failure('text-too-long', { length: note.length, max: NOTE_CHARACTERS_MAX })
  return CONTROL_CHARACTERS.test(note) ? failure('control-characters') : note
}

/** Entries of one request or file, each for a text of its own. */
export interface Gathered {
  /** @param at its number or line, for whoever gives the same text another code. @returns why it cannot stand beside the others. */
  add(entry: Entry, at: number): Failure | null
  /** Without those that only repeat another. */
  readonly entries: readonly Entry[]
  /** Which of {@link entries} speaks for this one. */
  indexOf(entry: Entry): number
}

/** @param what is counted. */
export function gatherEntries(what: 'entry' | 'line'): Gathered {
  const entries: Entry[] = []
  const first = new Map<string, { index: number; at: number }>()
  const place = (entry: Entry): string => placeOf(entry.country, entry.keyHash)
  return {
    entries,
    add(entry, at) {
      const here = place(entry)
      const known = first.get(here)
      if (!known) {
        first.set(here, { index: entries.push(entry) - 1, at })
        return null
      }
      const { code, note } = entries[known.index]!
      if (code === entry.code && note === entry.note) return null
      return failure('bad-entry', { detail: `${what} ${known.at} gives another code or note for the same text` })
    },
    indexOf: (entry) => first.get(place(entry))!.index,
  }
}
