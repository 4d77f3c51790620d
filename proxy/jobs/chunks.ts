/**
 * Chunks as the runner sees them. Whoever works on one has a lease: only its owner writes, and only while it lasts. A chunk whose
 * worker died goes on elsewhere when the lease is over; what was bought by then is remembered, so nothing is paid twice.
 */
import { failure } from '../../shared/error-codes.ts'
import type { Language } from '../../shared/language.ts'
import { printFailure } from '../../shared/print-failure.ts'
import type { Answer, Question } from '../../shared/protocol.ts'
import type { Database, Transaction } from '../database.ts'
import { readSpendable } from '../ledger/read-points.ts'
import { concludeJob, pauseRunning, tellChanged, type ConcludeDeps } from './conclude-job.ts'
import { lockJob, lockTurn, recount, type JobPlace } from './job.ts'

export interface ChunksDeps extends ConcludeDeps {
  database: Database
  leaseMs: number
}

/** A chunk, and the right to work on it until the lease is over. */
export interface Claim extends JobPlace {
  chunk: number
  owner: string
  seatId: string
  /** As it is now, not as it was when the job was made. */
  dailyCapPoints: number | null
  language: Language
  /** Times that passing trouble sent it back. */
  tries: number
  /** Of the whole job. */
  jobQuestions: number
  jobCreatedAt: number
}

export interface ChunkQuestion extends Question {
  n: number
  rows: number
}

export interface ChunkAnswer {
  n: number
  rows: number
  answer: Omit<Answer, 'id'>
}

/** How work on a chunk ended: with all that could be answered, for lack of points, or to be tried again. */
export type Verdict =
  | { kind: 'worked' }
  | { kind: 'short'; reason: 'no-points' | 'daily-cap' }
  | { kind: 'again'; afterMs: number; isTry: boolean }

// A chunk that takes its process down every time must not do so for ever.
const ATTEMPTS_MAX = 10
// Others may have come first this often in a row; the next poll tries again.
const CLAIMS_LOST_MAX = 10
// Points that came back between the hold and the end of its chunk are tried for again after this long.
const POINTS_CAME_MS = 1000

/** Large jobs of which no further chunk is taken up. */
export interface Crowded {
  /** What makes a job a large one. */
  questionsMin: number
  /** Whose; a handful. */
  workspaces: readonly string[] | 'all'
}

const NOT_CROWDED: Crowded = { questionsMin: 0, workspaces: [] }

interface Candidate extends JobPlace {
  chunk: number
}

export type Chunks = ReturnType<typeof createChunks>

