import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DEPLOYMENT } from '../../../proxy/providers/upstream.ts'
import { createUsage, type UpstreamUsage } from '../../../proxy/credentials/usage.ts'
import type { Database } from '../../../proxy/database.ts'
import { ENGINES, openTestDatabase, testClock, testIds, type TestClock } from '../../hosts/test-database.ts'

let database: Database
let usage: UpstreamUsage
let clock: TestClock
beforeEach(async () => {
  database = await openTestDatabase()
  clock = testClock()
  usage = createUsage({ database, now: clock.now, newId: testIds('usage') })
})
afterEach(() => database.close())

/** One call of the deployment's, in the order its reply is recorded. */
function call(charged: number | null, balance: number | null, workspaceId = DEPLOYMENT): Promise<number | null> {
  return usage.record({ workspaceId, upstream: 'jiayou', items: 3, charged, balance })
}

describe('what an upstream took', () => {
  test('adds up for each upstream and credential, fractions included', async () => {
    for (let at = 1; at <= 10; at++) await call(0.1, 10 - at / 10)
    await usage.record({ workspaceId: DEPLOYMENT, upstream: 'juhe', items: 1, charged: null, balance: null })
    await call(5, 95, 'w-1')
    const totals = await usage.totals()
    expect(totals).toMatchObject([
      { upstream: 'jiayou', workspaceId: '', calls: 10, items: 30, charged: 1, lost: 0, balance: 9 },
      { upstream: 'jiayou', workspaceId: 'w-1', calls: 1, items: 3, charged: 5, lost: 0, balance: 95 },
      { upstream: 'juhe', workspaceId: '', calls: 1, items: 1, charged: null, lost: 0, balance: null },
    ])
    expect(totals[0]!.lastAt).toBeGreaterThan(totals[1]!.lastAt - 1000)
    expect(await usage.balance('w-1', 'jiayou')).toBe(95)
    expect(await usage.balance('w-1', 'juhe')).toBeNull()
  })

  test('is kept as decimal text that reads as it was said', async () => {
    for (const number of [0, 1, 10, 0.5, 1200.25, 0.000001, -3]) await call(number, number)
    const rows = await database.all<{ charged: string }>('SELECT charged FROM upstream_usage ORDER BY at')
    expect(rows.map(({ charged }) => charged)).toEqual(['0', '1', '10', '0.5', '1200.25', '0.000001', '-3'])
  })
})

describe('points that went for replies that never came', () => {
  test('show in the balance of the next reply', async () => {
    expect(await call(1, 99)).toBeNull()
    expect(await call(1, 93)).toBe(5)
    expect(await call(2, 91)).toBeNull()
    expect(await usage.totals()).toMatchObject([{ charged: 4, lost: 5, balance: 91 }])
  })

  test('are not made up by the arithmetic of fractions', async () => {
    await call(0.1, 0.3)
    expect(await call(0.1, 0.2)).toBeNull()
    expect(await call(0.2, 0)).toBeNull()
  })

  test('are not made up where a balance or a charge is not known, or somebody recharged', async () => {
    await call(1, 99)
    expect(await call(null, 90)).toBeNull()
    expect(await call(1, null)).toBeNull()
    expect(await call(1, 188)).toBeNull()
    expect(await call(1, 187)).toBeNull()
  })

  test('of one credential are no business of another', async () => {
    await call(1, 99)
    expect(await call(1, 9, 'w-1')).toBeNull()
  })

  test.each([
    [
      'the next one',
      [
        [3, 92],
        [5, 95],
      ],
      92,
    ],
    [
      'the next two',
      [
        [3, 92],
        [2, 90],
        [5, 95],
      ],
      90,
    ],
    [
      'two by one',
      [
        [2, 90],
        [5, 95],
        [3, 92],
      ],
      90,
    ],
    [
      'all in reverse',
      [
        [2, 90],
        [3, 92],
        [5, 95],
      ],
      90,
    ],
  ] as const)('are not made up by a reply that is overtaken: %s', async (_, replies, balance) => {
    await call(0, 100)
    for (const [charged, left] of replies) await call(charged, left)
    expect(await usage.totals()).toMatchObject([{ lost: 0, balance }])
  })

  test('stay lost beside a reply that was overtaken', async () => {
    await call(0, 100)
    // 4 are lost, then 5 and 3 are charged, recorded the other way round.
    await call(3, 88)
    await call(5, 91)
    expect(await usage.totals()).toMatchObject([{ charged: 8, lost: 4, balance: 88 }])
  })
})

