/** From what a cell asks to what a provider is asked: the inquiry, who answers it, and what that costs. */
import { classificationKey, tariffKey } from '../../shared/answer-key.ts'
import type { Ask, CheckAsk, CodeAsk, DescriptionAsk, FixAsk, LookupAsk, RateAsk } from '../../shared/ask.ts'
import { isFailure, type Failure } from '../../shared/error-codes.ts'
import { functionSpec } from '../../shared/functions.ts'
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
  const unkeyed = inquiryOf(ask)
  const provider = registry.route(unkeyed, ask.options.provider ?? null)
  if (isFailure(provider)) return provider
  const edition = provider.edition(unkeyed)
  const key = isDescriptionAsk(ask)
    ? classificationKey(ask, provider.name, edition)
    : tariffKey(ask, provider.name, edition)
  const inquiry = { ...unkeyed, key }
  return { inquiry, provider, fresh: ask.options.fresh ?? false, points: pointsFor(provider.name) }
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
