/** Whether somebody is at work on a PostgreSQL: every proxy keeps a connection open that listens, and names itself on it. */
import pg from 'pg'
import { readPostgresAddress } from '../postgres-address.ts'

const TIMEOUT_MS = 4000

/** @returns the connections that proxies and their commands have there now; null when it cannot be asked. */
export async function countConnections(databaseUrl: string): Promise<number | null> {
  const client = new pg.Client({
    connectionString: readPostgresAddress(databaseUrl).url,
    connectionTimeoutMillis: TIMEOUT_MS,
    query_timeout: TIMEOUT_MS,
  })
  // What breaks is told by the query too.
  client.on('error', () => undefined)
  try {
    await client.connect()
    const { rows } = await client.query<{ count: string }>(
      `SELECT COUNT(*) AS count FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'tariffcell' AND pid <> pg_backend_pid()`,
    )
    return Number(rows[0]?.count ?? 0)
  } catch {
    return null
  } finally {
    await client.end().catch(() => undefined)
  }
}
