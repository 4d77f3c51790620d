/** From rows to connections: credentials opened, workspaces' wishes read, what upstreams take written down. */
import { sentence } from '../shared/error-codes.ts'
import { createCredentials, type Credentials } from './credentials/credentials.ts'
import type { MasterKeySource } from './credentials/master-key.ts'
import { createUsage, type UpstreamUsage, type UsageRecord } from './credentials/usage.ts'
import type { Database } from './database.ts'
import type { FailureLog } from './failure-of.ts'
import type { BreakerSettings } from './providers/breaker.ts'
import { createConnections, type Connections, type OwnedCredential } from './providers/connections.ts'
import type { Provider } from './providers/provider.ts'
import { isUpstreamName, type Upstream } from './providers/upstream.ts'

export interface ConnectDeps {
  database: Database
  masterKey: MasterKeySource
  upstreams: readonly Upstream[]
  breaker: Partial<BreakerSettings>
  wrap: (provider: Provider) => Provider
  now: () => number
  newId: () => string
  log: FailureLog
}

// Points or credits of an upstream's own; 100 are 2 CNY at jiayou.
const UPSTREAM_BALANCE_LOW = 100

export async function connectUpstreams(
  deps: ConnectDeps,
): Promise<{ connections: Connections; credentials: Credentials }> {
  const { database, masterKey, upstreams, breaker, wrap, now, newId, log } = deps
  const credentials = createCredentials({ database, masterKey, now, newId })
  const usage = createUsage({ database, now, newId })
  const connections = createConnections({
    upstreams,
    breaker,
    readCredentials: createReadCredentials(credentials, log),
    readFallbacks: () => readFallbacks(database),
    wrap,
    onUsage: (used) => void recordUsage(usage, used, log),
    now,
    log,
  })
  await connections.refresh()
  return { connections, credentials }
}

/** One that cannot be opened comes without its parts, and is told to the log once. */
function createReadCredentials(credentials: Credentials, log: FailureLog): () => Promise<OwnedCredential[]> {
  let told = ''
  return async () => {
    const { entries, failed } = await credentials.list()
    const problem = failed ? sentence(failed) : ''
    if (problem !== '' && problem !== told) log.error({ failure: problem }, 'a credential cannot be opened')
    told = problem
    const kept: OwnedCredential[] = []
    for (const { workspaceId, upstream, fields, url, version } of entries) {
      if (!isUpstreamName(upstream)) continue
      const read = fields === null ? { credential: null, url } : await credentials.read(workspaceId, upstream)
      if (read) kept.push({ workspaceId, upstream, ...read, version })
    }
    return kept
  }
}

async function readFallbacks(database: Database): Promise<ReadonlySet<string>> {
  const rows = await database.all<{ id: string }>("SELECT id FROM workspace WHERE fallback = 'embedded'")
  return new Set(rows.map(({ id }) => id))
}

/** What an upstream took is written beside what it answered; that its row is late or lost fails no cell. */
async function recordUsage(usage: UpstreamUsage, used: UsageRecord, log: FailureLog): Promise<void> {
  try {
    const lost = await usage.record(used)
    if (lost !== null) log.warn({ upstream: used.upstream, lost }, 'the upstream charged for a reply that never came')
    if (used.balance !== null && used.balance < UPSTREAM_BALANCE_LOW) {
      log.warn({ upstream: used.upstream, balance: used.balance }, 'the account at the upstream is nearly empty')
    }
  } catch (error) {
    log.error({ upstream: used.upstream, error: String(error) }, 'usage could not be recorded')
  }
}
