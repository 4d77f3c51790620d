/**
 * What a voucher looks like: `TV-7K3QF-9WMRA-2XC8B-HN5DT`, 90 random bits and two check characters.
 * The characters are numbers of the field GF(32), and a code is good where two sums over it are zero (a Reed-Solomon code). Every
 * mistake in one or two characters is caught, wherever they stand; so is every swap. One that slips through is still unknown.
 */
import { hash, randomBytes } from 'node:crypto'

// Crockford's: no I, L, O and U. Who types I or L means 1, who types O means 0.
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const PREFIX = 'TV'
const RANDOM_CHARACTERS = 18
const CHARACTERS = RANDOM_CHARACTERS + 2
const GROUP_CHARACTERS = 5

// Powers of 2 modulo x⁵ + x² + 1: each of the 31 numbers but zero once. CHARACTERS must not pass 31, or two places would weigh the same.
const POWERS: readonly number[] = powersOfTwo()
const EXPONENTS: ReadonlyMap<number, number> = new Map(POWERS.map((power, exponent) => [power, exponent]))

/** Shown once; only its {@link hashVoucherCode} is kept. */
export function newVoucherCode(): string {
  // 256 is a multiple of 32: no character is likelier than another.
  const random = Array.from(randomBytes(RANDOM_CHARACTERS), (byte) => byte % ALPHABET.length)
  return print([...random, ...checkOf(random)])
}

/**
 * Reads a code as people type it: any case, with or without prefix and dashes, spaces between, full-width letters.
 * @returns its characters alone; null when they do not fit together.
 */
export function readVoucherCode(typed: string): string | null {
  const plain = foldTyped(typed)
  const body = plain.length === CHARACTERS + PREFIX.length && plain.startsWith(PREFIX) ? plain.slice(2) : plain
  if (body.length !== CHARACTERS) return null
  const numbers = Array.from(body, (character) => ALPHABET.indexOf(character))
  if (numbers.includes(-1)) return null
  const [sum, weighted] = sumsOf(numbers)
  return sum === 0 && weighted === 0 ? body : null
}

/** @param characters as {@link readVoucherCode} gives them. 90 random bits need no slow hash. */
export function hashVoucherCode(characters: string): string {
  return hash('sha256', characters)
}

function print(numbers: readonly number[]): string {
  const text = numbers.map((number) => ALPHABET[number]).join('')
  const groups = Array.from({ length: CHARACTERS / GROUP_CHARACTERS }, (_, at) =>
    text.slice(at * GROUP_CHARACTERS, (at + 1) * GROUP_CHARACTERS),
  )
  return [PREFIX, ...groups].join('-')
}

function foldTyped(typed: string): string {
  return typed
    .replaceAll(/[\uFF01-\uFF5E]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfe_e0))
    .toUpperCase()
    .replaceAll(/[\s\p{Dash}\p{Cf}]/gu, '')
    .replaceAll(/[IL]/g, '1')
    .replaceAll('O', '0')
}

/** The two last characters that make both sums zero: x + y = sum, x·2^(n−2) + y·2^(n−1) = weighted. */
function checkOf(random: readonly number[]): [x: number, y: number] {
  const [sum, weighted] = sumsOf(random)
  const [first, second] = [POWERS[RANDOM_CHARACTERS]!, POWERS[RANDOM_CHARACTERS + 1]!]
  const y = divide(weighted ^ times(sum, first), first ^ second)
  return [sum ^ y, y]
}

/** Adding is XOR in this field. The second sum weighs each place differently, so that no two mistakes cancel in both. */
function sumsOf(numbers: readonly number[]): [sum: number, weighted: number] {
  return [
    numbers.reduce((sum, number) => sum ^ number, 0),
    numbers.reduce((sum, number, at) => sum ^ times(number, POWERS[at]!), 0),
  ]
}

function times(a: number, b: number): number {
  return a === 0 || b === 0 ? 0 : POWERS[(EXPONENTS.get(a)! + EXPONENTS.get(b)!) % POWERS.length]!
}

function divide(a: number, b: number): number {
  return a === 0 ? 0 : POWERS[(EXPONENTS.get(a)! - EXPONENTS.get(b)! + POWERS.length) % POWERS.length]!
}

function powersOfTwo(): number[] {
  const powers = [1]
  while (powers.length < 31) {
    const doubled = powers.at(-1)! << 1
    powers.push(doubled >= 32 ? doubled ^ 0b10_0101 : doubled)
  }
  return powers
}
