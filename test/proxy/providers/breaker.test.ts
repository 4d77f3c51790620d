import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createBreaker, type BreakerSettings } from '../../../proxy/providers/breaker.ts'
import { ProviderError } from '../../../proxy/providers/provider.ts'
import { failure, type FailureName } from '../../../shared/error-codes.ts'

beforeEach(() => void vi.useFakeTimers({ now: 0 }))
afterEach(() => void vi.useRealTimers())

const patient = new AbortController().signal
const provider = 'jiayou'

function trouble(failed: FailureName, more: { retryAfterMs?: number; mayHaveBeenDone?: boolean } = {}): ProviderError {
  return new ProviderError(failed, { provider, failure: failure(failed, { provider, detail: '' }), ...more })
}

const open = (settings: Partial<BreakerSettings> = {}) => createBreaker({ provider, random: () => 1, ...settings })

/** What a call ends with, once every pause is over. */
async function outcome(call: Promise<unknown>): Promise<unknown> {
  const settled = call.then(
    (value) => value,
    (error: unknown) => (error instanceof ProviderError ? error.failure.failed : error),
  )
  await vi.runAllTimersAsync()
  return settled
}

/** A call that is answered from a list, and says when it was made. */
function scripted(...script: (Error | string)[]) {
  const at: number[] = []
  const call = async (): Promise<string> => {
    at.push(Date.now())
    const next = script[Math.min(at.length, script.length) - 1]!
    if (typeof next === 'string') return next
    throw next
  }
  return { at, call }
}

async function breakIt(breaker: ReturnType<typeof open>, error: ProviderError): Promise<void> {
  for (let round = 0; round < 5; round++) {
    expect(breaker.state).toBe('closed')
    await outcome(breaker.run(scripted(error).call, patient))
  }
}

describe('the circuit', () => {
  test('opens after five failures in a row, and then nothing is asked', async () => {
    const breaker = open()
    await breakIt(breaker, trouble('provider-busy'))
    expect(breaker.state).toBe('open')
    const next = scripted('answer')
    expect(await outcome(breaker.run(next.call, patient))).toBe('upstream-paused')
    expect(next.at).toEqual([])
  })

  test('says how long it stays open', async () => {
    const breaker = open({ openForMs: 10_000 })
    await breakIt(breaker, trouble('provider-busy'))
    await expect(breaker.run(scripted('answer').call, patient)).rejects.toMatchObject({
      failure: { failed: 'upstream-paused', details: { provider, seconds: 10 } },
      mayHaveBeenDone: false,
    })
  })

  test('counts failures in a row only', async () => {
    const breaker = open()
    for (let round = 0; round < 4; round++) await outcome(breaker.run(scripted(trouble('provider-busy')).call, patient))
    await outcome(breaker.run(scripted('answer').call, patient))
    for (let round = 0; round < 4; round++) await outcome(breaker.run(scripted(trouble('provider-busy')).call, patient))
    expect(breaker.state).toBe('closed')
  })

  test('does not count what is the question’s fault', async () => {
    const breaker = open()
    const refused = scripted(trouble('wording-refused'))
    for (let round = 0; round < 20; round++)
      expect(await outcome(breaker.run(refused.call, patient))).toBe('wording-refused')
    expect(breaker.state).toBe('closed')
    expect(refused.at).toHaveLength(20)
  })

  test('lets one call try after a while, and closes when it is answered', async () => {
    const breaker = open({ openForMs: 1000 })
    await breakIt(breaker, trouble('provider-busy'))
    await vi.advanceTimersByTimeAsync(1000)
    let answer: (value: string) => void = () => {}
    const probe = breaker.run(() => new Promise<string>((resolve) => (answer = resolve)), patient)
    const others = Array.from({ length: 3 }, () => scripted('answer'))
    const waiting = others.map(({ call }) => breaker.run(call, patient))
    await vi.advanceTimersByTimeAsync(0)
    expect(breaker.state).toBe('half-open')
    expect(others.flatMap(({ at }) => at)).toEqual([])
    answer('probe')
    expect(await Promise.all([probe, ...waiting])).toEqual(['probe', 'answer', 'answer', 'answer'])
    expect(breaker.state).toBe('closed')
  })

  test('stays open when the one call fails', async () => {
    const breaker = open({ openForMs: 1000 })
    await breakIt(breaker, trouble('provider-busy'))
    await vi.advanceTimersByTimeAsync(1000)
    expect(await outcome(breaker.run(scripted(trouble('provider-busy')).call, patient))).toBe('provider-busy')
    expect(breaker.state).toBe('open')
  })

  test.each<FailureName>(['upstream-key-refused', 'upstream-no-points', 'upstream-quota'])(
    'that opened for %s says so while it is open',
    async (failed) => {
      const breaker = open()
      await breakIt(breaker, trouble(failed, { mayHaveBeenDone: false }))
      expect(breaker.state).toBe('open')
      expect(await outcome(breaker.run(scripted('answer').call, patient))).toBe(failed)
    },
  )

  test('never repeats to other cells a refused wording that came back late', async () => {
    const breaker = open()
    let refuse: (error: Error) => void = () => {}
    const late = outcome(breaker.run(() => new Promise((_, reject) => (refuse = reject)), patient))
    await breakIt(breaker, trouble('provider-busy'))
    refuse(trouble('wording-refused'))
    expect(await late).toBe('wording-refused')
    expect(await outcome(breaker.run(scripted('answer').call, patient))).toBe('upstream-paused')
  })

  test('that opened for another reason does not speak of a key refused long ago', async () => {
    const breaker = open()
    await outcome(breaker.run(scripted(trouble('upstream-key-refused')).call, patient))
    await outcome(breaker.run(scripted('answer').call, patient))
    for (let round = 0; round < 5; round++)
      await outcome(breaker.run(scripted(new Error('a mistake of ours')).call, patient))
    expect(await outcome(breaker.run(scripted('answer').call, patient))).toBe('upstream-paused')
  })
})

