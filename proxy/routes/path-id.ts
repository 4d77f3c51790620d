import type { Request } from 'express'

/** The id that the path holds. What cannot be one is nobody's, and no database is asked for it. */
export function idIn(request: Request, name: string): string {
  return readId(request.params[name]) ?? 'unknown'
}

/** @returns null for what none of our ids looks like. */
export function readId(given: unknown): string | null {
  return typeof given === 'string' && /^[\w-]{1,64}$/.test(given) ? given : null
}
