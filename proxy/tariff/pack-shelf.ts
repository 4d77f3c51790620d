import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import type { Country } from '../../shared/country.ts'
import { TariffPackError } from './pack.ts'
import { readPack, type LoadedPack } from './read-pack.ts'

/** A pack file that cannot be used. */
export interface PackProblem {
  file: string
  /** `pack-unreadable`: the disk would not give it; `pack-name`: not named as packs are, or named for another edition. */
  code: TariffPackError['code'] | 'pack-unreadable' | 'pack-name'
  /** What is wrong and what to do, for people. */
  sentence: string
}

export type Opened =
  | { state: 'open'; pack: LoadedPack }
  | { state: 'no-country' }
  | { state: 'no-edition' }
  | { state: 'broken'; problem: PackProblem }

/** Pack files of all countries, each read once, when first asked for. */
export interface PackShelf {
  countries: () => Country[]
  /** The edition valid on a date (YYYY-MM-DD), the newest without one. A broken newest edition is broken: an older one never
   * takes its place unasked. */
  open: (country: Country, date: string | undefined) => Opened
  /** Usable editions of a country, newest first. */
  all: (country: Country) => LoadedPack[]
  problems: () => PackProblem[]
}

interface ShelfPlace {
  file: string
  country: Country
  effectiveFrom: string
  content?: Extract<Opened, { state: 'open' | 'broken' }>
}

const PACK_NAME = /^(?<country>[a-z]{2})-(?<effectiveFrom>\d{4}-\d{2}-\d{2})\.pack$/u

export function createPackShelf(folders: readonly string[]): PackShelf {
  const { places, misnamed } = findPlaces(folders)

  const open: PackShelf['open'] = (country, date) => {
    const editions = places.filter((place) => place.country === country)
    if (editions.length === 0) return { state: 'no-country' }
    const place = editions.find((edition) => date === undefined || edition.effectiveFrom <= date)
    if (!place) return { state: 'no-edition' }
    const content = contentOf(place)
    if (content.state === 'open' && date !== undefined && date > (content.pack.header.effectiveTo ?? date)) {
      return { state: 'no-edition' }
    }
    return content
  }

  return {
    countries: () => [...new Set(places.map((place) => place.country))].toSorted(),
    open,
    all: (country) =>
      places.flatMap((place) => {
        const content = place.country === country ? contentOf(place) : null
        return content?.state === 'open' ? [content.pack] : []
      }),
    problems: () => [
      ...misnamed,
      ...places.flatMap((place) => {
        const content = contentOf(place)
        return content.state === 'broken' ? [content.problem] : []
      }),
    ],
  }
}

/** Newest first. The same edition in a later folder takes the place of that in an earlier one. */
function findPlaces(folders: readonly string[]): { places: ShelfPlace[]; misnamed: PackProblem[] } {
  const places = new Map<string, ShelfPlace>()
  const misnamed: PackProblem[] = []
  for (const folder of folders) {
    for (const name of packNames(folder)) {
      const file = join(folder, name)
      const { country, effectiveFrom } = PACK_NAME.exec(name)?.groups ?? {}
      if (country === undefined || effectiveFrom === undefined) {
        misnamed.push({
          file,
          code: 'pack-name',
          sentence: 'A pack is named like ca-2026-01-01.pack: rename or remove it.',
        })
        continue
      }
      places.set(name, { file, country: country.toUpperCase(), effectiveFrom })
    }
  }
  const sorted = [...places.values()].toSorted((a, b) => (a.effectiveFrom < b.effectiveFrom ? 1 : -1))
  return { places: sorted, misnamed }
}

function packNames(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.pack'))
      .toSorted()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

function contentOf(place: ShelfPlace): NonNullable<ShelfPlace['content']> {
  place.content ??= readPlace(place)
  return place.content
}

function readPlace(place: ShelfPlace): NonNullable<ShelfPlace['content']> {
  const { file } = place
  let bytes: Buffer
  try {
    bytes = readFileSync(file)
  } catch {
    const sentence = 'This tariff pack cannot be read from the disk: check that it is a file this program may read.'
    return { state: 'broken', problem: { file, code: 'pack-unreadable', sentence } }
  }
  try {
    const pack = readPack(bytes.toString('utf8'))
    if (pack.header.country !== place.country || pack.header.effectiveFrom !== place.effectiveFrom) {
      const sentence = 'This tariff pack is named for another country or date than it holds: rename it.'
      return { state: 'broken', problem: { file, code: 'pack-name', sentence } }
    }
    return { state: 'open', pack }
  } catch (error) {
    if (!(error instanceof TariffPackError)) throw error
    return { state: 'broken', problem: { file, code: error.code, sentence: error.message } }
  }
}
