import { randomBytes } from 'node:crypto'
import { CODE_ALPHABET, CODE_CHARACTERS } from '../../shared/connection-code.ts'

export function newConnectionCode(): string {
  let code = ''
  while (code.length < CODE_CHARACTERS) {
    // Bytes past the last whole multiple of 30 are thrown away: they would favour the first letters.
    const byte = randomBytes(1)[0]!
    if (byte < 240) code += CODE_ALPHABET[byte % CODE_ALPHABET.length]
  }
  return `${code.slice(0, 4)}-${code.slice(4, 8)}-${code.slice(8)}`
}
