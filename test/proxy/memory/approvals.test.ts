import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createAudit, OPERATOR, type Audit, type AuditEntry } from '../../../proxy/audit/audit.ts'
import { createSeats } from '../../../proxy/auth/seats.ts'
import type { Database } from '../../../proxy/database.ts'
import { createLedger } from '../../../proxy/ledger/ledger.ts'
import { createApprovals, type Approvals, type Approved, type Entry } from '../../../proxy/memory/approvals.ts'
import { isFailure } from '../../../shared/error-codes.ts'
import { MEMORY_ENTRIES_MAX } from '../../../shared/memory-protocol.ts'
import { ENGINES, openTestDatabase, testClock, testIds, type TestClock } from '../../hosts/test-database.ts'
import { entry } from './entries.ts'

describe.each(ENGINES)('approvals on %s', (engine) => {
  let database: Database
  let approvals: Approvals
  let audit: Audit
  let clock: TestClock
  let changes: string[]
  let [one, two]: string[] = []
  let seat: string

  beforeEach(async () => {
    database = await openTestDatabase(null, engine)
    clock = testClock()
    const newId = testIds()
    audit = createAudit({ database, now: clock.now, newId })
    changes = []
    approvals = createApprovals({ database, audit, now: clock.now, newId, onChange: (id) => changes.push(id) })
    const ledger = createLedger({ database, now: clock.now, newId })
    const seats = createSeats({ database, ledger, now: clock.now, newId })
    one = (await seats.createWorkspace('one')).workspaceId
    two = (await seats.createWorkspace('two')).workspaceId
    seat = (await seats.createSeat({ workspaceId: one, name: 'Anna', role: 'seat', dailyCapPoints: null })).id
  })
  afterEach(() => database.close())

  const approve = async (
    entries: Entry[],
    more: { workspaceId?: string; leaveSame?: boolean; actor?: string } = {},
  ) => {
    const { workspaceId = one!, leaveSame = false, actor = seat } = more
    const outcome = await approvals.approve({ workspaceId, actor, source: 'api', entries, leaveSame })
    if (isFailure(outcome)) return outcome.failed
    return outcome.map((told) => told.outcome)
  }
  const all = (workspaceId = one!): Promise<Approved[]> => approvals.list(workspaceId, { after: null, limit: 500 })
  const codes = async (workspaceId = one!): Promise<string[]> => (await all(workspaceId)).map(({ code }) => code)

  const written = async (): Promise<AuditEntry[]> =>
    (await audit.list({ workspaceId: one, limit: 100 })).filter(({ action }) => action.startsWith('memory.'))

  test('keep what was approved, who did, and when', async () => {
    expect(await approve([entry('shirt', '6109100012', { note: 'ask Li' })])).toEqual(['new'])
    expect(await all()).toMatchObject([
      {
        description: 'shirt',
        code: '6109100012',
        note: 'ask Li',
        approvedBy: 'Anna',
        approvedAt: clock.now(),
        source: 'api',
      },
    ])
    await approve([entry('hat')], { actor: OPERATOR })
    expect((await all())[0]).toMatchObject({ description: 'hat', approvedBy: OPERATOR })
  })

  test('of a text that was approved before replace its code, and keep its id', async () => {
    await approve([entry('shirt'), entry('hat')])
    const before = (await all()).find(({ description }) => description === 'shirt')!
    clock.advance(1000)
    expect(await approve([entry('shirt', '6109900012')])).toEqual(['changed'])
    expect(await all()).toMatchObject([
      { id: before.id, code: '6109900012', approvedAt: before.approvedAt + 1000 },
      { description: 'hat' },
    ])
    expect(await approvals.state(one!)).toMatchObject({ entries: 2 })
  })

  test('tell apart country and facts, not where the text is the same', async () => {
    const cotton = { material: 'cotton', use: '', gender: '', category: '' }
    const outcomes = await approve([
      entry('shirt'),
      entry('shirt', '610910', { country: 'US' }),
      entry('shirt', '610910', { facts: cotton }),
    ])
    expect(outcomes).toEqual(['new', 'new', 'new'])
    expect(await approve([entry('shirt', '610990')])).toEqual(['changed'])
    expect(await all()).toHaveLength(3)
  })

  test('that say the same are left to who said it first where that is wished, and theirs who says it again otherwise', async () => {
    await approve([entry('shirt')])
    changes.length = 0
    expect(await approve([entry('shirt')], { actor: OPERATOR, leaveSame: true })).toEqual(['same'])
    expect(await all()).toMatchObject([{ approvedBy: 'Anna' }])
    expect(await approve([entry('shirt')], { actor: OPERATOR })).toEqual(['same'])
    expect(await all()).toMatchObject([{ approvedBy: OPERATOR }])
  })

  test('by ten at once of one text are one row', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, (_, at) => approve([entry('shirt', `61091000${10 + at}`), entry(`other ${at}`)])),
    )
    expect(outcomes.filter(([first]) => first === 'new')).toHaveLength(1)
    expect((await all()).filter(({ description }) => description === 'shirt')).toHaveLength(1)
    const { entries, version } = await approvals.state(one!)
    expect([entries, version]).toEqual([11, 20])
    expect(await written()).toHaveLength(10)
  })

  test('of one workspace are neither seen nor taken back from another', async () => {
    await approve([entry('shirt')])
    await approve([entry('shirt', '610990')], { workspaceId: two! })
    expect(await codes()).toEqual(['6109100012'])
    expect(await codes(two)).toEqual(['610990'])
    const [{ id } = { id: '' }] = await all()
    expect(await approvals.remove({ workspaceId: two!, actor: seat, id })).toBe(false)
    expect(await codes()).toEqual(['6109100012'])
    expect(await approvals.compare(two!, [entry('shirt'), entry('hat')])).toEqual(['changed', 'new'])
    // A seat of another workspace has no name here.
    await approve([entry('hat')], { workspaceId: two! })
    expect((await all(two))[0]!.approvedBy).toBe(seat)
  })

  test('are taken back once', async () => {
    await approve([entry('shirt'), entry('hat')])
    const [{ id } = { id: '' }] = await all()
    expect(await approvals.remove({ workspaceId: one!, actor: seat, id })).toBe(true)
    expect(await approvals.remove({ workspaceId: one!, actor: seat, id })).toBe(false)
    expect(await all()).toMatchObject([{ description: 'shirt' }])
    expect(await approvals.state(one!)).toMatchObject({ entries: 1, removals: 1 })
  })

  test('past the most a workspace may have are refused, all of them', async () => {
    await approve([entry('shirt')])
    await database.run('UPDATE memory SET entries = $1', [MEMORY_ENTRIES_MAX - 1])
    expect(await approve([entry('hat'), entry('shoe')])).toBe('memory-full')
    expect(await all()).toHaveLength(1)
    expect(await approve([entry('hat')])).toEqual(['new'])
    // What is there already can be changed still.
    expect(await approve([entry('shoe')])).toBe('memory-full')
    expect(await approve([entry('shirt', '610990')])).toEqual(['changed'])
  })

  test('are told to whoever hears, once they are there, and written down without a word of theirs', async () => {
    const heard: (string | null)[] = []
    const stop = database.listen('memory', (workspaceId) => heard.push(workspaceId))
    await approve([entry('secret prototype', '6109100012', { note: 'secret note' })])
    expect(changes).toEqual([one])
    await expect.poll(() => heard).toEqual([one])
    const [{ id } = { id: '' }] = await all()
    await approvals.remove({ workspaceId: one!, actor: seat, id })
    await approvals.recordExport(one!, seat)
    stop()
    const records = await written()
    expect(records.map(({ action }) => action).sort()).toEqual(['memory.approve', 'memory.export', 'memory.remove'])
    expect(records.find(({ action }) => action === 'memory.approve')?.detail).toEqual({
      source: 'api',
      new: 1,
      replaced: 0,
      left: 0,
    })
    expect(JSON.stringify(records)).not.toContain('secret')
  })

  test('are listed by pages that neither miss nor repeat, approved last first', async () => {
    await approve(Array.from({ length: 7 }, (_, at) => entry(`thing ${at}`)))
    const seen: string[] = []
    let after: number | null = null
    for (;;) {
      const page: Approved[] = await approvals.list(one!, { after, limit: 3 })
      seen.push(...page.map(({ description }) => description))
      if (page.length < 3) break
      after = page.at(-1)!.version
    }
    expect(seen).toEqual([6, 5, 4, 3, 2, 1, 0].map((at) => `thing ${at}`))
    const pages: string[] = []
    for await (const page of approvals.pages(one!)) pages.push(...page.map(({ description }) => description))
    expect(pages).toEqual(seen)
  })

  test('are found by words in any of their texts, whatever the case, and by nothing that only looks like a pattern', async () => {
    const facts = { material: 'Baumwolle', use: '', gender: '', category: '' }
    await approve([
      entry('Men’s ÉTUI 100% leather', '4202310090', { note: 'from Li' }),
      entry('T-Shirt', '6109100012', { facts }),
      entry('男士棉T恤', '6109100012', { country: 'CN' }),
      entry('under_score !', '3926909090'),
    ])
    const found = async (...words: string[]): Promise<string[]> =>
      (await approvals.list(one!, { after: null, limit: 10, words })).map(({ description }) => description)
    expect(await found('étui')).toEqual(['Men’s ÉTUI 100% leather'])
    expect(await found('baumwolle', 'SHIRT')).toEqual(['T-Shirt'])
    expect(await found('610910')).toEqual(['男士棉T恤', 'T-Shirt'])
    expect(await found('棉T恤')).toEqual(['男士棉T恤'])
    expect(await found('li', 'shirt')).toEqual([])
    expect(await found('100%')).toEqual(['Men’s ÉTUI 100% leather'])
    expect(await found('%')).toHaveLength(1)
    expect(await found('_')).toEqual(['under_score !'])
    expect(await found('!')).toEqual(['under_score !'])
    expect(await found("'; DROP TABLE approval; --")).toEqual([])
    const inChina = await approvals.list(one!, { after: null, limit: 10, country: 'CN' })
    expect(inChina).toHaveLength(1)
  })

  test('of thousands go in at once', async () => {
    const many = Array.from({ length: 1234 }, (_, at) => entry(`thing ${at}`))
    await approve(many.slice(0, 100))
    const outcomes = await approve(many, { leaveSame: true })
    expect(outcomes.slice(0, 100)).toEqual(Array.from({ length: 100 }, () => 'same'))
    expect(outcomes.slice(100)).toEqual(Array.from({ length: 1134 }, () => 'new'))
    expect(await approvals.state(one!)).toEqual({ version: 1234, removals: 0, entries: 1234 })
  })
})
