/**
 * Inquiries of all batches become calls to one provider: gathered for a few milliseconds, never more than it takes at once,
 * workspaces in turn, a bounded number of calls under way. While all calls are busy the next one fills up by itself.
 */
import { failure, type Failure } from '../../shared/error-codes.ts'
import { ProviderError, type Inquiry, type Provider, type Reply } from '../providers/provider.ts'

export interface GatherDeps {
  provider: Provider
  /** Inquiries that may wait; past it new ones are refused. */
  waitingMax: number
  log: { warn(details: object, message: string): void }
  onCall?: (provider: string, inquiries: number, seconds: number, outcome: 'ok' | 'failed') => void
}

interface Waiting {
  inquiry: Inquiry
  since: number
  resolve: (reply: Reply) => void
}

export interface Gatherer {
  /** Never rejects: whatever goes wrong is a failure of this one inquiry. */
  ask(workspaceId: string, inquiry: Inquiry): Promise<Reply>
  /** Calls under way and inquiries waiting. */
  load(): { calls: number; waiting: number }
}

// Past it nobody waits at the cell any more, and the hold that pays for it must outlive the call.
const WAIT_MAX_MS = 60_000
// Of pictures that wait; each has up to eight megabytes.
const PICTURE_BYTES_WAITING_MAX = 64_000_000

export function createGatherer({ provider, waitingMax, log, onCall }: GatherDeps): Gatherer {
  const queues = new Map<string, Waiting[]>()
  let waiting = 0
  let pictureBytes = 0
  let calls = 0
  let timer: ReturnType<typeof setTimeout> | null = null

  const flush = (): void => {
    if (timer) clearTimeout(timer)
    timer = null
    while (waiting > 0 && calls < provider.callsInFlightMax) {
      const taken = takeInTurn(queues, provider.inquiriesPerCallMax)
      waiting -= taken.length
      pictureBytes -= taken.reduce((bytes, { inquiry }) => bytes + bytesOf(inquiry), 0)
      const inTime = taken.filter((one) => !isLate(one))
      for (const { resolve } of taken.filter(isLate)) resolve(failure('overloaded'))
      if (inTime.length === 0) continue
      calls++
      void call(inTime).finally(() => {
        calls--
        if (waiting > 0) flush()
      })
    }
  }

  const call = async (taken: readonly Waiting[]): Promise<void> => {
    const began = performance.now()
    const replies = await askProvider(
      provider,
      taken.map((one) => one.inquiry),
      log,
    )
    onCall?.(provider.name, taken.length, (performance.now() - began) / 1000, replies instanceof Map ? 'ok' : 'failed')
    for (const { inquiry, resolve } of taken) {
      if (replies instanceof Map)
        resolve(replies.get(inquiry.key) ?? failure('provider-failed', { provider: provider.name }))
      else resolve(replies)
    }
  }

  return {
    ask(workspaceId, inquiry) {
      const bytes = bytesOf(inquiry)
      const isFull = waiting >= waitingMax || (bytes > 0 && pictureBytes + bytes > PICTURE_BYTES_WAITING_MAX)
      if (isFull) return Promise.resolve(failure('overloaded'))
      return new Promise<Reply>((resolve) => {
        const one = { inquiry, since: performance.now(), resolve }
        const queue = queues.get(workspaceId)
        if (queue) queue.push(one)
        else queues.set(workspaceId, [one])
        waiting++
        pictureBytes += bytes
        if (waiting >= provider.inquiriesPerCallMax) flush()
        // 0 still means the end of this turn: a whole batch is queued before the first call leaves.
        else timer ??= setTimeout(flush, provider.gatherWindowMs)
      })
    },
    load: () => ({ calls, waiting }),
  }
}

function isLate({ since }: Waiting): boolean {
  return performance.now() - since > WAIT_MAX_MS
}

function bytesOf(inquiry: Inquiry): number {
  return inquiry.kind === 'lookup' ? (inquiry.picture?.byteLength ?? 0) : 0
}

/** A gatherer for each provider, that is for each connection: calls of two credentials never mix. */
export interface Gatherers {
  ask(provider: Provider, workspaceId: string, inquiry: Inquiry): Promise<Reply>
  /** Calls under way and inquiries waiting, of all together. */
  load(): { calls: number; waiting: number }
}

export function createGatherers(deps: Omit<GatherDeps, 'provider'>): Gatherers {
  const gatherers = new Map<Provider, Gatherer>()
  return {
    ask(provider, workspaceId, inquiry) {
      let gatherer = gatherers.get(provider)
      if (!gatherer) {
        gatherer = createGatherer({ ...deps, provider })
        gatherers.set(provider, gatherer)
        forgetIdle(gatherers, provider)
      }
      return gatherer.ask(workspaceId, inquiry)
    },
    load: () =>
      [...gatherers.values()].reduce(
        (sum, gatherer) => {
          const { calls, waiting } = gatherer.load()
          return { calls: sum.calls + calls, waiting: sum.waiting + waiting }
        },
        { calls: 0, waiting: 0 },
      ),
  }
}

const GATHERERS_KEPT = 200

/** Connections come and go with their credentials; a gatherer with nothing to do is made anew when it is needed. */
function forgetIdle(gatherers: Map<Provider, Gatherer>, except: Provider): void {
  if (gatherers.size <= GATHERERS_KEPT) return
  for (const [provider, gatherer] of gatherers) {
    const { calls, waiting } = gatherer.load()
    if (provider !== except && calls === 0 && waiting === 0) gatherers.delete(provider)
  }
}

/** One from each workspace in turn, so that a bulk run does not starve a cell. */
function takeInTurn(queues: Map<string, Waiting[]>, max: number): Waiting[] {
  const taken: Waiting[] = []
  while (taken.length < max && queues.size > 0) {
    for (const [workspaceId, queue] of queues) {
      taken.push(queue.shift()!)
      if (queue.length === 0) queues.delete(workspaceId)
      if (taken.length === max) break
    }
  }
  // Whoever was served first goes to the back of the line.
  const first = queues.entries().next().value
  if (first) {
    queues.delete(first[0])
    queues.set(first[0], first[1])
  }
  return taken
}

/** The one place where a provider's trouble becomes an answer. */
async function askProvider(
  provider: Provider,
  inquiries: readonly Inquiry[],
  log: GatherDeps['log'],
): Promise<Map<string, Reply> | Failure> {
  // Not AbortSignal.timeout(): it lives until its time is up, and through the race it keeps the replies of calls long answered.
  const controller = new AbortController()
  const { signal } = controller
  const timer = setTimeout(() => controller.abort(), provider.timeoutMs)
  try {
    // The race, because a provider that ignores its signal must not hold a cell for ever.
    return await Promise.race([provider.ask(inquiries, signal), rejectOn(signal)])
  } catch (error) {
    log.warn(
      { provider: provider.name, inquiries: inquiries.length, error: describeError(error) },
      'provider call failed',
    )
    if (signal.aborted) return failure('provider-timeout', { provider: provider.name })
    return error instanceof ProviderError ? error.failure : failure('provider-failed', { provider: provider.name })
  } finally {
    clearTimeout(timer)
  }
}

function rejectOn(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })
}

// Name and message only: a provider's cause may hold the request, and the request its credential.
function describeError(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : 'unknown error'
}
