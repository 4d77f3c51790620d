/**
 * Codes that people approved for their own descriptions: the rows. A change locks the workspace's row in `memory`, numbers what it
 * writes, and tells every process which workspace it was.
 */
import { createHash } from 'node:crypto'
import { goodsKey } from '../../shared/answer-key.ts'
import type { Country } from '../../shared/country.ts'
import { failure, type Failure } from '../../shared/error-codes.ts'
import { MEMORY_ENTRIES_MAX } from '../../shared/memory-protocol.ts'
import type { Audit } from '../audit/audit.ts'
import type { Database, Rows, SqlValue, Transaction } from '../database.ts'
import type { Facts } from '../providers/provider.ts'

/** What is approved, checked: the description normalised, the code a code of its country's tariff. */
export interface Entry {
  description: string
  facts: Facts
  /** {@link hashOf} the two. */
  keyHash: string
  country: Country
  code: string
  note: string
}

export type Source = 'review' | 'import' | 'api'

export interface Approved extends Omit<Entry, 'keyHash'> {
  id: string
  /** Name of the seat. */
  approvedBy: string
  /** Milliseconds since 1970. */
  approvedAt: number
  source: Source
  /** The order of changes within the workspace. */
  version: number
}

/** What approving an entry does, or did: `same` where its code and note were approved already. */
export type Outcome = 'new' | 'changed' | 'same'

export interface ApproveRequest {
  workspaceId: string
  /** A seat's id, or OPERATOR. */
  actor: string
  source: Source
  /** No two for the same place; see {@link placeOf}. */
  entries: readonly Entry[]
  /** Leaves entries that are approved with this code and note as they are: their person and day stay. */
  leaveSame: boolean
}

/** A workspace's approvals in numbers: when both are what they were, so is everything in it. */
export interface MemoryState {
  version: number
  removals: number
  entries: number
}

/** As much of an approval as answering needs. */
export interface ApprovalRow {
  country: Country
  keyHash: string
  code: string
  version: number
  by: string
  at: number
}

export interface ApprovalsDeps {
  database: Database
  audit: Pick<Audit, 'recordIn'>
  now: () => number
  newId: () => string
  /** Told in the turn a change is committed, before whoever changed it hears. */
  onChange: (workspaceId: string) => void
}

export type Approvals = ReturnType<typeof createApprovals>

const WORDS_SEARCHED_MAX = 5
const ROWS_PER_STATEMENT = 50
const ROWS_PER_PAGE = 1000

const APPROVER = 'COALESCE(s.name, a.approved_by)'
const FROM_APPROVAL = `FROM approval a LEFT JOIN seat s ON s.id = a.approved_by AND s.workspace_id = a.workspace_id`
const SELECT_APPROVED = `SELECT a.id, a.country, a.description, a.facts, a.code, a.note, a.version, a.source,
  a.approved_at AS "approvedAt", ${APPROVER} AS "approvedBy" ${FROM_APPROVAL}`

