import { describe, expect, it } from 'vitest'
import { REQUESTS_IN_FLIGHT_MAX, WATCHDOG_MS } from '../../excel-addin/batcher.ts'
import { codeFor } from './fake-proxy.ts'
import {
  answerEach,
  error,
  neverEnds,
  openBatcher,
  outcome,
  range,
  reply,
  valueOf,
  type Script,
} from './open-batcher.ts'

/** Ends every request when told to. */
function heldScript(): { script: Script; release: () => void } {
  let release!: () => void
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  return {
    release,
    script: async (request, onAnswer, call) => {
      await held
      return answerEach(request, onAnswer, call)
    },
  }
}

describe('when a batch leaves', () => {
  it('30 ms after the last new question', async () => {
    const { ask, clock, requests, sentAt } = openBatcher()
    void ask('a')
    await clock.advance(20)
    void ask('b')
    await clock.advance(29)
    expect(requests).toHaveLength(0)
    await clock.advance(1)
    expect(sentAt).toEqual([50])
    expect(requests[0]!.questions.map(({ args }) => args[0])).toEqual(['a', 'b'])
  })

  it('100 ms after the first question, however many keep coming', async () => {
    const { ask, clock, sentAt } = openBatcher()
    for (let at = 0; at < 10; at++) {
      void ask(`product ${at}`)
      await clock.advance(15)
    }
    expect(sentAt[0]).toBe(100)
  })

  it('at once when 50 descriptions wait, or 200 look-ups', () => {
    const { ask, batcher, requests } = openBatcher(neverEnds)
    for (const text of range(0, 49)) void ask(text)
    for (const code of range(0, 199)) void batcher.ask('HSRATE', [code, 'CA']).answer
    expect(requests).toHaveLength(0)
    void ask('the last')
    expect(requests.map(({ questions }) => questions.length)).toEqual([50])
    void batcher.ask('HSRATE', ['the last', 'CA']).answer
    expect(requests.map(({ questions }) => questions.length)).toEqual([50, 200])
  })

  it('never more than 4 at a time; the rest follow as places come free, look-ups in turn with descriptions', async () => {
    const { script, release } = heldScript()
    const { ask, batcher, clock, requests } = openBatcher(script)
    const answers = range(0, 500).map(ask)
    const rate = batcher.ask('HSRATE', ['0101', 'CA']).answer
    await clock.advance(1000)
    expect(requests).toHaveLength(REQUESTS_IN_FLIGHT_MAX)
    release()
    await clock.advance(1000)
    expect(await Promise.all(answers)).toEqual(range(0, 500).map(valueOf))
    expect(await rate).toEqual(valueOf('0101'))
    expect(requests.slice(0, 6).some(({ questions }) => questions[0]!.fn === 'HSRATE')).toBe(true)
  })
})

