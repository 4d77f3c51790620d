import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runAdmin } from '../../../proxy/admin/run-admin.ts'
import { createSeats, type Seats } from '../../../proxy/auth/seats.ts'
import type { Database } from '../../../proxy/database.ts'
import { createLedger, type Ledger } from '../../../proxy/ledger/ledger.ts'
import { isFailure } from '../../../shared/error-codes.ts'
import { openTestDatabase, testClock, testIds } from '../../hosts/test-database.ts'

let folder: string
let database: Database
let seats: Seats
let ledger: Ledger
let first: { workspaceId: string; ownerToken: string }

// A folder on disk, opened twice at the same time: once here, as by a running proxy, and once by each command.
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tariffcell-admin-'))
  database = await openTestDatabase(folder)
  const { now } = testClock()
  ledger = createLedger({ database, now, newId: testIds() })
  seats = createSeats({ database, ledger, now: Date.now, newId: testIds('seat') })
  first = (await seats.createFirstWorkspace('Alpha'))!
})
afterEach(async () => {
  await database.close()
  rmSync(folder, { recursive: true })
})

async function admin(...argv: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return adminIn({}, ...argv)
}

async function adminIn(
  environment: Record<string, string>,
  ...argv: string[]
): Promise<{ code: number; stdout: string; stderr: string }> {
  let [stdout, stderr] = ['', '']
  const code = await runAdmin(argv, {
    environment: { DATA_DIR: folder, ...environment },
    stdin: new PassThrough().end(),
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    loadUpstreams: () => Promise.resolve([]),
  })
  return { code, stdout, stderr }
}

async function json(...argv: string[]): Promise<unknown> {
  const { code, stdout, stderr } = await admin(...argv, '--json')
  expect([code, stderr]).toEqual([0, ''])
  return JSON.parse(stdout)
}

describe('workspaces', () => {
  test('are listed with their points, fallback and seats', async () => {
    const revoked = await seats.createSeat({ ...first, name: 'x', role: 'seat', dailyCapPoints: null })
    await seats.revokeSeat(first.workspaceId, revoked.id)
    await admin('grant', '70', '--ref', 'a')
    expect(await json('workspaces')).toMatchObject([
      { id: first.workspaceId, name: 'Alpha', balance: 70, held: 0, fallback: 'none', seats: 1 },
    ])
    const { stdout } = await admin('workspaces')
    expect(stdout).toMatch(/^id .*name .*points .*\n\S+ +Alpha +70 +0 +none +1 /)
  })

  test('may be left out where there is one, and must be told apart where there are two', async () => {
    expect((await admin('workspace', 'fallback', 'embedded')).code).toBe(0)
    await seats.createWorkspace('Beta')
    const without = await admin('workspace', 'fallback', 'none')
    expect(without).toMatchObject({ code: 1, stdout: '' })
    expect(without.stderr).toMatch(/^TC-610 There are 2 workspaces: name one\..*\n$/)
    expect((await admin('workspace', 'fallback', first.workspaceId, 'none')).code).toBe(0)
    expect((await admin('workspace', 'fallback', 'Beta', 'embedded')).code).toBe(0)
    expect(await json('workspaces')).toMatchObject([
      { name: 'Alpha', fallback: 'none' },
      { name: 'Beta', fallback: 'embedded' },
    ])
    await seats.createWorkspace('Beta')
    expect((await admin('seats', 'Beta')).stderr).toContain('2 workspaces are called "Beta": give the id')
    expect((await admin('seats', 'Gamma')).stderr).toContain('There is no workspace "Gamma"')
    expect((await admin('workspace', 'fallback', 'Alpha', 'some')).stderr).toContain('one of: none, embedded')
  })

  test('named to confuse a terminal are printed without their control characters', async () => {
    await seats.createWorkspace('\u001B[2Jevil\u202Ename\n')
    const { stdout } = await admin('workspaces')
    expect(stdout).toContain('evil name')
    for (const hidden of ['\u001B', '\u202E']) expect(stdout).not.toContain(hidden)
    expect(stdout.trimEnd().split('\n')).toHaveLength(3)
  })
})

