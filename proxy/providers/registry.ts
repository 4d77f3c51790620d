/** Who answers an inquiry: the connected upstreams in the order of the routing, and the provider in the house. */
import { failure, type Failure } from '../../shared/error-codes.ts'
import { countryOf, functionOf, type Inquiry, type Provider } from './provider.ts'
import { orderFor, type Routing } from './routing.ts'
import type { Upstream } from './upstream.ts'

/** First choice first. The others are asked in its place when it fails. */
export type Chain = readonly [Provider, ...Provider[]]

export interface Registry {
  /**
   * @param wanted a provider asked for by name (`provider=`); null for the usual order.
   * @returns the failure `no-provider`, which says what would help.
   */
  route(workspaceId: string, inquiry: Inquiry, wanted: string | null): Chain | Failure
  /** Another number: what was routed before may be routed otherwise now. */
  generation(): number
}

export interface RegistryDeps {
  embedded: Provider
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

export function createRegistry({ embedded, routing, upstreams, connections }: RegistryDeps): Registry {
  const chainOf = (workspaceId: string, inquiry: Inquiry): Provider[] => {
    const known = new Map([...connections.of(workspaceId), embedded].map((provider) => [provider.name, provider]))
    const chain = orderFor(routing, inquiry.kind, countryOf(inquiry)).flatMap((name) => known.get(name) ?? [])
    const able = chain.filter((provider) => provider.answers(inquiry))
    const mayFallBack = able.length === 0 || connections.fallsBackToEmbedded(workspaceId)
    if (mayFallBack && !able.includes(embedded) && embedded.answers(inquiry)) able.push(embedded)
    return able
  }

  return {
    route(workspaceId, inquiry, wanted) {
      const able =
        wanted === null
          ? chainOf(workspaceId, inquiry)
          : [...connections.of(workspaceId), embedded].filter(
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
