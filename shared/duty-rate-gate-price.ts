/**
 * Japan's gate prices: arithmetic with the customs value in it, worked out to "price − factor × value".
 *
 *     (524円×1.004-課税価格)/kg    ((500円-課税価格)×10/16)/kg    577.15円/kg-課税価格/kg×0.6
 */
import type { PriceLessValue } from './duty-rate-algebra.ts'
import { currencyOf, numberOf, unitOf } from './duty-rate-amount.ts'
import { peek, take, type Token, type TokenReader } from './duty-rate-notation.ts'

/** What an expression comes to: money + value × customs value, or a plain number. */
interface Linear {
  plain: number
  money: number
  value: number
}

interface Formula {
  reader: TokenReader
  /** Every unit printed in it; they must be one. */
  units: Token[]
}

/** What comes after so many digits is the noise of binary fractions: 393 × 1.002 is 393.78599999999994. */
const PRECISION_DIGITS = 12

/** Deeper than any formula of the tariff, which has three brackets. */
const DEPTH_MAX = 8

/** Reads a formula with the customs value in it.
 * @returns null, with nothing read, when there is none here. */
export function readGatePrice(reader: TokenReader): PriceLessValue | null {
  const { at, depth } = reader
  const formula: Formula = { reader, units: [] }
  const duty = readDifference(formula)
  const units = formula.units.map(unitOf)
  const [unit] = units
  const isOneUnit = units.every((each) => each?.unit === unit?.unit && each?.per === unit?.per)
  if (duty && isDuty(duty) && unit && isOneUnit)
    return {
      kind: 'price-less-value',
      price: rounded(duty.money),
      valueFactor: rounded(-duty.value),
      currency: 'JPY',
      ...unit,
    }
  reader.at = at
  reader.depth = depth
  return null
}

/** Money less a share of the value; anything else is not a gate price. */
function isDuty({ plain, money, value }: Linear): boolean {
  return plain === 0 && money > 0 && value < 0 && Number.isFinite(money) && Number.isFinite(value)
}

function readDifference(formula: Formula): Linear | null {
  const { reader } = formula
  let total = readProduct(formula)
  for (;;) {
    const sign = take(reader, 'plus', 'minus')
    if (!sign || !total) return total
    const part = readProduct(formula)
    if (!part) return null
    const factor = sign.kind === 'plus' ? 1 : -1
    total = {
      plain: total.plain + factor * part.plain,
      money: total.money + factor * part.money,
      value: total.value + factor * part.value,
    }
  }
}

function readProduct(formula: Formula): Linear | null {
  const { reader } = formula
  let product = readFactor(formula)
  for (;;) {
    const sign = take(reader, 'times', 'divide')
    if (!sign || !product) return product
    const by = readFactor(formula)
    if (!by) return null
    product = sign.kind === 'times' ? multiplied(product, by) : divided(product, by)
  }
}

function readFactor(formula: Formula): Linear | null {
  const { reader } = formula
  const factor = readOperand(formula)
  if (factor && peek(reader) === 'per') formula.units.push(reader.tokens[reader.at++]!)
  return factor
}

function readOperand(formula: Formula): Linear | null {
  const { reader } = formula
  if (take(reader, 'customs-value')) return { plain: 0, money: 0, value: 1 }
  const number = take(reader, 'number')
  if (number) {
    const figure = numberOf(number)
    const money = take(reader, 'money')
    if (!money) return { plain: figure, money: 0, value: 0 }
    return currencyOf(money, '')?.currency === 'JPY' ? { plain: 0, money: figure, value: 0 } : null
  }
  if (reader.depth >= DEPTH_MAX || !take(reader, 'open')) return null
  reader.depth++
  const inside = readDifference(formula)
  reader.depth--
  return take(reader, 'close') ? inside : null
}

function multiplied(a: Linear, b: Linear): Linear | null {
  if (isPlain(b)) return scaled(a, b.plain)
  return isPlain(a) ? scaled(b, a.plain) : null
}

function divided(a: Linear, b: Linear): Linear | null {
  return isPlain(b) && b.plain !== 0 ? scaled(a, 1 / b.plain) : null
}

function isPlain({ money, value }: Linear): boolean {
  return money === 0 && value === 0
}

function scaled({ plain, money, value }: Linear, factor: number): Linear {
  return { plain: plain * factor, money: money * factor, value: value * factor }
}

function rounded(figure: number): number {
  return Number(figure.toPrecision(PRECISION_DIGITS))
}