export function createApprovals({ database, audit, now, newId, onChange }: ApprovalsDeps) {
  const list = async (
    workspaceId: string,
    page: { after: number | null; limit: number; country?: Country | null; words?: readonly string[] },
  ): Promise<Approved[]> => {
    const { after, limit, country = null, words = [] } = page
    const values: SqlValue[] = [workspaceId, after ?? Number.MAX_SAFE_INTEGER, limit, country ?? '']
    const searched = words.slice(0, WORDS_SEARCHED_MAX).map((word) => {
      values.push(`%${word.toLowerCase().replaceAll(/[!%_]/g, '!$&')}%`)
      return ` AND a.folded LIKE $${values.length} ESCAPE '!'`
    })
    const rows = await database.all<Omit<Approved, 'facts'> & { facts: string }>(
      `${SELECT_APPROVED} WHERE a.workspace_id = $1 AND a.version < $2 AND ($4 = '' OR a.country = $4)${searched.join('')}
       ORDER BY a.version DESC LIMIT $3`,
      values,
    )
    return rows.map((row) => ({ ...row, facts: JSON.parse(row.facts) as Facts }))
  }

  return {
    /**
     * Approves entries; what was approved for a text before gives way.
     * @returns id and outcome of each, in order; the failure `memory-full` when nothing was approved for lack of room.
     */
    async approve(request: ApproveRequest): Promise<{ id: string; outcome: Outcome }[] | Failure> {
      const { workspaceId, actor, source, leaveSame } = request
      if (request.entries.length === 0) return []
      const { entries } = request
      const by = { workspaceId, actor, source, at: now() }
      const ids = entries.map(() => newId())
      const result = await database.transaction(async (tx) => {
        const state = await lock(tx, workspaceId)
        const told = await foresee(tx, workspaceId, entries)
        const added = told.filter(({ outcome }) => outcome === 'new').length
        if (added > 0 && state.entries + added > MEMORY_ENTRIES_MAX) {
          return failure('memory-full', { count: state.entries + added, max: MEMORY_ENTRIES_MAX })
        }
        const written: number[] = []
        for (const [index, one] of told.entries()) {
          one.id ||= ids[index]!
          if (!leaveSame || one.outcome !== 'same') written.push(index)
        }
        if (written.length === 0) return told
        for (let from = 0; from < written.length; from += ROWS_PER_STATEMENT) {
          const some = written.slice(from, from + ROWS_PER_STATEMENT)
          const rows = some.map((index) => ({ id: told[index]!.id, entry: entries[index]! }))
          await writeIn(tx, by, rows, state.version + from + 1)
          await nextTurn(from)
        }
        await tx.run('UPDATE memory SET version = version + $2, entries = entries + $3 WHERE workspace_id = $1', [
          workspaceId,
          written.length,
          added,
        ])
        const detail = { source, new: added, replaced: written.length - added, left: told.length - written.length }
        await audit.recordIn(tx, { workspaceId, actor, action: 'memory.approve', detail })
        await tx.notify('memory', workspaceId)
        return told
      })
      onChange(workspaceId)
      return result
    },

    /** What approving these would do. */
    async compare(workspaceId: string, entries: readonly Entry[]): Promise<Outcome[]> {
      return (await foresee(database, workspaceId, entries)).map(({ outcome }) => outcome)
    },

    /** @returns false when nothing is approved under this id in this workspace. */
    async remove({ workspaceId, actor, id }: { workspaceId: string; actor: string; id: string }): Promise<boolean> {
      const removed = await database.transaction(async (tx) => {
        await lock(tx, workspaceId)
        const gone = await tx.run('DELETE FROM approval WHERE id = $1 AND workspace_id = $2', [id, workspaceId])
        if (gone === 0) return false
        await tx.run('UPDATE memory SET removals = removals + 1, entries = entries - 1 WHERE workspace_id = $1', [
          workspaceId,
        ])
        await audit.recordIn(tx, { workspaceId, actor, action: 'memory.remove', detail: { id } })
        await tx.notify('memory', workspaceId)
        return true
      })
      if (removed) onChange(workspaceId)
      return removed
    },

    /** Approved last, first. @param page.after the version to continue below; `words` must all be contained, at most five. */
    list,

    /** All of a workspace, a thousand at a time, approved last first. What is approved meanwhile may be missing. */
    async *pages(workspaceId: string): AsyncGenerator<Approved[]> {
      let after: number | null = null
      for (;;) {
        const page: Approved[] = await list(workspaceId, { after, limit: ROWS_PER_PAGE })
        if (page.length > 0) yield page
        if (page.length < ROWS_PER_PAGE) return
        after = page.at(-1)!.version
      }
    },

    /** Writes down who took a copy of all of it. */
    async recordExport(workspaceId: string, actor: string): Promise<void> {
      await database.transaction(async (tx) => {
        const { entries } = await readState(tx, workspaceId)
        await audit.recordIn(tx, { workspaceId, actor, action: 'memory.export', detail: { entries } })
      })
    },

    state: (workspaceId: string): Promise<MemoryState> => readState(database, workspaceId),

    /** Of every workspace that ever approved something. */
    async states(): Promise<Map<string, MemoryState>> {
      const rows = await database.all<MemoryState & { id: string }>(
        'SELECT workspace_id AS id, version, removals, entries FROM memory',
      )
      return new Map(rows.map(({ id, ...state }) => [id, state]))
    },

    /** What was approved after a version, in the order it was; at most `limit`. */
    since(workspaceId: string, version: number, limit: number): Promise<ApprovalRow[]> {
      return database.all<ApprovalRow>(
        `SELECT a.country, a.key_hash AS "keyHash", a.code, a.version, ${APPROVER} AS "by", a.approved_at AS "at"
         ${FROM_APPROVAL} WHERE a.workspace_id = $1 AND a.version > $2 ORDER BY a.version LIMIT $3`,
        [workspaceId, version, limit],
      )
    },
  }
}

