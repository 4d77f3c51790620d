/** Who answers an inquiry: what people approved, the connected upstreams in the order of the routing, the provider in the house. */
import { failure, type Failure } from '../../shared/error-codes.ts'
import { countryOf, functionOf, type Approval, type ClassifyInquiry, type Inquiry, type Provider } from './provider.ts'
import { orderFor, type Routing } from './routing.ts'
import type { Upstream } from './upstream.ts'

/** First choice first. The others are asked in its place when it fails. */
export type Chain = readonly [Provider, ...Provider[]]

export interface Registry {
  /**
   * The inquiry with what its workspace approved for it, where it did.
   * @returns the failure `database-away` when that is not known in this turn.
   */
  recall(workspaceId: string, inquiry: Inquiry): Inquiry | Failure
  /**
   * @param wanted a provider asked for by name (`provider=`); null for the usual order.
   * @returns the failure `no-provider`, which says what would help.
   */
  route(workspaceId: string, inquiry: Inquiry, wanted: string | null): Chain | Failure
  /** Another number: what was routed before may be routed otherwise now. */
  generation(): number
  /** Called when a workspace approved something, or took it back: what was routed for it is routed anew. @param handler null: any may have. */
  onApproved(handler: (workspaceId: string | null) => void): void
}

/** What people approved, as routing needs it. */
export interface Memory {
  provider: Provider
  /** @returns null where nothing is approved for this text; undefined where that is not known in this turn. */
  find(workspaceId: string, inquiry: ClassifyInquiry): Approval | null | undefined
  onChange(handler: (workspaceId: string | null) => void): void
}

export interface RegistryDeps {
  embedded: Provider
  memory: Memory
  routing: Routing
  /** Upstreams there are, connected or not. */
  upstreams: readonly Upstream[]
  connections: {
    /** Upstreams this workspace reaches, by its own credential or the deployment's. */
    of(workspaceId: string): readonly Provider[]
    /** Whether the workspace lets the embedded provider answer for an upstream that fails. */
    fallsBackToEmbedded(workspaceId: string): boolean
    generation(): number
  }
}

export function createRegistry({ embedded, memory, routing, upstreams, connections }: RegistryDeps): Registry {
  const approvedBy = (inquiry: Inquiry): Provider[] => (memory.provider.answers(inquiry) ? [memory.provider] : [])
  const chainOf = (workspaceId: string, inquiry: Inquiry): Provider[] => {
    const known = new Map([...connections.of(workspaceId), embedded].map((provider) => [provider.name, provider]))
    const chain = orderFor(routing, inquiry.kind, countryOf(inquiry)).flatMap((name) => known.get(name) ?? [])
    const able = chain.filter((provider) => provider.answers(inquiry))
    const mayFallBack = able.length === 0 || connections.fallsBackToEmbedded(workspaceId)
    if (mayFallBack && !able.includes(embedded) && embedded.answers(inquiry)) able.push(embedded)
    return [...approvedBy(inquiry), ...able]
  }

  return {
    recall(workspaceId, inquiry) {
      if (inquiry.kind !== 'classify') return inquiry
      const approved = memory.find(workspaceId, inquiry)
      if (approved === undefined) return failure('database-away')
      return approved === null ? inquiry : { ...inquiry, approved }
    },
    route(workspaceId, inquiry, wanted) {
      const able =
        wanted === null
          ? chainOf(workspaceId, inquiry)
          : [memory.provider, ...connections.of(workspaceId), embedded].filter(
              (provider) => provider.name === wanted && provider.answers(inquiry),
            )
      const [first, ...rest] = able
      if (first) return [first, ...rest]
      return failure('no-provider', {
        fn: functionOf(inquiry),
        country: countryOf(inquiry) ?? 'any country',
        advice: advise(workspaceId, inquiry, wanted),
      })
    },
    generation: () => connections.generation(),
    onApproved: (handler) => memory.onChange(handler),
  }

  /** Names the credential that would serve the question. */
  function advise(workspaceId: string, inquiry: Inquiry, wanted: string | null): string {
    const asked = { kind: inquiry.kind, fn: functionOf(inquiry), country: countryOf(inquiry) }
    const could = upstreams.filter(
      (upstream) => (wanted === null || upstream.name === wanted) && upstream.couldAnswer(asked),
    )
    const connected = new Set(connections.of(workspaceId).map(({ name }) => name))
    const refused = could.filter(({ name }) => connected.has(name))
    // It is connected and does not take this question: an option is in its way.
    if (refused.length > 0)
      return `${refused.map(({ name }) => name).join(', ')}: not with this date=, lang= or these facts.`
    const [first] = could
    if (!first) return wanted === null ? '' : 'Leave provider= out to use those that are connected.'
    const names = could.map(({ name }) => name).join(' or ')
    return `Connect ${names}: npm run admin -- credentials set ${first.name}`
  }
}
