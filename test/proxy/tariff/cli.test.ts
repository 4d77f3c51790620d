import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { afterAll, describe, expect, test } from 'vitest'

import { savePack } from '../../../proxy/tariff/save-pack.ts'

const repository = fileURLToPath(new URL('../../..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'tariff-cli-'))
afterAll(() => rmSync(folder, { recursive: true }))

interface Outcome {
  exitCode: number
  stdout: string
  stderr: string
}

function tariff(...operands: string[]): Promise<Outcome> {
  const command = ['--import', 'tsx', 'proxy/tariff/cli.ts', ...operands]
  const environment = { ...process.env, DATA_DIR: folder }
  return new Promise((resolve) => {
    execFile(process.execPath, command, { cwd: repository, env: environment }, (error, stdout, stderr) => {
      resolve({ exitCode: typeof error?.code === 'number' ? error.code : 0, stdout, stderr })
    })
  })
}

describe('the tariff command', () => {
  test('shows a line with its rates and where they are printed', async () => {
    const { exitCode, stdout } = await tariff('show', 'ca', '0406.10.20.00')
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/MFN +245\.5 % but not less than \$4\.52\/kg +\(from 04061020\)/u)
  })

  test('lists the editions of the repository', async () => {
    const { exitCode, stdout } = await tariff('list')
    expect(exitCode).toBe(0)
    expect(stdout.split('\n').map((line) => line.slice(0, 2))).toEqual(['CA', 'CN', 'JP', 'US', ''])
  })

  test.each([
    ['a command it does not know', ['sell']],
    ['an option it does not know', ['list', '--colour', 'red']],
    ['an import without edition', ['import', 'US', 'hts.csv']],
    ['a day that is none', ['import', 'US', 'hts.csv', '--edition', 'E', '--from', '2026-02-30']],
  ])('answers %s with its usage and exit code 2', async (_, operands) => {
    const { exitCode, stderr } = await tariff(...operands)
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(/^Usage:.*\nTC-623 [^\n]+\n$/su)
  })

  test('refuses a source that is no tariff with its code, exit code 1, and writes nothing', async () => {
    const page = join(folder, 'hts.csv')
    writeFileSync(page, '<html></html>')
    const { exitCode, stderr } = await tariff('import', 'US', page, '--edition', 'E', '--from', '2026-01-01')
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/^TC-623 .*\(source-html\)\n$/u)
    expect(readdirSync(folder)).toEqual(['hts.csv'])
  })

  test('says which code does not exist', async () => {
    const { exitCode, stderr } = await tariff('show', 'CA', '0000')
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/^TC-623 .*\(code-unknown\)\n$/u)
  })
})

test('savePack leaves the pack and nothing beside it', async () => {
  const packs = join(folder, 'new', 'packs')
  await savePack(packs, 'ca-2026-01-01.pack', 'one')
  await savePack(packs, 'ca-2026-01-01.pack', 'two')
  expect(readdirSync(packs)).toEqual(['ca-2026-01-01.pack'])
})
