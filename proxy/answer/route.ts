/** From what a cell asks to what a provider is asked: the inquiry, who answers it, and what that costs. */
import { classificationKey, tariffKey } from '../../shared/answer-key.ts'
import type { Ask, CheckAsk, CodeAsk, DescriptionAsk, FixAsk, LookupAsk, RateAsk } from '../../shared/ask.ts'
import { isFailure, type Failure } from '../../shared/error-codes.ts'
import { functionSpec } from '../../shared/functions.ts'
import { MEMORY_NAME, type ClassifyInquiry, type Inquiry, type Provider } from '../providers/provider.ts'
import type { Registry } from '../providers/registry.ts'
import { pointsFor } from './points.ts'

/** One question to one provider, and who is asked in its place when that one fails. */
export interface Wanted {
  inquiry: Inquiry
  provider: Provider
  /** Ask again, past every memory. */
  fresh: boolean
  points: number
  /** In order; each under a key of its own, and none dearer than the first choice, whose price is what is held. */
  fallbacks: readonly Wanted[]
}

export type ProviderAsk = Exclude<Ask, { fn: 'HSPOINTS' | 'HSFORMAT' }>

/** @returns the failure `no-provider` when nobody connected can answer, `database-away` when it is not known what is approved. */
export function route(registry: Registry, workspaceId: string, ask: ProviderAsk): Wanted | Failure {
  const unkeyed = mayRecall(ask) ? registry.recall(workspaceId, inquiryOf(ask)) : inquiryOf(ask)
  if (isFailure(unkeyed)) return unkeyed
  const chain = registry.route(workspaceId, unkeyed, ask.options.provider ?? null)
  if (isFailure(chain)) return chain
  const fresh = ask.options.fresh ?? false
  const wantedOf = (provider: Provider): Wanted => {
    const edition = provider.edition(unkeyed) + approvalVersion(provider, unkeyed)
    const key = isDescriptionAsk(ask)
      ? classificationKey(ask, provider.name, edition)
      : tariffKey(ask, provider.name, edition)
    return { inquiry: { ...unkeyed, key }, provider, fresh, points: pointsFor(provider.name, ask.fn), fallbacks: [] }
  }
  const [first, ...rest] = chain
  const wanted = wantedOf(first)
  return { ...wanted, fallbacks: rest.map(wantedOf).filter(({ points }) => points <= wanted.points) }
}

/** Whoever names a provider, or asks again, wants to hear that one and not what was approved. */
function mayRecall({ options }: ProviderAsk): boolean {
  return options.provider === MEMORY_NAME || (options.provider === undefined && options.fresh !== true)
}

/** Approved anew on the same day it has the same edition, and is another answer. */
function approvalVersion({ name }: Provider, inquiry: Inquiry): string {
  return name === MEMORY_NAME && inquiry.kind === 'classify' ? ` #${inquiry.approved?.version}` : ''
}

function inquiryOf(ask: ProviderAsk): Inquiry {
  if (isDescriptionAsk(ask)) return classifyInquiry(ask)
  return functionSpec(ask.fn).askedOf === 'tariff'
    ? { kind: 'tariff', key: '', ask: ask as CodeAsk | RateAsk | CheckAsk | FixAsk }
    : { kind: 'lookup', key: '', ask: ask as LookupAsk }
}

function isDescriptionAsk(ask: ProviderAsk): ask is DescriptionAsk {
  return 'description' in ask && ask.fn !== 'HSCHECK'
}

function classifyInquiry(ask: DescriptionAsk): ClassifyInquiry {
  const { material = '', use = '', gender = '', category = '' } = ask.options
  return {
    kind: 'classify',
    key: '',
    description: ask.description,
    country: ask.country,
    facts: { material, use, gender, category },
    date: ask.options.date ?? null,
  }
}
