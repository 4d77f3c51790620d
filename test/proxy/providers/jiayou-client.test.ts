import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { isFailure } from '../../../shared/error-codes.ts'
import type { Task } from '../../../proxy/providers/jiayou/to-answer.ts'
import type { SimulatedRequest } from '../../upstreams/simulator.ts'
import { fixture, openJiayouHouse, type JiayouHouse } from './jiayou-house.ts'

const BATCH = 'BAT20240422123456001'
// Faults and pages are what is tested: whoever waits here waits in vain, and is stopped by the test's own limit.
const PATIENT = new AbortController().signal
const EVERY_MS = 10

let house: JiayouHouse
beforeEach(async () => {
  house = await openJiayouHouse({ balance: 1000 })
})
afterEach(() => house.close())

function names(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `Goods ${at}`)
}

async function listed(batchNo: string): Promise<Task[]> {
  const tasks: Task[] = []
  for await (const task of house.client.tasksOfBatch(batchNo)) tasks.push(task)
  return tasks
}

/** Changes the items of every page of tasks. */
function rewriteTasks(rewrite: (tasks: { items: unknown[] }, request: SimulatedRequest) => object): void {
  house.simulator.faultAlways((request) =>
    request.path === '/api/api/tasks'
      ? {
          kind: 'rewrite',
          rewrite(reply) {
            const { tasks } = (reply as { data: { tasks: { items: unknown[] } } }).data
            return { code: 0, data: { tasks: { ...tasks, ...rewrite(tasks, request) } } }
          },
        }
      : null,
  )
}

describe('submit', () => {
  test('the documented reply is read as documented', async () => {
    house.simulator.fault({ kind: 'rewrite', rewrite: () => fixture('submit') })
    expect(await house.client.submit(['Mug'])).toEqual({
      batchNo: BATCH,
      taskIds: [101, 102, 103],
      pausedIds: [],
      balance: 47,
    })
    expect(house.usages).toEqual([{ items: 1, charged: 3, balance: 47 }])
  })

  test('names go as they are, the same one twice is two tasks and two points', async () => {
    const { taskIds } = await house.client.submit(['Mug', 'Mug'], 'https://hooks.example.com/jiayou')
    expect(taskIds).toHaveLength(2)
    expect(house.simulator.requests[0]!.json).toEqual({
      products: ['Mug', 'Mug'],
      webhook_url: 'https://hooks.example.com/jiayou',
    })
    expect(house.simulator.pointsCharged).toBe(2)
  })

  test('names beyond the balance are told apart as paused', async () => {
    const poor = await openJiayouHouse({ balance: 2 })
    const made = await poor.client.submit(names(5))
    expect([made.taskIds.length, made.pausedIds.length, made.balance]).toEqual([2, 3, 0])
    await poor.close()
  })

  test('paused ids are never among the task ids, wherever the reply lists them', async () => {
    house.simulator.fault({
      kind: 'rewrite',
      rewrite: () => ({ code: 0, data: { batch_no: BATCH, task_ids: [1, 2, 3], paused_ids: [3] } }),
    })
    expect(await house.client.submit(['Mug'])).toEqual({
      batchNo: BATCH,
      taskIds: [1, 2],
      pausedIds: [3],
      balance: null,
    })
  })

  test.each(['reset-after', 'timeout-after', 'truncated'] as const)(
    'after %s it is sent once, and its error says that it may have been done',
    async (kind) => {
      house.simulator.fault({ kind })
      const signal = kind === 'timeout-after' ? AbortSignal.timeout(500) : PATIENT
      const error = await house.fails(house.client.submit(['Mug'], undefined, signal))
      expect(error.mayHaveBeenDone).toBe(true)
      expect(house.simulator.requests).toHaveLength(1)
      expect(house.simulator.tasks).toHaveLength(1)
    },
  )

  test('what the document refuses is never sent', async () => {
    await expect(house.client.submit([])).rejects.toThrow('1 to 500 names')
    await expect(house.client.submit(names(501))).rejects.toThrow('1 to 500 names')
    await expect(house.client.submit(['Mug', ' '])).rejects.toThrow('1 to 512 characters')
    await expect(house.client.batchQuery(['m'.repeat(513)])).rejects.toThrow('1 to 512 characters')
    await expect(house.client.tasks({ limit: 101 })).rejects.toThrow('100 tasks a page')
    expect(house.simulator.requests).toHaveLength(0)
  })
})

