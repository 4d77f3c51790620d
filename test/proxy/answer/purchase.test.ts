import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { answerBatch, type AnswerDeps } from '../../../proxy/answer/answer-batch.ts'
import { createAnswerCache } from '../../../proxy/answer/cache.ts'
import { createClaims } from '../../../proxy/answer/claims.ts'
import { createCoalescer } from '../../../proxy/answer/coalesce.ts'
import { createGatherers } from '../../../proxy/answer/gather.ts'
import { HOLD_TTL_MS } from '../../../proxy/answer/purchase.ts'
import type { Database } from '../../../proxy/database.ts'
import { createLedger } from '../../../proxy/ledger/ledger.ts'
import { failure } from '../../../shared/error-codes.ts'
import type { Answer, Question } from '../../../shared/protocol.ts'
import { answerAll, fakeProvider, type FakeProvider } from '../../hosts/fake-provider.ts'
import { openTestDatabase, testIds } from '../../hosts/test-database.ts'
import { openTestHouse, question, registryOf, type TestHouse } from '../../hosts/test-house.ts'

// Two processes on one database, each with a memory, a coalescer and a line to the upstream of its own.
let folder: string
let one: TestHouse
let second: Database
let two: AnswerDeps
let asOne: FakeProvider
let asTwo: FakeProvider

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tariffcell-purchase-'))
  asOne = fakeProvider()
  asTwo = fakeProvider()
  one = await openTestHouse({ providers: [asOne], points: 100, folder })
  second = await openTestDatabase(folder)
  two = processOn(second, asTwo)
})
afterEach(async () => {
  expect(await one.ledger.verify()).toEqual([])
  await second.close()
  await one.close()
  rmSync(folder, { recursive: true })
})

function processOn(database: Database, provider: FakeProvider): AnswerDeps {
  const { now } = one.clock
  const newId = testIds('two')
  const ledger = createLedger({ database, now, newId })
  return {
    ...one.answer,
    registry: registryOf([provider]),
    gatherers: createGatherers({ waitingMax: 1000, log: one.answer.log }),
    cache: createAnswerCache({ database, memoryBytesMax: 1_000_000 }),
    coalescer: createCoalescer(),
    database,
    ledger,
    claims: createClaims({ database, ledger, now }),
    newId,
    readQuestion: (workspaceId, asked) => {
      const read = one.answer.readQuestion(workspaceId, asked)
      return typeof read === 'object' && 'wanted' in read ? { ...read, wanted: { ...read.wanted, provider } } : read
    },
  }
}

async function ask(deps: AnswerDeps, questions: readonly Question[], requestId?: string): Promise<Answer[]> {
  const answers: Answer[] = []
  const options = { language: 'en', deadlineMs: null, requestId } as const
  await answerBatch(deps, one.askers[0], questions, options, (answer) => answers.push(answer))
  return answers
}

const shirts = (...letters: string[]): Question[] => letters.map((letter) => question('HSCODE', `${letter} shirt`))
const values = (answers: readonly Answer[]): unknown[] => answers.map(({ value, error }) => value ?? error?.code)

/** @returns what lets the provider answer; `asked` resolves when it was asked. */
function holdBack(provider: FakeProvider): { asked: Promise<void>; letGo: () => void } {
  let letGo = (): void => {}
  const gate = new Promise<void>((resolve) => {
    letGo = resolve
  })
  const asked = new Promise<void>((resolve) => {
    provider.behave(async (inquiries) => {
      resolve()
      await gate
      return answerAll(inquiries)
    })
  })
  return { asked, letGo: () => letGo() }
}

