import type { Request, Response } from 'express'
import { seatIn } from '../auth/authenticate.ts'
import type { JobPlace } from '../jobs/job.ts'
import { idIn } from './path-id.ts'

/** The job that the path names, in the workspace of the token. */
export function placeOf(request: Request, response: Response): JobPlace {
  return { workspaceId: seatIn(response).workspaceId, jobId: idIn(request, 'job') }
}
