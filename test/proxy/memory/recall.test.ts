import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createAudit } from '../../../proxy/audit/audit.ts'
import { createSeats } from '../../../proxy/auth/seats.ts'
import { DatabaseAwayError, type Database } from '../../../proxy/database.ts'
import { createLedger } from '../../../proxy/ledger/ledger.ts'
import { createApprovals, hashOf, type Approvals, type Entry } from '../../../proxy/memory/approvals.ts'
import { createRecall, type Recall } from '../../../proxy/memory/recall.ts'
import type { ClassifyInquiry, Facts } from '../../../proxy/providers/provider.ts'
import { classificationKey } from '../../../shared/answer-key.ts'
import { parseAsk, type DescriptionAsk } from '../../../shared/ask.ts'
import { ENGINES, openTestDatabase, SILENT, testClock, testIds, type Engine } from '../../hosts/test-database.ts'
import { entry, NO_FACTS } from './entries.ts'

interface Side {
  database: Database
  approvals: Approvals
  recall: Recall
  close(): Promise<void>
}

/** One process's view of a database. */
async function openSide(folder: string | null, engine: Engine, ids: string): Promise<Side> {
  const database = await openTestDatabase(folder, engine)
  const { now } = testClock()
  const newId = testIds(ids)
  const audit = createAudit({ database, now, newId })
  const approvals = createApprovals({ database, audit, now, newId, onChange: (id) => recall.changed(id) })
  const recall = createRecall({ approvals, exists: (code) => code !== 'gone', log: SILENT })
  const stop = database.listen('memory', recall.changed)
  return {
    database,
    approvals,
    recall,
    async close() {
      stop()
      await database.close()
    },
  }
}

async function makeWorkspace({ database }: Side, name: string): Promise<string> {
  const newId = testIds(`${name}-`)
  const ledger = createLedger({ database, now: () => 0, newId })
  return (await createSeats({ database, ledger, now: () => 0, newId }).createWorkspace(name)).workspaceId
}

const about = (description: string, more: Partial<ClassifyInquiry> = {}): ClassifyInquiry => ({
  kind: 'classify',
  key: '',
  description,
  country: 'CA',
  facts: NO_FACTS,
  date: null,
  ...more,
})

const approve = ({ approvals }: Side, workspaceId: string, ...entries: Entry[]): Promise<unknown> =>
  approvals.approve({ workspaceId, actor: 'operator', source: 'api', entries, leaveSame: false })

async function recalled(
  { recall }: Side,
  workspaceId: string,
  description: string,
): Promise<string | null | undefined> {
  if (!recall.isReady(workspaceId)) await recall.ready(workspaceId)
  const found = recall.find(workspaceId, about(description))
  return found && found.code
}