describe('the tasks of a batch', () => {
  test('the documented page is read as documented', async () => {
    house.simulator.fault({ kind: 'rewrite', rewrite: () => fixture('tasks') })
    const page = await house.client.tasks()
    expect([page.total, page.pages, page.unreadable]).toEqual([150, 8, 0])
    expect(page.tasks).toEqual([
      {
        id: 101,
        batchNo: BATCH,
        productName: 'Fresh Atlantic Salmon',
        nameKey: 'fresh atlantic salmon',
        status: 'success',
        reply: expect.objectContaining({ candidates: [{ code: '0302110000', score: null }] }) as unknown,
        pointsCharged: 1,
        createdAt: '2024-04-22 12:34:56',
        finishedAt: '2024-04-22 12:35:01',
      },
    ])
  })

  test('500 rows are five pages, each row once', async () => {
    const { batchNo, taskIds } = await house.client.submit(names(500))
    await house.client.submit(names(3))
    const tasks = await listed(batchNo)
    expect(tasks.map(({ id }) => id).sort((a, b) => a - b)).toEqual(taskIds)
    const pages = house.simulator.requests.filter(({ path }) => path === '/api/api/tasks')
    expect(pages.map(({ query }) => `${query.get('page')} of ${query.get('limit')}`)).toEqual(
      [1, 2, 3, 4, 5].map((page) => `${page} of 100`),
    )
  })

  test('filters go as documented', async () => {
    await house.client.tasks({ batchNo: BATCH, status: 'failed', page: 2, limit: 50 })
    expect(house.simulator.requests[0]!.query.toString()).toBe(`page=2&limit=50&batch_no=${BATCH}&status=failed`)
  })

  test('a list that ignores the filter mixes in nobody else', async () => {
    const { batchNo } = await house.client.submit(names(2))
    const other = await house.client.submit(names(3))
    house.simulator.faultAlways((request) => {
      request.query.delete('batch_no')
      return null
    })
    expect(await listed(batchNo)).toHaveLength(2)
    expect(await listed(other.batchNo)).toHaveLength(3)
  })

  test('a list without end is given up', async () => {
    const { batchNo } = await house.client.submit(names(2))
    rewriteTasks(() => ({ pages: 1_000_000 }))
    const error = await house.fails(listed(batchNo))
    expect(error.failure.failed).toBe('upstream-unreadable')
    expect(house.simulator.requests.length).toBeLessThan(20)
  })

  test('an item that cannot be read is counted and hides no other', async () => {
    const { batchNo } = await house.client.submit(names(3))
    rewriteTasks(({ items: [first, ...rest] }) => ({ items: [{ ...(first as object), id: 'x' }, null, ...rest] }))
    const batch = await house.client.awaitBatch(batchNo, { signal: PATIENT, everyMs: EVERY_MS })
    expect([batch.finished.length, batch.unreadable]).toEqual([2, 2])
  })
})

