/** Entries as they are approved, for tests. */
import { hashOf, type Entry } from '../../../proxy/memory/approvals.ts'
import type { Facts } from '../../../proxy/providers/provider.ts'

export const NO_FACTS: Facts = { material: '', use: '', gender: '', category: '' }

export function entry(description: string, code = '6109100012', more: Partial<Entry> = {}): Entry {
  const facts = more.facts ?? NO_FACTS
  return { description, facts, keyHash: hashOf(description, facts), country: 'CA', code, note: '', ...more }
}