describe.each(ENGINES)('what is approved on %s', (engine) => {
  let side: Side
  let workspaceId: string
  beforeEach(async () => {
    side = await openSide(null, engine, 'test')
    workspaceId = await makeWorkspace(side, 'one')
  })
  afterEach(() => side.close())

  test('is not known before it is read, and at hand from then on', async () => {
    await approve(side, workspaceId, entry('shirt'))
    expect(side.recall.isReady(workspaceId)).toBe(false)
    expect(side.recall.find(workspaceId, about('shirt'))).toBeUndefined()
    expect(await side.recall.ready(workspaceId)).toBe(true)
    expect(side.recall.find(workspaceId, about('shirt'))).toMatchObject({ code: '6109100012', by: 'operator' })
    expect(side.recall.find(workspaceId, about('hat'))).toBeNull()
    expect(side.recall.find('another', about('shirt'))).toBeUndefined()
  })

  test('is never out of date: a change makes it stale in the same turn, and only it is read anew', async () => {
    const other = await makeWorkspace(side, 'two')
    await approve(side, workspaceId, entry('shirt'))
    expect(await recalled(side, workspaceId, 'shirt')).toBe('6109100012')
    expect(await recalled(side, other, 'shirt')).toBeNull()
    await approve(side, workspaceId, entry('shirt', '610990'))
    expect(side.recall.find(workspaceId, about('shirt'))).toBeUndefined()
    expect(side.recall.isReady(other)).toBe(true)
    expect(await recalled(side, workspaceId, 'shirt')).toBe('610990')
    const [{ id } = { id: '' }] = await side.approvals.list(workspaceId, { after: null, limit: 1 })
    await side.approvals.remove({ workspaceId, actor: 'operator', id })
    expect(await recalled(side, workspaceId, 'shirt')).toBeNull()
    await approve(side, workspaceId, entry('shirt', '610910'))
    expect(await recalled(side, workspaceId, 'shirt')).toBe('610910')
  })

  test('is whole after thousands, some of them taken back while they are read', async () => {
    await approve(side, workspaceId, ...Array.from({ length: 4500 }, (_, at) => entry(`thing ${at}`)))
    const first = await side.approvals.list(workspaceId, { after: null, limit: 500 })
    const reading = side.recall.ready(workspaceId)
    await Promise.all(first.slice(0, 5).map(({ id }) => side.approvals.remove({ workspaceId, actor: 'operator', id })))
    await reading
    const gone = new Set(first.slice(0, 5).map(({ description }) => description))
    for (let at = 0; at < 4500; at += 7) {
      expect(await recalled(side, workspaceId, `thing ${at}`)).toBe(gone.has(`thing ${at}`) ? null : '6109100012')
    }
    for (const description of gone) expect(await recalled(side, workspaceId, description)).toBeNull()
  })

  test('is read anew when something may have been missed', async () => {
    await approve(side, workspaceId, entry('shirt'))
    await recalled(side, workspaceId, 'shirt')
    const changes: (string | null)[] = []
    side.recall.onChange((id) => changes.push(id))
    side.recall.changed(null)
    expect(changes).toEqual([null])
    expect(side.recall.isReady(workspaceId)).toBe(false)
    expect(await recalled(side, workspaceId, 'shirt')).toBe('6109100012')
  })
})

test('what was approved tells of another day only where its code was one then', async () => {
  const side = await openSide(null, 'sqlite', 'test')
  const workspaceId = await makeWorkspace(side, 'one')
  const recall = createRecall({
    approvals: side.approvals,
    exists: (code, country, date) => `${country} ${code} ${date}` === 'CA 6109100012 2026-03-01',
    log: SILENT,
  })
  await approve(side, workspaceId, entry('shirt'))
  await recall.ready(workspaceId)
  expect(recall.find(workspaceId, about('shirt', { date: '2026-03-01' }))).toMatchObject({ code: '6109100012' })
  expect(recall.find(workspaceId, about('shirt', { date: '2025-03-01' }))).toBeNull()
  await side.close()
})

test('two processes on one PostgreSQL hear each other’s approvals', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tariffcell-recall-'))
  const here = await openSide(folder, 'postgres', 'here')
  const there = await openSide(folder, 'postgres', 'there')
  const workspaceId = await makeWorkspace(here, 'one')
  expect(await recalled(there, workspaceId, 'shirt')).toBeNull()
  await approve(here, workspaceId, entry('shirt'))
  await expect.poll(() => recalled(there, workspaceId, 'shirt')).toBe('6109100012')
  await approve(there, workspaceId, entry('shirt', '610990'))
  await expect.poll(() => recalled(here, workspaceId, 'shirt')).toBe('610990')
  const [{ id } = { id: '' }] = await there.approvals.list(workspaceId, { after: null, limit: 1 })
  await there.approvals.remove({ workspaceId, actor: 'operator', id })
  await expect.poll(() => recalled(here, workspaceId, 'shirt')).toBeNull()
  await Promise.all([here.close(), there.close()])
  rmSync(folder, { recursive: true })
})