describe('a retry', () => {
  test('is made of what was surely not done, three tries in all', async () => {
    const busy = scripted(trouble('provider-busy', { mayHaveBeenDone: false }))
    expect(await outcome(open().run(busy.call, patient))).toBe('provider-busy')
    expect(busy.at).toHaveLength(3)
    const once = scripted(trouble('provider-busy', { mayHaveBeenDone: false }), 'answer')
    expect(await outcome(open().run(once.call, patient))).toBe('answer')
  })

  test.each([
    ['what may have been done', trouble('provider-busy', { mayHaveBeenDone: true })],
    ['what would fail again', trouble('upstream-key-refused', { mayHaveBeenDone: false })],
    ['a refused wording', trouble('wording-refused', { mayHaveBeenDone: false })],
    ['a mistake of ours', new Error('mistake')],
  ])('is never made of %s', async (_, error) => {
    const failing = scripted(error)
    await outcome(open().run(failing.call, patient))
    expect(failing.at).toHaveLength(1)
  })

  test.each([
    [0, [100, 200]],
    [0.5, [150, 300]],
    [1, [200, 400]],
  ])('comes after a pause that doubles, between half and whole: chance %d', async (chance, pauses) => {
    const busy = scripted(trouble('provider-busy', { mayHaveBeenDone: false }))
    await outcome(open({ pauseMs: 200, random: () => chance }).run(busy.call, patient))
    expect(busy.at.slice(1).map((time, at) => time - busy.at[at]!)).toEqual(pauses)
  })

  test('waits as long as the upstream asks, up to five seconds', async () => {
    const asked = (retryAfterMs: number) =>
      scripted(trouble('provider-busy', { mayHaveBeenDone: false, retryAfterMs }), 'answer')
    const [short, longest, tooLong] = [asked(1), asked(5000), asked(5001)]
    expect(await outcome(open({ pauseMs: 200 }).run(short.call, patient))).toBe('answer')
    expect(short.at[1]! - short.at[0]!).toBe(200)
    expect(await outcome(open({ pauseMs: 200 }).run(longest.call, patient))).toBe('answer')
    expect(longest.at[1]! - longest.at[0]!).toBe(5000)
    expect(await outcome(open({ pauseMs: 200 }).run(tooLong.call, patient))).toBe('provider-busy')
    expect(tooLong.at).toHaveLength(1)
  })
})

describe('a caller that gives up', () => {
  test('is told at once, even by a call that does not listen, in a pause, or behind another’s probe', async () => {
    const impatient = (): AbortController => new AbortController()
    const deaf = impatient()
    const unheard = outcome(open().run(() => new Promise(() => {}), deaf.signal))
    deaf.abort()
    expect(await unheard).toBe('provider-timeout')

    const pausing = impatient()
    const busy = scripted(trouble('provider-busy', { mayHaveBeenDone: false, retryAfterMs: 5000 }), 'answer')
    const paused = open().run(busy.call, pausing.signal)
    const told = expect(paused).rejects.toMatchObject({ failure: { failed: 'provider-timeout' } })
    await vi.advanceTimersByTimeAsync(100)
    pausing.abort()
    await told
    await vi.runAllTimersAsync()
    expect(busy.at).toHaveLength(1)

    const breaker = open({ openForMs: 1000 })
    await breakIt(breaker, trouble('provider-busy'))
    await vi.advanceTimersByTimeAsync(1000)
    void breaker.run(() => new Promise(() => {}), patient)
    const behind = impatient()
    const waiting = outcome(breaker.run(scripted('answer').call, behind.signal))
    behind.abort()
    expect(await waiting).toBe('provider-timeout')
  })

  test('before anything was asked causes no call, and is no failure of the upstream', async () => {
    const breaker = open()
    const never = scripted('answer')
    for (let round = 0; round < 9; round++)
      expect(await outcome(breaker.run(never.call, AbortSignal.abort()))).toBe('provider-timeout')
    expect(never.at).toEqual([])
    expect(breaker.state).toBe('closed')
  })

  test('hands its signal to the call that waited for a probe', async () => {
    const breaker = open({ openForMs: 1000 })
    await breakIt(breaker, trouble('provider-busy'))
    await vi.advanceTimersByTimeAsync(1000)
    const { signal } = new AbortController()
    const seen: AbortSignal[] = []
    const first = breaker.run(async () => 'probe', patient)
    const second = breaker.run(async (given) => void seen.push(given), signal)
    await Promise.all([first, second])
    expect(seen).toEqual([signal])
  })
})
