/** Who is asked when the first choice fails, what is remembered of it, and what a failure leaves behind. */
import { afterEach, describe, expect, test } from 'vitest'
import { answerPicture } from '../../../proxy/answer/answer-picture.ts'
import type { Inquiry, Provider, Reply } from '../../../proxy/providers/provider.ts'
import { failure } from '../../../shared/error-codes.ts'
import { answerAll, classification, fakeProvider, type FakeProvider } from '../../hosts/fake-provider.ts'
import { openTestHouse, question, type TestHouse } from '../../hosts/test-house.ts'

let house: TestHouse
afterEach(() => house.close())

const BUSY = failure('provider-busy', { provider: 'first' })
const NO_MATCH = failure('no-match', { provider: 'second' })

function saying(reply: Reply): Provider['ask'] {
  return async (inquiries: readonly Inquiry[]) => new Map(inquiries.map(({ key }) => [key, reply]))
}

async function openTwo(): Promise<[FakeProvider, FakeProvider]> {
  const first = fakeProvider({ name: 'first' })
  const second = fakeProvider({ name: 'second' })
  second.behave(saying(classification('640399')))
  house = await openTestHouse({ providers: [first, second], points: 100 })
  return [first, second]
}

const code = async (...options: string[]): Promise<unknown> => {
  const [answer] = await house.ask([question('HSCODE', 'shirt', 'CA', ...options)])
  return answer!.value ?? answer!.error!.code
}

describe('a stand-in', () => {
  test('answers when the first choice fails, is paid once, and keeps its place when that is back', async () => {
    const [first, second] = await openTwo()
    first.behave(saying(BUSY))
    expect(await code()).toBe('640399')
    first.behave(answerAll)
    expect(await code()).toBe('640399')
    expect(await house.balance()).toBe(99)
    expect(second.calls).toHaveLength(1)
    // Who wants the first choice's word asks again, and pays for it.
    expect(await code('fresh=1')).toBe('610910')
    expect(await house.balance()).toBe(98)
  })

  test('that was asked by name once does not answer for the first choice', async () => {
    await openTwo()
    expect(await code('provider=second')).toBe('640399')
    expect(await code()).toBe('610910')
    expect(await code('provider=second')).toBe('640399')
    expect(await house.balance()).toBe(98)
  })

  test('that knows no answer leaves the first choice’s failure, which can be tried again', async () => {
    const [first, second] = await openTwo()
    first.behave(saying(BUSY))
    second.behave(saying(NO_MATCH))
    expect(await code()).toBe('TC-503')
    first.behave(answerAll)
    expect(await code()).toBe('610910')
  })

  test('is not asked when the first choice knows no answer', async () => {
    const [first, second] = await openTwo()
    first.behave(saying(failure('no-match', { provider: 'first' })))
    expect(await code()).toBe('TC-230')
    expect(second.calls).toEqual([])
  })
})

describe('no answer', () => {
  test('is not charged, believed for a while, and told by HSINFO as well', async () => {
    const [first] = await openTwo()
    first.behave(saying(failure('no-match', { provider: 'first' })))
    await code()
    expect(await code()).toBe('TC-230')
    expect(first.calls).toHaveLength(1)
    const [info] = await house.ask([question('HSINFO', 'shirt')])
    expect(info!.error?.code).toBe('TC-230')
    expect(await house.balance()).toBe(100)
  })

  test('to a second asking does not hide the answer that was paid', async () => {
    const [first] = await openTwo()
    await code()
    first.behave(saying(failure('no-match', { provider: 'first' })))
    expect(await code('fresh=1')).toBe('TC-230')
    expect(await code()).toBe('610910')
  })

  test('for a picture is not believed: another may lie at the same address', async () => {
    const provider = fakeProvider({ answers: () => true })
    house = await openTestHouse({ providers: [provider], points: 100 })
    provider.behave(saying(failure('image-too-large', { max: '8 MB' })))
    const look = () => house.ask([question('HSIMAGE', 'https://example.com/a.jpg')])
    expect((await look())[0]!.error?.code).toBe('TC-142')
    provider.behave(saying({ kind: 'table', table: [['shoes', 'a shoe', 0.9]] }))
    expect((await look())[0]!.table).toEqual([['shoes', 'a shoe', 0.9]])
  })
})

test('a look-up asked again by fresh=1 or by its provider’s name is the same look-up', async () => {
  const provider = fakeProvider({ answers: () => true })
  house = await openTestHouse({ providers: [provider], points: 100 })
  provider.behave(saying({ kind: 'table', table: [['old']] }))
  await house.ask([question('HSEXAMPLES', 'shoes')])
  provider.behave(saying({ kind: 'table', table: [['new']] }))
  await house.ask([question('HSEXAMPLES', 'shoes', 'fresh=1')])
  const [plain, named] = await house.ask([
    question('HSEXAMPLES', 'shoes'),
    question('HSEXAMPLES', 'shoes', 'provider=fake'),
  ])
  expect([plain!.table, named!.table]).toEqual([[['new']], [['new']]])
  expect(await house.balance()).toBe(98)
})

test('past a seat’s daily cap the cells say the cap, not that points are missing', async () => {
  house = await openTestHouse({ providers: [fakeProvider()], points: 100 })
  const asker = { ...house.askers[0], dailyCapPoints: 2 }
  const answers = await house.ask(
    ['a shirt', 'b shirt', 'c shirt'].map((text) => question('HSCODE', text)),
    { asker },
  )
  expect(answers.map((answer) => answer.error?.code ?? 'ok').toSorted()).toEqual(['TC-430', 'ok', 'ok'])
})

test('a seat that waits on another seat’s call does not inherit that seat’s cap', async () => {
  house = await openTestHouse({ providers: [fakeProvider()], points: 100 })
  const capped = { ...house.askers[0], dailyCapPoints: 0 }
  const [one, two] = await Promise.all([
    house.ask([question('HSCODE', 'shirt')], { asker: capped }),
    house.ask([question('HSCODE', 'shirt')]),
  ])
  expect(one[0]!.error?.code).toBe('TC-430')
  expect(two[0]!.value).toBe('610910')
  expect(await house.balance()).toBe(99)
})

test('pictures that wait are bounded by their bytes', async () => {
  const provider = fakeProvider({ answers: () => true, inquiriesPerCallMax: 1, callsInFlightMax: 1, timeoutMs: 60_000 })
  house = await openTestHouse({ providers: [provider], points: 100 })
  let open = (): void => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  provider.behave(() => opened.then(() => new Map()))
  let refused = 0
  const asked = Array.from({ length: 20 }, (_, at) =>
    answerPicture(house.answer, house.askers[0], Buffer.alloc(8_000_000, at), { n: undefined, language: 'en' }).then(
      ({ answer }) => {
        if (answer.error?.code === 'TC-506') refused++
      },
    ),
  )
  // One is under way; eight of eight megabytes may wait.
  await expect.poll(() => refused, { timeout: 15_000 }).toBe(11)
  expect(house.gatherers.load()).toMatchObject({ calls: 1, waiting: 8 })
  open()
  await Promise.all(asked)
  expect(await house.balance()).toBe(100)
})