test('what a command line approves beside a proxy on SQLite is noticed by looking', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tariffcell-recall-'))
  const proxy = await openSide(folder, 'sqlite', 'proxy')
  const workspaceId = await makeWorkspace(proxy, 'one')
  expect(await recalled(proxy, workspaceId, 'shirt')).toBeNull()
  const changes: (string | null)[] = []
  proxy.recall.onChange((id) => changes.push(id))
  const command = await openSide(folder, 'sqlite', 'command')
  await approve(command, workspaceId, entry('shirt'))
  await command.close()
  await proxy.recall.refresh()
  expect(changes).toEqual([workspaceId])
  expect(await recalled(proxy, workspaceId, 'shirt')).toBe('6109100012')
  await proxy.recall.refresh()
  expect(changes).toEqual([workspaceId])
  await proxy.close()
  rmSync(folder, { recursive: true })
})

describe('memory', () => {
  test('that is full lets go of the workspace asked longest ago, which is read again when it asks', async () => {
    const side = await openSide(null, 'sqlite', 'test')
    const [one, two] = [await makeWorkspace(side, 'one'), await makeWorkspace(side, 'two')]
    const recall = createRecall({ approvals: side.approvals, exists: () => true, bytesMax: 320 * 3, log: SILENT })
    await approve(side, one, entry('shirt'))
    await approve(side, two, entry('shirt', '610990'))
    await recall.ready(one)
    await recall.ready(two)
    expect([recall.isReady(one), recall.isReady(two)]).toEqual([false, true])
    await recall.ready(one)
    expect(recall.find(one, about('shirt'))).toMatchObject({ code: '6109100012' })
    await side.close()
  })

  test('whose database is away says so, and is there again when that is back', async () => {
    const side = await openSide(null, 'sqlite', 'test')
    const workspaceId = await makeWorkspace(side, 'one')
    let isAway = true
    const state: Approvals['state'] = (id) =>
      isAway ? Promise.reject(new DatabaseAwayError(new Error('gone'))) : side.approvals.state(id)
    const recall = createRecall({ approvals: { ...side.approvals, state }, exists: () => true, log: SILENT })
    expect(await recall.ready(workspaceId)).toBe(false)
    expect(recall.find(workspaceId, about('shirt'))).toBeUndefined()
    isAway = false
    expect(await recall.ready(workspaceId)).toBe(true)
    await side.close()
  })

  test('that is asked by many at once is read once', async () => {
    const side = await openSide(null, 'sqlite', 'test')
    const workspaceId = await makeWorkspace(side, 'one')
    let reads = 0
    const state: Approvals['state'] = (id) => {
      reads++
      return side.approvals.state(id)
    }
    const recall = createRecall({ approvals: { ...side.approvals, state }, exists: () => true, log: SILENT })
    await Promise.all(Array.from({ length: 20 }, () => recall.ready(workspaceId)))
    expect(reads).toBe(1)
    await side.close()
  })
})

test('an approval is found by exactly the texts that would share a classification key', () => {
  const piece = fc.constantFrom(
    'shirt',
    'Shirt',
    'ｓｈｉｒｔ',
    'T恤',
    ' ',
    '　',
    '\u200b',
    'é',
    'e\u0301',
    '10⁵',
    '105',
    ';',
  )
  const description = fc.array(piece, { minLength: 1, maxLength: 3 }).map((pieces) => `a${pieces.join('')}`)
  const fact = fc.constantFrom('', 'cotton', 'Cotton', 'ｃotton', ' cotton ')
  const asked = fc.record({ description, material: fact, use: fact })
  const read = ({
    description,
    material,
    use,
  }: {
    description: string
    material: string
    use: string
  }): DescriptionAsk => {
    const options = Object.entries({ material, use }).flatMap(([key, value]) =>
      value === '' ? [] : [`${key}=${value}`],
    )
    return parseAsk('HSCODE', [description, 'CA', options.join(';')]) as DescriptionAsk
  }
  const hash = ({ description, options }: DescriptionAsk): string => {
    const { material = '', use = '', gender = '', category = '' } = options
    const facts: Facts = { material, use, gender, category }
    return hashOf(description, facts)
  }
  fc.assert(
    fc.property(asked, asked, (left, right) => {
      const [one, other] = [read(left), read(right)]
      expect(hash(one) === hash(other)).toBe(classificationKey(one, 'p', 'e') === classificationKey(other, 'p', 'e'))
    }),
    { numRuns: 2000 },
  )
})
