/** A PostgreSQL that goes away and comes back: what waits, what is told, and that nothing is lost or done twice. */
import { createServer, type AddressInfo } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { DatabaseAwayError, type Database } from '../../proxy/database.ts'
import { migrate } from '../../proxy/migrate.ts'
import { openDatabase } from '../../proxy/open-database.ts'
import { openPostgresDatabase } from '../../proxy/postgres-database.ts'
import { rootFolder } from '../../proxy/root-folder.ts'
import { answersReply } from '../../shared/protocol.ts'
import { answerAll, fakeProvider } from '../hosts/fake-provider.ts'
import { openLossyLine, type LossyLine } from '../hosts/lossy-line.ts'
import { startPostgresServer, TEST_PASSWORD, type PostgresServer } from '../hosts/postgres-server.ts'
import { SILENT } from '../hosts/test-database.ts'
import { openTestHouse, question, type TestHouse } from '../hosts/test-house.ts'
import { startTestProxy, type TestProxy } from '../hosts/test-proxy.ts'

const MIGRATIONS = join(rootFolder(), 'proxy', 'migrations')
// Long enough for a loaded machine to connect, short enough to wait for.
const PATIENCE_MS = 1500
// For what is to outlast a server that is stopped and started, however long the machine takes for that.
const LONG_PATIENCE_MS = 30_000

// Servers stop and start in here, on a machine that has other things to do.
vi.setConfig({ testTimeout: 60_000 })

let server: PostgresServer
let made = 0
beforeAll(async () => {
  server = await startPostgresServer()
}, 60_000)
afterAll(() => server.close())

async function newUrl(): Promise<string> {
  const name = `away_${++made}`
  await server.createDatabase(name)
  return server.urlOf(name)
}

function open(url: string, patienceMs = PATIENCE_MS): Promise<Database> {
  return openPostgresDatabase(url, { log: SILENT, patienceMs })
}

describe('a database that goes away', () => {
  let database: Database
  let url: string
  beforeEach(async () => {
    url = await newUrl()
    database = await open(url)
    await database.run('CREATE TABLE n(value BIGINT)')
    await database.run('INSERT INTO n VALUES(0)')
  })
  afterEach(() => database.close())

  test('is said to be away by every way to ask it, and answers again when it is back', async () => {
    await server.stop()
    const asked = [
      database.get('SELECT value FROM n'),
      database.run('UPDATE n SET value = 1'),
      database.transaction((tx) => tx.run('UPDATE n SET value = 1')),
      database.notify('points', 'w-1'),
      database.script('UPDATE n SET value = 1'),
    ]
    const settled = await Promise.allSettled(asked)
    expect(settled.map((one) => one.status === 'rejected' && one.reason instanceof DatabaseAwayError)).toEqual(
      asked.map(() => true),
    )
    await server.start()
    expect(await database.get('SELECT value FROM n')).toEqual({ value: 0 })
  })

  test('for less than a moment is waited for', async () => {
    const patient = await open(url, LONG_PATIENCE_MS)
    await server.stop('immediate')
    const asked = patient.transaction((tx) => tx.run('UPDATE n SET value = value + 1'))
    await server.start()
    expect(await asked).toBe(1)
    await patient.close()
  })

  test('in the middle of a transaction leaves nothing of it; the work is run again and done once', async () => {
    const patient = await open(url, LONG_PATIENCE_MS)
    let runs = 0
    await patient.transaction(async (tx) => {
      runs++
      await tx.run('UPDATE n SET value = value + 1')
      if (runs === 1) {
        await server.stop('immediate')
        await server.start()
      }
      await tx.run('UPDATE n SET value = value + 10')
    })
    expect(runs).toBeGreaterThan(1)
    expect(await patient.get('SELECT value FROM n')).toEqual({ value: 11 })
    await patient.close()
  })

  test('lets itself be closed meanwhile', async () => {
    const own = await open(await newUrl())
    await server.stop()
    const asked = own.get('SELECT 1 AS one')
    const closing = own.close()
    await expect(asked).rejects.toBeInstanceOf(DatabaseAwayError)
    await closing
    await server.start()
  })

  test('is listened to again: listeners are told that they may have missed something, and hear on', async () => {
    const other = await open(await newUrl())
    const heard: (string | null)[] = []
    let tell = (): void => {}
    const next = (): Promise<void> =>
      new Promise((resolve) => {
        tell = resolve
      })
    other.listen('seats', (payload) => {
      heard.push(payload)
      tell()
    })
    await server.stop('immediate')
    const back = next()
    await server.start()
    await back
    const told = next()
    await other.notify('seats', 'seat-1')
    await told
    expect(heard).toEqual([null, 'seat-1'])
    await other.close()
  })
})

