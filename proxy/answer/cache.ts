/**
 * Remembered replies: the newest in memory, those that were paid for in the database behind it.
 * Free replies are remembered in memory only; the house can always give them again.
 */
import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { Database, Rows } from '../database.ts'
import type { Cell } from '../../shared/protocol.ts'
import type { Reply } from '../providers/provider.ts'

export interface Remembered {
  reply: Reply
  provider: string
  edition: string
  /** Milliseconds since 1970. */
  answeredAt: number
  /** Points paid when it was asked. */
  points: number
  /** Kept by the cache: memory holds it, without a term. Who has it in hand need not look it up again. */
  held?: boolean
}

export interface AnswerCache {
  /** What memory holds at a {@link placeOf}, at once. */
  peek(place: string): Remembered | undefined
  /** What the database holds of these keys; found ones move into memory. @param rows the transaction to read in. */
  load(workspaceId: string, keys: readonly string[], rows?: Rows): Promise<Map<string, Remembered>>
  /** Which of these keys the database holds, without reading what it holds. */
  known(workspaceId: string, keys: readonly string[]): Promise<Set<string>>
  /** Remembers a reply in memory, for `ttlMs` or until the space is needed. */
  keep(workspaceId: string, key: string, remembered: Remembered, ttlMs?: number): void
  /** Remembers a paid reply, in the transaction that charges it. Call `keep` after the commit. */
  store(tx: Rows, workspaceId: string, key: string, remembered: Remembered, holdId: string): Promise<void>
  readonly entries: number
}

interface AnswerRow {
  key_hash: string
  provider: string
  edition: string
  reply: string
  points: number
  answered_at: number
}

export function createAnswerCache(deps: { database: Database; memoryBytesMax: number }): AnswerCache {
  const { database, memoryBytesMax } = deps
  const memory = new LRUCache<string, Remembered>({
    maxSize: memoryBytesMax,
    sizeCalculation: (remembered, key) => key.length * 2 + sizeOf(remembered.reply),
    dispose: (remembered) => {
      remembered.held = false
    },
  })
  const hold = (place: string, remembered: Remembered): void => {
    memory.set(place, remembered)
    remembered.held = true
  }

  return {
    peek: (place) => memory.get(place),

    async load(workspaceId, keys, rows = database) {
      const found = new Map<string, Remembered>()
      const byHash = new Map(keys.map((key) => [hashKey(key), key]))
      const hashes = [...byHash.keys()]
      for (let at = 0; at < hashes.length; at += KEYS_PER_QUERY) {
        const some = hashes.slice(at, at + KEYS_PER_QUERY)
        const marks = some.map((_, index) => `$${index + 2}`).join(', ')
        const answers = await rows.all<AnswerRow>(
          `SELECT key_hash, provider, edition, reply, points, answered_at FROM answer
           WHERE workspace_id = $1 AND key_hash IN (${marks})`,
          [workspaceId, ...some],
        )
        for (const row of answers) {
          const key = byHash.get(row.key_hash)!
          const remembered = {
            reply: JSON.parse(row.reply) as Reply,
            provider: row.provider,
            edition: row.edition,
            answeredAt: row.answered_at,
            points: row.points,
          }
          hold(placeOf(workspaceId, key), remembered)
          found.set(key, remembered)
        }
      }
      return found
    },

    async known(workspaceId, keys) {
      const byHash = new Map(keys.map((key) => [hashKey(key), key]))
      const hashes = [...byHash.keys()]
      const found = new Set<string>()
      for (let at = 0; at < hashes.length; at += KEYS_PER_QUERY) {
        const some = hashes.slice(at, at + KEYS_PER_QUERY)
        const marks = some.map((_, index) => `$${index + 2}`).join(', ')
        const rows = await database.all<{ key_hash: string }>(
          `SELECT key_hash FROM answer WHERE workspace_id = $1 AND key_hash IN (${marks})`,
          [workspaceId, ...some],
        )
        for (const row of rows) found.add(byHash.get(row.key_hash)!)
      }
      return found
    },

    keep(workspaceId, key, remembered, ttlMs) {
      const place = placeOf(workspaceId, key)
      if (ttlMs === undefined) hold(place, remembered)
      else memory.set(place, remembered, { ttl: ttlMs })
    },

    async store(tx, workspaceId, key, remembered, holdId) {
      await tx.run(
        `INSERT INTO answer(workspace_id, key_hash, provider, edition, reply, points, hold_id, answered_at)
         VALUES($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT(workspace_id, key_hash) DO UPDATE SET
           provider = excluded.provider, edition = excluded.edition, reply = excluded.reply,
           points = excluded.points, hold_id = excluded.hold_id, answered_at = excluded.answered_at`,
        [
          workspaceId,
          hashKey(key),
          remembered.provider,
          remembered.edition,
          JSON.stringify(remembered.reply),
          remembered.points,
          holdId,
          remembered.answeredAt,
        ],
      )
    },

    get entries() {
      return memory.size
    },
  }
}

// Few enough distinct statement texts to stay prepared, and far below SQLite's limit of 32,766 parameters.
const KEYS_PER_QUERY = 100

/** Where memory holds a workspace's reply. */
export function placeOf(workspaceId: string, key: string): string {
  return `${workspaceId} ${key}`
}

/** What a key is known by in the database. */
export function hashKey(key: string): string {
  return createHash('sha256').update(key).digest('base64url')
}

/** A rough size in bytes: two a character of text, and the objects around it. */
function sizeOf(reply: Reply): number {
  const overheadBytes = 400
  if (!('kind' in reply)) return overheadBytes
  switch (reply.kind) {
    case 'classification': {
      const { candidates, headings, second } = reply
      return overheadBytes + 120 * (candidates.length + headings.length) + (second ? 700 : 0)
    }
    case 'table':
      return reply.table.reduce(
        (bytes, row) => bytes + row.reduce<number>((sum, cell) => sum + cellSize(cell), 40),
        overheadBytes,
      )
    case 'value':
      return overheadBytes + cellSize(reply.value)
  }
}

function cellSize(cell: Cell): number {
  return typeof cell === 'string' ? 40 + 2 * cell.length : 24
}
