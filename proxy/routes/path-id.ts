import type { Request } from 'express'

/** The id that the path holds. What cannot be one is nobody's, and no database is asked for it. */
export function idIn(request: Request, name: string): string {
  const given = request.params[name]
  return typeof given === 'string' && /^[\w-]{1,64}$/.test(given) ? given : 'unknown'
}
