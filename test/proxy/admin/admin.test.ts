import { chmodSync, readdirSync, readFileSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { runProgram, runSource, startProxyProcess, temporaryFolder } from '../../hosts/proxy-process.ts'

const SECRET = 'Kk7-a-secret-of-jiayou'
const SECOND = 'another0secret'
const LINES = `login=shop\nkey=${SECRET}\nsecret=${SECOND}\n`

// Up to eight processes a test, each as long to start as the machine is busy.
vi.setConfig({ testTimeout: 90_000 })

let folder: string
let remove: () => void
beforeEach(() => {
  const temporary = temporaryFolder()
  remove = temporary.remove
  // Not there yet: the first command makes it.
  folder = join(temporary.folder, 'data')
})
afterEach(() => remove())

/** The command line in a process of its own; whatever it prints holds no secret. */
async function admin(argv: readonly string[], { input = '', environment = {} } = {}) {
  const outcome = await runProgram(
    'test/hosts/admin-with-upstream.ts',
    argv,
    { DATA_DIR: folder, ...environment },
    input,
  )
  for (const secret of [SECRET, SECOND]) expect(outcome.stdout + outcome.stderr).not.toContain(secret)
  return outcome
}

const set = (environment = {}, input = LINES) => admin(['credentials', 'set', 'jiayou'], { input, environment })

describe('a credential that was set', () => {
  test('is listed, tested and removed, and its secrets stand in no file', async () => {
    expect(await set()).toMatchObject({ code: 0, stderr: '' })
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    expect(statSync(join(folder, 'master.key')).mode & 0o777).toBe(0o600)
    expect(readdirSync(folder)).toContain('tariffcell.sqlite')
    for (const file of readdirSync(folder)) {
      const bytes = readFileSync(join(folder, file))
      for (const secret of [SECRET, SECOND, Buffer.from(SECRET).toString('base64').slice(0, 20)]) {
        expect(bytes.includes(secret), file).toBe(false)
      }
    }

    const list = await admin(['credentials', 'list'])
    expect(list.stdout).toMatch(/jiayou +everybody +key, login, secret +its own /)
    const tested = await admin(['credentials', 'test', 'jiayou'])
    expect(tested).toMatchObject({ code: 0, stderr: '' })
    expect(tested.stdout).toMatch(/hello shop at https:\/\/jiayou\.example, your key is \[hidden\]/)
    expect(JSON.parse((await admin(['usage', '--json'])).stdout)).toMatchObject([
      { upstream: 'jiayou', workspaceId: '', calls: 1, items: 1, charged: 1, lost: 0, balance: 99.5 },
    ])
    expect((await admin(['usage'])).stdout).toMatch(/jiayou +everybody +1 +1 +1 +0 +99\.5 /)

    expect((await admin(['credentials', 'remove', 'jiayou'])).code).toBe(0)
    const gone = await admin(['credentials', 'test', 'jiayou'])
    expect(gone.code).toBe(1)
    expect(gone.stderr).toMatch(/^TC-613 /)
  })

  test('is sent to the address it was set with', async () => {
    const url = 'http://127.0.0.1:9/api/'
    expect((await admin(['credentials', 'set', 'jiayou', '--url', url], { input: LINES })).code).toBe(0)
    expect((await admin(['credentials', 'test', 'jiayou'])).stdout).toContain('at http://127.0.0.1:9/api,')
    // A new key goes where the old one went, and the command says where.
    expect((await set()).stdout).toContain('sent to http://127.0.0.1:9/api.')
    expect((await admin(['credentials', 'test', 'jiayou'])).stdout).toContain('at http://127.0.0.1:9/api,')
    for (const bad of [
      'jiayou',
      'ftp://a.example',
      `https://user:${SECRET}@a.example`,
      `https://a.example/?key=${SECRET}`,
    ]) {
      const { code, stderr } = await admin(['credentials', 'set', 'jiayou', '--url', bad], { input: LINES })
      expect(code).toBe(1)
      expect(stderr).toMatch(/^TC-610 --url is a base address/)
    }
  })

  test('that its upstream refuses is a coded sentence, though the upstream repeats the secret', async () => {
    await set({}, LINES.replace('shop', 'refused'))
    const refused = await admin(['credentials', 'test', 'jiayou'])
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect(refused.stderr).toMatch(/^TC-514 jiayou .*\[hidden\].*\n$/)
    await set({}, LINES.replace('shop', 'broken'))
    const broken = await admin(['credentials', 'test', 'jiayou'])
    expect(broken.code).toBe(1)
    expect(broken.stderr).toMatch(/^TC-500 /)
  })

  test('does not open under another key, nor without the key, and is not lost by it', async () => {
    await set()
    const file = join(folder, 'master.key')
    const other = { MASTER_KEY: 'ab'.repeat(32) }
    for (const attempt of [
      await admin(['credentials', 'test', 'jiayou'], { environment: other }),
      await admin(['credentials', 'list'], { environment: other }),
      await set(other),
    ]) {
      expect(attempt.code).toBe(1)
      expect(attempt.stderr).toMatch(/^TC-614 .*kept under key [0-9a-f]{8}/)
    }
    renameSync(file, `${file}.away`)
    expect((await set()).stderr).toMatch(/^TC-614 .*there is no key here/)
    expect(readdirSync(folder)).not.toContain('master.key')
    renameSync(`${file}.away`, file)
    expect((await admin(['credentials', 'test', 'jiayou'])).code).toBe(0)
  })

  test('does not open with a key file that others can read', async () => {
    await set()
    chmodSync(join(folder, 'master.key'), 0o644)
    const { code, stderr } = await admin(['credentials', 'test', 'jiayou'])
    expect(code).toBe(1)
    expect(stderr).toMatch(/^TC-603 .*chmod 600 /)
  })

  test('under MASTER_KEY leaves no key file', async () => {
    const environment = { MASTER_KEY: Buffer.alloc(32, 7).toString('base64') }
    expect((await set(environment)).code).toBe(0)
    expect(readdirSync(folder)).not.toContain('master.key')
    expect((await admin(['credentials', 'test', 'jiayou'], { environment })).code).toBe(0)
    const wrong = await admin(['credentials', 'list'], { environment: { MASTER_KEY: SECRET } })
    expect(wrong.stderr).toMatch(/^TC-603 The setting MASTER_KEY/)
  })
})

test('three first commands at once make one database and one key', async () => {
  const outcomes = await Promise.all([set(), set(), set()])
  expect(outcomes.map(({ code, stderr }) => [code, stderr])).toEqual(outcomes.map(() => [0, '']))
  expect(readdirSync(folder).filter((name) => name.startsWith('master'))).toEqual(['master.key'])
  expect((await admin(['credentials', 'test', 'jiayou'])).code).toBe(0)
})

test('everything works beside a running proxy on the same folder', async () => {
  const proxy = await startProxyProcess(folder)
  try {
    expect(await set()).toMatchObject({ code: 0, stderr: '' })
    expect((await admin(['grant', '40', '--ref', 'beside'])).stdout).toContain('40 points to spend')
    const [workspace] = JSON.parse((await admin(['workspaces', '--json'])).stdout) as { id: string }[]
    const own = await admin(['credentials', 'set', 'jiayou', '--workspace', workspace!.id], { input: LINES })
    expect(own.code).toBe(0)
    expect((await admin(['credentials', 'list'])).stdout.trimEnd().split('\n')).toHaveLength(3)
    const response = await fetch(`${proxy.url}/healthz`)
    expect(response.status).toBe(200)
  } finally {
    await proxy.stop()
  }
})

test('the script of package.json lists its commands', async () => {
  const { code, stdout } = await runSource('proxy/admin/admin.ts', ['--help'], { DATA_DIR: folder })
  expect(code).toBe(0)
  expect(stdout).toContain('credentials set <upstream>')
})
