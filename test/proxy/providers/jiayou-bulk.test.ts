import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createConnections } from '../../../proxy/providers/connections.ts'
import { jiayou } from '../../../proxy/providers/jiayou/index.ts'
import type { Bulk, Collected, Inquiry, Provider, Reply } from '../../../proxy/providers/provider.ts'
import { withSecondOpinion } from '../../../proxy/providers/second-opinion.ts'
import { DEPLOYMENT } from '../../../proxy/providers/upstream.ts'
import { isFailure } from '../../../shared/error-codes.ts'
import { classification, fakeProvider } from '../../hosts/fake-provider.ts'
import { JIAYOU_KEY, JIAYOU_SECRET } from '../../upstreams/jiayou.ts'
import type { Fault, SimulatedRequest } from '../../upstreams/simulator.ts'
import { classifyInquiry, openJiayouHouse, type JiayouHouse } from './jiayou-house.ts'

const PATIENT = new AbortController().signal
const NONE: ReadonlySet<string> = new Set()

let house: JiayouHouse
let bulk: Bulk
beforeEach(async () => {
  await open()
})
afterEach(() => house.close())

async function open(options: Parameters<typeof openJiayouHouse>[0] = {}): Promise<void> {
  house = await openJiayouHouse({ balance: 1000, ...options })
  bulk = house.connected.provider.bulk!
}

async function reopen(options: Parameters<typeof openJiayouHouse>[0]): Promise<void> {
  await house.close()
  await open(options)
}

function goods(count: number, from = 0): Inquiry[] {
  return Array.from({ length: count }, (_, at) => classifyInquiry(`Goods ${from + at}`))
}

/** Looks until nothing is open. */
async function collectAll(ticket: string, inquiries: readonly Inquiry[]): Promise<Collected> {
  let collected = await bulk.collect(ticket, inquiries, PATIENT)
  await expect
    .poll(async () => {
      collected = await bulk.collect(ticket, inquiries, PATIENT)
      return collected.open
    })
    .toEqual([])
  return collected
}

function codes(replies: ReadonlyMap<string, Reply>): Record<string, string> {
  return Object.fromEntries(
    [...replies].map(([key, reply]) => [
      key,
      isFailure(reply)
        ? reply.failed
        : reply.kind === 'classification'
          ? (reply.candidates[0]?.code ?? '')
          : reply.kind,
    ]),
  )
}

/** Changes the items of every page of tasks. */
function rewriteTasks(rewrite: (items: Record<string, unknown>[], request: SimulatedRequest) => unknown[]): void {
  house.simulator.faultAlways((request) =>
    request.path === '/api/api/tasks'
      ? {
          kind: 'rewrite',
          rewrite(reply) {
            const { tasks } = (reply as { data: { tasks: { items: Record<string, unknown>[] } } }).data
            return { code: 0, data: { tasks: { ...tasks, items: rewrite(tasks.items, request) } } }
          },
        }
      : null,
  )
}

function submits(): SimulatedRequest[] {
  return house.simulator.requests.filter(({ path }) => path === '/api/api/submit')
}