describe('a call whose reply never came, and that was found again', () => {
  const found = (charged: number, sentAt: number): Promise<number | null> =>
    usage.record({ workspaceId: DEPLOYMENT, upstream: 'jiayou', items: charged, charged, balance: null, sentAt })

  test('takes its charge from what seemed lost since it was sent, and no more', async () => {
    await call(0, 100)
    expect(await call(1, 94)).toBe(5)
    clock.advance(1000)
    const sentAt = clock.now()
    expect(await call(1, 83)).toBe(10)
    expect(await call(1, 62)).toBe(20)
    expect(await found(27, sentAt)).toBeNull()
    expect(await usage.totals()).toMatchObject([{ calls: 5, charged: 30, lost: 5 + 3, balance: 62 }])
  })

  test('is missing from no later balance, where none has shown its charge yet', async () => {
    await call(0, 100)
    await found(30, clock.now())
    expect(await usage.balance(DEPLOYMENT, 'jiayou')).toBe(70)
    expect(await call(2, 68)).toBeNull()
    expect(await call(2, 60)).toBe(6)
    expect(await usage.totals()).toMatchObject([{ charged: 34, lost: 6, balance: 60 }])
  })

  test('may have been shown in part', async () => {
    await call(0, 100)
    const sentAt = clock.now()
    expect(await call(1, 89)).toBe(10)
    await found(30, sentAt)
    expect(await call(1, 68)).toBeNull()
    expect(await usage.totals()).toMatchObject([{ charged: 32, lost: 0, balance: 68 }])
  })

  test('is none of the first reply that is overtaken: the balance before it is not known', async () => {
    expect(await call(3, 992)).toBeNull()
    expect(await call(5, 995)).toBeNull()
    expect(await call(5, 987)).toBeNull()
    expect(await usage.totals()).toMatchObject([{ charged: 13, lost: 0, balance: 987 }])
  })

  test('before any balance is known makes none up', async () => {
    await found(30, clock.now())
    expect(await usage.balance(DEPLOYMENT, 'jiayou')).toBeNull()
    expect(await call(1, 50)).toBeNull()
  })
})

describe.each(ENGINES)('two proxies on one %s', (engine) => {
  let folder: string
  let first: Database
  let second: Database
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tariffcell-usage-'))
    first = await openTestDatabase(folder, engine)
    // SQLite waits with the whole process: two of its connections in one would wait for each other.
    second = engine === 'sqlite' ? first : await openTestDatabase(folder, engine)
  })
  afterEach(async () => {
    await first.close()
    if (second !== first) await second.close()
    rmSync(folder, { recursive: true })
  })

  test('make up no loss and lose no row by recording at once, the first time too', async () => {
    const usages = [first, second].map((one, at) =>
      createUsage({ database: one, now: clock.now, newId: testIds(`proxy ${at}`) }),
    ) as [UpstreamUsage, UpstreamUsage]
    const reply = (at: 0 | 1, charged: number, balance: number) =>
      usages[at].record({ workspaceId: DEPLOYMENT, upstream: 'jiayou', items: 1, charged, balance })
    const rounds = 25
    for (let round = 0; round < rounds; round++) {
      const before = 1000 - 8 * round
      await Promise.all([reply(0, 5, before - 5), reply(1, 3, before - 8)])
    }
    expect(await usages[0].totals()).toMatchObject([
      { calls: 2 * rounds, charged: 8 * rounds, lost: 0, balance: 1000 - 8 * rounds },
    ])
    const rows = await first.all<{ at: number }>('SELECT DISTINCT at FROM upstream_usage')
    expect(rows).toHaveLength(2 * rounds)
  })
})
