/** Who answers an inquiry: what people approved, the connected upstreams in the order of the routing, the provider in the house. */
import { failure, type Failure } from '../../shared/error-codes.ts'
import type { Localised } from '../../shared/language.ts'
import { connectAdvice, noProvider } from './no-provider.ts'
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

const LEAVE_PROVIDER_OUT: Localised = {
  en: 'Leave provider= out to use those that are connected.',
  zh: '去掉 provider= 即可使用已连接的服务。',
  fr: 'Retirez provider= pour utiliser ceux qui sont connectés.',
}

function notThis(names: string): Localised {
  return {
    en: `${names}: not with this date=, lang= or these facts.`,
    zh: `${names}：不支持此 date=、lang= 或这些附加信息。`,
    fr: `${names} : pas avec ce date=, ce lang= ou ces précisions.`,
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
      return noProvider(functionOf(inquiry), countryOf(inquiry), advise(workspaceId, inquiry, wanted))
    },
    generation: () => connections.generation(),
    onApproved: (handler) => memory.onChange(handler),
  }

  /** Names the credential that would serve the question. */
  function advise(workspaceId: string, inquiry: Inquiry, wanted: string | null): Localised | '' {
    const asked = { kind: inquiry.kind, fn: functionOf(inquiry), country: countryOf(inquiry) }
    const could = upstreams.filter(
      (upstream) => (wanted === null || upstream.name === wanted) && upstream.couldAnswer(asked),
    )
    const connected = new Set(connections.of(workspaceId).map(({ name }) => name))
    const refused = could.filter(({ name }) => connected.has(name))
    // It is connected and does not take this question: an option is in its way.
    if (refused.length > 0) return notThis(refused.map(({ name }) => name).join(', '))
    const [first, ...others] = could.map(({ name }) => name)
    if (first !== undefined) return connectAdvice([first, ...others])
    return wanted === null ? '' : LEAVE_PROVIDER_OUT
  }
}
