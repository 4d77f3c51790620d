/**
 * Which workspace reaches which upstream. A credential of the deployment serves every workspace, one of a workspace's own serves it
 * alone and goes first. Each credential is one connection: its own pool, breaker, and calls in flight.
 */
import { failure, type Failure } from '../../shared/error-codes.ts'
import { createBreaker, type Breaker, type BreakerSettings } from './breaker.ts'
import { connectAdvice, noProvider } from './no-provider.ts'
import { countryOf, functionOf, ProviderError, type Bulk, type Provider } from './provider.ts'
import {
  DEPLOYMENT,
  type CallbackEvent,
  type CallbackHeaders,
  type CallbackVerdict,
  type ConnectedUpstream,
  type Credential,
  type ExpertDesk,
  type Upstream,
  type UpstreamName,
  type Usage,
} from './upstream.ts'

export interface OwnedCredential {
  workspaceId: string
  upstream: UpstreamName
  /** null: it cannot be opened, which is said in every cell that needs it. */
  credential: Credential | null
  /** Base address instead of the upstream's own; null for that. */
  url: string | null
  /** Another one whenever it was put in anew: then it is another connection. */
  version: string
}

export interface ConnectionsDeps {
  upstreams: readonly Upstream[]
  breaker: Partial<BreakerSettings>
  readCredentials: () => Promise<readonly OwnedCredential[]>
  /** Workspaces that let the embedded provider answer where an upstream fails. */
  readFallbacks: () => Promise<ReadonlySet<string>>
  /** Wraps what an upstream says, e.g. with the second opinion. */
  wrap: (provider: Provider) => Provider
  onUsage: (usage: Usage & { workspaceId: string; upstream: UpstreamName }) => void
  now: () => number
  log: { warn(details: object, message: string): void }
}

export interface Connections {
  /** Connects what is new and leaves what is gone; calls under way or in line end in peace. When reading fails nothing changes. */
  refresh(): Promise<void>
  of(workspaceId: string): readonly Provider[]
  fallsBackToEmbedded(workspaceId: string): boolean
  /** Experts this workspace can write to, and whether by a credential of its own. */
  desk(workspaceId: string): { desk: ExpertDesk; upstream: UpstreamName; own: boolean } | Failure
  /**
   * Whether a call to us is an upstream's, by the secrets of any of its connections.
   * @returns also whose credential it was verified by; '' is the deployment's.
   */
  verifyCallback(
    upstream: UpstreamName,
    body: Uint8Array,
    headers: CallbackHeaders,
  ): CallbackVerdict & { workspaceId: string }
  /** Reads a call that nobody signed. @returns null when it cannot be read. */
  readCallback(upstream: UpstreamName, body: Uint8Array): CallbackEvent | null
  /** Breakers by connection, for metrics. */
  states(): { upstream: UpstreamName; workspaceId: string; state: Breaker['state'] }[]
  generation(): number
  close(): Promise<void>
}

const RETIRED_FOR_MS = 120_000

interface Open {
  kept: OwnedCredential
  connected: ConnectedUpstream
  provider: Provider
  breaker: Breaker
}

export function createConnections(deps: ConnectionsDeps): Connections {
  const open = new Map<string, Open>()
  let generation = 0
  let fallbacks: ReadonlySet<string> = new Set()
  const lists = new Map<string, readonly Provider[]>()

  // What is in line for a connection that is gone still goes out by it; the line is shorter than this.
  const retired = new Map<Open, ReturnType<typeof setTimeout>>()
  const retire = (one: Open): void => {
    const timer = setTimeout(() => {
      retired.delete(one)
      void one.connected.close()
    }, RETIRED_FOR_MS)
    timer.unref()
    retired.set(one, timer)
  }

  const find = (workspaceId: string, name: UpstreamName): Open | undefined =>
    open.get(place(workspaceId, name)) ?? open.get(place(DEPLOYMENT, name))

  return {
    async refresh() {
      const [credentials, newFallbacks] = await Promise.all([deps.readCredentials(), deps.readFallbacks()])
      // From here to the end in one turn: nobody sees a connection that is half there.
      const kept = new Map(
        credentials.map((credential) => [place(credential.workspaceId, credential.upstream), credential]),
      )
      const gone = [...open].filter(([at, { kept: old }]) => kept.get(at)?.version !== old.version)
      for (const [at] of gone) open.delete(at)
      let changed = gone.length > 0 || !sameMembers(newFallbacks, fallbacks)
      fallbacks = newFallbacks
      for (const [at, credential] of kept) {
        const upstream = deps.upstreams.find(({ name }) => name === credential.upstream)
        if (!upstream || open.has(at)) continue
        open.set(at, connect(deps, upstream, credential))
        changed = true
      }
      if (changed) {
        generation++
        lists.clear()
      }
      for (const [, one] of gone) retire(one)
    },

    of(workspaceId) {
      const known = lists.get(workspaceId)
      if (known) return known
      const list = deps.upstreams.flatMap(({ name }) => find(workspaceId, name)?.provider ?? [])
      lists.set(workspaceId, list)
      return list
    },

    fallsBackToEmbedded: (workspaceId) => fallbacks.has(workspaceId),

    desk(workspaceId) {
      for (const { name } of deps.upstreams) {
        const found = find(workspaceId, name)
        if (found?.connected.desk) {
          return {
            desk: breakDesk(found.connected.desk, found.breaker),
            upstream: name,
            own: found.kept.workspaceId === workspaceId,
          }
        }
      }
      return noProvider('HSEXPERT', null, connectAdvice(['hsciq']))
    },

    verifyCallback(upstream, body, headers) {
      let refused: CallbackVerdict & { workspaceId: string } = {
        ok: false,
        reason: 'unsigned',
        workspaceId: DEPLOYMENT,
      }
      for (const { kept, connected } of open.values()) {
        if (kept.upstream !== upstream || !connected.webhooks) continue
        const { workspaceId } = kept
        const verdict = connected.webhooks.verify(body, headers, deps.now())
        if (verdict.ok) return { ...verdict, workspaceId }
        // Whose signature fits knows best what is wrong.
        if (refused.ok || isForeign(refused.reason)) refused = { ...verdict, workspaceId }
      }
      return refused
    },

    readCallback(upstream, body) {
      for (const { kept, connected } of open.values()) {
        if (kept.upstream === upstream && connected.webhooks) return connected.webhooks.read(body)
      }
      return null
    },

    states: () =>
      [...open.values()].map(({ kept, breaker }) => ({
        upstream: kept.upstream,
        workspaceId: kept.workspaceId,
        state: breaker.state,
      })),
    generation: () => generation,
    async close() {
      for (const timer of retired.values()) clearTimeout(timer)
      await Promise.all([...open.values(), ...retired.keys()].map(({ connected }) => connected.close()))
      open.clear()
      retired.clear()
    },
  }
}