export function createChunks(deps: ChunksDeps) {
  const { database, leaseMs, now } = deps

  /** The least recently served workspace, in it the least recently served job, of that the first chunk. */
  const findNext = (tx: Transaction, { questionsMin, workspaces }: Crowded): Promise<Candidate | undefined> => {
    const fits =
      workspaces === 'all'
        ? 'j.question_count < $2'
        : `(j.question_count < $2 OR c.workspace_id NOT IN (${["''", ...workspaces.map((_, at) => `$${at + 3}`)].join(', ')}))`
    return tx.get<Candidate>(
      `SELECT c.job_id AS "jobId", c.workspace_id AS "workspaceId", c.n AS chunk
       FROM job_chunk c JOIN job j ON j.id = c.job_id JOIN job_turn t ON t.workspace_id = c.workspace_id
       WHERE j.state = 'running' AND c.state IN ('queued', 'leased') AND ${fits}
         AND ((c.state = 'queued' AND c.due_at <= $1) OR (c.state = 'leased' AND c.lease_until <= $1))
       ORDER BY t.turn, j.turn, j.created_at, j.id, c.n LIMIT 1`,
      [now(), questionsMin, ...(workspaces === 'all' ? [] : workspaces)],
    )
  }

  /** @returns the claim; `lost` where somebody else was faster or it is not to be worked on; `none` where nothing waits. */
  const claimNext = async (tx: Transaction, owner: string, crowded: Crowded): Promise<Claim | 'lost' | 'none'> => {
    const next = await findNext(tx, crowded)
    if (!next) return 'none'
    const { workspaceId, jobId, chunk } = next
    await tx.run('UPDATE job_turn SET turn = (SELECT MAX(turn) + 1 FROM job_turn) WHERE workspace_id = $1', [
      workspaceId,
    ])
    const job = await tx.get<{ seatId: string; language: Language; questions: number; createdAt: number }>(
      `UPDATE job SET turn = (SELECT MAX(turn) + 1 FROM job WHERE workspace_id = $2)
       WHERE id = $1 AND workspace_id = $2 AND state = 'running'
       RETURNING seat_id AS "seatId", language, question_count AS questions, created_at AS "createdAt"`,
      [jobId, workspaceId],
    )
    if (!job) return 'lost'
    const seat = await tx.get<{ dailyCapPoints: number | null }>(
      `SELECT daily_cap_points AS "dailyCapPoints" FROM seat WHERE id = $1 AND workspace_id = $2 AND revoked_at IS NULL`,
      [job.seatId, workspaceId],
    )
    if (!seat) {
      if (await pauseRunning(tx, next, 'seat-revoked')) await tellChanged(deps, tx, next)
      await tx.notify('jobs', jobId)
      return 'lost'
    }
    const leased = await tx.get<{ attempts: number; tries: number }>(
      `UPDATE job_chunk SET state = 'leased', owner = $4, lease_until = $5, attempts = attempts + 1
       WHERE job_id = $1 AND workspace_id = $2 AND n = $3
         AND ((state = 'queued' AND due_at <= $6) OR (state = 'leased' AND lease_until <= $6))
       RETURNING attempts, tries`,
      [jobId, workspaceId, chunk, owner, now() + leaseMs, now()],
    )
    if (!leased) return 'lost'
    const claim: Claim = {
      workspaceId,
      jobId,
      chunk,
      owner,
      seatId: job.seatId,
      dailyCapPoints: seat.dailyCapPoints,
      language: job.language,
      tries: leased.tries,
      jobQuestions: job.questions,
      jobCreatedAt: job.createdAt,
    }
    if (leased.attempts > ATTEMPTS_MAX) {
      await giveUp(tx, claim)
      return 'lost'
    }
    await tx.run(
      `UPDATE job SET started_at = $3, started_rows = (SELECT COALESCE(SUM(answered_rows + failed_rows), 0) FROM job_chunk
         WHERE job_id = $1 AND workspace_id = $2)
       WHERE id = $1 AND workspace_id = $2 AND started_at IS NULL`,
      [jobId, workspaceId, now()],
    )
    return claim
  }

  const giveUp = async (tx: Transaction, claim: Claim): Promise<void> => {
    const { workspaceId, jobId, chunk, language } = claim
    const error = printFailure(failure('bug', { id: jobId.slice(0, 8) }), language)
    await tx.run(
      `UPDATE job_question SET state = 'failed', retryable = 1, answer = $4, finished_at = $5
       WHERE job_id = $1 AND workspace_id = $2 AND chunk = $3 AND state = 'open'`,
      [jobId, workspaceId, chunk, JSON.stringify({ error, points: 0 }), now()],
    )
    await closeChunk(tx, claim, { kind: 'worked' })
  }

  /** Ends a lease that is held, the turn and the job being locked. */
  const closeChunk = async (tx: Transaction, place: Candidate & { tries: number }, verdict: Verdict): Promise<void> => {
    const { workspaceId, jobId, chunk, tries } = place
    const job = await lockJob(tx, place)
    if (job?.state === 'cancelled') {
      await tx.run(
        `UPDATE job_question SET state = 'cancelled'
         WHERE job_id = $1 AND workspace_id = $2 AND chunk = $3 AND state = 'open'`,
        [jobId, workspaceId, chunk],
      )
    }
    const open = await tx.get(
      `SELECT 1 AS one FROM job_question WHERE job_id = $1 AND workspace_id = $2 AND chunk = $3 AND state = 'open' LIMIT 1`,
      [jobId, workspaceId, chunk],
    )
    const next = open ? await nextFor(tx, workspaceId, verdict) : DONE
    await tx.run(
      `UPDATE job_chunk SET state = $4, reason = $5, due_at = $6, tries = $7, owner = NULL, lease_until = NULL, attempts = 0
       WHERE job_id = $1 AND workspace_id = $2 AND n = $3`,
      [jobId, workspaceId, chunk, next.state, next.reason, next.dueAt, next.isTry ? tries + 1 : tries],
    )
    await recount(tx, place, chunk)
    await concludeJob(deps, tx, place)
    await tx.notify('jobs', jobId)
  }

  /** What becomes of a chunk with open questions. */
  const nextFor = async (tx: Transaction, workspaceId: string, verdict: Verdict): Promise<Next> => {
    switch (verdict.kind) {
      case 'worked':
        // A retry opened them while it was under way.
        return { state: 'queued', reason: null, dueAt: 0, isTry: false }
      case 'again':
        return { state: 'queued', reason: null, dueAt: now() + verdict.afterMs, isTry: verdict.isTry }
      case 'short': {
        // Whoever credits waits at the turn: points that came before it are seen here, those that come after it find this chunk.
        const came = verdict.reason === 'no-points' && (await readSpendable(tx, workspaceId)) > 0
        if (came) return { state: 'queued', reason: null, dueAt: now() + POINTS_CAME_MS, isTry: false }
        return { state: 'paused', reason: verdict.reason, dueAt: 0, isTry: false }
      }
    }
  }

  const holdsLease = async (tx: Transaction, { workspaceId, jobId, chunk, owner }: Claim): Promise<boolean> => {
    const mine = await tx.run(
      `UPDATE job_chunk SET attempts = 1
       WHERE job_id = $1 AND workspace_id = $2 AND n = $3 AND state = 'leased' AND owner = $4`,
      [jobId, workspaceId, chunk, owner],
    )
    return mine === 1
  }

  return {
    /** @param owner another one for every claim. @returns null when nothing is there to be worked on. */
    async claim(owner: string, crowded: Crowded = NOT_CROWDED): Promise<Claim | null> {
      for (let lost = 0; lost < CLAIMS_LOST_MAX; lost++) {
        const claim = await database.transaction((tx) => claimNext(tx, owner, crowded))
        if (claim === 'none') return null
        if (claim !== 'lost') return claim
      }
      return null
    },

    /** @returns false when the lease was lost. */
    async renew({ workspaceId, jobId, chunk, owner }: Claim): Promise<boolean> {
      const renewed = await database.run(
        `UPDATE job_chunk SET lease_until = $5
         WHERE job_id = $1 AND workspace_id = $2 AND n = $3 AND state = 'leased' AND owner = $4`,
        [jobId, workspaceId, chunk, owner, now() + leaseMs],
      )
      return renewed === 1
    },

    /** What of it is not answered yet; a question's id is its number. */
    async openQuestions({ workspaceId, jobId, chunk }: Claim): Promise<ChunkQuestion[]> {
      const rows = await database.all<{ n: number; fn: string; args: string; rows: number }>(
        `SELECT n, fn, args, row_count AS rows FROM job_question
         WHERE job_id = $1 AND workspace_id = $2 AND chunk = $3 AND state = 'open' ORDER BY n`,
        [jobId, workspaceId, chunk],
      )
      return rows.map(({ n, fn, args, rows }) => ({
        id: String(n),
        n,
        fn,
        args: JSON.parse(args) as Question['args'],
        rows,
      }))
    },

    /** @returns false, and nothing is written, when the lease was lost. */
    async write(claim: Claim, answers: readonly ChunkAnswer[]): Promise<boolean> {
      const at = now()
      return database.transaction(
        async (tx) => {
          if (!(await holdsLease(tx, claim))) return false
          await writeAnswers(tx, claim, answers, at)
          await recount(tx, claim, claim.chunk)
          await tx.notify('jobs', claim.jobId)
          return true
        },
        { repeatable: true },
      )
    },

    /** @returns false when the lease was lost. */
    async end(claim: Claim, verdict: Verdict): Promise<boolean> {
      return database.transaction(async (tx) => {
        await lockTurn(tx, claim.workspaceId)
        await lockJob(tx, claim)
        if (!(await holdsLease(tx, claim))) return false
        await closeChunk(tx, claim, verdict)
        return true
      })
    },

    /** What was handed in for it has ended: it need not be left alone any longer. @returns whether it was. */
    async comeBack({ workspaceId, jobId, chunk }: Candidate): Promise<boolean> {
      const changed = await database.run(
        `UPDATE job_chunk SET due_at = 0
         WHERE job_id = $1 AND workspace_id = $2 AND n = $3 AND state = 'queued' AND due_at > $4`,
        [jobId, workspaceId, chunk, now()],
      )
      return changed === 1
    },

    /** Where no other process can be at work: leases that are left are those of the dead. */
    async endAllLeases(): Promise<void> {
      await database.run("UPDATE job_chunk SET lease_until = 0 WHERE state = 'leased'")
    },

    /** Chunks of cancelled jobs whose workers died: nobody takes them up, so they are closed here. */
    async closeCancelled(): Promise<void> {
      const dead = await database.all<Candidate & { tries: number }>(
        `SELECT c.job_id AS "jobId", c.workspace_id AS "workspaceId", c.n AS chunk, c.tries
         FROM job_chunk c JOIN job j ON j.id = c.job_id
         WHERE c.state = 'leased' AND c.lease_until <= $1 AND j.state = 'cancelled' LIMIT 100`,
        [now()],
      )
      for (const place of dead) {
        await database.transaction(async (tx) => {
          await lockTurn(tx, place.workspaceId)
          await lockJob(tx, place)
          const stillDead = await tx.run(
            `UPDATE job_chunk SET attempts = attempts
             WHERE job_id = $1 AND workspace_id = $2 AND n = $3 AND state = 'leased' AND lease_until <= $4`,
            [place.jobId, place.workspaceId, place.chunk, now()],
          )
          if (stillDead === 1) await closeChunk(tx, place, { kind: 'worked' })
        })
      }
    },
  }
}

