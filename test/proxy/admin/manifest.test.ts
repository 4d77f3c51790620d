import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkManifest } from '../../../excel-addin/check-manifest.ts'
import { readAddinAddress } from '../../../proxy/admin/addin-address.ts'
import { runManifest } from '../../../proxy/admin/run-manifest.ts'
import { FailureError, sentence, type Failure } from '../../../shared/error-codes.ts'
import { LANGUAGES } from '../../../shared/language.ts'
import { runProgram } from '../../hosts/proxy-process.ts'
import { typed } from '../../hosts/typed.ts'

describe('npm run manifest', () => {
  test('writes the file that Excel installs the add-in from', { timeout: 60_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tariffcell-manifest-'))
    try {
      const out = join(folder, 'tariffcell.xml')
      const printed: string[] = []
      await runManifest(typed('--url', 'https://hs.example.com/', '--out', out), (text) => printed.push(text))
      expect(printed).toEqual([`Wrote ${out} for https://hs.example.com\n`])
      const xml = readFileSync(out, 'utf8')
      expect(checkManifest(xml)).toEqual([])
      expect(xml).toMatch(/https:\/\/hs\.example\.com\/excel\/functions\.js\?v=[\da-f]{10}"/)
      await runManifest(typed('--url', 'https://hs.example.com'), (text) => printed.push(text))
      expect(printed[1]).toBe(xml)
      await expect(
        runManifest(
          typed('--url', 'https://hs.example.com', '--out', join(folder, 'no', 'where.xml')),
          () => undefined,
        ),
      ).rejects.toThrow(/^TC-610 .*cannot be written \(ENOENT\)/)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  test.each([
    [[], /^TC-637 npm run manifest needs --url <address>/],
    [['--uri', 'https://hs.example.com'], /^TC-638 .* no option --uri/],
    [
      ['--url', 'http://hs.example.com'],
      /^TC-617 .* at "http:\/\/hs\.example\.com": .* over https only.* before the proxy/,
    ],
  ])('%j is refused, with what to do', async (args, sentence) => {
    await expect(runManifest(typed(...args), () => undefined)).rejects.toThrow(sentence)
  })

  test('as a command it prints the sentence alone, and fails', { timeout: 60_000 }, async () => {
    const ran = await runProgram('proxy/admin/manifest.ts', ['--url', 'localhost'], {})
    expect(ran).toMatchObject({ code: 1, stdout: '' })
    expect(ran.stderr).toMatch(/^TC-617 [^\n]+\n$/)
  })
})

test.each([
  ['hs.example.com', 'it is not a whole web address. Type all of it'],
  ['localhost:3000', 'it is not a whole web address'],
  ['', 'it is not a whole web address'],
  ['http://localhost:3000', 'it begins with http'],
  ['https://a:b@hs.example.com', 'it holds a name or password'],
  ['https://hs.example.com/?a=1', 'it goes on after a ? or #'],
  ['https://hs.example.com/#a', 'it goes on after a ? or #'],
  ['https://hs.example.com/healthz', 'it leads to one of the proxy’s pages'],
])('the address "%s" is refused, with what is wrong and what to do, in every language', (text, why) => {
  const failed = refusalOf(() => readAddinAddress(text))
  const said = LANGUAGES.map((language) => sentence(failed, language))
  expect(said[0]).toMatch(/^TC-617 No add-in can be made for a proxy at /)
  expect(said[0]).toContain(why)
  for (const words of said) {
    expect(words).not.toContain('a:b@')
    // Both details are there, whole.
    expect(words).not.toMatch(/\{|…(?!@)/)
  }
  expect(new Set(said).size).toBe(LANGUAGES.length)
})

test.each([
  ['https://hs.example.com/healthz', 'https://hs.example.com'],
  ['https://hs.example.com/readyz/', 'https://hs.example.com'],
  ['https://hs.example.com:8443/openapi.json', 'https://hs.example.com:8443'],
  ['https://hs.example.com/connect/?pairing=1#2', 'https://hs.example.com'],
  ['https://hs.example.com//excel', 'https://hs.example.com'],
  ['https://hs.example.com/excel/manifest.xml', 'https://hs.example.com'],
  ['https://hs.example.com/v1/answers', 'https://hs.example.com'],
  ['https://example.com/tariffcell/healthz', 'https://example.com/tariffcell'],
])('of the page %s it is said that %s is to be typed', (text, address) => {
  const failed = refusalOf(() => readAddinAddress(text))
  for (const language of LANGUAGES) expect(sentence(failed, language).endsWith(` ${address}`)).toBe(true)
})

test.each(['https://example.com/tariffcell', 'https://example.com/excel/tariffcell', 'https://example.com/healthz-2'])(
  'a proxy may lie at %s, below a path',
  (address) => expect(readAddinAddress(`${address}/`)).toBe(address),
)

function refusalOf(work: () => unknown): Failure {
  try {
    work()
  } catch (error) {
    if (error instanceof FailureError) return error.failure
    throw error
  }
  throw new Error('it was not refused')
}