describe('a grant', () => {
  test('is applied once for its reference, and says so', async () => {
    expect((await admin('grant', 'Alpha', '500', '--ref', 'invoice 1')).stdout).toContain('500 points added')
    const again = await admin('grant', '500', '--ref', 'invoice 1')
    expect(again).toMatchObject({ code: 0, stderr: '' })
    expect(again.stdout).toContain('nothing added')
    expect(again.stdout).toContain('500 points to spend')
    expect(await ledger.balance(first.workspaceId)).toMatchObject({ posted: 500 })
    expect(await ledger.verify()).toEqual([])
  })

  test('under a reference that stands for another one is refused', async () => {
    await seats.createWorkspace('Beta')
    await admin('grant', 'Alpha', '500', '--ref', 'r')
    for (const operands of [
      ['Beta', '500'],
      ['Alpha', '501'],
    ]) {
      const { code, stderr } = await admin('grant', ...operands, '--ref', 'r')
      expect(code).toBe(1)
      expect(stderr).toMatch(/^TC-610 Nothing was added: .* of 500 points/)
    }
  })

  test.each(['0', '-5', '1.5', '1e3', 'ten', '9999999999999', ''])('of "%s" points is refused', async (points) => {
    const { code, stdout } = await admin('grant', 'Alpha', '--ref', 'r', '--', points)
    expect([code, stdout]).toEqual([1, ''])
    expect(await ledger.balance(first.workspaceId)).toMatchObject({ posted: 0 })
  })

  test('whose options npm took for its own is told of the -- that is missing', async () => {
    const { code, stderr } = await adminIn({ npm_config_ref: 'true' }, 'grant', '500', 'x')
    expect(code).toBe(1)
    expect(stderr).toBe(
      'TC-610 Points are a whole number from 1 to 999999999999.\nnpm kept --ref for itself: did you leave out the -- after admin?\n',
    )
    expect((await adminIn({ npm_config_ref: 'true' }, 'grant', 'x', '--ref', 'r')).stderr).not.toContain('npm kept')
  })

  // Which npm 11 does with npm_config_yes at every run.
  test.each(['', 'false'])('is not told so where npm sets an option to "%s" by itself', async (npm_config_ref) => {
    const { stderr } = await adminIn({ npm_config_ref }, 'grant', '500', 'x')
    expect(stderr).toBe('TC-610 Points are a whole number from 1 to 999999999999.\n')
  })

  test('without a reference is refused', async () => {
    expect((await admin('grant', '5')).stderr).toMatch(/^TC-610 --ref says what the points are for/)
    expect((await admin('grant', '5', '--ref', ' ')).code).toBe(1)
  })
})

describe('seats', () => {
  test('are listed, and end when they are revoked', async () => {
    const { id, token } = await seats.createSeat({ ...first, name: '单证部', role: 'seat', dailyCapPoints: 20 })
    expect(await json('seats')).toMatchObject([
      { name: 'owner', role: 'owner', dailyCapPoints: null, revokedAt: null },
      { id, name: '单证部', role: 'seat', dailyCapPoints: 20, revokedAt: null },
    ])
    expect((await admin('seat', 'revoke', id)).stdout).toContain('is revoked')
    expect((await admin('seat', 'revoke', id)).stdout).toContain('was revoked before')
    expect(await seats.authenticate(token)).toBeNull()
    expect((await admin('seats')).stdout).toMatch(/单证部 +seat +20 +.* UTC +.* UTC\n/)
    expect((await admin('seat', 'revoke', 'nobody')).code).toBe(1)
  })

  test('keep one owner: without any nobody could make a code again', async () => {
    const owner = (await seats.ownerSeatId(first.workspaceId))!
    expect((await admin('seat', 'revoke', owner)).stderr).toContain('only owner')
    expect(await seats.authenticate(first.ownerToken)).not.toBeNull()
  })

  test('never show a token', async () => {
    const outputs = [await admin('seats'), await admin('seats', '--json'), await admin('workspaces', '--json')]
    expect(JSON.stringify(outputs)).not.toMatch(/tc_|hash/)
    expect(JSON.stringify(outputs)).not.toContain(first.ownerToken)
  })

  test('come from a connection code, of the wanted role', async () => {
    for (const role of ['seat', 'cell'] as const) {
      const { stdout } = await admin('code', 'Alpha', '--role', role)
      const code = /([0-9A-Z]{4}-){2}[0-9A-Z]{4}/.exec(stdout)![0]
      const redeemed = await seats.redeemConnectionCode(code, null)
      expect(isFailure(redeemed) ? redeemed : redeemed.seat).toMatchObject({ role, workspaceId: first.workspaceId })
    }
    expect((await admin('code', '--role', 'owner')).stderr).toContain('--role is one of: seat, cell')
  })
})

