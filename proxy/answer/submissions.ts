/**
 * What bulk jobs handed in at upstreams and come back for: the only reader and writer of its table. Every change is guarded by the
 * state it starts from, so that of two workers at one submission the second learns that it came too late.
 */
import { createHash, randomBytes } from 'node:crypto'
import type { Database, SqlValue, Transaction } from '../database.ts'
import { acceptOnce } from '../inbox.ts'
import type { FailureName } from '../../shared/error-codes.ts'
import { UPSTREAM_NAMES } from '../providers/upstream.ts'
import type { Wanted } from './route.ts'

/** A chunk of a bulk job. */
export interface ChunkPlace {
  jobId: string
  chunk: number
  workspaceId: string
}

/** As others are told of it; none of the three holds a space. */
export function nameOfChunk({ workspaceId, jobId, chunk }: ChunkPlace): string {
  return `${workspaceId} ${jobId} ${chunk}`
}

/** @returns null for what is no such name. */
export function readNameOfChunk(name: string): ChunkPlace | null {
  const [workspaceId, jobId, chunk] = name.split(' ')
  return workspaceId && jobId && /^\d+$/.test(chunk ?? '') ? { workspaceId, jobId, chunk: Number(chunk) } : null
}

export interface Submission extends ChunkPlace {
  id: string
  upstream: string
  holdId: string
  /** By {@link questionHash}. */
  questions: readonly string[]
  state: 'sending' | 'sent' | 'settled' | 'failed'
  failure: FailureName | null
  ticket: string | null
  tasks: number
  announced: number
  sentAt: number
  sends: number
  nextLookAt: number
  taken: number
}

export type NewSubmission = Pick<Submission, 'id' | 'workspaceId' | 'jobId' | 'chunk' | 'upstream'> & {
  /** Of the address the upstream may call; null: it is given none. */
  token: string | null
}

/** What became of a call that announced the end of a piece of work. */
export type Announced = 'heard' | 'seen' | 'unknown'

export type Submissions = ReturnType<typeof createSubmissions>

const COLUMNS = `id, workspace_id AS "workspaceId", job_id AS "jobId", chunk, upstream, hold_id AS "holdId", questions, state, failure,
  ticket, tasks, announced, sent_at AS "sentAt", sends, next_look_at AS "nextLookAt", taken`

// Clocks differ, and so do the time zones that upstreams print.
const TICKETS_KEPT_IN_MIND_MS = 2 * 24 * 3600_000