describe('waiting for a batch', () => {
  test('it ends when everything has its answer; failed ones are paid back and have none', async () => {
    house.simulator.failFor('Goods 1')
    const { batchNo } = await house.client.submit(names(3))
    const { finished, paused } = await house.client.awaitBatch(batchNo, { signal: PATIENT, everyMs: EVERY_MS })
    const byName = new Map(finished.map((task) => [task.nameKey, task]))
    expect(paused).toEqual([])
    expect(byName.get('goods 0')).toMatchObject({ status: 'success', pointsCharged: 1 })
    expect(byName.get('goods 1')).toMatchObject({ status: 'failed', pointsCharged: 0, reply: { failed: 'no-match' } })
    expect([house.simulator.pointsCharged, house.simulator.balance]).toEqual([2, 998])
  })

  test('paused tasks are never waited for, until a recharge lets them go on', async () => {
    const poor = await openJiayouHouse({ balance: 2 })
    const { batchNo, pausedIds } = await poor.client.submit(names(5))
    const wait = { signal: PATIENT, everyMs: EVERY_MS }
    const before = await poor.client.awaitBatch(batchNo, wait)
    expect([before.finished.length, before.paused.length]).toEqual([2, 3])
    expect(before.paused.sort((a, b) => a - b)).toEqual(pausedIds)
    poor.simulator.recharge(10)
    const after = await poor.client.awaitBatch(batchNo, wait)
    expect([after.finished.length, after.paused.length, poor.simulator.balance]).toEqual([5, 0, 7])
    await poor.close()
  })

  test('a status the document does not name is not waited for either', async () => {
    const { batchNo, taskIds } = await house.client.submit(names(1))
    rewriteTasks(({ items }) => ({ items: items.map((item) => ({ ...(item as object), status: 'archived' })) }))
    const batch = await house.client.awaitBatch(batchNo, { signal: PATIENT, everyMs: EVERY_MS })
    expect([batch.finished, batch.unknown]).toEqual([[], taskIds])
  })

  test('a hostile code of one task leaves the others their answers', async () => {
    const { batchNo } = await house.client.submit(names(2))
    rewriteTasks(({ items }) => ({
      items: items.map((item) => ({
        ...(item as object),
        ...((item as { product_name: string }).product_name === 'Goods 0' ? { hscode: 6109100012 } : {}),
      })),
    }))
    const { finished } = await house.client.awaitBatch(batchNo, { signal: PATIENT, everyMs: EVERY_MS })
    const kinds = finished.map(({ reply }) => (isFailure(reply) ? reply.failed : reply?.kind))
    expect(kinds.sort((a, b) => String(a).localeCompare(String(b)))).toEqual(['classification', 'upstream-code-broken'])
  })

  test('a look that fails is repeated', async () => {
    const { batchNo } = await house.client.submit(names(1))
    house.simulator.fault({ kind: 'status', status: 500 }, 2)
    house.simulator.fault({ kind: 'reset' })
    house.simulator.fault({ kind: 'html' })
    const { finished } = await house.client.awaitBatch(batchNo, { signal: PATIENT, everyMs: EVERY_MS })
    expect(finished).toHaveLength(1)
  })

  test('five looks that fail in a row end it, and a refused key ends it at once', async () => {
    house.simulator.faultAlways({ kind: 'status', status: 500 })
    const error = await house.fails(house.client.awaitBatch(BATCH, { signal: PATIENT, everyMs: 1 }))
    expect([error.failure.failed, house.simulator.requests.length]).toEqual(['provider-busy', 5])
    house.simulator.faultAlways({ kind: 'status', status: 401 })
    const refused = await house.fails(house.client.awaitBatch(BATCH, { signal: PATIENT, everyMs: 1 }))
    expect([refused.failure.failed, house.simulator.requests.length]).toEqual(['upstream-key-refused', 6])
  })

  test('its signal ends it, in a pause or in a call', async () => {
    const slow = await openJiayouHouse({ workerMs: 1_000_000 })
    const { batchNo } = await slow.client.submit(names(1))
    const paused = slow.client.awaitBatch(batchNo, { signal: AbortSignal.timeout(50), everyMs: 1_000_000 })
    expect((await slow.fails(paused)).failure.failed).toBe('provider-timeout')
    slow.simulator.faultAlways({ kind: 'timeout' })
    const calling = slow.client.awaitBatch(batchNo, { signal: AbortSignal.timeout(50), everyMs: EVERY_MS })
    expect((await slow.fails(calling)).failure.failed).toBe('provider-timeout')
    await slow.close()
  })
})