describe('an answer that is lost on its way', () => {
  let line: LossyLine
  let database: Database
  beforeEach(async () => {
    const url = await newUrl()
    line = await openLossyLine(url)
    database = await open(line.through(url))
    await database.run('CREATE TABLE n(id TEXT PRIMARY KEY, value BIGINT)')
    await database.run("INSERT INTO n VALUES('a', 0)")
  })
  afterEach(async () => {
    await database.close()
    await line.close()
  })

  test('to a read is asked for again', async () => {
    line.loseAnswerTo('SELECT value')
    expect(await database.get('SELECT value FROM n')).toEqual({ value: 0 })
    expect(line.sent('SELECT value')).toBe(2)
  })

  test('to a single write is not: it was done, and is not done twice', async () => {
    line.loseAnswerTo('UPDATE n')
    await expect(database.run('UPDATE n SET value = value + 1')).rejects.toBeInstanceOf(DatabaseAwayError)
    expect(await database.get('SELECT value FROM n')).toEqual({ value: 1 })
  })

  test('to a COMMIT leaves it open what became of the transaction, and it is not run again', async () => {
    line.loseAnswerTo('COMMIT\u0000')
    const lost = database.transaction((tx) => tx.run('UPDATE n SET value = value + 1'))
    await expect(lost).rejects.toBeInstanceOf(DatabaseAwayError)
    expect(await database.get('SELECT value FROM n')).toEqual({ value: 1 })
  })

  test('to a COMMIT runs the work again where it bears that, and it finds what it did', async () => {
    line.loseAnswerTo('COMMIT\u0000')
    const done = await database.transaction(
      async (tx) =>
        (await tx.run("INSERT INTO n VALUES('b', 1) ON CONFLICT DO NOTHING")) === 1 ? 'done now' : 'done before',
      { repeatable: true },
    )
    expect(done).toBe('done before')
    expect(await database.get('SELECT COUNT(*) AS count FROM n')).toEqual({ count: 2 })
  })

  test('because the line fell silent is waited for no longer than the statement may take', async () => {
    const url = await newUrl()
    const own = await openLossyLine(url)
    const silenced = await openPostgresDatabase(own.through(url), {
      log: SILENT,
      patienceMs: PATIENCE_MS,
      statementTimeoutMs: 500,
    })
    await silenced.get('SELECT 1 AS one')
    own.silence()
    await expect(silenced.run('SELECT 1 AS one')).rejects.toBeInstanceOf(DatabaseAwayError)
    await own.close()
    await silenced.close()
  })

  test('to a statement in a transaction runs the work again from its start', async () => {
    line.loseAnswerTo('UPDATE n')
    await database.transaction((tx) => tx.run('UPDATE n SET value = value + 1'))
    expect(await database.get('SELECT value FROM n')).toEqual({ value: 1 })
    expect(line.sent('UPDATE n')).toBe(2)
  })
})

describe('a database that cannot be used at the start', () => {
  const start = (databaseUrl: string): Promise<Database> =>
    openDatabase({ databaseUrl, dataFolder: null, migrations: MIGRATIONS, now: () => 0, log: SILENT })
  const refusal = async (url: string): Promise<string> => {
    const error = await start(url).then(
      () => new Error('it opened'),
      (refused: Error) => refused,
    )
    const parts = [TEST_PASSWORD, encodeURIComponent(TEST_PASSWORD), 'p4ss']
    for (const part of parts) {
      expect(`${error.message} ${error.stack} ${JSON.stringify(error)} ${inspectAll(error)}`).not.toContain(part)
    }
    return error.message
  }

  test('is named with its reason, and never with its password', async () => {
    const url = await newUrl()
    const wrongPassword = new URL(url)
    wrongPassword.password = 'p4ss'
    expect(await refusal(wrongPassword.href)).toMatch(
      /^TC-615 .*127\.0\.0\.1:\d+\/away_\d+: password authentication failed/,
    )
    expect(await refusal(server.urlOf('nowhere'))).toMatch(/^TC-615 .*\/nowhere: database "nowhere" does not exist/)
    const closedPort = new URL(url)
    closedPort.port = '1'
    expect(await refusal(closedPort.href)).toMatch(/^TC-615 .*127\.0\.0\.1:1\/away_\d+: connect ECONNREFUSED/)
  })

  test('with an address that is none is told so, and nothing of it is repeated', async () => {
    for (const wrong of [
      'p4ss',
      'mysql://me:p4ss@host/db',
      'postgres://me:5/p4ss@host/db',
      'postgres://me:5#p4ss@host/db',
      'postgres://me:5?p4ss@host/db',
      'postgres://me:p4ss@ho st/db',
    ]) {
      expect(await refusal(wrong), wrong).toMatch(/^TC-603 The setting DATABASE_URL is not valid/)
    }
  })

  test('of a newer program is left as it is', async () => {
    const url = await newUrl()
    const database = await start(url)
    await database.run("INSERT INTO migration VALUES(9999, '9999-future.sql', 0)")
    await database.close()
    expect(await refusal(url)).toMatch(/^TC-605/)
  })

  test('because nobody answers at its address is given up in time', async () => {
    const mute = createServer((socket) => socket.on('error', () => undefined))
    mute.listen(0, '127.0.0.1')
    await once(mute, 'listening')
    const { port } = mute.address() as AddressInfo
    await expect(open(`postgres://me:p4ss@127.0.0.1:${port}/db`)).rejects.toBeInstanceOf(DatabaseAwayError)
    mute.close()
  })
})

