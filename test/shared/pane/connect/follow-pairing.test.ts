import { beforeEach, expect, test } from 'vitest'
import { followPairing } from '../../../../shared/pane/connect/follow-pairing.ts'
import type { PanePairing } from '../../../../shared/pane/pane-deps.ts'
import { createFakeClock, type FakeClock } from '../../../excel-addin/fake-clock.ts'

type Said = Awaited<ReturnType<PanePairing['ask']>>

const LIFE_MS = 600_000
const AWAY = { error: { code: 'TC-501', message: 'away', retryable: true } }
const REFUSED = { error: { code: 'TC-451', message: 'refused', retryable: false } }
const LATE = { code: 'TC-450', message: 'late', retryable: false }

let clock: FakeClock
let said: Said
let asked: number[]
let heard: (string | null)[]
let stop: () => void
beforeEach(() => {
  clock = createFakeClock()
  said = 'waiting'
  asked = []
  heard = []
  stop = followPairing(
    { endsAt: LIFE_MS },
    {
      pairing: {
        ask: async () => {
          asked.push(clock.now())
          return said
        },
      },
      clock,
      late: () => LATE,
      onTrouble: (error) => heard.push(error && error.message),
      onOver: (error) => heard.push(`over: ${error.message}`),
    },
  )
})

test('it is asked after two seconds, then ever less, and never less than every five', async () => {
  await clock.advance(60_000)
  const pauses = asked.map((at, index) => at - (asked[index - 1] ?? 0))
  expect(pauses[0]).toBe(2000)
  expect(pauses).toEqual(pauses.toSorted((one, other) => one - other))
  expect(pauses.at(-1)).toBe(5000)
})

test('nothing is asked any more once it is answered, over or left', async () => {
  await clock.advance(2000)
  said = 'connected'
  await clock.advance(LIFE_MS)
  expect([asked.length, clock.waiting, heard]).toEqual([2, 0, [null]])
})

test('a refusal ends it with its sentence', async () => {
  said = REFUSED
  await clock.advance(LIFE_MS)
  expect([asked.length, clock.waiting, heard]).toEqual([1, 0, ['over: refused']])
})

test('whoever leaves takes the timer along, and hears nothing of a look that is under way', async () => {
  await clock.advance(2000)
  stop()
  expect(clock.waiting).toBe(0)
  await clock.advance(LIFE_MS)
  expect([asked.length, heard]).toEqual([1, [null]])
})

test('a proxy that is away for a while is asked again, and says so meanwhile', async () => {
  said = AWAY
  await clock.advance(5000)
  said = 'waiting'
  await clock.advance(5000)
  expect(heard).toEqual(['away', 'away', null, null])
})

test.each<[Said]>([['waiting'], [AWAY]])('it ends with its time, whatever is said last: %j', async (last) => {
  said = last
  await clock.advance(LIFE_MS + 5000)
  expect([heard.at(-1), clock.waiting]).toEqual(['over: late', 0])
  expect(asked.at(-1)).toBeGreaterThanOrEqual(LIFE_MS)
})
