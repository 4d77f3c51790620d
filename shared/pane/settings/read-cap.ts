/** A daily limit as it is typed. */
import { DAILY_CAP_POINTS_MAX } from '../../protocol.ts'

/** @returns null: no limit, for an empty field; undefined where it is no limit at all. */
export function readCap(typed: string): number | null | undefined {
  const digits = typed.normalize('NFKC').replaceAll(/[\s,]/g, '')
  if (digits === '') return null
  if (!/^\d{1,10}$/.test(digits) || Number(digits) > DAILY_CAP_POINTS_MAX) return undefined
  return Number(digits)
}
