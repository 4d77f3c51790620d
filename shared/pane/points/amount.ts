/** What a recharge costs and buys. */
import { POINTS_PER_CNY, RECHARGE_CNY_MAX, RECHARGE_CNY_MIN } from '../../recharge-protocol.ts'

export const QUICK_CNY = [10, 50, 200, 1000] as const

/** @returns whole CNY; null where it is none, or more or less than can be paid at once. */
export function readCny(typed: string): number | null {
  const digits = typed.normalize('NFKC').replaceAll(/[\s¥,]/g, '')
  if (!/^\d{1,5}$/.test(digits)) return null
  const cny = Number(digits)
  return cny >= RECHARGE_CNY_MIN && cny <= RECHARGE_CNY_MAX ? cny : null
}

export function pointsFor(cny: number): number {
  return cny * POINTS_PER_CNY
}
