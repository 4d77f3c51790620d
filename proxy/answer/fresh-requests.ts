/** A request for fresh answers that is sent again, because its reply was lost, is not paid again: what it bought is fresh enough. */
import type { Database } from '../database.ts'

export type FreshRequests = ReturnType<typeof createFreshRequests>

const KEPT_MS = 24 * 3600_000

export function createFreshRequests({ database, now }: { database: Database; now: () => number }) {
  return {
    /** @returns when this request was first seen, in milliseconds. */
    async firstSeen(workspaceId: string, requestId: string): Promise<number> {
      await database.run(
        'INSERT INTO fresh_request(workspace_id, request_id, first_at) VALUES($1, $2, $3) ON CONFLICT DO NOTHING',
        [workspaceId, requestId, now()],
      )
      const row = await database.get<{ first_at: number }>(
        'SELECT first_at FROM fresh_request WHERE workspace_id = $1 AND request_id = $2',
        [workspaceId, requestId],
      )
      return row?.first_at ?? now()
    },

    async sweep(): Promise<void> {
      await database.run('DELETE FROM fresh_request WHERE first_at < $1', [now() - KEPT_MS])
    },
  }
}
