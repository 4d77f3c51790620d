import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { runAdmin } from '../../../proxy/admin/run-admin.ts'
import { createAudit } from '../../../proxy/audit/audit.ts'
import { createSeats } from '../../../proxy/auth/seats.ts'
import type { Database } from '../../../proxy/database.ts'
import { createLedger } from '../../../proxy/ledger/ledger.ts'
import { openTestDatabase, testIds } from '../../hosts/test-database.ts'

let folder: string
let database: Database
let [alpha, beta]: string[] = []

// As beside a running proxy: the folder is open here while each command opens it too.
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tariffcell-admin-memory-'))
  database = await openTestDatabase(folder)
  const newId = testIds()
  const ledger = createLedger({ database, now: Date.now, newId })
  const seats = createSeats({ database, ledger, now: Date.now, newId })
  alpha = (await seats.createWorkspace('Alpha')).workspaceId
  beta = (await seats.createWorkspace('Beta')).workspaceId
})
afterEach(async () => {
  await database.close()
  rmSync(folder, { recursive: true })
})

async function admin(...argv: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  let [stdout, stderr] = ['', '']
  const code = await runAdmin(argv, {
    environment: { DATA_DIR: folder },
    stdin: new PassThrough().end(),
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    loadUpstreams: () => Promise.resolve([]),
  })
  return { code, stdout, stderr }
}

function file(text: string): string {
  const path = join(folder, 'memory.csv')
  writeFileSync(path, text)
  return path
}

const GOOD = 'description,country,code\ncotton t-shirt,CA,6109.10.00.12\n'
const count = async (): Promise<number[]> =>
  (JSON.parse((await admin('memory', 'count', '--json')).stdout) as { entries: number }[]).map(({ entries }) => entries)

test('a file is previewed, put in, counted, and given out as it would be put in elsewhere', async () => {
  expect(await admin('memory', 'import', 'Alpha', file(GOOD), '--dry-run')).toEqual({
    code: 0,
    stderr: '',
    stdout: 'Alpha: nothing was changed; it would be 1 new, 0 changed, 0 the same, 0 bad.\n',
  })
  expect(await count()).toEqual([0, 0])
  expect((await admin('memory', 'import', 'Alpha', file(GOOD))).stdout).toMatch(/^Alpha: 1 new, 0 changed, /)
  expect(await count()).toEqual([1, 0])
  expect((await admin('memory', 'count')).stdout).toMatch(/^id +name +approved\n\S+ +Alpha +1\n\S+ +Beta +0\n$/)
  const { stdout } = await admin('memory', 'export', 'Alpha')
  expect(stdout).toMatch(/^\ufeffdescription,.*\r\ncotton t-shirt,,,,,CA,6109100012,,operator,/)
  expect((await admin('memory', 'import', beta!, file(stdout))).stdout).toMatch(/^Beta: 1 new/)
  expect(await count()).toEqual([1, 1])
  const records = await createAudit({ database, now: Date.now, newId: testIds() }).list({
    workspaceId: alpha,
    limit: 9,
  })
  const written = records.flatMap(({ action, actor }) => (action.startsWith('memory.') ? [`${action} ${actor}`] : []))
  expect(written.toSorted()).toEqual(['memory.approve operator', 'memory.export operator'])
})

test('a bad line keeps the whole file out, unless it may be skipped', async () => {
  const bad = file(`${GOOD}hat,CA,9999999999\n`)
  expect(await admin('memory', 'import', 'Alpha', bad)).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/^TC-155 Line 3 of the file cannot be read: TC-210 /) as string,
  })
  expect(await count()).toEqual([0, 0])
  const preview = await admin('memory', 'import', 'Alpha', bad, '--dry-run')
  expect(preview).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/would be refused.*--skip-bad\.\n$/s) as string,
  })
  const { stdout } = await admin('memory', 'import', 'Alpha', bad, '--skip-bad')
  expect(stdout).toMatch(/^Alpha: 1 new, 0 changed, 0 the same, 1 bad\.\n {2}line 3: TC-210 /)
  expect(await count()).toEqual([1, 0])
})

test('a file that is not there is said in one sentence, and of two workspaces one must be named', async () => {
  expect(await admin('memory', 'import', 'Alpha', join(folder, 'none.csv'))).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^TC-610 There is no file/) as string,
  })
  expect((await admin('memory', 'export')).stderr).toMatch(/^TC-610 There are 2 workspaces/)
})
