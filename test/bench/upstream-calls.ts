/**
 * What stands between cells and an upstream that is paid by the product: how many calls a fill and a crowd of single cells become,
 * whether every product is paid once, and how much later one answer comes than without the proxy.
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { setTimeout as wait } from 'node:timers/promises'
import { Client } from 'undici'
import type { Question } from '../../shared/protocol.ts'
import { ask } from './built-proxy.ts'
import { startConnectedProxy, type ConnectedProxy } from './connected-proxy.ts'
import { atMost, exactly, forTheRecord, median, seconds, times, whole, type Figure } from './figure.ts'
import { readableTexts } from './sample-goods.ts'
import { askProxy, askUpstream } from './single-product.ts'
import { measureOverhead } from './upstream-overhead.ts'

const LATENCY_MS = 200

const PRODUCTS = 10_000
const QUESTIONS_A_BATCH = 500
// What Google runs at once of one person's functions; each would make a call of its own.
const NAIVE_AT_ONCE = 30

const SINGLES = 1000
const SINGLES_CONNECTIONS = 30
const SINGLES_WITHIN_MS = 1000
// Past it they did not come within a second, and the figure would be another one.
const SINGLES_SENT_WITHIN_MS = 1200
const SINGLES_ROUNDS = 3
const SINGLES_CALLS_AIM = 50
// More than can wait for their answers on one connection: nothing is sent later than it is meant to be.
const PIPELINING = SINGLES

export async function measureUpstreams(): Promise<Figure[]> {
  return [...(await measureCalls()), ...(await measureOverhead())]
}

async function measureCalls(): Promise<Figure[]> {
  const texts = readableTexts(PRODUCTS + SINGLES_ROUNDS * SINGLES)
  const proxy = await startConnectedProxy(LATENCY_MS)
  try {
    const filled = await measureFill(proxy, texts.slice(0, PRODUCTS))
    const singles = await measureSingles(proxy, texts.slice(PRODUCTS))
    return [...filled, singles]
  } finally {
    await proxy.stop()
  }
}

async function measureFill(proxy: ConnectedProxy, texts: readonly string[]): Promise<Figure[]> {
  const questions = texts.map((text, at) => toQuestion(text, at))
  const batches = Array.from({ length: PRODUCTS / QUESTIONS_A_BATCH }, (_, at) =>
    questions.slice(at * QUESTIONS_A_BATCH, (at + 1) * QUESTIONS_A_BATCH),
  )
  const before = await proxy.points()
  const began = performance.now()
  const replies = await Promise.all(batches.map((batch) => ask(proxy.url, proxy.token, { questions: batch })))
  const took = secondsSince(began)

  const answered = replies.flatMap(({ answers }) => answers).filter(({ value }) => value !== undefined).length
  const here = before - (await proxy.points())
  const { calls, pointsCharged: there } = await proxy.upstream.books()
  const naive = await timeNaive(proxy.upstream.url, texts)
  const fill = `fill of ${whole(PRODUCTS)} different products over an upstream`
  return [
    exactly(`Upstream calls of a ${fill}`, calls, PRODUCTS / QUESTIONS_A_BATCH, whole),
    exactly('Points charged here for that fill', here, answered, whole, `${whole(answered)} answered`),
    exactly('Points charged there for that fill', there, answered, whole),
    forTheRecord(
      `Speed of that fill against a call for each cell, ${NAIVE_AT_ONCE} at a time`,
      naive / took,
      times,
      `${seconds(took)} and ${seconds(naive)}, where a call takes ${LATENCY_MS} ms`,
    ),
  ]
}

/** @returns seconds that the same products take when every cell makes its own call. */
async function timeNaive(upstreamUrl: string, texts: readonly string[]): Promise<number> {
  const clients = Array.from({ length: NAIVE_AT_ONCE }, () => new Client(upstreamUrl))
  const left = texts.values()
  const began = performance.now()
  await Promise.all(
    clients.map(async (client) => {
      // One iterator for all of them: each takes the next.
      for (const text of left) await askUpstream(client, text)
    }),
  )
  const took = secondsSince(began)
  await Promise.all(clients.map((client) => client.close()))
  return took
}

async function measureSingles(proxy: ConnectedProxy, texts: readonly string[]): Promise<Figure> {
  const calls: number[] = []
  for (let round = 0; round < SINGLES_ROUNDS; round++) {
    const { calls: before } = await proxy.upstream.books()
    await askOneByOne(proxy, texts.slice(round * SINGLES, (round + 1) * SINGLES))
    calls.push((await proxy.upstream.books()).calls - before)
  }
  return atMost(
    `Upstream calls of ${whole(SINGLES)} single cells within a second from ${SINGLES_CONNECTIONS} connections`,
    median(calls),
    SINGLES_CALLS_AIM,
    whole,
    `${whole(SINGLES)} without the proxy; ${whole(Math.max(...calls))} at most in ${SINGLES_ROUNDS} rounds`,
  )
}

/** Spreads them evenly over the second, whether or not those before are answered. @throws when they were sent later than that. */
async function askOneByOne(proxy: ConnectedProxy, texts: readonly string[]): Promise<void> {
  const clients = Array.from({ length: SINGLES_CONNECTIONS }, () => new Client(proxy.url, { pipelining: PIPELINING }))
  const sent: number[] = []
  const onSent = (): void => void sent.push(performance.now())
  subscribe('undici:client:sendHeaders', onSent)
  try {
    const answers: Promise<unknown>[] = []
    const began = performance.now()
    while (answers.length < texts.length) {
      const due = Math.floor(((performance.now() - began) / SINGLES_WITHIN_MS) * texts.length)
      for (const text of texts.slice(answers.length, due + 1)) {
        const client = clients[answers.length % clients.length]!
        answers.push(askProxy(client, proxy.token, text))
      }
      await wait(1)
    }
    await Promise.all(answers)
    const took = Math.max(...sent) - began
    if (sent.length !== texts.length || took > SINGLES_SENT_WITHIN_MS) {
      throw new Error(`${sent.length} of ${texts.length} cells were sent within ${Math.round(took)} ms`)
    }
  } finally {
    unsubscribe('undici:client:sendHeaders', onSent)
    await Promise.all(clients.map((client) => client.destroy()))
  }
}

function toQuestion(text: string, at: number): Question {
  return { id: `q${at}`, fn: 'HSCODE', args: [text, 'CA'] }
}

function secondsSince(began: number): number {
  return (performance.now() - began) / 1000
}
