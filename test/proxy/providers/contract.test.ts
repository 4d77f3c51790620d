/** One contract for everybody who answers: each upstream over its simulator, and the provider in the house. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { EMBEDDED_NAME, functionOf, countryOf, ProviderError } from '../../../proxy/providers/provider.ts'
import type { Inquiry, Provider, Reply } from '../../../proxy/providers/provider.ts'
import { withSecondOpinion } from '../../../proxy/providers/second-opinion.ts'
import type { ConnectedUpstream } from '../../../proxy/providers/upstream.ts'
import { UPSTREAMS } from '../../../proxy/providers/upstreams.ts'
import { FAILURES, isFailure } from '../../../shared/error-codes.ts'
import type { Cell } from '../../../shared/protocol.ts'
import { openUpstreamHouse, type UpstreamHouse } from '../../hosts/upstream-house.ts'
import { CALL_FAULTS, everythingIn, recordingConnection } from '../../upstreams/call-faults.ts'
import type { Fault, Simulator } from '../../upstreams/simulator.ts'
import { CASES, cell, classify, NOW } from './contract-cases.ts'
import { codesIn, expectFits } from './fits-a-cell.ts'
import { hasNeighbours, HOSTILE_LEAVES, leavesOf, replaceLeaf } from './hostile-replies.ts'

const run = promisify(execFile)

const LEAVES_MAX = 150
const NINES = '9'.repeat(13)

let house: UpstreamHouse
let embedded: Provider
beforeAll(async () => {
  house = await openUpstreamHouse()
  const { registry } = house.house.answer
  const routed = registry.route(house.askers[0].workspaceId, classify('mug', 'CA'), EMBEDDED_NAME)
  if (isFailure(routed)) throw new Error('no embedded provider')
  embedded = routed[0]
})
afterAll(() => house.close())

const EMBEDDED_GOOD: Inquiry[] = [
  classify('cotton t-shirt', 'CA'),
  classify('ceramic mug', 'US'),
  classify('wooden chair', 'FR'),
  classify('cotton t-shirt', 'CA', { date: '2026-02-01' }),
  ...['HSDESC', 'HSPATH', 'HSRATE', 'HSRATETEXT', 'HSRATES', 'HSUNIT', 'HSCHECK', 'HSFIX'].map((fn) =>
    cell(fn, '6109100012', 'CA'),
  ),
  cell('HSCHILDREN', '610910', 'US'),
  cell('HSRATE', '610910010', 'JP', 'VN'),
  cell('HSRATES', '6109100000', 'CN'),
  cell('HSSEARCH', 'cotton t-shirt', 'CA'),
  cell('HSSEARCH', 'bicycle', 'US'),
]
const EMBEDDED_FOREIGN = [cell('HSTRADE', '610910'), cell('HSPORT', 'Shanghai'), cell('HSEXAMPLES', 'bicycle')]

const patient = (): AbortSignal => AbortSignal.timeout(10_000)
const callsOf = (provider: Provider, inquiries: readonly Inquiry[]): Inquiry[][] =>
  provider.inquiriesPerCallMax > 1 ? [[...inquiries]] : inquiries.map((inquiry) => [inquiry])

/** What holds of a provider, whatever stands behind it. */
function keepsTheContract(
  open: () => Promise<{ provider: Provider; good: readonly Inquiry[]; foreign: readonly Inquiry[] }>,
): void {
  test('its limits are sane', async () => {
    const { provider } = await open()
    expect(provider.name).toMatch(/^[a-z]{2,20}$/)
    expect(provider.inquiriesPerCallMax).toSatisfy((max: number) => Number.isInteger(max) && max >= 1 && max <= 500)
    expect(provider.callsInFlightMax).toSatisfy((max: number) => Number.isInteger(max) && max >= 1 && max <= 50)
    expect(provider.timeoutMs).toSatisfy((ms: number) => ms >= 1000 && ms <= 60_000)
    expect(provider.gatherWindowMs).toSatisfy((ms: number) => ms >= 0 && ms <= 100)
  })

  test('it answers what it says it answers, under the keys it was asked by and no others, in any order', async () => {
    const { provider, good } = await open()
    for (const inquiries of callsOf(provider, good)) {
      const replies = await provider.ask(inquiries, patient())
      expect([...replies.keys()].sort()).toEqual(inquiries.map(({ key }) => key).sort())
      for (const inquiry of inquiries) {
        expect(provider.answers(inquiry), inquiry.key).toBe(true)
        const reply = replies.get(inquiry.key)!
        expect(isFailure(reply) ? `${inquiry.key}: ${reply.failed}` : '').toBe('')
        expectFits(inquiry, reply)
      }
      const reversed = await provider.ask(inquiries.toReversed(), patient())
      for (const { key } of inquiries) expect(reversed.get(key)).toEqual(replies.get(key))
    }
  })

  test('the same inquiry twice in one call is answered twice, and alike', async () => {
    const { provider, good } = await open()
    for (const inquiry of good) {
      const replies = await provider.ask([inquiry, { ...inquiry, key: 'again' }], patient())
      expect([...replies.keys()].sort()).toEqual([inquiry.key, 'again'].sort())
      expect(replies.get('again')).toEqual(replies.get(inquiry.key))
    }
  })

  test('it answers nothing else', async () => {
    const { provider, foreign } = await open()
    for (const inquiry of foreign) expect(provider.answers(inquiry), inquiry.key).toBe(false)
  })
}