/** All in one statement: over a network a hundred of them take a hundred ways. */
async function writeAnswers(
  tx: Transaction,
  { jobId, workspaceId }: JobPlace,
  answers: readonly ChunkAnswer[],
  at: number,
): Promise<void> {
  if (answers.length === 0) return
  const marks = answers.map((_, index) => {
    const from = 4 + 4 * index
    return `(CAST($${from} AS BIGINT), $${from + 1}, CAST($${from + 2} AS BIGINT), $${from + 3})`
  })
  await tx.run(
    `UPDATE job_question SET state = given.column2, retryable = given.column3, answer = given.column4, finished_at = $3
     FROM (VALUES ${marks.join(', ')}) AS given
     WHERE job_question.job_id = $1 AND job_question.workspace_id = $2 AND job_question.n = given.column1
       AND job_question.state = 'open'`,
    [
      jobId,
      workspaceId,
      at,
      ...answers.flatMap(({ n, answer }) => [
        n,
        answer.error ? 'failed' : 'answered',
        answer.error?.retryable ? 1 : 0,
        JSON.stringify(answer),
      ]),
    ],
  )
}

interface Next {
  state: 'queued' | 'paused' | 'done'
  reason: 'no-points' | 'daily-cap' | null
  dueAt: number
  isTry: boolean
}

const DONE: Next = { state: 'done', reason: null, dueAt: 0, isTry: false }
