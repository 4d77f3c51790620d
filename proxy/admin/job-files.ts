/** A bulk job from a column of a CSV file, and its answers as CSV. */
import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { createInterface } from 'node:readline'
import { CsvError } from 'csv-parse'
import { parse } from 'csv-parse/sync'
import { isFailure, FailureError, type Failure } from '../../shared/error-codes.ts'
import { JOB_BODY_BYTES_MAX, JOB_ROWS_PER_PAGE_MAX, type EstimateReply } from '../../shared/jobs-protocol.ts'
import type { CellValue } from '../../shared/tariff-code.ts'
import { estimateJob } from '../jobs/estimate-job.ts'
import type { JobPlace } from '../jobs/job.ts'
import { readJobQuestions } from '../jobs/read-questions.ts'
import { printRecords } from '../memory/print-csv.ts'
import { printRow } from '../routes/print-job.ts'
import type { AdminWorld, Print } from './command.ts'
import { openCommandHouse } from './command-house.ts'
import { findJob } from './job-commands.ts'
import type { Admin } from './open-admin.ts'
import { printable } from './print-table.ts'
import { findWorkspace, refuse } from './workspaces.ts'

export interface WantedJob {
  workspace: string | undefined
  file: string
  column: string
  country: string | undefined
  /** Without asking back. */
  isSure: boolean
}

/** Asks HSCODE for each line; a blank cell is a blank row. The same file and column again is the same job. */
export async function createJob(print: Print, world: AdminWorld, wanted: WantedJob): Promise<void> {
  const { texts, bytes } = await readColumn(wanted)
  const { country = 'CA' } = wanted
  const questions = orThrow(
    await readJobQuestions(texts.map((text, at) => ({ id: `line ${at + 2}`, fn: 'HSCODE', args: [text, country] }))),
  )
  const opened = await openCommandHouse(world.environment)
  const { house, answer } = opened
  try {
    const { id: workspaceId } = await findWorkspace(house.database, wanted.workspace)
    const seatId = await house.seats.ownerSeatId(workspaceId)
    if (seatId === null) throw refuse('This workspace has no owner, in whose name a job could ask.')
    const asker = { workspaceId, seatId, dailyCapPoints: null, maySpend: true }
    printEstimate(print, await estimateJob({ answer, ledger: house.ledger }, asker, questions, 'en'))
    if (!wanted.isSure && !(await confirm(world))) throw refuse('Nothing was made: answer y, or add --yes.')
    const name = basename(wanted.file).slice(0, 120)
    const requestId = createHash('sha256').update(`${wanted.column}\0${country}\0`).update(bytes).digest('hex')
    const request = { workspaceId, seatId, requestId, name, language: null, reader: 'en' as const, questions }
    const { job, isNew } = orThrow(await house.jobs.create(request))
    print(isNew ? `Job ${job.id}. A running proxy works on it.` : `Job ${job.id} was made of this file before.`)
    print(`How far it is: npm run admin -- job show ${job.id}`)
    print(`Its answers: npm run -s admin -- job rows ${job.id} --csv > codes.csv`)
  } finally {
    await opened.close()
  }
}

async function readColumn({ file, column }: WantedJob): Promise<{ texts: string[]; bytes: Buffer }> {
  const size = await stat(file).then(
    (found) => found.size,
    () => null,
  )
  if (size === null) throw refuse(`There is no file ${printable(file)}.`)
  if (size > JOB_BODY_BYTES_MAX) throw refuse(`The file is larger than ${JOB_BODY_BYTES_MAX / 1e6} MB.`)
  const bytes = await readFile(file)
  const [header = [], ...records] = readRecords(bytes)
  const at = header.findIndex((name) => name.trim().toLowerCase() === column.trim().toLowerCase())
  if (at < 0)
    throw refuse(`There is no column "${printable(column)}". Known: ${printable(header.join(', ').slice(0, 400))}.`)
  if (records.length === 0) throw refuse('The file has no lines below its header.')
  return { texts: records.map((record) => record[at] ?? ''), bytes }
}

function readRecords(bytes: Buffer): string[][] {
  try {
    return parse(bytes, { bom: true, relax_column_count: true, delimiter: delimiterOf(bytes) })
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    throw refuse(`The file cannot be read as CSV: ${printable(error.message)}`, error)
  }
}

/** Of comma, semicolon and tab the one that the first line has most of. */
function delimiterOf(bytes: Buffer): string {
  const [line = ''] = bytes.toString('utf8').split(/\r|\n/, 1)
  const count = (delimiter: string): number => line.split(delimiter).length
  return [',', ';', '\t'].reduce((best, one) => (count(one) > count(best) ? one : best))
}

function printEstimate(print: Print, estimate: EstimateReply): void {
  const { rows, blanks, bad, duplicates, remembered, free, toPay, points, cny, balance, enough, badRows } = estimate
  print(
    `${rows} rows: ${blanks} blank, ${bad} cannot be asked, ${duplicates} the same as another, ` +
      `${remembered} remembered, ${free} free, ${toPay} to pay.`,
  )
  for (const { id, error } of badRows) print(`  ${id}: ${printable(error.message)}`)
  print(`It costs ${points} points (${cny.toFixed(2)} CNY); there are ${balance}.`)
  if (!enough) print('It pauses where they run out, and goes on with the next points.')
}

async function confirm({ stdin, stderr }: AdminWorld): Promise<boolean> {
  stderr.write('Make this job? [y/N] ')
  const lines = createInterface({ input: stdin })
  for await (const line of lines) return /^y(es)?$/i.test(line.trim())
  return false
}

/** Description, code and error of every row, safe to open in a spreadsheet; for the answers as on the wire, `/v1/jobs/<id>/rows`. */
export async function printJobRows(admin: Admin, world: AdminWorld, id: string): Promise<void> {
  const place = await findJob(admin, id)
  const { job } = orThrow(await admin.jobs.get(place))
  world.stdout.write(`\ufeff${printRecords([['row', 'description', 'code', 'error']])}`)
  for (let after = -1; ;) {
    const rows = await admin.jobs.rows(place, { after, limit: JOB_ROWS_PER_PAGE_MAX, state: null })
    const texts = await readTexts(admin, place, after)
    const printed = rows.map((row) => {
      const { id: rowId, state, answer } = printRow(row, job.language)
      const value = answer?.value ?? answer?.table?.map((cells) => cells.join(' ')).join('; ') ?? ''
      return [rowId, texts.get(row.n) ?? '', String(value), answer ? (answer.error?.message ?? '') : state]
    })
    world.stdout.write(printRecords(printed))
    const last = rows.at(-1)
    if (!last || rows.length < JOB_ROWS_PER_PAGE_MAX) return
    after = last.n
  }
}

/** What each row of a page asks about: a question's first argument, as the first of equal rows writes it. */
async function readTexts(
  { database }: Admin,
  { workspaceId, jobId }: JobPlace,
  after: number,
): Promise<Map<number, string>> {
  const rows = await database.all<{ n: number; args: string }>(
    `SELECT r.n, q.args FROM job_row r JOIN job_question q ON q.job_id = r.job_id AND q.n = r.question
     WHERE r.job_id = $1 AND r.workspace_id = $2 AND r.n > $3 ORDER BY r.n LIMIT $4`,
    [jobId, workspaceId, after, JOB_ROWS_PER_PAGE_MAX],
  )
  return new Map(rows.map(({ n, args }) => [n, String((JSON.parse(args) as CellValue[])[0] ?? '')]))
}

function orThrow<Result extends object>(result: Result | Failure): Result {
  if (isFailure(result)) throw new FailureError(result)
  return result
}
