import type { Request, Response } from 'express'
import { seatIn } from '../auth/authenticate.ts'
import type { JobPlace } from '../jobs/job.ts'

/** The job that the path names, in the workspace of the token. */
export function placeOf(request: Request, response: Response): JobPlace {
  return { workspaceId: seatIn(response).workspaceId, jobId: readId(request.params.job) ?? '' }
}

/** What cannot be an id is nobody's; no database is asked for it. */
export function readId(given: unknown): string | null {
  return typeof given === 'string' && /^[\w-]{1,64}$/.test(given) ? given : null
}
