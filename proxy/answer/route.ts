/** From what a cell asks to what a provider is asked: the inquiry, who answers it, and what that costs. */
import { classificationKey, tariffKey } from '../../shared/answer-key.ts'
import type { Ask, DescriptionAsk } from '../../shared/ask.ts'
import { isFailure, type Failure } from '../../shared/error-codes.ts'
import type { ClassifyInquiry, Inquiry, Provider } from '../providers/provider.ts'
import type { Registry } from '../providers/registry.ts'
import { pointsFor } from './points.ts'

/** One question to one provider. */
export interface Wanted {
  inquiry: Inquiry
  provider: Provider
  /** Ask again, past every memory. */
  fresh: boolean
  points: number
}

export type ProviderAsk = Exclude<Ask, { fn: 'HSPOINTS' | 'HSFORMAT' }>

/** @returns the failure `no-provider` when nobody connected can answer. */
export function route(registry: Registry, ask: ProviderAsk): Wanted | Failure {
  const unkeyed: Inquiry = isDescriptionAsk(ask) ? classifyInquiry(ask) : { kind: 'tariff', key: '', ask }
  const provider = registry.route(unkeyed, ask.options.provider ?? null)
  if (isFailure(provider)) return provider
  const edition = provider.edition(unkeyed)
  const key = isDescriptionAsk(ask)
    ? classificationKey(ask, provider.name, edition)
    : tariffKey(ask, provider.name, edition)
  const inquiry = { ...unkeyed, key }
  return { inquiry, provider, fresh: ask.options.fresh ?? false, points: pointsFor(provider.name) }
}

function isDescriptionAsk(ask: ProviderAsk): ask is DescriptionAsk {
  return 'field' in ask
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
