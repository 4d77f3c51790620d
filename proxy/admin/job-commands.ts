/** What an operator does with bulk jobs. A running proxy takes it up within seconds. */
import { isFailure, FailureError, type Failure } from '../../shared/error-codes.ts'
import type { UnknownSubmission } from '../answer/submissions.ts'
import { OPERATOR } from '../audit/audit.ts'
import type { Job, JobPlace } from '../jobs/job.ts'
import type { JobActor, JobWithPoints } from '../jobs/jobs.ts'
import { printJob } from '../routes/print-job.ts'
import type { Print } from './command.ts'
import type { Admin } from './open-admin.ts'
import { printable, printTable, printTime } from './print-table.ts'
import { findWorkspace, listWorkspaces, refuse } from './workspaces.ts'

const JOBS_LISTED = 50
const SUBMITS_LISTED = 50
const BY_OPERATOR: JobActor = { name: OPERATOR, seatId: null }

/** The newest ones of a workspace. */
export async function listJobs(
  { database, jobs, now }: Admin,
  print: Print,
  wanted: string | undefined,
  isJson: boolean,
): Promise<void> {
  const { id } = await findWorkspace(database, wanted)
  const listed = await jobs.list(id, { before: null, limit: JOBS_LISTED })
  if (isJson)
    return print(
      JSON.stringify(
        listed.map((job) => printJob(job, now(), 'en')),
        null,
        2,
      ),
    )
  const lines = printTable<JobWithPoints>(
    [
      { title: 'id', value: ({ job }) => job.id },
      { title: 'name', value: ({ job }) => job.name },
      { title: 'state', value: ({ job }) => stateOf(job) },
      { title: 'rows', value: ({ job }) => job.rows },
      { title: 'answered', value: ({ job }) => job.counts.answered },
      { title: 'failed', value: ({ job }) => job.counts.failed },
      { title: 'points', value: ({ points }) => points.spent },
      { title: 'created', value: ({ job }) => printTime(job.createdAt) },
    ],
    listed,
    'This workspace has no jobs.',
  )
  lines.forEach(print)
}

export async function showJob(admin: Admin, print: Print, id: string, isJson: boolean): Promise<void> {
  const found = orThrow(await admin.jobs.get(await findJob(admin, id)))
  if (isJson) return print(JSON.stringify(printJob(found, admin.now(), 'en'), null, 2))
  const { job, points } = found
  const { open, paused, answered, failed, cancelled } = job.counts
  print(`${job.id}${job.name === '' ? '' : ` ${printable(job.name)}`}: ${stateOf(job)}`)
  print(`workspace ${job.workspaceId}, seat ${job.seatId}, created ${printTime(job.createdAt)}`)
  print(
    `${job.rows} rows, ${job.questions} questions: ${answered} answered, ${failed} failed, ${cancelled} cancelled, ` +
      `${paused} paused, ${open} open, ${job.blanks} blank`,
  )
  print(`${points.spent} points charged, ${points.held} set aside`)
}

/** Of all workspaces, the newest ones; their sum is of all. */
export async function listUnknownSubmits(
  { database, submissions }: Admin,
  print: Print,
  isJson: boolean,
): Promise<void> {
  const newest = await submissions.listUnknown(SUBMITS_LISTED)
  const all = await submissions.countUnknown()
  if (isJson) return print(JSON.stringify({ ...all, newest }, null, 2))
  const names = new Map((await listWorkspaces(database)).map(({ id, name }) => [id, name]))
  const lines = printTable<UnknownSubmission>(
    [
      { title: 'upstream', value: ({ upstream }) => upstream },
      { title: 'workspace', value: ({ workspaceId }) => names.get(workspaceId) ?? workspaceId },
      { title: 'job', value: ({ jobId }) => jobId },
      { title: 'questions', value: ({ questions }) => questions },
      { title: 'sent', value: ({ sentAt }) => printTime(sentAt) },
    ],
    newest,
    'Of every submit it is known whether it was taken.',
  )
  lines.forEach(print)
  if (all.submissions > 0) {
    print(`Submits: ${all.submissions}, questions: ${all.questions}. Compare with the list of tasks at the upstream.`)
  }
}

/** @param deed what the table of commands chose, with the words for what came of it. */
export async function changeJob(
  admin: Admin,
  print: Print,
  id: string,
  deed: (jobs: Admin['jobs'], place: JobPlace, actor: JobActor) => Promise<Job | Failure>,
): Promise<void> {
  const job = orThrow(await deed(admin.jobs, await findJob(admin, id), BY_OPERATOR))
  print(`${job.id}: ${stateOf(job)}`)
}

/** The operator names a job without its workspace. */
export async function findJob({ database }: Admin, id: string): Promise<JobPlace> {
  const found = await database.get<{ workspaceId: string }>(
    'SELECT workspace_id AS "workspaceId" FROM job WHERE id = $1',
    [id],
  )
  if (!found) throw refuse('There is no job with this id. List them with: npm run admin -- jobs')
  return { workspaceId: found.workspaceId, jobId: id }
}

function stateOf({ state, reason }: Job): string {
  return reason === null ? state : `${state} (${reason})`
}

function orThrow<Result extends object>(result: Result | Failure): Result {
  if (isFailure(result)) throw new FailureError(result)
  return result
}