describe('what is submitted', () => {
  test('comes back under the keys it was asked by, as batch-query would have answered it', async () => {
    const inquiries = goods(250)
    const { ticket, tasks, waiting } = await bulk.submit(inquiries, {}, PATIENT)
    expect([tasks, waiting]).toEqual([250, 0])
    const { replies, paused } = await collectAll(ticket, inquiries)
    expect(paused).toEqual([])
    const asked = await house.connected.provider.ask(inquiries, PATIENT)
    expect(replies).toEqual(asked)
    expect(replies.size).toBe(250)
  })

  test('is sent once for each name, and each of its inquiries has the answer', async () => {
    const inquiries = [classifyInquiry('Mug'), classifyInquiry('mug'), classifyInquiry('MUG', { key: 'third' })]
    const { ticket, tasks } = await bulk.submit(inquiries, { callbackUrl: 'https://ours.example/x' }, PATIENT)
    expect(tasks).toBe(1)
    expect(submits()[0]!.json).toEqual({ products: ['Mug'], webhook_url: 'https://ours.example/x' })
    const { replies } = await collectAll(ticket, inquiries)
    expect(new Set(Object.values(codes(replies))).size).toBe(1)
    expect([...replies.keys()]).toEqual(['key of Mug', 'key of mug', 'third'])
    expect(house.simulator.pointsCharged).toBe(1)
  })

  test('is never a name that is empty or too long: those fail, and are not taken', async () => {
    const long = classifyInquiry('m'.repeat(513))
    const empty = classifyInquiry('\u200b')
    const inquiries = [classifyInquiry('Mug'), long, empty]
    expect(inquiries.map((inquiry) => bulk.takes(inquiry))).toEqual([true, false, false])
    expect(bulk.takes(classifyInquiry('Mug', { country: 'CN' }))).toBe(false)
    expect(bulk.takes(classifyInquiry('Mug', { date: '2026-03-01' }))).toBe(false)
    const { ticket } = await bulk.submit(inquiries, {}, PATIENT)
    expect(submits()[0]!.json).toEqual({ products: ['Mug'] })
    const { replies } = await collectAll(ticket, inquiries)
    expect(codes(replies)).toMatchObject({ [long.key]: 'text-too-long', [empty.key]: 'no-words' })
  })

  test('and fails there is no match', async () => {
    house.simulator.failFor('Goods 1')
    const inquiries = goods(3)
    const { ticket } = await bulk.submit(inquiries, {}, PATIENT)
    const { replies } = await collectAll(ticket, inquiries)
    expect(codes(replies)).toMatchObject({ 'key of Goods 1': 'no-match' })
    expect(house.simulator.pointsCharged).toBe(2)
  })

  test('beyond the points of the upstream’s account waits, until somebody recharges it', async () => {
    await reopen({ balance: 2 })
    const inquiries = goods(5)
    const { ticket, waiting } = await bulk.submit(inquiries, {}, PATIENT)
    expect(waiting).toBe(3)
    const before = await collectAll(ticket, inquiries)
    expect([before.replies.size, before.paused.length]).toEqual([2, 3])
    house.simulator.recharge(10)
    const after = await collectAll(ticket, inquiries)
    expect([after.replies.size, after.paused.length, house.simulator.pointsCharged]).toEqual([5, 0, 5])
  })
})