describe('an operator', () => {
  const tokenIn = (stdout: string): string => /tc_\S+/.exec(stdout)?.[0] ?? ''

  test('makes a workspace and is shown its owner’s token, once', async () => {
    const made = await admin('workspace', 'create', ' Beta Imports ')
    expect(made).toMatchObject({ code: 0, stderr: '' })
    expect(await seats.authenticate(tokenIn(made.stdout))).toMatchObject({
      workspaceName: 'Beta Imports',
      role: 'owner',
    })
    expect(made.stdout.match(/tc_/g)).toHaveLength(1)
    expect((await admin('workspace', 'rename', 'Beta Imports', 'Gamma')).code).toBe(0)
    expect(await json('workspaces')).toMatchObject([{ name: 'Alpha' }, { name: 'Gamma' }])
    for (const name of ['', ' ', 'two\nlines', 'x'.repeat(81)]) {
      expect((await admin('workspace', 'create', '--', name)).stderr, name).toMatch(/^TC-610 The name of a workspace/)
    }
    // The first start finds a workspace, and makes no second one.
    expect(await seats.createFirstWorkspace('My workspace')).toBeNull()
  })

  test('makes a workspace in a folder that holds nothing yet', async () => {
    const empty = join(folder, 'empty')
    let stdout = ''
    const code = await runAdmin(['workspace', 'create', 'First'], {
      environment: { DATA_DIR: empty },
      stdin: new PassThrough().end(),
      stdout: { write: (text) => (stdout += text) },
      stderr: { write: () => expect.unreachable() },
      loadUpstreams: () => Promise.resolve([]),
    })
    expect([code, tokenIn(stdout)]).toEqual([0, expect.stringMatching(/^tc_/)])
  })

  test('makes seats of every role, with a limit', async () => {
    for (const role of ['seat', 'cell', 'owner']) {
      const { stdout } = await admin('seat', 'create', 'Alpha', '--name', `new ${role}`, '--role', role, '--cap', '30')
      expect(await seats.authenticate(tokenIn(stdout))).toMatchObject({ name: `new ${role}`, role, dailyCapPoints: 30 })
    }
    expect((await admin('seat', 'create', '--name', 'x', '--role', 'king')).stderr).toContain('--role is one of')
    expect((await admin('seat', 'create')).stderr).toMatch(/^TC-610 --name says/)
    for (const cap of ['-1', '1.5', 'many', '1000000001', '']) {
      expect((await admin('seat', 'create', '--name', 'x', `--cap=${cap}`)).stderr, cap).toMatch(/^TC-610 --cap is/)
    }
  })

  test('replaces a token, with the overlap that was wished for', async () => {
    const { id, token } = await seats.createSeat({ ...first, name: 'x', role: 'seat', dailyCapPoints: null })
    const rotated = await admin('seat', 'rotate', id, '--overlap', '2')
    expect(rotated.stdout).toMatch(/the one before works until \d{4}-/)
    expect(await seats.authenticate(tokenIn(rotated.stdout))).toMatchObject({ id })
    expect(await seats.authenticate(token)).toMatchObject({ id })
    const again = await admin('seat', 'rotate', id, '--overlap', '0')
    const anew = createSeats({ database, ledger, now: Date.now, newId: testIds('other') })
    expect(await anew.authenticate(token)).toBeNull()
    expect(await anew.authenticate(tokenIn(rotated.stdout))).toBeNull()
    expect(await anew.authenticate(tokenIn(again.stdout))).toMatchObject({ id })
    for (const overlap of ['-1', '721', 'long', '1.5']) {
      expect((await admin('seat', 'rotate', id, `--overlap=${overlap}`)).stderr).toMatch(/^TC-610 --overlap is whole/)
    }
    await seats.revokeSeat(first.workspaceId, id)
    expect((await admin('seat', 'rotate', id)).stderr).toMatch(/^TC-244 /)
  })

  test('caps and renames a seat, and sees what it spent and when it was used', async () => {
    const { id, token } = await seats.createSeat({ ...first, name: 'x', role: 'seat', dailyCapPoints: null })
    expect((await admin('seat', 'cap', id, '40')).stdout).toBe('x: at most 40 points a day.\n')
    expect((await admin('seat', 'rename', id, 'the desk')).code).toBe(0)
    await seats.authenticate(token)
    await seats.close()
    expect(await json('seats')).toMatchObject([
      { name: 'owner', lastUsedAt: null },
      { id, name: 'the desk', dailyCapPoints: 40, spentToday: 0, lastUsedAt: expect.any(Number) as number },
    ])
    expect((await admin('seats')).stdout).toMatch(/spent today .*last used/)
    expect((await admin('seat', 'cap', id, 'none')).stdout).toBe('x: without a daily limit.\n'.replace('x', 'the desk'))
    expect((await admin('seat', 'cap', id, 'lots')).code).toBe(1)
    expect((await admin('seat', 'cap', 'nobody', '1')).code).toBe(1)
  })

  test('makes a code whose seat has a daily limit', async () => {
    const { stdout } = await admin('code', '--cap', '12')
    expect(stdout).toContain('at most 12 points a day')
    const redeemed = await seats.redeemConnectionCode(/([0-9A-Z]{4}-){2}[0-9A-Z]{4}/.exec(stdout)![0], null)
    expect(isFailure(redeemed) ? redeemed : redeemed.seat).toMatchObject({ dailyCapPoints: 12 })
  })

  test('reads who changed what, of one workspace or of all, and no token', async () => {
    await admin('workspace', 'fallback', 'embedded')
    await admin('workspace', 'fallback', 'embedded')
    const made = await admin('workspace', 'create', 'Beta')
    await admin('seat', 'create', 'Beta', '--name', '\u001B[2Jdesk')
    const ofAlpha = await json('audit', 'Alpha')
    expect(ofAlpha).toMatchObject([
      { actor: 'operator', action: 'workspace.fallback', detail: { fallback: 'embedded' } },
      { action: 'workspace.create' },
    ])
    const { stdout } = await admin('audit')
    expect(stdout).toMatch(/^at +workspace +who +what +how\n/)
    expect(stdout.trimEnd().split('\n')).toHaveLength(4)
    expect(stdout + JSON.stringify(ofAlpha)).not.toContain(tokenIn(made.stdout))
    for (const hidden of ['tc_', '\u001B']) expect(stdout).not.toContain(hidden)
  })
})