describe('one question, one request', () => {
  it('equal cells share a question, in the queue, in flight and afterwards', async () => {
    const { script, release } = heldScript()
    const { ask, clock, requests } = openBatcher(script)
    const answers = [ask('shirt'), ask('shirt')]
    await clock.advance(50)
    answers.push(ask('shirt'))
    release()
    await clock.advance(50)
    answers.push(ask('shirt'))
    expect(await Promise.all(answers)).toEqual(Array.from({ length: 4 }, () => valueOf('shirt')))
    expect(requests.flatMap(({ questions }) => questions)).toHaveLength(1)
  })

  it('arguments left out at the end make the same question, and do not travel', async () => {
    const { batcher, clock, requests } = openBatcher()
    void batcher.ask('HSCODE', ['shirt', null, '']).answer
    void batcher.ask('HSCODE', ['shirt']).answer
    await clock.advance(50)
    expect(requests.flatMap(({ questions }) => questions)).toEqual([{ id: '1', fn: 'HSCODE', args: ['shirt'] }])
  })

  it('a balance is asked each time; an answer the person asked afresh is not paid again by a recalculation', async () => {
    const { batcher, clock, requests } = openBatcher()
    const count = (): number => requests.flatMap(({ questions }) => questions).length
    for (let at = 0; at < 2; at++) {
      void batcher.ask('HSPOINTS', []).answer
      await clock.advance(50)
    }
    expect(count()).toBe(2)
    for (let at = 0; at < 2; at++) {
      void batcher.ask('HSCODE', ['shirt', 'CA', 'fresh=1']).answer
      await clock.advance(1000)
    }
    expect(count()).toBe(3)
    await clock.advance(60_000)
    void batcher.ask('HSCODE', ['shirt', 'CA', 'fresh=1']).answer
    await clock.advance(50)
    expect(count()).toBe(4)
  })

  it('a refusal is remembered for a day, trouble of our own never', async () => {
    const codes: Record<string, string> = { vague: 'TC-201', wrong: 'TC-107', unlucky: 'TC-503' }
    const { ask, clock, requests } = openBatcher(({ questions }, onAnswer) => {
      for (const { id, args } of questions) onAnswer({ id, points: 0, error: error(codes[String(args[0])]!) })
      return reply(200)
    })
    const askAll = async (): Promise<unknown[]> => {
      const answers = Object.keys(codes).map((text) => outcome(ask(text)))
      await clock.advance(50)
      return await Promise.all(answers)
    }
    for (let at = 0; at < 2; at++) expect(await askAll()).toEqual(Object.values(codes))
    expect(requests.map(({ questions }) => questions.map(({ args }) => args[0]))).toEqual([
      ['vague', 'wrong', 'unlucky'],
      ['unlucky'],
    ])
    await clock.advance(24 * 3600 * 1000)
    await askAll()
    expect(requests[2]!.questions).toHaveLength(3)
  })

  it('an answer that comes twice, or that nobody asked, changes no cell', async () => {
    const { ask, clock } = openBatcher((request, onAnswer, call) => {
      onAnswer({ id: '77', points: 0, value: 'nobody' })
      const ended = answerEach(request, onAnswer, call)
      onAnswer({ id: '1', points: 0, value: 'twice' })
      return ended
    })
    const answer = ask('shirt')
    await clock.advance(50)
    expect(await answer).toEqual(valueOf('shirt'))
    expect(await ask('shirt')).toEqual(valueOf('shirt'))
  })
})

describe('a question still being answered', () => {
  it('is asked again with growing pauses', async () => {
    const { ask, clock, sentAt } = openBatcher((request, onAnswer, call) => {
      if (call === 4) return answerEach(request, onAnswer, call)
      for (const { id } of request.questions) onAnswer({ id, points: 0, pending: true })
      return reply(200)
    })
    const answer = ask('shirt')
    await clock.advance(20_000)
    expect(await answer).toEqual(valueOf('shirt'))
    expect(sentAt).toEqual([30, 1060, 3090, 7120])
  })

  it('is not waited for past the watchdog, and the cell says that it is on its way', async () => {
    const { ask, clock } = openBatcher(({ questions }, onAnswer) => {
      for (const { id } of questions) onAnswer({ id, points: 0, pending: true })
      return reply(200)
    })
    const answer = ask('shirt')
    await clock.advance(WATCHDOG_MS)
    expect(await outcome(answer)).toBe('TC-408')
    expect(clock.waiting).toBe(0)
  })
})

describe('another seat', () => {
  it('does not see what was answered, or still on its way, for the one before', async () => {
    const { script, release } = heldScript()
    const { ask, batcher, clock, requests } = openBatcher(script)
    const before = ask('shirt')
    await clock.advance(50)
    batcher.forgetAnswers()
    const after = ask('shirt')
    await clock.advance(50)
    release()
    expect(await Promise.all([before, after])).toEqual([valueOf('shirt'), valueOf('shirt')])
    expect(requests).toHaveLength(2)
  })
})