describe(EMBEDDED_NAME, () => {
  keepsTheContract(async () => ({ provider: embedded, good: EMBEDDED_GOOD, foreign: EMBEDDED_FOREIGN }))

  test('its edition is the same whenever it is asked', () => {
    for (const inquiry of EMBEDDED_GOOD) expect(embedded.edition(inquiry)).toBe(embedded.edition(inquiry))
  })
})

test('a process that asked every upstream and closed it ends by itself', async () => {
  const program = fileURLToPath(new URL('ask-and-close.ts', import.meta.url))
  const { stdout } = await run(process.execPath, ['--import', 'tsx', program], { timeout: 50_000 })
  expect(stdout.trim().split('\n').sort()).toEqual(UPSTREAMS.map(({ name }) => `${name} 1`).sort())
}, 60_000)

test('every upstream there is has its case', () => {
  expect(UPSTREAMS.map(({ name }) => name).sort()).toEqual(Object.keys(CASES).sort())
})

describe.each(UPSTREAMS.map(({ name }) => [name, CASES[name]] as const))('%s', (name, one) => {
  let simulator: Simulator
  let connection: ReturnType<typeof recordingConnection>
  let connected: ConnectedUpstream
  let good: Inquiry[]
  beforeAll(async () => {
    simulator = await one.start()
    good = await one.good(simulator)
    const { credential } = one
    connection = recordingConnection({ credential, baseUrl: simulator.url, now: () => NOW })
    connected = one.upstream.connect(connection)
  })
  afterEach(() => simulator.faultAlways(null))
  afterAll(async () => {
    await connected.close()
    await simulator.close()
  })

  keepsTheContract(async () => ({ provider: connected.provider, good, foreign: one.foreign }))

  /** Replies of one call, or the error it ended with; nothing else may come out of a provider. */
  async function outcome(
    inquiries: readonly Inquiry[],
    provider = connected.provider,
    signal = patient(),
  ): Promise<Map<string, Reply> | ProviderError> {
    try {
      return await provider.ask(inquiries, signal)
    } catch (error) {
      expect(error).toBeInstanceOf(ProviderError)
      const thrown = error as ProviderError
      expect(thrown.provider).toBe(name)
      expectFits(inquiries[0]!, thrown.failure)
      return thrown
    }
  }

  function expectNoSecret(...said: unknown[]): void {
    const everything = everythingIn([...said, connection.usage, connection.logged])
    for (const secret of Object.values(one.credential)) expect(everything).not.toContain(secret)
  }

  test('what could be asked of it is what it answers', () => {
    for (const inquiry of [...good, ...one.foreign]) {
      const undated = 'ask' in inquiry || inquiry.date === null
      if (!undated) continue
      const asked = { kind: inquiry.kind, fn: functionOf(inquiry), country: countryOf(inquiry) }
      expect(one.upstream.couldAnswer(asked), inquiry.key).toBe(connected.provider.answers(inquiry))
    }
  })

  test('its edition is one for a month, another in the next, and holds no secret', async () => {
    const editionAt = async (time: number): Promise<string[]> => {
      const other = one.upstream.connect({ ...connection, now: () => time })
      const editions = good.map((inquiry) => other.provider.edition(inquiry))
      await other.close()
      return editions
    }
    const november = await editionAt(Date.UTC(2026, 10, 1))
    expect(await editionAt(Date.UTC(2026, 10, 30, 23, 59, 59))).toEqual(november)
    for (const [at, edition] of (await editionAt(Date.UTC(2026, 11, 1))).entries()) {
      expect(edition).not.toBe(november[at])
    }
    expectNoSecret(november)
  })

  test('each field of its credential takes what is right and refuses an empty text', () => {
    expect(one.upstream.credentialFields.map((field) => field.name)).toEqual(Object.keys(one.credential))
    for (const { name: field, pattern, expected } of one.upstream.credentialFields) {
      expect(one.credential[field]).toMatch(pattern)
      for (const wrong of ['', ' ', '\n', `${one.credential[field]}\n`]) expect(wrong).not.toMatch(pattern)
      expect(expected).not.toBe('')
    }
  })

  test('it has a test of its credential, which tells it to nobody', async () => {
    expectNoSecret(await connected.test(patient()))
    const wrong = { ...connection, credential: { ...one.credential, key: `sk_${'f'.repeat(32)}`, secret: 'wrong' } }
    const other = one.upstream.connect(wrong)
    await expect(other.test(patient())).rejects.toMatchObject({ failure: { failed: 'upstream-key-refused' } })
    await other.close()
  })

  const FAULTS: readonly { title: string; fault: Fault; patienceMs?: number }[] = [
    ...CALL_FAULTS,
    { title: 'no reply after the deed', fault: { kind: 'timeout-after' }, patienceMs: 100 },
    { title: 'a web page', fault: { kind: 'html' } },
    { title: 'a redirect', fault: { kind: 'redirect', location: 'http://127.0.0.1:9/' } },
    { title: 'a busy server', fault: { kind: 'status', status: 503, retryAfter: 'Wed, 21 Oct 2026 07:28:00 GMT' } },
  ]
  test.each(FAULTS)('$title ends the call with a failure that names it', async ({ fault, patienceMs = 8000 }) => {
    simulator.faultAlways(fault)
    // One of each kind: the others go the same way.
    const kinds = new Map(good.map((inquiry) => [functionOf(inquiry), inquiry]))
    for (const inquiries of callsOf(connected.provider, [...kinds.values()])) {
      const ended = await outcome(inquiries, connected.provider, AbortSignal.timeout(patienceMs))
      const failures = ended instanceof ProviderError ? [ended.failure] : [...ended.values()]
      for (const failed of failures) {
        if (!isFailure(failed)) throw new Error(`an answer under ${fault.kind}: ${JSON.stringify(failed)}`)
        expect(Object.keys(FAILURES)).toContain(failed.failed)
        if (failed.failed !== 'form-unknown') expect(failed.details).toMatchObject({ provider: name })
      }
      expectNoSecret(ended)
    }
    expectUsable(connection.usage)
  })

  test('a refusal that repeats the credential is not repeated', async () => {
    for (const secret of Object.values(one.credential)) {
      for (const status of [200, 201, 400, 401, 403, 404, 422, 429, 500]) {
        for (const body of refusalsWith(secret)) {
          simulator.fault({ kind: 'status', status, body })
          expectNoSecret(await outcome([good[0]!]))
          simulator.faultAlways(null)
        }
      }
    }
  })

  test('no leaf of a reply can do harm, and a broken item leaves its neighbours alone', async () => {
    const { provider } = connected
    let raw: Map<string, Reply> | null = null
    // What a cell gets to see; `raw` is what the upstream's own adapter made of the reply.
    const checked = withSecondOpinion(
      {
        ...provider,
        async ask(inquiries, signal) {
          raw = null
          return (raw = await provider.ask(inquiries, signal))
        },
      },
      { embedded, book: house.house.book, labels: house.house.answer.labels, now: () => NOW },
    )
    const calls = callsOf(provider, good)
    let count = 0
    for (const inquiries of calls) {
      const { reply, replies } = await goodReply(inquiries)
      for (const path of leavesOf(reply, Math.floor(LEAVES_MAX / calls.length))) {
        for (const hostile of HOSTILE_LEAVES) {
          simulator.fault({ kind: 'status', status: one.status, body: replaceLeaf(reply, path, hostile) })
          const ended = await outcome(inquiries, checked)
          const where = `${inquiries[0]!.key}: ${path.join('.')} is ${hostile.slice(0, 40)}`
          try {
            expectHarmless(inquiries, ended)
            if (raw !== null) for (const inquiry of inquiries) expectFitsIfThere(inquiry, raw)
            if (hasNeighbours(reply, path)) expectNeighbours(replies, raw)
          } catch (error) {
            throw new Error(where, { cause: error })
          }
          count++
        }
      }
    }
    expect(count).toBeGreaterThan(0)
    expectUsable(connection.usage)
    expectNoSecret()
  }, 120_000)

  async function goodReply(inquiries: readonly Inquiry[]): Promise<{ reply: unknown; replies: Map<string, Reply> }> {
    let reply: unknown
    simulator.fault({ kind: 'rewrite', rewrite: (sent) => (reply = sent) })
    const replies = await connected.provider.ask(inquiries, patient())
    return { reply, replies }
  }

  test('once closed it answers nothing more', async () => {
    const other = one.upstream.connect(connection)
    await other.provider.ask(callsOf(other.provider, good)[0]!, patient())
    await other.close()
    await expect(other.provider.ask([good[0]!], patient())).rejects.toBeInstanceOf(ProviderError)
  })
})

