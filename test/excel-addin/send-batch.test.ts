import { expect, it } from 'vitest'
import { codeFor } from './fake-proxy.ts'
import { answerEach, openBatcher, outcome, range, reply, valueOf } from './open-batcher.ts'

it.each([0, 408, 425, 429, 500, 502, 503, 504])('status %i is tried 3 times under one id', async (status) => {
  const { ask, clock, requests } = openBatcher(() => reply(status, 'TC-520'))
  const answer = ask('shirt')
  await clock.advance(20_000)
  expect(await outcome(answer)).toBe('TC-520')
  expect(requests.map(({ requestId }) => requestId)).toEqual(['batch-1', 'batch-1', 'batch-1'])
})

it.each([400, 404, 422])('status %i is not tried again', async (status) => {
  const { ask, clock, requests } = openBatcher(() => reply(status, 'TC-130'))
  const answer = ask('shirt')
  await clock.advance(20_000)
  expect(await outcome(answer)).toBe('TC-130')
  expect(requests).toHaveLength(1)
})

it('pauses with full jitter between half a second and 2, then 8 seconds', async () => {
  for (const [random, pauses] of [
    [0, [500, 500]],
    [0.999999, [2000, 8000]],
  ] as const) {
    const { ask, clock, sentAt } = openBatcher(
      () => reply(503),
      () => random,
    )
    void ask('shirt')
    await clock.advance(20_000)
    expect(sentAt.slice(1).map((at, index) => Math.round(at - sentAt[index]!))).toEqual(pauses)
  }
})

it('Retry-After is waited for', async () => {
  const { ask, clock, sentAt } = openBatcher((request, onAnswer, call) =>
    call === 1 ? reply(429, 'TC-429', 7000) : answerEach(request, onAnswer, call),
  )
  const answer = ask('shirt')
  await clock.advance(10_000)
  expect(await answer).toEqual(valueOf('shirt'))
  expect(sentAt).toEqual([30, 7030])
})

it('a proxy that wants more patience than a cell has is told of at once', async () => {
  const { ask, clock, requests } = openBatcher(() => reply(429, 'TC-429', 120_000))
  const answer = ask('shirt')
  await clock.advance(50)
  expect(await outcome(answer)).toBe('TC-429')
  expect(requests).toHaveLength(1)
})

it('a connection that breaks asks again only what had no answer yet', async () => {
  const { ask, clock, requests } = openBatcher((request, onAnswer, call) => {
    if (call > 1) return answerEach(request, onAnswer, call)
    onAnswer({ id: '1', points: 0, value: codeFor('a') })
    return reply(0)
  })
  const answers = [ask('a'), ask('b')]
  await clock.advance(5000)
  expect(await Promise.all(answers)).toEqual([valueOf('a'), valueOf('b')])
  expect(requests[1]!.questions.map(({ args }) => args[0])).toEqual(['b'])
})

it('a batch that is too large is halved until it passes; a single question that is too large fails alone', async () => {
  const { ask, clock, requests } = openBatcher((request, onAnswer, call) => {
    const isHuge = request.questions.some(({ args }) => args[0] === 'product 3')
    return request.questions.length > 2 || isHuge ? reply(413, 'TC-413') : answerEach(request, onAnswer, call)
  })
  const answers = range(0, 8).map((text) => outcome(ask(text)))
  await clock.advance(50)
  const expected = range(0, 8).map((text) => (text === 'product 3' ? 'TC-413' : codeFor(text)))
  expect(await Promise.all(answers)).toEqual(expected)
  expect(requests.map(({ questions }) => questions.length)).toEqual([8, 4, 2, 2, 1, 1, 4, 2, 2])
})

it('what a reply left out fails in its own cell, and a send that throws is a connection that failed', async () => {
  const { ask, clock } = openBatcher(({ questions }, onAnswer, call) => {
    if (call > 1) throw new Error('a bug on the way')
    onAnswer({ id: questions[0]!.id, points: 0, value: codeFor('a') })
    return reply(200, 'TC-523')
  })
  const first = [outcome(ask('a')), outcome(ask('b'))]
  await clock.advance(50)
  expect(await Promise.all(first)).toEqual([codeFor('a'), 'TC-523'])
  const second = outcome(ask('c'))
  await clock.advance(20_000)
  expect(await second).toBe('TC-520')
})
