/** From inquiries to the names that are sent for them, each once. */
import { failure } from '../../../shared/error-codes.ts'
import type { ClassifyInquiry, Inquiry, Reply } from '../provider.ts'
import { NAME_CHARACTERS_MAX, nameKey, productName } from './product-name.ts'

export const COUNTRY = 'CA'

/** It knows no dates, so a question about another day's tariff is not for it. */
export function isAnswerable(inquiry: Inquiry): inquiry is ClassifyInquiry {
  return inquiry.kind === 'classify' && inquiry.country === COUNTRY && inquiry.date === null
}

export interface Names {
  /** Name key → name as it is sent. */
  names: Map<string, string>
  /** Which name stands for which inquiry; `name` is its key. */
  asked: { key: string; name: string }[]
  /** What cannot be sent, by the inquiry's key. */
  refused: Map<string, Reply>
}

export function toNames(inquiries: readonly Inquiry[]): Names {
  const read: Names = { names: new Map(), asked: [], refused: new Map() }
  for (const inquiry of inquiries) {
    if (!isAnswerable(inquiry)) continue
    const name = productName(inquiry)
    const refused = refusal(name)
    if (refused) {
      read.refused.set(inquiry.key, refused)
      continue
    }
    read.asked.push({ key: inquiry.key, name: nameKey(name) })
    // It removes duplicates by rules of its own, or charges them twice: it gets none.
    if (!read.names.has(nameKey(name))) read.names.set(nameKey(name), name)
  }
  return read
}

/** @returns why a name cannot be sent; null when it can. */
function refusal(name: string): Reply | null {
  if (name === '') return failure('no-words', { value: '""' })
  if (name.length <= NAME_CHARACTERS_MAX) return null
  return failure('text-too-long', { length: name.length, max: NAME_CHARACTERS_MAX })
}