function expectUsable(usage: readonly object[]): void {
  for (const figure of usage.flatMap((used) => Object.values(used) as (number | null)[])) {
    expect(figure === null || (Number.isFinite(figure) && figure >= 0), `${figure} used`).toBe(true)
  }
}

function refusalsWith(secret: string): string[] {
  return [
    { ok: false, error: secret, message: secret },
    { code: -1, message: secret, data: [secret] },
    { error: secret },
    { error: 1, message: secret, products: [] },
    { error: { code: secret, message: secret } },
    { success: false, data: null, error: secret },
    { success: false, data: null, error: { code: secret, message: secret } },
    { reason: secret, result: null, error_code: 10_001 },
    { reason: secret, result: secret, error_code: 254_701 },
    { [secret]: secret },
    secret,
  ]
    .map((body) => JSON.stringify(body))
    .concat(secret)
}

function expectFitsIfThere(inquiry: Inquiry, replies: Map<string, Reply>): void {
  const reply = replies.get(inquiry.key)
  if (reply !== undefined) expectFits(inquiry, reply)
}

function expectHarmless(inquiries: readonly Inquiry[], ended: Map<string, Reply> | ProviderError): void {
  if (ended instanceof ProviderError) return
  for (const inquiry of inquiries) {
    expectFitsIfThere(inquiry, ended)
    const reply = ended.get(inquiry.key)
    // Of a code beside a substance only its form is known here; the second opinion looks it up in the tariff.
    if (reply === undefined || functionOf(inquiry) === 'HSHAZARD') continue
    expect(codesIn(inquiry, reply)).not.toContain(NINES)
  }
}

/** At most one of the replies, and at most one row or candidate within a reply, is another than it was. */
function expectNeighbours(before: Map<string, Reply>, after: Map<string, Reply> | null): void {
  if (after === null) throw new Error('the call failed as a whole')
  const changed = [...before].filter(([key, reply]) => JSON.stringify(after.get(key)) !== JSON.stringify(reply))
  expect(changed.length).toBeLessThanOrEqual(1)
  for (const [key, reply] of before.size > 1 ? [] : changed) {
    const kept = new Set(partsOf(after.get(key)))
    expect(partsOf(reply).filter((part) => !kept.has(part)).length).toBeLessThanOrEqual(1)
  }
}

/** Rows or candidates as text; the row of "other" countries sums up what is not listed, so it changes with any of them. */
function partsOf(reply: Reply | undefined): string[] {
  if (reply === undefined || isFailure(reply)) return []
  if (reply.kind === 'value') return [JSON.stringify(reply.value)]
  if (reply.kind === 'classification') return reply.candidates.map((candidate) => JSON.stringify(candidate))
  return reply.table.filter(([first]: Cell[]) => first !== 'other').map((row) => JSON.stringify(row))
}
