import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { openMasterKey } from '../../../proxy/credentials/master-key.ts'
import { seal, unseal, type Sealed } from '../../../proxy/credentials/seal.ts'

const newKey = () => openMasterKey({ folder: '', setting: randomBytes(32).toString('hex') }).existingOrNew()
const master = newKey()
const place = { workspaceId: 'w-1', upstream: 'jiayou' }

describe('a sealed text', () => {
  test('opens where it was sealed', () => {
    for (const text of ['', 'secret', '密钥🔑', 'x'.repeat(10_000)]) {
      expect(unseal(seal(text, place, master), place, master)).toBe(text)
    }
  })

  test('is another one each time', () => {
    const [first, second] = [seal('secret', place, master), seal('secret', place, master)]
    expect(first.nonce).not.toBe(second.nonce)
    expect(first.sealed).not.toBe(second.sealed)
  })

  test('opens under no other key, nor when the row claims that it is its key', () => {
    const other = newKey()
    const kept = seal('secret', place, master)
    expect(unseal(kept, place, other)).toBeNull()
    expect(unseal({ ...kept, keyId: other.id }, place, other)).toBeNull()
  })

  test('opens in no other row', () => {
    const kept = seal('secret', place, master)
    expect(unseal(kept, { ...place, workspaceId: '' }, master)).toBeNull()
    expect(unseal(kept, { ...place, upstream: 'hsciq' }, master)).toBeNull()
  })

  test('does not open when one bit of it changed, or a part is missing', () => {
    const kept = seal('secret', place, master)
    const flipped = (base64: string, at: number): string => {
      const bytes = Buffer.from(base64, 'base64')
      bytes[at]! ^= 1
      return bytes.toString('base64')
    }
    const changed: Sealed[] = [
      ...Array.from({ length: 22 }, (_, at) => ({ ...kept, sealed: flipped(kept.sealed, at) })),
      ...Array.from({ length: 12 }, (_, at) => ({ ...kept, nonce: flipped(kept.nonce, at) })),
      { ...kept, sealed: '' },
      { ...kept, sealed: kept.sealed.slice(0, 8) },
      { ...kept, nonce: '' },
    ]
    for (const one of changed) expect(unseal(one, place, master)).toBeNull()
  })
})