function isForeign(reason: Extract<CallbackVerdict, { ok: false }>['reason']): boolean {
  return reason === 'unsigned' || reason === 'forged'
}

function sameMembers(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((member) => b.has(member))
}

function place(workspaceId: string, name: UpstreamName): string {
  return `${name} ${workspaceId}`
}

function connect(deps: ConnectionsDeps, upstream: Upstream, kept: OwnedCredential): Open {
  const { name } = upstream
  const breaker = createBreaker({ ...deps.breaker, provider: name })
  if (kept.credential === null) {
    const connected = unopened(upstream)
    return { kept, connected, provider: connected.provider, breaker }
  }
  const connected = upstream.connect({
    credential: kept.credential,
    baseUrl: (kept.url ?? upstream.defaultUrl).replace(/\/$/, ''),
    now: deps.now,
    log: deps.log,
    onUsage: (usage) => deps.onUsage({ ...usage, workspaceId: kept.workspaceId, upstream: name }),
  })
  const run: Breaker['run'] = (call, signal) =>
    breaker.run(call, signal).catch((error: unknown) => Promise.reject(namingWorkspace(error, kept.workspaceId)))
  const { bulk } = connected.provider
  const provider = deps.wrap({
    ...connected.provider,
    ask: (inquiries, signal) => run((inner) => connected.provider.ask(inquiries, inner), signal),
    ...(bulk ? { bulk: breakBulk(bulk, run) } : {}),
  })
  return { kept, connected, provider, breaker }
}

/** The breaker sends again only what was surely not done, a submit as anything else. */
function breakBulk(bulk: Bulk, run: Breaker['run']): Bulk {
  return {
    ...bulk,
    submit: (inquiries, options, signal) => run((inner) => bulk.submit(inquiries, options, inner), signal),
    findLost: (inquiries, since, known, signal) =>
      run((inner) => bulk.findLost(inquiries, since, known, inner), signal),
    collect: (ticket, inquiries, signal) => run((inner) => bulk.collect(ticket, inquiries, inner), signal),
  }
}

/** The command that mends a workspace's own key is not the one that puts a key in for everybody. */
function namingWorkspace(error: unknown, workspaceId: string): unknown {
  if (!(error instanceof ProviderError) || workspaceId === DEPLOYMENT) return error
  const { message, provider, failure: failed, retryAfterMs, mayHaveBeenDone } = error
  if (failed.failed !== 'upstream-key-refused') return error
  const named = failure(failed.failed, { ...failed.details, workspace: ` --workspace ${workspaceId}` })
  return new ProviderError(message, { provider, failure: named, retryAfterMs, mayHaveBeenDone, cause: error })
}

/** In the place of an upstream whose credential cannot be opened: nobody else answers for it unasked. */
function unopened(upstream: Upstream): ConnectedUpstream {
  const { name } = upstream
  const fail = (): Promise<never> =>
    Promise.reject(
      new ProviderError('its credential cannot be opened', {
        provider: name,
        failure: failure('credential-closed', { provider: name }),
        mayHaveBeenDone: false,
      }),
    )
  return {
    provider: {
      name,
      inquiriesPerCallMax: 500,
      callsInFlightMax: 4,
      timeoutMs: 1000,
      gatherWindowMs: 0,
      answers: (inquiry) =>
        upstream.couldAnswer({ kind: inquiry.kind, fn: functionOf(inquiry), country: countryOf(inquiry) }),
      edition: () => 'not connected',
      ask: fail,
    },
    test: fail,
    close: () => Promise.resolve(),
  }
}

/** Reading goes through the breaker. Creating and writing act in a person's name: they go out once, whatever the upstream's health. */
function breakDesk(desk: ExpertDesk, breaker: Breaker): ExpertDesk {
  return {
    ...desk,
    list: (page, signal) => breaker.run((inner) => desk.list(page, inner), signal),
    read: (form, signal) => breaker.run((inner) => desk.read(form, inner), signal),
  }
}
