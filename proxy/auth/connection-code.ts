/** Connection codes as people read and type them: `XXXX-XXXX-XXXX`. */
import { randomBytes } from 'node:crypto'

// No I, L, O, U, 0 or 1: a code is read aloud and typed by hand. 12 of 30 characters are 58 bits, good for an hour.
const CODE_ALPHABET = '23456789ABCDEFGHJKMNPQRSTVWXYZ'

export function newConnectionCode(): string {
  let code = ''
  while (code.length < 12) {
    // Bytes past the last whole multiple of 30 are thrown away: they would favour the first letters.
    const byte = randomBytes(1)[0]!
    if (byte < 240) code += CODE_ALPHABET[byte % CODE_ALPHABET.length]
  }
  return `${code.slice(0, 4)}-${code.slice(4, 8)}-${code.slice(8)}`
}

/** However it was typed. */
export function foldCode(code: string): string {
  return code.toUpperCase().replaceAll(/[^A-Z0-9]/g, '')
}