describe('a submit whose reply was lost', () => {
  const lose = async (products: string[]): Promise<number> => {
    const since = Date.now()
    house.simulator.fault({ kind: 'reset-after' })
    await house.fails(house.client.submit(products))
    return since
  }

  test.each([-12, 0, 8, 14])('is found by its names where the clock stands at UTC%i', async (utcOffsetHours) => {
    await house.close()
    house = await openJiayouHouse({ utcOffsetHours, balance: 1000 })
    await house.client.submit(['Something else'])
    const since = await lose(['Mug', 'mug', 'Cotton T-shirts'])
    await house.client.submit(['Jug'])
    const { batches, unreadable } = await house.client.findLostSubmit(['Mug', 'mug', 'Cotton T-shirts'], since)
    expect(unreadable).toBe(0)
    expect(batches).toEqual([
      {
        batchNo: house.simulator.tasks[1]!.batch_no,
        taskIds: expect.any(Array) as unknown,
        pausedIds: [],
        missing: [],
      },
    ])
    expect(batches[0]!.taskIds.sort((a, b) => a - b)).toEqual(house.simulator.tasks.slice(1, 4).map(({ id }) => id))
  })

  test('is not found when it never arrived', async () => {
    const since = Date.now()
    house.simulator.fault({ kind: 'reset' })
    await house.fails(house.client.submit(['Mug']))
    await house.client.submit(['Jug'])
    expect(await house.client.findLostSubmit(['Mug'], since)).toEqual({ batches: [], unreadable: 0 })
    // Same names, more of them: somebody else's batch.
    await house.client.submit(['Mug', 'Jug'])
    expect((await house.client.findLostSubmit(['Mug'], since)).batches).toEqual([])
  })

  test('tells which of its tasks wait for points, and which names have none', async () => {
    const poor = await openJiayouHouse({ balance: 1 })
    const since = Date.now()
    await poor.client.submit(['Mug', 'Jug'])
    const { batches } = await poor.client.findLostSubmit(['Mug', 'Jug', 'Cup', 'Cup'], since)
    expect(batches).toEqual([
      expect.objectContaining({ pausedIds: [poor.simulator.tasks[1]!.id], missing: ['Cup', 'Cup'] }),
    ])
    await poor.close()
  })

  test('is told from the known batches with the same names', async () => {
    const { batchNo } = await house.client.submit(['Mug'])
    const since = await lose(['Mug'])
    const both = await house.client.findLostSubmit(['Mug'], since)
    expect(both.batches.map((batch) => batch.batchNo)).toEqual([house.simulator.tasks[1]!.batch_no, batchNo])
    const { batches } = await house.client.findLostSubmit(['Mug'], since, { known: new Set([batchNo]) })
    expect(batches.map((batch) => batch.batchNo)).toEqual([house.simulator.tasks[1]!.batch_no])
  })

  test.each(['newest-first', 'oldest-first'] as const)('is found in a long list that is %s', async (tasksOrder) => {
    await house.close()
    house = await openJiayouHouse({ tasksOrder, balance: 2000 })
    for (let at = 0; at < 3; at++) await house.client.submit(names(450))
    // What was there before is two days old.
    for (const task of house.simulator.tasks) {
      task.created_at = new Date(Date.now() - 48 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ')
    }
    const since = await lose(['Mug'])
    const before = house.simulator.requests.length
    expect((await house.client.findLostSubmit(['Mug'], since)).batches).toHaveLength(1)
    // Not all 14 pages: the first, and back from the newest until they are old.
    expect(house.simulator.requests.length - before).toBeLessThanOrEqual(3)
  })

  test('"none" is not said when the list is too long to be read, nor without a word when items cannot be read', async () => {
    const { batchNo } = await house.client.submit(['Jug'])
    const since = Date.now()
    rewriteTasks(({ items }) => ({ items: [{ id: 1 }, ...items] }))
    expect((await house.client.findLostSubmit(['Mug'], since)).unreadable).toBe(1)
    rewriteTasks(() => ({ pages: 1_000_000 }))
    const error = await house.fails(house.client.findLostSubmit(['Mug'], since))
    expect(error.failure.failed).toBe('upstream-unreadable')
    expect(batchNo).toMatch(/^BAT/)
  })
})