describe('a list of tasks', () => {
  let ticket: string
  const inquiries = goods(150)
  beforeEach(async () => {
    ticket = (await bulk.submit(inquiries, {}, PATIENT)).ticket
    await collectAll(ticket, inquiries)
  })
  const look = (): Promise<Collected> => bulk.collect(ticket, inquiries, PATIENT)

  test('in any order answers by name', async () => {
    const before = codes((await look()).replies)
    rewriteTasks((items) => items.toReversed())
    expect(codes((await look()).replies)).toEqual(before)
  })

  test('whose pages shift while they are read leaves out what it did not show, and never answers for another', async () => {
    const before = codes((await look()).replies)
    // A task that came between the two pages pushes the last of the first onto the second, and the last of all off the end.
    let last: Record<string, unknown> | null = null
    rewriteTasks((items) => {
      const shifted = last ? [last, ...items.slice(0, -1)] : items
      last = items.at(-1) ?? null
      return shifted
    })
    const collected = await look()
    expect(collected.open).toHaveLength(1)
    expect(collected.replies.size).toBe(149)
    for (const [key, code] of Object.entries(codes(collected.replies))) expect(code).toBe(before[key])
    house.simulator.faultAlways(null)
    expect((await look()).open).toEqual([])
  })

  test('with hostile rows fails these and no others', async () => {
    const rows: Record<string, unknown> = { 'Goods 0': 6109100012, 'Goods 1': '=cmd|1', 'Goods 2': '61091000120000' }
    rewriteTasks((items) => [
      null,
      'x',
      { id: 'none' },
      ...items.map((item) => ({ ...item, hscode: rows[String(item.product_name)] ?? item.hscode })),
    ])
    const { replies, open } = await look()
    expect(open).toEqual([])
    const found = codes(replies)
    for (const name of Object.keys(rows)) expect(found[`key of ${name}`]).toBe('upstream-code-broken')
    expect(Object.values(found).filter((code) => /^\d{10}$/.test(code))).toHaveLength(147)
  })

  test('with a status the document does not name keeps that one open', async () => {
    rewriteTasks((items) =>
      items.map((item) => (item.product_name === 'Goods 7' ? { ...item, status: 'archived' } : item)),
    )
    expect((await look()).open).toEqual(['key of Goods 7'])
  })

  test('with two outcomes for one name believes neither', async () => {
    rewriteTasks((items) => [
      ...items,
      ...items
        .filter(({ product_name: name }) => name === 'Goods 3')
        .map((item) => ({ ...item, id: 1, hscode: '0101210000' })),
    ])
    expect(codes((await look()).replies)['key of Goods 3']).toBe('provider-failed')
  })

  test.each<[string, Fault]>([
    ['half of a reply', { kind: 'truncated' }],
    ['a web page', { kind: 'html' }],
    ['a reset', { kind: 'reset' }],
    ['an error', { kind: 'status', status: 500 }],
  ])('that is %s is an error of the look, and the next look is good', async (_, fault) => {
    house.simulator.fault(fault)
    const error = await house.fails(look())
    expect(error.mayHaveBeenDone).toBe(false)
    expect((await look()).replies.size).toBe(150)
  })
})

describe('a submit whose reply was lost', () => {
  const inquiries = goods(30)

  test.each<[string, Fault]>([
    ['a reset', { kind: 'reset-after' }],
    ['silence', { kind: 'timeout-after' }],
    ['half of a reply', { kind: 'truncated' }],
  ])('to %s may have been done, is found by its names, and is paid once', async (_, fault) => {
    const since = Date.now()
    house.simulator.fault(fault)
    const error = await house.fails(
      bulk.submit(inquiries, {}, AbortSignal.timeout(fault.kind === 'timeout-after' ? 300 : 20_000)),
    )
    expect(error.mayHaveBeenDone).toBe(true)
    const found = await bulk.findLost(inquiries, since, NONE, PATIENT)
    expect(found).toEqual({ ticket: house.simulator.tasks[0]!.batch_no, charged: 30 })
    const { replies } = await collectAll(found!.ticket, inquiries)
    expect([replies.size, submits().length, house.simulator.pointsCharged]).toEqual([30, 1, 30])
  })

  test('that never arrived is surely none, whatever else was submitted', async () => {
    const since = Date.now()
    house.simulator.fault({ kind: 'reset' })
    await house.fails(bulk.submit(inquiries, {}, PATIENT))
    await bulk.submit(goods(31), {}, PATIENT)
    expect(await bulk.findLost(inquiries, since, NONE, PATIENT)).toBeNull()
  })

  test('is not another one with the same names, which is known', async () => {
    const since = Date.now()
    const { ticket } = await bulk.submit(inquiries, {}, PATIENT)
    expect(await bulk.findLost(inquiries, since, new Set([ticket]), PATIENT)).toBeNull()
    house.simulator.fault({ kind: 'reset-after' })
    await house.fails(bulk.submit(inquiries, {}, PATIENT))
    const found = await bulk.findLost(inquiries, since, new Set([ticket]), PATIENT)
    expect([found?.ticket, found?.ticket === ticket]).toEqual([house.simulator.tasks[30]!.batch_no, false])
  })

  test('is not sure while a few of its names stand in a batch, or while rows cannot be read', async () => {
    const since = Date.now()
    await bulk.submit(inquiries.slice(0, 2), {}, PATIENT)
    expect((await house.fails(bulk.findLost(inquiries, since, NONE, PATIENT))).failure.failed).toBe('provider-timeout')
    // A server that is at it and has made most of them.
    const { ticket } = await bulk.submit(inquiries.slice(0, 20), {}, PATIENT)
    expect(await bulk.findLost(inquiries, since, NONE, PATIENT)).toEqual({ ticket, charged: 20 })
    rewriteTasks(() => [{ id: 1 }])
    const error = await house.fails(bulk.findLost(inquiries, since, NONE, PATIENT))
    expect(error.mayHaveBeenDone).toBe(true)
  })
})

