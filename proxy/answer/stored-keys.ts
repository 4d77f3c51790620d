/** What a paid answer is stored under. */
import type { Remembered } from './cache.ts'
import type { Wanted } from './route.ts'

/** What an answer in a provider's place is remembered under. */
export function standInKey({ inquiry }: Wanted): string {
  return `in place of ${inquiry.key}`
}

/** Keys a paid answer may be stored under: the first choice's, and that of whoever answered in its place. */
export function storedKeys(wanted: Wanted): string[] {
  const { inquiry, fallbacks } = wanted
  return fallbacks.some(({ points }) => points > 0) ? [inquiry.key, standInKey(wanted)] : [inquiry.key]
}

export function firstStored(stored: ReadonlyMap<string, Remembered>, wanted: Wanted): Remembered | undefined {
  for (const key of storedKeys(wanted)) {
    const remembered = stored.get(key)
    if (remembered) return remembered
  }
  return undefined
}
