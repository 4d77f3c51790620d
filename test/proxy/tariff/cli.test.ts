import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, describe, expect, test } from 'vitest'

import { savePack } from '../../../proxy/tariff/save-pack.ts'
import { runProgram, runSource } from '../../hosts/proxy-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'tariff-cli-'))
afterAll(() => rmSync(folder, { recursive: true }))

const tariff = (...operands: string[]) => runProgram('proxy/tariff/cli.ts', operands, { DATA_DIR: folder })

describe('the tariff command', () => {
  test('shows a line with its rates and where they are printed', async () => {
    // From its sources, as the script has it.
    const operands = ['show', 'ca', '0406.10.20.00']
    const { code, stdout } = await runSource('proxy/tariff/cli.ts', operands, { DATA_DIR: folder })
    expect(code).toBe(0)
    expect(stdout).toMatch(/MFN +245\.5 % but not less than \$4\.52\/kg +\(from 04061020\)/u)
  })

  test('lists the editions of the repository', async () => {
    const { code, stdout } = await tariff('list')
    expect(code).toBe(0)
    expect(stdout.split('\n').map((line) => line.slice(0, 2))).toEqual(['CA', 'CN', 'JP', 'US', ''])
  })

  test.each([
    ['a command it does not know', ['sell']],
    ['an option it does not know', ['list', '--colour', 'red']],
    ['an import without edition', ['import', 'US', 'hts.csv']],
    ['a day that is none', ['import', 'US', 'hts.csv', '--edition', 'E', '--from', '2026-02-30']],
  ])('answers %s with its usage and exit code 2', async (_, operands) => {
    const { code, stderr } = await tariff(...operands)
    expect(code).toBe(2)
    expect(stderr).toMatch(/^Usage:.*\nTC-623 [^\n]+\n$/su)
  })

  test('refuses a source that is no tariff with its code, exit code 1, and writes nothing', async () => {
    const page = join(folder, 'hts.csv')
    writeFileSync(page, '<html></html>')
    const { code, stderr } = await tariff('import', 'US', page, '--edition', 'E', '--from', '2026-01-01')
    expect(code).toBe(1)
    expect(stderr).toMatch(/^TC-623 .*\(source-html\)\n$/u)
    expect(readdirSync(folder)).toEqual(['hts.csv'])
  })

  test('says which code does not exist', async () => {
    const { code, stderr } = await tariff('show', 'CA', '0000')
    expect(code).toBe(1)
    expect(stderr).toMatch(/^TC-623 .*\(code-unknown\)\n$/u)
  })
})

test('savePack leaves the pack and nothing beside it', async () => {
  const packs = join(folder, 'new', 'packs')
  await savePack(packs, 'ca-2026-01-01.pack', 'one')
  await savePack(packs, 'ca-2026-01-01.pack', 'two')
  expect(readdirSync(packs)).toEqual(['ca-2026-01-01.pack'])
})