describe('a connection', () => {
  const connect = async (wrap: (provider: Provider) => Provider = (provider) => provider): Promise<Bulk> => {
    const connections = createConnections({
      upstreams: [jiayou],
      breaker: { pauseMs: 1 },
      readCredentials: async () => [
        {
          workspaceId: DEPLOYMENT,
          upstream: 'jiayou',
          credential: { key: JIAYOU_KEY, secret: JIAYOU_SECRET },
          url: house.simulator.url,
          version: '1',
        },
      ],
      readFallbacks: async () => new Set(),
      wrap,
      onUsage: () => {},
      now: Date.now,
      log: { warn: () => {} },
    })
    await connections.refresh()
    return connections.of('one')[0]!.bulk!
  }

  test.each<[string, Fault, number]>([
    ['a refusal is sent again', { kind: 'status', status: 503 }, 2],
    ['a reset is sent once', { kind: 'reset' }, 1],
    ['a lost reply is sent once', { kind: 'reset-after' }, 1],
    ['an error of the server is sent once', { kind: 'status', status: 500 }, 1],
    ['half of a reply is sent once', { kind: 'truncated' }, 1],
  ])('through its breaker, %s', async (_, fault, times) => {
    const connected = await connect()
    house.simulator.fault(fault)
    await connected.submit(goods(3), {}, PATIENT).catch(() => null)
    expect(submits()).toHaveLength(times)
  })

  test('through its breaker, a look that failed is repeated', async () => {
    const connected = await connect()
    const { ticket } = await connected.submit(goods(3), {}, PATIENT)
    house.simulator.fault({ kind: 'reset' })
    expect((await connected.collect(ticket, goods(3), PATIENT)).paused).toEqual([])
  })

  test('with a second opinion, what is collected is checked exactly as what is asked', async () => {
    await reopen({ answers: { 'Goods 0': '9999999999' } })
    const opinions = fakeProvider({ name: 'embedded' })
    opinions.behave(async (inquiries) => new Map(inquiries.map(({ key }) => [key, classification('610910')])))
    let checked: Provider | null = null
    const connected = await connect((provider) => {
      checked = withSecondOpinion(provider, {
        embedded: opinions,
        book: {
          ...({} as Parameters<typeof withSecondOpinion>[1]['book']),
          find: (_, code) => (code.startsWith('99') ? null : ({} as never)),
          edition: () => ({ edition: 'T' }) as never,
          declarableUnder: () => ['a'],
        },
        labels: { label: () => null },
        now: Date.now,
      })
      return checked
    })
    const inquiries = goods(3)
    const { ticket } = await connected.submit(inquiries, {}, PATIENT)
    await collectAll(ticket, inquiries)
    opinions.calls.length = 0
    const { replies } = await connected.collect(ticket, inquiries, PATIENT)
    expect(codes(replies)['key of Goods 0']).toBe('upstream-code-unknown')
    expect(replies.get('key of Goods 1')).toMatchObject({ second: { provider: 'embedded' }, lines: { count: 1 } })
    expect(replies).toEqual(await checked!.ask(inquiries, PATIENT))
    // Of what is still worked on the house is not asked: it will be looked at again.
    const none = await connected.collect('BAT0', inquiries, PATIENT)
    expect([none.open.length, opinions.calls.length]).toEqual([3, 2])
  })
})
