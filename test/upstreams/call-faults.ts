/** What can go wrong with a whole call, and the failure a cell is told: the same for every upstream that goes through fetch-json. */
import { inspect } from 'node:util'
import { ProviderError } from '../../proxy/providers/provider.ts'
import type { Connection, Usage } from '../../proxy/providers/upstream.ts'
import type { FailureName } from '../../shared/error-codes.ts'
import type { Fault } from './simulator.ts'

export interface CallFault {
  title: string
  fault: Fault
  failed: FailureName
  retryAfterMs?: number
  /** Whether the upstream may have done, and charged, what it was asked. */
  mayHaveBeenDone: boolean
  /** How long the caller waits; left out: as long as it takes. */
  patienceMs?: number
}

export const CALL_FAULTS: readonly CallFault[] = [
  {
    title: 'a refused credential',
    fault: { kind: 'status', status: 401 },
    failed: 'upstream-key-refused',
    mayHaveBeenDone: false,
  },
  {
    title: 'a forbidden call',
    fault: { kind: 'status', status: 403 },
    failed: 'upstream-key-refused',
    mayHaveBeenDone: false,
  },
  {
    title: 'an empty account',
    fault: { kind: 'status', status: 402 },
    failed: 'upstream-no-points',
    mayHaveBeenDone: false,
  },
  {
    title: 'too many calls',
    fault: { kind: 'status', status: 429, retryAfter: '7' },
    failed: 'provider-busy',
    retryAfterMs: 7000,
    mayHaveBeenDone: false,
  },
  {
    title: 'trouble inside',
    fault: { kind: 'status', status: 500 },
    failed: 'provider-busy',
    mayHaveBeenDone: true,
  },
  {
    title: 'an unknown path',
    fault: { kind: 'status', status: 404 },
    failed: 'provider-failed',
    mayHaveBeenDone: false,
  },
  { title: 'a connection that breaks', fault: { kind: 'reset' }, failed: 'provider-busy', mayHaveBeenDone: true },
  {
    title: 'a connection that breaks after the deed',
    fault: { kind: 'reset-after' },
    failed: 'provider-busy',
    mayHaveBeenDone: true,
  },
  {
    title: 'no reply',
    fault: { kind: 'timeout' },
    failed: 'provider-timeout',
    mayHaveBeenDone: true,
    patienceMs: 100,
  },
  {
    title: 'a reply that drips',
    fault: { kind: 'drip', bytesPerSecond: 20 },
    failed: 'provider-timeout',
    mayHaveBeenDone: true,
    patienceMs: 200,
  },
  { title: 'half a reply', fault: { kind: 'truncated' }, failed: 'upstream-unreadable', mayHaveBeenDone: true },
  {
    title: 'a reply without an end',
    fault: { kind: 'huge', bytes: 5_000_000 },
    failed: 'upstream-unreadable',
    mayHaveBeenDone: true,
  },
  {
    title: 'JSON of another form',
    fault: { kind: 'rewrite', rewrite: () => ['nothing', 'like', 'it'] },
    failed: 'upstream-unreadable',
    mayHaveBeenDone: true,
  },
]

/** A connection that keeps all it is told, so that a test can search it for what must not be there. */
export function recordingConnection(
  connection: Pick<Connection, 'credential' | 'baseUrl'> & Partial<Pick<Connection, 'now'>>,
): Connection & { usage: Usage[]; logged: unknown[] } {
  const usage: Usage[] = []
  const logged: unknown[] = []
  return {
    now: Date.now,
    ...connection,
    usage,
    logged,
    log: { warn: (...said) => void logged.push(said) },
    onUsage: (used) => void usage.push(used),
  }
}

/** The error a promise is rejected with; anything else is a failed test. */
export async function providerErrorOf(promise: Promise<unknown>): Promise<ProviderError> {
  try {
    await promise
  } catch (error) {
    if (error instanceof ProviderError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

/** All there is in a value, causes and stacks of errors included: what is not in it stands nowhere. */
export function everythingIn(value: unknown): string {
  return `${inspect(value, { depth: 20, showHidden: true, maxStringLength: null, maxArrayLength: null })}${JSON.stringify(value)}`
}