/** SHA-256 of what is said of the goods: the same for every text that is the same question. */
export function hashOf(description: string, facts: Facts): string {
  return createHash('sha256').update(goodsKey(description, facts)).digest('base64url')
}

/** Where one approval stands within its workspace. */
export function placeOf(country: Country, keyHash: string): string {
  return `${country} ${keyHash}`
}

interface Before {
  id: string
  code: string
  note: string
}

function outcomeOf(before: Before | undefined, entry: Entry): Outcome {
  if (!before) return 'new'
  return before.code === entry.code && before.note === entry.note ? 'same' : 'changed'
}

async function readState(rows: Rows, workspaceId: string): Promise<MemoryState> {
  const state = await rows.get<MemoryState>('SELECT version, removals, entries FROM memory WHERE workspace_id = $1', [
    workspaceId,
  ])
  return state ?? { version: 0, removals: 0, entries: 0 }
}

/** Nobody else changes this workspace's approvals until the transaction ends. */
async function lock(tx: Transaction, workspaceId: string): Promise<MemoryState> {
  await tx.run(
    'INSERT INTO memory(workspace_id, version, removals, entries) VALUES($1, 0, 0, 0) ON CONFLICT DO NOTHING',
    [workspaceId],
  )
  const state = await tx.get<MemoryState>(
    'UPDATE memory SET version = version WHERE workspace_id = $1 RETURNING version, removals, entries',
    [workspaceId],
  )
  return state!
}

/** What approving these would do, and under which ids; '' where it would be a new one. A few at a time: there may be 100,000. */
async function foresee(
  rows: Rows,
  workspaceId: string,
  entries: readonly Entry[],
): Promise<{ id: string; outcome: Outcome }[]> {
  const told: { id: string; outcome: Outcome }[] = []
  for (let from = 0; from < entries.length; from += ROWS_PER_STATEMENT) {
    const some = entries.slice(from, from + ROWS_PER_STATEMENT)
    const marks = some.map((_, at) => `$${at + 2}`).join(', ')
    const known = await rows.all<Before & { country: Country; keyHash: string }>(
      `SELECT id, country, key_hash AS "keyHash", code, note FROM approval
       WHERE workspace_id = $1 AND key_hash IN (${marks})`,
      [workspaceId, ...some.map(({ keyHash }) => keyHash)],
    )
    const before = new Map(known.map((one) => [placeOf(one.country, one.keyHash), one]))
    for (const entry of some) {
      const one = before.get(placeOf(entry.country, entry.keyHash))
      told.push({ id: one?.id ?? '', outcome: outcomeOf(one, entry) })
    }
    await nextTurn(from)
  }
  return told
}

async function writeIn(
  tx: Transaction,
  by: { workspaceId: string; actor: string; source: Source; at: number },
  rows: readonly { id: string; entry: Entry }[],
  firstVersion: number,
): Promise<void> {
  const values: SqlValue[] = [by.workspaceId, by.actor, by.at, by.source]
  const lines = rows.map(({ id, entry }, at) => {
    const { country, keyHash, description, facts, code, note } = entry
    const folded = [description, ...Object.values(facts), code, note].join('\n').toLowerCase()
    const own = [id, country, keyHash, firstVersion + at, description, JSON.stringify(facts), code, note, folded]
    const marks = own.map((_, index) => `$${values.length + index + 1}`)
    values.push(...own)
    return `(${marks.join(', ')}, $1, $2, $3, $4)`
  })
  await tx.run(
    `INSERT INTO approval(id, country, key_hash, version, description, facts, code, note, folded,
       workspace_id, approved_by, approved_at, source)
     VALUES ${lines.join(', ')}
     ON CONFLICT(workspace_id, key_hash, country) DO UPDATE SET
       version = excluded.version, code = excluded.code, note = excluded.note, folded = excluded.folded,
       approved_by = excluded.approved_by, approved_at = excluded.approved_at, source = excluded.source`,
    values,
  )
}

/** A long import lets others be answered in between; a short one is not held up. */
async function nextTurn(from: number): Promise<void> {
  if (from > 0) await new Promise((resolve) => setImmediate(resolve))
}
