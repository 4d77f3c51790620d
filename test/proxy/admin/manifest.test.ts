import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkManifest } from '../../../excel-addin/check-manifest.ts'
import { readAddinAddress } from '../../../proxy/admin/addin-address.ts'
import { runManifest } from '../../../proxy/admin/run-manifest.ts'
import { runProgram } from '../../hosts/proxy-process.ts'

describe('npm run manifest', () => {
  test('writes the file that Excel installs the add-in from', { timeout: 60_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tariffcell-manifest-'))
    try {
      const out = join(folder, 'tariffcell.xml')
      const printed: string[] = []
      await runManifest(['--url', 'https://hs.example.com/', '--out', out], (text) => printed.push(text))
      expect(printed).toEqual([`Wrote ${out} for https://hs.example.com\n`])
      const xml = readFileSync(out, 'utf8')
      expect(checkManifest(xml)).toEqual([])
      expect(xml).toMatch(/https:\/\/hs\.example\.com\/excel\/functions\.js\?v=[\da-f]{10}"/)
      await runManifest(['--url', 'https://hs.example.com'], (text) => printed.push(text))
      expect(printed[1]).toBe(xml)
      await expect(
        runManifest(['--url', 'https://hs.example.com', '--out', join(folder, 'no', 'where.xml')], () => undefined),
      ).rejects.toThrow(/^TC-610 .*cannot be written \(ENOENT\)/)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  test.each([
    [[], /^TC-610 Usage: npm run manifest -- --url/],
    [['--uri', 'https://hs.example.com'], /^TC-610 Usage/],
    [['--url', 'http://hs.example.com'], /^TC-617 "http:\/\/hs\.example\.com" cannot be .* by https only/],
  ])('%j is refused, with what to do', async (args, sentence) => {
    await expect(runManifest(args, () => undefined)).rejects.toThrow(sentence)
  })

  test('as a command it prints the sentence alone, and fails', { timeout: 60_000 }, async () => {
    const ran = await runProgram('proxy/admin/manifest.ts', ['--url', 'localhost'], {})
    expect(ran).toMatchObject({ code: 1, stdout: '' })
    expect(ran.stderr).toMatch(/^TC-617 [^\n]+\n$/)
  })
})

test.each([
  'hs.example.com',
  '',
  'http://localhost:3000',
  'https://a:b@hs.example.com',
  'https://hs.example.com/?a=1',
  'https://hs.example.com/#a',
])('the address "%s" is refused', (text) => {
  expect(() => readAddinAddress(text)).toThrow(/^TC-617 /)
})