describe('when the proxy refuses', () => {
  it.each([
    [401, 'TC-401'],
    [402, 'TC-402'],
    [403, 'TC-403'],
  ])('status %i fails everything queued with one message and one banner, until resumed', async (status, code) => {
    let isRefusing = true
    const { ask, batcher, clock, requests, banners } = openBatcher((request, onAnswer, call) =>
      isRefusing ? reply(status, code) : answerEach(request, onAnswer, call),
    )
    const answers = range(0, 420).map((text) => outcome(ask(text)))
    const rate = outcome(batcher.ask('HSRATE', ['0101', 'CA']).answer)
    await clock.advance(1000)
    expect(new Set(await Promise.all([...answers, rate]))).toEqual(new Set([code]))
    expect(requests.length).toBeLessThanOrEqual(REQUESTS_IN_FLIGHT_MAX)
    expect(banners.map((error) => error.code)).toEqual([code])
    expect(batcher.stoppedBy()?.code).toBe(code)

    const sent = requests.length
    expect(await outcome(ask('another'))).toBe(code)
    await clock.advance(1000)
    expect(requests).toHaveLength(sent)

    isRefusing = false
    batcher.resume()
    const answer = ask('another')
    await clock.advance(50)
    expect(await answer).toEqual(valueOf('another'))
  })

  it('points that run out inside a batch stop the descriptions that are left, not the free look-ups', async () => {
    const { ask, batcher, clock, requests, banners } = openBatcher((request, onAnswer, call) => {
      if (request.questions[0]!.fn === 'HSRATE') return answerEach(request, onAnswer, call)
      for (const { id, args } of request.questions) {
        const isCovered = Number(id) <= 3
        onAnswer({ id, points: 1, ...(isCovered ? { value: codeFor(args[0]) } : { error: error('TC-402') }) })
      }
      return reply(200)
    })
    const answers = range(0, 10).map((text) => outcome(ask(text)))
    await clock.advance(50)
    expect(await Promise.all(answers)).toEqual([
      ...range(0, 3).map(codeFor),
      ...Array.from({ length: 7 }, () => 'TC-402'),
    ])
    expect(banners).toHaveLength(1)
    expect(await outcome(ask('another'))).toBe('TC-402')
    expect(await ask('product 0')).toEqual(valueOf('product 0'))
    const rate = batcher.ask('HSRATE', ['0101', 'CA']).answer
    await clock.advance(50)
    expect(await rate).toEqual(valueOf('0101'))
    expect(requests).toHaveLength(2)
  })
})

describe('cancelling', () => {
  it('drops a question nobody waits for before it is sent, and settles its promise', async () => {
    const { batcher, clock, requests } = openBatcher()
    const asked = batcher.ask('HSCODE', ['shirt'])
    asked.cancel()
    expect(await outcome(asked.answer)).toBe('TC-408')
    await clock.advance(1000)
    expect(requests).toHaveLength(0)
    expect(clock.waiting).toBe(0)
  })

  it('leaves a question alone while another cell waits for it', async () => {
    const { batcher, clock } = openBatcher()
    const first = batcher.ask('HSCODE', ['shirt'])
    const second = batcher.ask('HSCODE', ['shirt'])
    first.cancel()
    first.cancel()
    await clock.advance(50)
    expect(await outcome(first.answer)).toBe('TC-408')
    expect(await second.answer).toEqual(valueOf('shirt'))
  })

  it('lets a question that was sent finish, and remembers what was paid for', async () => {
    const { script, release } = heldScript()
    const { batcher, clock, requests } = openBatcher(script)
    const asked = batcher.ask('HSCODE', ['shirt'])
    await clock.advance(50)
    asked.cancel()
    release()
    await clock.advance(50)
    expect(await batcher.ask('HSCODE', ['shirt']).answer).toEqual(valueOf('shirt'))
    expect(requests).toHaveLength(1)
  })

  it('a failed batch is not sent again for cells that are gone', async () => {
    const { batcher, clock, requests } = openBatcher(() => reply(503))
    const asked = batcher.ask('HSCODE', ['shirt'])
    await clock.advance(50)
    asked.cancel()
    await clock.advance(20_000)
    expect(requests).toHaveLength(1)
  })
})

describe('the watchdog', () => {
  it('a proxy that hangs leaves no cell pending after 50 s, sent or queued', async () => {
    const { ask, batcher, clock } = openBatcher(neverEnds)
    const answers = range(0, 300).map((text) => outcome(ask(text)))
    answers.push(outcome(batcher.ask('HSRATE', ['0101', 'CA']).answer))
    await clock.advance(WATCHDOG_MS)
    expect(new Set(await Promise.all(answers))).toEqual(new Set(['TC-521']))
    expect(clock.waiting).toBe(0)
  })

  it('a long queue is waited for while answers keep coming', async () => {
    const { ask, clock } = openBatcher(async (request, onAnswer, call) => {
      await new Promise<void>((resolve) => {
        clock.schedule(resolve, 20_000)
      })
      return answerEach(request, onAnswer, call)
    })
    const answers = range(0, 1000).map(ask)
    await clock.advance(120_000)
    expect(await Promise.all(answers)).toEqual(range(0, 1000).map(valueOf))
  })

  it('an answer that comes after it is remembered', async () => {
    const { script, release } = heldScript()
    const { ask, clock } = openBatcher(script)
    const answer = outcome(ask('shirt'))
    await clock.advance(WATCHDOG_MS)
    expect(await answer).toBe('TC-521')
    release()
    await clock.advance(0)
    expect(await ask('shirt')).toEqual(valueOf('shirt'))
  })
})
