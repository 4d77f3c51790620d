import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openMasterKey } from '../../../proxy/credentials/master-key.ts'

const HEX = '00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tariffcell-key-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('a key from MASTER_KEY', () => {
  test('is the same in hexadecimal and in base64, and leaves no file', () => {
    const base64 = Buffer.from(HEX, 'hex').toString('base64')
    const ids = [HEX, ` ${HEX.toLowerCase()}\n`, base64, base64.replace('=', '')].map(
      (setting) => openMasterKey({ folder, setting }).existingOrNew().id,
    )
    expect(new Set(ids).size).toBe(1)
    expect(ids[0]).toMatch(/^[0-9a-f]{8}$/)
    expect(readdirSync(folder)).toEqual([])
  })

  test.each(['short', HEX.slice(2), `${HEX}00`, 'a'.repeat(42), '#'.repeat(43)])(
    'is refused when it is not 32 bytes, and not repeated: %s',
    (setting) => {
      const open = () => openMasterKey({ folder, setting })
      expect(open).toThrow(/^TC-603 The setting MASTER_KEY is not valid/)
      expect(open).not.toThrow(setting)
    },
  )

  test('shows nothing of itself when it is printed', () => {
    const key = openMasterKey({ folder, setting: HEX }).existing()
    expect(inspect(key, { depth: 9 }) + JSON.stringify(key)).not.toMatch(/00112233|00 11 22 33|17,34,51/i)
  })
})

describe('a key file', () => {
  test('is made when it is first needed, for its owner alone, and then stays', () => {
    const source = openMasterKey({ folder, setting: null })
    expect(source.existing()).toBeNull()
    const { id } = source.existingOrNew()
    expect(readdirSync(folder)).toEqual(['master.key'])
    expect(statSync(source.file).mode & 0o777).toBe(0o600)
    expect(openMasterKey({ folder, setting: null }).existingOrNew().id).toBe(id)
    const setting = readFileSync(source.file, 'utf8')
    expect(openMasterKey({ folder, setting }).existing()?.id).toBe(id)
  })

  test('that others can read is refused with the command that mends it', () => {
    const source = openMasterKey({ folder, setting: null })
    source.existingOrNew()
    for (const mode of [0o640, 0o604, 0o620]) {
      chmodSync(source.file, mode)
      expect(() => source.existing()).toThrow(`chmod 600 "${source.file}"`)
    }
    chmodSync(source.file, 0o400)
    expect(source.existing()).not.toBeNull()
  })

  test('that is damaged is never replaced', () => {
    const source = openMasterKey({ folder, setting: null })
    writeFileSync(source.file, 'half a k', { mode: 0o600 })
    expect(() => source.existingOrNew()).toThrow('TC-614')
    expect(readFileSync(source.file, 'utf8')).toBe('half a k')
  })

  test('in a folder that is not there is a coded failure', () => {
    expect(() => openMasterKey({ folder: join(folder, 'none'), setting: null }).existingOrNew()).toThrow('TC-614')
  })
})
