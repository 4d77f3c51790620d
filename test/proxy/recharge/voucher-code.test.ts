import { describe, expect, test } from 'vitest'
import { hashVoucherCode, newVoucherCode, readVoucherCode } from '../../../proxy/recharge/voucher-code.ts'

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

function newCharacters(): string {
  return readVoucherCode(newVoucherCode())!
}

function replaced(text: string, at: number, by: string): string {
  return text.slice(0, at) + by + text.slice(at + by.length)
}

describe('a voucher code', () => {
  test('is grouped for typing and has at least 80 random bits', () => {
    const codes = Array.from({ length: 500 }, newVoucherCode)
    for (const code of codes) expect(code).toMatch(/^TV(-[0-9A-HJKMNP-TV-Z]{5}){4}$/)
    expect(new Set(codes).size).toBe(codes.length)
    // Each of the 18 places takes every character: 5 bits each.
    const characters = codes.map((code) => readVoucherCode(code)!)
    for (let at = 0; at < 18; at++) expect(new Set(characters.map((text) => text[at])).size).toBe(32)
  })

  test('with one character wrong is refused: all substitutions at all places', () => {
    for (let round = 0; round < 20; round++) {
      const good = newCharacters()
      for (let at = 0; at < good.length; at++) {
        for (const other of ALPHABET) {
          if (other !== good[at]) expect(readVoucherCode(replaced(good, at, other))).toBeNull()
        }
      }
    }
  })

  test('with two characters swapped is refused: all neighbours, and all others too', () => {
    for (let round = 0; round < 20; round++) {
      const good = newCharacters()
      for (let one = 0; one < good.length; one++) {
        for (let other = one + 1; other < good.length; other++) {
          if (good[one] === good[other]) continue
          const swapped = replaced(replaced(good, one, good[other]!), other, good[one]!)
          expect(readVoucherCode(swapped)).toBeNull()
        }
      }
    }
  })

  test('with any two characters wrong is refused', () => {
    const good = newCharacters()
    let tried = 0
    for (let one = 0; one < good.length; one++) {
      for (let other = one + 1; other < good.length; other++) {
        for (let pair = 0; pair < 961; pair++) {
          const first = ALPHABET[(ALPHABET.indexOf(good[one]!) + 1 + (pair % 31)) % 32]!
          const second = ALPHABET[(ALPHABET.indexOf(good[other]!) + 1 + Math.floor(pair / 31)) % 32]!
          if (readVoucherCode(replaced(replaced(good, one, first), other, second)) !== null) expect.unreachable()
          tried++
        }
      }
    }
    expect(tried).toBe(190 * 961)
  })

  test('a character short or long is refused', () => {
    const code = newVoucherCode()
    for (const typed of [code.slice(0, -1), `${code}0`, '', 'TV-', `X${code}`, code.replace('TV', 'TX')])
      expect(readVoucherCode(typed)).toBeNull()
  })

  test('is read as people type it', () => {
    const code = newVoucherCode()
    const good = readVoucherCode(code)!
    const wide = Array.from(code, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfe_e0)).join('')
    for (const typed of [
      code.toLowerCase(),
      ` ${code}\n`,
      code.replaceAll('-', ' '),
      code.replaceAll('-', '\u2013'),
      code.replaceAll('-', '\u3000'),
      good,
      wide,
      wide.toLowerCase(),
      code.replaceAll('0', 'O').replaceAll('1', 'l'),
      code.replaceAll('-', '-\u200B'),
    ])
      expect(readVoucherCode(typed), typed).toBe(good)
  })

  test('is kept as a hash that is the same however it was typed', () => {
    const code = newVoucherCode()
    expect(hashVoucherCode(readVoucherCode(code.toLowerCase())!)).toBe(hashVoucherCode(readVoucherCode(code)!))
    expect(hashVoucherCode(readVoucherCode(code)!)).toMatch(/^[0-9a-f]{64}$/)
  })
})