export function createSubmissions({ database, now }: { database: Database; now: () => number }) {
  const announce = (
    where: string,
    values: readonly SqlValue[],
    { upstream, key }: { upstream: string; key: string },
  ): Promise<Announced> =>
    database.transaction(async (tx): Promise<Announced> => {
      const row = await tx.get<ChunkPlace & { id: string; announced: number; tasks: number }>(
        `SELECT id, workspace_id AS "workspaceId", job_id AS "jobId", chunk, announced, tasks
         FROM submission WHERE upstream = $1 AND ${where} LIMIT 1`,
        [upstream, ...values],
      )
      if (!row) return 'unknown'
      // All are announced: whatever else is said changes nothing, and is not written down.
      if (row.announced >= row.tasks) return 'seen'
      if (!(await acceptOnce(tx, { source: upstream, eventId: `${row.id} ${key}`, at: now() }))) return 'seen'
      const counted = await tx.get<{ announced: number; tasks: number }>(
        `UPDATE submission SET announced = announced + 1,
           next_look_at = CASE WHEN announced + 1 >= tasks THEN $2 ELSE next_look_at END
         WHERE id = $1 AND state IN ('sending', 'sent') AND announced < tasks RETURNING announced, tasks`,
        [row.id, now()],
      )
      if (counted && counted.announced >= counted.tasks) await tx.notify('submissions', nameOfChunk(row))
      return counted ? 'heard' : 'seen'
    })

  return {
    /** Written with its hold, before it is sent. */
    async insertIn(
      tx: Transaction,
      { id, workspaceId, jobId, chunk, upstream, token }: NewSubmission,
      holdId: string,
      questions: readonly string[],
    ): Promise<void> {
      await tx.run(
        `INSERT INTO submission(id, workspace_id, job_id, chunk, upstream, hold_id, questions, state, tasks, token_hash, sent_at, next_look_at)
         VALUES($1, $2, $3, $4, $5, $6, $7, 'sending', $8, $9, $10, $10) ON CONFLICT(id) DO NOTHING`,
        [
          id,
          workspaceId,
          jobId,
          chunk,
          upstream,
          holdId,
          JSON.stringify(questions),
          questions.length,
          token === null ? null : sha256(token),
          now(),
        ],
      )
    },

    /** What is open of a chunk, taken up by the caller: whoever attended to it before comes too late from now on. */
    async takeUp({ workspaceId, jobId, chunk }: ChunkPlace): Promise<Submission[]> {
      const rows = await database.all<SubmissionRow>(
        `UPDATE submission SET taken = taken + 1
         WHERE workspace_id = $1 AND job_id = $2 AND chunk = $3 AND state IN ('sending', 'sent') RETURNING ${COLUMNS}`,
        [workspaceId, jobId, chunk],
      )
      return rows.map(toSubmission)
    },

    async read({ workspaceId, id }: Pick<Submission, 'workspaceId' | 'id'>): Promise<Submission | null> {
      const row = await database.get<SubmissionRow>(
        `SELECT ${COLUMNS} FROM submission WHERE id = $1 AND workspace_id = $2`,
        [id, workspaceId],
      )
      return row ? toSubmission(row) : null
    },

    /** Its ticket came. @returns false when it was sent again meanwhile, or given up. */
    async sent({ workspaceId, id, sends }: Submission, ticket: string, tasks: number): Promise<boolean> {
      const changed = await database.run(
        `UPDATE submission SET state = 'sent', ticket = $4, tasks = $5
         WHERE id = $1 AND workspace_id = $2 AND sends = $3 AND state = 'sending'`,
        [id, workspaceId, sends, ticket, tasks],
      )
      return changed === 1
    },

    /** The ticket of a submit whose reply was lost. @returns false when somebody else adopted it, or this one went on meanwhile. */
    async adopt({ workspaceId, id, sends, upstream }: Submission, ticket: string): Promise<boolean> {
      return database
        .transaction(async (tx) => {
          const changed = await tx.run(
            `UPDATE submission SET state = 'sent', ticket = $4 WHERE id = $1 AND workspace_id = $2 AND sends = $3 AND state = 'sending'
             AND NOT EXISTS (SELECT 1 FROM submission o WHERE o.upstream = $5 AND o.ticket = $4)`,
            [id, workspaceId, sends, ticket, upstream],
          )
          // Two that look at the same moment both find nobody at it: the inbox lets in one.
          const event = { source: `${upstream} lost`, eventId: ticket, at: now() }
          if (changed === 1 && !(await acceptOnce(tx, event))) throw new AdoptedElsewhere()
          return changed === 1
        })
        .catch((error: unknown) => {
          if (error instanceof AdoptedElsewhere) return false
          throw error
        })
    },

    /** To be sent once more, because surely nothing is there. @returns false when somebody else goes on with it. */
    async sendAgain({ workspaceId, id, sends, taken }: Submission): Promise<boolean> {
      const changed = await database.run(
        `UPDATE submission SET sent_at = $5, sends = sends + 1
         WHERE id = $1 AND workspace_id = $2 AND sends = $3 AND taken = $4 AND state = 'sending'`,
        [id, workspaceId, sends, taken, now()],
      )
      return changed === 1
    },

    /** Locks it as it is known. @returns false when it is another's by now, or in another state. */
    async lockIn(tx: Transaction, { workspaceId, id, holdId, taken, state }: Submission): Promise<boolean> {
      const changed = await tx.run(
        `UPDATE submission SET taken = taken
         WHERE id = $1 AND workspace_id = $2 AND hold_id = $3 AND taken = $4 AND state = $5`,
        [id, workspaceId, holdId, taken, state],
      )
      return changed === 1
    },

    async settledIn(tx: Transaction, { workspaceId, id }: Submission): Promise<void> {
      await tx.run(`UPDATE submission SET state = 'settled', questions = '[]' WHERE id = $1 AND workspace_id = $2`, [
        id,
        workspaceId,
      ])
    },

    async failedIn(tx: Transaction, { workspaceId, id }: Submission, failed: FailureName): Promise<void> {
      await tx.run(
        `UPDATE submission SET state = 'failed', failure = $3, questions = '[]' WHERE id = $1 AND workspace_id = $2`,
        [id, workspaceId, failed],
      )
    },

    /** The others are settled, or somebody else's by now: these are left. */
    async narrowIn(tx: Transaction, { workspaceId, id }: Submission, questions: readonly string[]): Promise<void> {
      await tx.run('UPDATE submission SET questions = $3 WHERE id = $1 AND workspace_id = $2', [
        id,
        workspaceId,
        JSON.stringify(questions),
      ])
    },

    /** So many pieces of work are still to be announced. */
    async countFromIn(tx: Transaction, { workspaceId, id }: Submission, tasks: number): Promise<void> {
      await tx.run('UPDATE submission SET tasks = $3, announced = 0 WHERE id = $1 AND workspace_id = $2', [
        id,
        workspaceId,
        tasks,
      ])
    },

    async payWithIn(tx: Transaction, { workspaceId, id }: Submission, holdId: string): Promise<void> {
      await tx.run('UPDATE submission SET hold_id = $3 WHERE id = $1 AND workspace_id = $2', [id, workspaceId, holdId])
    },

    /**
     * When it is looked at next; at once when the last piece of work was announced since it was read.
     * @returns when that is.
     */
    async plan({ workspaceId, id, announced }: Submission, at: number): Promise<number> {
      const row = await database.get<{ at: number }>(
        `UPDATE submission SET next_look_at = CASE WHEN announced > $3 AND announced >= tasks THEN next_look_at ELSE $4 END
         WHERE id = $1 AND workspace_id = $2 RETURNING next_look_at AS at`,
        [id, workspaceId, announced, at],
      )
      return row?.at ?? at
    },

    /** Tickets that are known to belong to submissions, of all workspaces: they may share a credential. */
    async tickets(upstream: string, since: number): Promise<Set<string>> {
      const rows = await database.all<{ ticket: string }>(
        'SELECT DISTINCT ticket FROM submission WHERE upstream = $1 AND ticket IS NOT NULL AND sent_at >= $2',
        [upstream, since - TICKETS_KEPT_IN_MIND_MS],
      )
      return new Set(rows.map(({ ticket }) => ticket))
    },

    /**
     * A verified call: a piece of work has ended.
     * @param owner whose credential it was verified by; '' is the deployment's, which serves every workspace.
     */
    announceTicket(upstream: string, ticket: string, owner: string, key: string): Promise<Announced> {
      return announce("ticket = $2 AND state = 'sent' AND ($3 = '' OR workspace_id = $3)", [ticket, owner], {
        upstream,
        key,
      })
    },

    /** A call to the address that only this submission was sent with. It is unsigned, so a hint and no more. */
    announceToken(upstream: string, token: string, key: string): Promise<Announced> {
      return announce('token_hash = $2', [sha256(token)], { upstream, key })
    },

    /** Submissions of which it never became known whether they were taken: the upstream may have charged for these. */
    async countUnknown(): Promise<{ submissions: number; questions: number }> {
      const row = await database.get<{ submissions: number; questions: number }>(
        `SELECT COUNT(*) AS submissions, COALESCE(SUM(tasks), 0) AS questions FROM submission WHERE ${UNKNOWN}`,
        UPSTREAM_NAMES,
      )
      return row ?? { submissions: 0, questions: 0 }
    },

    /** These, the newest first. */
    async listUnknown(limit: number): Promise<UnknownSubmission[]> {
      return database.all<UnknownSubmission>(
        `SELECT upstream, workspace_id AS "workspaceId", job_id AS "jobId", tasks AS questions, sent_at AS "sentAt"
         FROM submission WHERE ${UNKNOWN} ORDER BY sent_at DESC, id LIMIT $${UPSTREAM_NAMES.length + 1}`,
        [...UPSTREAM_NAMES, limit],
      )
    },

    /** @returns ids of open holds of what is to be come back for. */
    async openHolds(): Promise<Set<string>> {
      const rows = await database.all<{ id: string }>(
        `SELECT s.hold_id AS id FROM submission s JOIN hold h ON h.id = s.hold_id
         WHERE s.state IN ('sending', 'sent') AND h.state = 'held'`,
      )
      return new Set(rows.map(({ id }) => id))
    },
  }
}

export interface UnknownSubmission {
  upstream: string
  workspaceId: string
  jobId: string
  questions: number
  sentAt: number
}

// It has no ticket: few rows of the index by ticket are looked at, however many jobs there were.
const UNKNOWN = `upstream IN (${UPSTREAM_NAMES.map((_, at) => `$${at + 1}`).join(', ')})
  AND ticket IS NULL AND failure = 'submit-unknown'`

type SubmissionRow = Omit<Submission, 'questions'> & { questions: string }

function toSubmission(row: SubmissionRow): Submission {
  return { ...row, questions: JSON.parse(row.questions) as string[] }
}

class AdoptedElsewhere extends Error {
  override name = 'AdoptedElsewhere'
}

/** Of an unsigned callback's address: 256 bits, base64url. */
export function newCallbackToken(): string {
  return randomBytes(32).toString('base64url')
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/**
 * What a question is found again by in a submission. Not its answer key: that one changes with the month and the edition, and what
 * was handed in before stays handed in.
 */
export function questionHash({ provider, inquiry }: Wanted): string {
  const text = JSON.stringify([provider.name, { ...inquiry, key: '' }])
  return createHash('sha256').update(text).digest('base64url').slice(0, 22)
}
