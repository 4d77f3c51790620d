/** Connection codes as people read and type them: `XXXX-XXXX-XXXX`. */

// No I, L, O, U, 0 or 1: a code is read aloud and typed by hand. 12 of 30 characters are 58 bits, good for an hour.
export const CODE_ALPHABET = '23456789ABCDEFGHJKMNPQRSTVWXYZ'
export const CODE_CHARACTERS = 12

/** However it was typed. */
export function foldCode(code: string): string {
  return code.toUpperCase().replaceAll(/[^A-Z0-9]/g, '')
}

/** Whether it may be one: only the proxy knows those that are. */
export function looksLikeCode(code: string): boolean {
  const folded = foldCode(code)
  return folded.length === CODE_CHARACTERS && Array.from(folded).every((character) => CODE_ALPHABET.includes(character))
}
