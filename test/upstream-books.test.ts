/**
 * Money under faults: 200 seeded runs of random batches while jiayou fails in every way its simulator knows. After each run nobody has
 * lost a point or got an answer for nothing, and the two books agree: ours, and the one the simulator keeps for itself.
 */
import { afterEach, describe, expect, test } from 'vitest'
import { createUsage, type UpstreamUsage } from '../proxy/credentials/usage.ts'
import { openUpstreamHouse, type UpstreamHouse } from './hosts/upstream-house.ts'
import { question } from './hosts/test-house.ts'
import { JIAYOU_KEY, JIAYOU_SECRET, startJiayouSimulator, type JiayouSimulator } from './upstreams/jiayou.ts'
import type { Fault } from './upstreams/simulator.ts'

const RUNS = 100
const NAMES_A_RUN = 24

let jiayou: JiayouSimulator
let house: UpstreamHouse
let usage: UpstreamUsage

afterEach(async () => {
  await house.close()
  await jiayou.close()
})

async function open(options: { chargesCacheHits: boolean }): Promise<void> {
  jiayou = await startJiayouSimulator({ balance: 1_000_000, ...options })
  // A breaker that never opens: here every call is to meet its fault.
  house = await openUpstreamHouse({ points: 100_000, breaker: { failuresInARow: 1_000_000, pauseMs: 0 } })
  await house.connect('jiayou', { key: JIAYOU_KEY, secret: JIAYOU_SECRET }, jiayou.url)
  usage = createUsage({ database: house.house.database, now: house.clock.now, newId: () => 'unused' })
}

/** Numbers from a seed, the same in every run of the tests (mulberry32). */
function dice(seed: number): (sides: number) => number {
  let state = seed
  return (sides) => {
    state = (state + 0x6d2b79f5) | 0
    let bits = Math.imul(state ^ (state >>> 15), 1 | state)
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits
    return ((bits ^ (bits >>> 14)) >>> 0) % sides
  }
}

const FAULTS: readonly Fault[] = [
  { kind: 'status', status: 401 },
  { kind: 'status', status: 429 },
  { kind: 'status', status: 500 },
  { kind: 'status', status: 503, retryAfter: '0' },
  { kind: 'reset' },
  { kind: 'reset-after' },
  { kind: 'truncated' },
  { kind: 'html' },
  { kind: 'rewrite', rewrite: (reply) => changeResults(reply, (rows) => rows.toReversed()) },
  { kind: 'rewrite', rewrite: (reply) => changeResults(reply, (rows) => rows.slice(1)) },
  { kind: 'rewrite', rewrite: (reply) => changeResults(reply, (rows) => [...rows, ...rows]) },
  {
    kind: 'rewrite',
    rewrite: (reply) => changeResults(reply, (rows) => rows.map((row) => ({ ...row, hscode: '=1+1' }))),
  },
]

type Rows = Record<string, unknown>[]

function changeResults(reply: unknown, change: (rows: Rows) => Rows): unknown {
  const { data, ...rest } = reply as { data: { results: Rows } }
  return { ...rest, data: { ...data, results: change(data.results) } }
}

/** Asks random batches at once while calls fail, and then everything once more while none does. @returns the texts asked. */
async function run(seed: number): Promise<Set<string>> {
  const roll = dice(seed)
  const texts = new Set<string>()
  const batches = Array.from({ length: 1 + roll(3) }, () =>
    Array.from({ length: 1 + roll(NAMES_A_RUN) }, () => {
      const text = `brass fitting ${seed} number ${roll(NAMES_A_RUN)}`
      texts.add(text)
      return text
    }),
  )
  jiayou.faultAlways(() => (roll(3) === 0 ? null : FAULTS[roll(FAULTS.length)]!))
  for (let round = 0; round < 2; round++) {
    await Promise.all(
      batches.map(async (batch) => {
        const answers = await house.ask(batch.map((text) => question('HSCODE', text)))
        expect(answers).toHaveLength(batch.length)
      }),
    )
  }
  jiayou.faultAlways(null)
  // An answer that was none is believed for an hour; a person asks again at once.
  const answers = await house.ask([...texts].map((text) => question('HSCODE', text)))
  const unanswered = [...texts].filter((_, at) => answers[at]!.error)
  const asked = await house.ask(unanswered.map((text) => question('HSCODE', text, 'CA', 'fresh=1')))
  expect(asked.filter((answer) => answer.error)).toEqual([])
  expect(await house.openHolds()).toBe(0)
  return texts
}

describe.each([
  ['charges remembered rows nothing', false],
  ['charges every row', true],
])('where jiayou %s', (_, chargesCacheHits) => {
  test(`${RUNS} faulty runs leave both books right`, { timeout: 120_000 }, async () => {
    await open({ chargesCacheHits })
    let answered = 0
    for (let seed = 1; seed <= RUNS; seed++) {
      answered += (await run(seed)).size
      // Each text was paid here once, however often it failed on its way.
      expect(await house.spent(), `seed ${seed}`).toBe(answered)
      expect(await house.balance(), `seed ${seed}`).toBe(100_000 - answered)
      // There, what was charged for is what replies said, and what went for replies that never came.
      const [total] = await usage.totals()
      expect(total!.charged! + total!.lost, `seed ${seed}`).toBe(jiayou.pointsCharged)
      if (!chargesCacheHits) expect(await house.spent(), `seed ${seed}`).toBe(jiayou.pointsCharged)
    }
    // The faults did strike: replies that were paid there never came.
    const [total] = await usage.totals()
    expect(total!.lost).toBeGreaterThan(RUNS)
  })
})