describe('two processes asked the same at the same time', () => {
  test('ask the upstream once, pay once, and both answer', async () => {
    const { asked, letGo } = holdBack(asOne)
    const first = ask(one.answer, shirts('a', 'b', 'c'))
    await asked
    const other = ask(two, shirts('b', 'c', 'd'))
    letGo()
    expect(values(await first)).toEqual(['610910', '610910', '610910'])
    const answers = await other
    expect(values(answers)).toEqual(['610910', '610910', '610910'])
    expect(answers.reduce((sum, { points }) => sum + points, 0)).toBe(1)
    expect([asOne.calls, asTwo.calls]).toEqual([[['a shirt', 'b shirt', 'c shirt']], [['d shirt']]])
    expect(await one.balance()).toBe(96)
  })

  test('a purchase that fails leaves the question to the other, which asks for itself', async () => {
    let fail = (): void => {}
    const asked = new Promise<void>((resolve) => {
      asOne.behave(async () => {
        resolve()
        await new Promise<void>((go) => {
          fail = go
        })
        throw new Error('upstream down')
      })
    })
    const first = ask(one.answer, shirts('a'))
    await asked
    const other = ask(two, shirts('a'))
    fail()
    expect(values(await first)).toEqual(['TC-502'])
    expect(values(await other)).toEqual(['610910'])
    expect(await one.balance()).toBe(99)
  })

  test('a question whose owner died is taken over when its hold has run out, and the late answer is charged to nobody', async () => {
    const { asked, letGo } = holdBack(asOne)
    const first = ask(one.answer, shirts('a', 'b'))
    await asked
    one.clock.advance(HOLD_TTL_MS)
    expect(values(await ask(two, shirts('a')))).toEqual(['610910'])
    expect(await one.balance()).toBe(99)
    letGo()
    // The first process was alive after all, and too late: nothing is charged, so nothing is delivered.
    expect(values(await first)).toEqual(['TC-504', 'TC-504'])
    expect(values(await ask(one.answer, shirts('a')))).toEqual(['610910'])
    expect(await one.balance()).toBe(99)
    expect(asTwo.calls).toEqual([['a shirt']])
  })

  test('what the points do not cover is given up at once: the other process may ask it', async () => {
    const { workspaceId } = one.askers[0]
    await one.database.transaction((tx) => one.ledger.adjustIn(tx, { workspaceId, ref: 'down', points: -98 }))
    const { asked, letGo } = holdBack(asOne)
    const first = ask(one.answer, shirts('a', 'b', 'c'))
    await asked
    expect(values(await ask(two, shirts('c')))).toEqual(['TC-402'])
    await one.ledger.credit({ workspaceId, kind: 'grant', ref: 'up', points: 1 })
    expect(values(await ask(two, shirts('c')))).toEqual(['610910'])
    letGo()
    expect(values(await first).filter((value) => value === '610910')).toHaveLength(2)
    expect(await one.balance()).toBe(0)
  })

  test('fresh=1 in both at once is one purchase', async () => {
    await ask(one.answer, shirts('a'))
    one.clock.advance(1000)
    const { asked, letGo } = holdBack(asOne)
    const fresh = (): Question[] => [question('HSCODE', 'a shirt', 'CA', 'fresh=1')]
    const first = ask(one.answer, fresh())
    await asked
    const waits = new Promise<void>((resolve) => {
      const { claims } = two
      two = { ...two, claims: { ...claims, underWay: (...asked) => (resolve(), claims.underWay(...asked)) } }
    })
    const other = ask(two, fresh())
    await waits
    one.clock.advance(1000)
    letGo()
    expect(values([...(await first), ...(await other)])).toEqual(['610910', '610910'])
    expect(asTwo.calls).toEqual([])
    expect(await one.balance()).toBe(98)
  })
})

test('a batch of fresh=1 that is sent again under its request id is not paid again; another request is', async () => {
  const fresh = (): Question[] => [question('HSCODE', 'a shirt', 'CA', 'fresh=1')]
  await ask(one.answer, fresh(), 'request 1')
  one.clock.advance(1000)
  expect(values(await ask(two, fresh(), 'request 1'))).toEqual(['610910'])
  expect(await one.balance()).toBe(99)
  one.clock.advance(1000)
  await ask(two, fresh(), 'request 2')
  expect(await one.balance()).toBe(98)
  expect([asOne.calls.length, asTwo.calls.length]).toEqual([1, 1])
})

test('a claim whose hold is resolved is swept away', async () => {
  const { asked, letGo } = holdBack(asOne)
  const first = ask(one.answer, shirts('a'))
  await asked
  const claims = (): Promise<unknown[]> => second.all('SELECT key_hash FROM question_claim')
  await one.answer.claims.sweep()
  expect(await claims()).toHaveLength(1)
  one.clock.advance(HOLD_TTL_MS)
  await one.ledger.expireHolds()
  await one.answer.claims.sweep()
  expect(await claims()).toEqual([])
  letGo()
  expect(values(await first)).toEqual(['TC-504'])
})

test('a failed answer ends its claim: the next cell asks at once', async () => {
  asOne.behave(
    async (inquiries) => new Map(inquiries.map(({ key }) => [key, failure('no-match', { provider: 'fake' })])),
  )
  expect(values(await ask(one.answer, shirts('a')))).toEqual(['TC-230'])
  expect(await second.all('SELECT key_hash FROM question_claim')).toEqual([])
  expect(values(await ask(two, shirts('a')))).toEqual(['610910'])
  expect(await one.balance()).toBe(99)
})
