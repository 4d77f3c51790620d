/**
 * Exponential and logarithm out of additions, multiplications and divisions alone. Those are rounded the same everywhere;
 * Math.exp and Math.log are left to the engine, and a last bit that differs would grow into another model.
 */

const LN2_HIGH = 6.931_471_803_691_238_164_9e-1
const LN2_LOW = 1.908_214_929_270_587_700_02e-10
const LN2 = Math.LN2
const EXPONENT_MIN = -1022
const EXPONENT_MAX = 1023

const POWERS_OF_TWO = powersOfTwo()

function powersOfTwo(): Float64Array {
  const powers = new Float64Array(EXPONENT_MAX - EXPONENT_MIN + 1)
  powers[-EXPONENT_MIN] = 1
  for (let at = -EXPONENT_MIN + 1; at < powers.length; at++) powers[at] = powers[at - 1]! * 2
  for (let at = -EXPONENT_MIN - 1; at >= 0; at--) powers[at] = powers[at + 1]! / 2
  return powers
}

/** e to the power of x, right to about 12 digits; 0 below the range, the largest power above it. */
export function exp(x: number): number {
  const exponent = Math.round(x / LN2)
  if (exponent < EXPONENT_MIN) return 0
  const r = x - exponent * LN2_HIGH - exponent * LN2_LOW
  // |r| ≤ ln(2)/2: the first term left out is below 1e-13.
  const series =
    1 +
    r *
      (1 +
        r *
          (1 / 2 +
            r *
              (1 / 6 + r * (1 / 24 + r * (1 / 120 + r * (1 / 720 + r * (1 / 5040 + r * (1 / 40_320 + r / 362_880))))))))
  return series * POWERS_OF_TWO[Math.min(exponent, EXPONENT_MAX) - EXPONENT_MIN]!
}

/** Natural logarithm of a positive number, right to about 12 digits. */
export function ln(x: number): number {
  let mantissa = x
  let exponent = 0
  while (mantissa > Math.SQRT2) {
    mantissa /= 2
    exponent++
  }
  while (mantissa < Math.SQRT1_2) {
    mantissa *= 2
    exponent--
  }
  // ln(m) = 2 artanh((m − 1) / (m + 1)), with an argument below 0.172.
  const argument = (mantissa - 1) / (mantissa + 1)
  const square = argument * argument
  let sum = 0
  for (let odd = 15; odd >= 1; odd -= 2) sum = sum * square + 1 / odd
  return exponent * LN2 + 2 * argument * sum
}
