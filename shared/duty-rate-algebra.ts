/**
 * Duty rates as an algebra: what a tariff prints, as a small tree that can be compared and computed with.
 */
import { inBaseUnit, type UnitCode } from './duty-unit.ts'

/** What may stand around any rate. Absent means not printed. */
interface Annotations {
  /** Printed in brackets. In Japan's columns such a rate exists but another one applies: in the WTO and agreement columns because
   * this one is not lower, in the general column because a temporary one stands in its place. The figure is the published one all
   * the same, so a bracketed percentage has a fraction and compares like any other; who chooses a rate looks at the flag. */
  bracketed?: true
  /** Marks that point to a note of the schedule, as printed: `※`, `◎`, `●`, `*`, `◆2`. What the note says is not here, so a
   * marked rate is never a plain percentage. */
  marks?: readonly string[]
}

type Rate =
  /** Nothing is printed, or that there is no rate here: `N/A`, 非譲許. Neither free nor zero. `text` is absent for a blank. */
  | { kind: 'none'; text?: string }
  | { kind: 'free' }
  /** A share of the value. `fraction` 0.068 for "6.8%". `basis`: the words for the part of the goods it is a share of. */
  | { kind: 'ad-valorem'; fraction: number; basis?: string }
  | SpecificRate
  | PriceLessValue
  | { kind: 'sum'; of: readonly DutyRate[] }
  | { kind: 'difference'; from: DutyRate; less: DutyRate }
  /** The highest of them: "but not less than". */
  | { kind: 'greater-of'; of: readonly DutyRate[] }
  /** The lowest of them: "or more than". */
  | { kind: 'less-of'; of: readonly DutyRate[] }
  /** Goods below this line pay different rates between these two. */
  | { kind: 'range'; from: DutyRate; to: DutyRate }
  /** One of them; the text does not say for which goods. */
  | { kind: 'one-of'; of: readonly DutyRate[] }
  /** Each rate holds under its condition, in the words of the publisher or as programme symbols: "A, AU, JP". */
  | { kind: 'by-case'; of: readonly RateCase[] }
  /** The rate stands elsewhere: "See 9822.04.25", "The rate applicable in the absence of this heading". */
  | { kind: 'reference'; text: string }
  /** Not understood, and never guessed. */
  | { kind: 'unparsed'; text: string }

export type DutyRate = Rate & Annotations

/** An amount of money for so many units: 0.0452 CAD per 1 kg. */
export interface SpecificRate extends Annotations {
  kind: 'specific'
  /** In whole units of the currency. */
  amount: number
  /** ISO 4217. */
  currency: string
  per: number
  unit: UnitCode
  /** The unit as printed. */
  unitText: string
  /** What is counted, in the publisher's words, where it is not simply the goods: "on drained weight", "over 7". */
  basis?: string
}

/** Japan's gate prices and differential duties: (price − valueFactor × customs value), each for so many units, never below zero. */
export interface PriceLessValue extends Annotations {
  kind: 'price-less-value'
  /** In whole units of the currency. */
  price: number
  valueFactor: number
  currency: string
  per: number
  unit: UnitCode
  unitText: string
}

export interface RateCase {
  condition: string
  rate: DutyRate
}

/** The rate as a share of the value: 0.18; 0 for free.
 * @returns null when it is not a plain percentage of the whole value: it is never collapsed into one. */
export function fractionOf(rate: DutyRate): number | null {
  if (rate.marks) return null
  if (rate.kind === 'free') return 0
  return rate.kind === 'ad-valorem' && rate.basis === undefined ? rate.fraction : null
}

/** Which rate is lower, whatever the goods are worth and weigh.
 * @returns negative when `a` is lower, 0 when equal, positive when `b` is; null when it depends on the goods (10 % against
 *   5 ¢/kg), or when one of them is not computable from its text. */
export function compareDutyRates(a: DutyRate, b: DutyRate): number | null {
  const isAtMost = atMost(a, b)
  const isAtLeast = atMost(b, a)
  if (isAtMost && isAtLeast) return 0
  if (isAtMost) return -1
  return isAtLeast ? 1 : null
}

/** True when `a` is proven never to exceed `b`; false proves nothing. */
function atMost(a: DutyRate, b: DutyRate): boolean {
  // A note may change either of them.
  if (a.marks || b.marks) return false
  if (a.kind === 'greater-of') return a.of.every((part) => atMost(part, b))
  if (b.kind === 'less-of') return b.of.every((part) => atMost(a, part))
  if (a.kind === 'less-of' && a.of.some((part) => atMost(part, b))) return true
  if (b.kind === 'greater-of' && b.of.some((part) => atMost(a, part))) return true
  const parts = linearParts(a)
  const limits = linearParts(b)
  if (!parts || !limits) return false
  return [...parts].every(([key, amount]) => amount <= (limits.get(key) ?? 0))
}

/** A sum by what it is levied on: the value, kilograms in Canadian dollars… Nothing in it is negative.
 * @returns null when the rate is not such a sum. */
function linearParts(rate: DutyRate): Map<string, number> | null {
  if (rate.marks) return null
  switch (rate.kind) {
    case 'free':
      return new Map()
    case 'ad-valorem':
      return new Map([[`value ${rate.basis ?? ''}`, rate.fraction]])
    case 'specific': {
      const { per, unit } = inBaseUnit(rate)
      return new Map([[`${rate.currency}/${unit} ${rate.basis ?? ''}`, rate.amount / per]])
    }
    case 'sum': {
      const total = new Map<string, number>()
      for (const part of rate.of) {
        const amounts = linearParts(part)
        if (!amounts) return null
        for (const [key, amount] of amounts) total.set(key, (total.get(key) ?? 0) + amount)
      }
      return total
    }
    default:
      return null
  }
}
