/** What an entry of the ledger is called before a person. */
import type { PointsWords } from './words.ts'

/** @param kind of the wire; one that is not known yet is shown as it is. */
export function kindOf({ kind, ref }: { kind: string; ref: string }, words: PointsWords['kinds']): string {
  if (kind === 'recharge' && ref.startsWith('voucher:')) return words.voucher
  return Object.hasOwn(words, kind) ? words[kind as keyof PointsWords['kinds']] : kind
}