describe('a command that was not understood', () => {
  test.each([
    [[], 'Say what to do.'],
    [['sell'], 'There is no such command.'],
    [['credentials'], 'There is no such command; these begin like it. All: npm run admin -- help'],
    [['credentials', 'show'], 'There is no such command; these begin like it. All: npm run admin -- help'],
    [['workspaces', 'all'], 'workspaces takes nothing more.'],
    [['usage', '--colour'], 'There is no option --colour.'],
    [['workspaces', '--ref', 'x'], 'workspaces takes no --ref.'],
    [['code', '--role'], '--role needs a value.'],
    [['vouchers', '--json=yes'], '--json takes no value.'],
    [['seat', 'revoke'], 'seat revoke needs <id>.'],
    [['seat', 'cap', 'x'], 'seat cap needs <id> <points a day>|none.'],
    [['grant', '--ref', 'x'], 'grant needs <points>.'],
    [['credentials', 'set'], 'credentials set needs <upstream>.'],
    [['grant', 'points=5'], 'grant takes no name=value.'],
  ])('is told why in the last line, with exit code 2: %j', async (argv, why) => {
    const { code, stdout, stderr } = await admin(...argv)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^Usage: npm run admin --/)
    expect(stderr.trimEnd().split('\n').at(-1)).toBe(`TC-621 ${why}`)
  })

  test('shows the usage of that command alone', async () => {
    const { stderr } = await admin('seat', 'revoke')
    expect(stderr).toBe('Usage: npm run admin --\n  seat revoke <id>\n\nTC-621 seat revoke needs <id>.\n')
  })

  test('asks for help with exit code 0', async () => {
    for (const word of ['help', '--help', '-h']) {
      expect(await admin(word)).toMatchObject({
        code: 0,
        stderr: '',
        stdout: expect.stringContaining('Usage:') as string,
      })
    }
  })
})

describe('a secret on the command line', () => {
  const SECRET = 'sk-4f9a8b7c6d5e'

  test.each([
    [`key=${SECRET}`],
    [SECRET],
    ['--key', SECRET],
    [`--key=${SECRET}`],
    ['-k', SECRET],
    [`-${SECRET}`],
    ['--workspace', 'Alpha', SECRET],
    ['--ref', SECRET],
  ])('is refused and not repeated: %s %s', async (...argv) => {
    const { code, stdout, stderr } = await admin('credentials', 'set', 'jiayou', ...argv)
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/^TC-610 A secret does not go on the command line/)
    expect(stderr).not.toContain(SECRET)
  })

  test('is not repeated wherever else it stands', async () => {
    for (const argv of [
      ['set', SECRET],
      ['test', SECRET],
      ['remove', SECRET],
      ['list', SECRET],
      ['list', `--key=${SECRET}`],
      [SECRET],
    ]) {
      const { code, stdout, stderr } = await admin('credentials', ...argv)
      expect(code).toBeGreaterThan(0)
      expect(stdout + stderr).not.toContain(SECRET)
    }
  })
})

test('a folder without data is not made by a command that only looks', async () => {
  const missing = join(folder, 'none')
  let stderr = ''
  const code = await runAdmin(['workspaces'], {
    environment: { DATA_DIR: missing },
    stdin: new PassThrough(),
    stdout: { write: () => expect.unreachable() },
    stderr: { write: (text) => (stderr += text) },
    loadUpstreams: () => Promise.resolve([]),
  })
  expect(code).toBe(1)
  expect(stderr).toMatch(/^TC-610 There is no data in .*none yet/)
  expect(existsSync(missing)).toBe(false)
})