describe('a proxy whose database goes away', () => {
  let house: TestHouse
  let proxy: TestProxy
  let provider: ReturnType<typeof fakeProvider>
  beforeEach(async () => {
    const database = await open(await newUrl())
    await migrate(database, MIGRATIONS, () => 0)
    provider = fakeProvider({ timeoutMs: 60_000 })
    house = await openTestHouse({ providers: [provider], points: 100, database })
    proxy = await startTestProxy(house)
  })
  afterEach(async () => {
    expect(await house.ledger.verify()).toEqual([])
    await proxy.close()
    await house.close()
  })

  async function ask(...texts: string[]) {
    const response = await proxy.post('/v1/answers', { questions: texts.map((text) => question('HSCODE', text)) })
    expect(response.status).toBe(200)
    const { answers, points } = answersReply.parse(await response.json())
    return { cells: answers.map(({ value, error }) => value ?? error?.code), points }
  }
  const readiness = async (): Promise<number> => (await proxy.get('/readyz')).status

  test('still answers what memory holds, says so of the rest, is not ready, and goes on as before afterwards', async () => {
    expect(await ask('cotton shirt')).toEqual({ cells: ['610910'], points: { balance: 99, held: 0, spent: 1 } })
    expect(await readiness()).toBe(200)
    await server.stop()
    expect(await ask('cotton shirt', 'silk tie')).toEqual({
      cells: ['610910', 'TC-508'],
      points: { balance: 99, held: 0, spent: 0 },
    })
    expect((await proxy.get('/v1/points')).status).toBe(503)
    expect(await readiness()).toBe(503)
    expect(provider.calls).toHaveLength(1)
    await server.start()
    await expect.poll(readiness, { timeout: 20_000 }).toBe(200)
    expect(await ask('cotton shirt', 'silk tie')).toEqual({
      cells: ['610910', '610910'],
      points: { balance: 98, held: 0, spent: 1 },
    })
    expect(provider.calls).toHaveLength(2)
  })

  test('while an answer is in hand delivers it when the database is back, and charges it once', async () => {
    let release = (): void => {}
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    provider.behave(async (inquiries) => {
      await released
      return answerAll(inquiries)
    })
    const asked = ask('wool coat')
    await expect.poll(() => provider.calls.length, { timeout: 20_000 }).toBe(1)
    await server.stop('immediate')
    release()
    await server.start()
    expect((await asked).cells).toEqual(['610910'])
    expect(await house.balance()).toBe(99)
    expect(await house.database.get('SELECT COUNT(*) AS count FROM answer')).toEqual({ count: 1 })
  })

  test('for longer than a hold lives neither delivers nor charges the answer, and gives the points back', async () => {
    let release = (): void => {}
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    provider.behave(async (inquiries) => {
      await released
      return answerAll(inquiries)
    })
    const asked = ask('linen trousers')
    await expect.poll(() => provider.calls.length, { timeout: 20_000 }).toBe(1)
    await server.stop('immediate')
    house.clock.advance(3600_000)
    await server.start()
    await expect.poll(() => house.ledger.expireHolds().catch(() => 0), { timeout: 20_000 }).toBe(1)
    release()
    expect((await asked).cells).toEqual(['TC-504'])
    expect(await house.balance()).toBe(100)
    expect(await house.database.get('SELECT COUNT(*) AS count FROM answer')).toEqual({ count: 0 })
  })
})

function inspectAll(error: Error): string {
  return inspect(error, { depth: 12, showHidden: false })
}
