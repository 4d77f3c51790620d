import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { printBatch } from '../../../proxy/answer/answer-batch.ts'
import { jsonOf } from '../../../proxy/answer/print-answer.ts'
import { ProviderError, type Inquiry, type Reply } from '../../../proxy/providers/provider.ts'
import { failure } from '../../../shared/error-codes.ts'
import type { Answer, Question } from '../../../shared/protocol.ts'
import { answerAll, classification, fakeProvider, type FakeProvider } from '../../hosts/fake-provider.ts'
import { fillDisk } from '../../hosts/test-database.ts'
import { openTestHouse, question, type TestHouse } from '../../hosts/test-house.ts'

let house: TestHouse
let provider: FakeProvider

async function open(points = 100, changes: Parameters<typeof fakeProvider>[0] = {}): Promise<void> {
  provider = fakeProvider(changes)
  house = await openTestHouse({ providers: [provider], points })
}
afterEach(async () => {
  // Whatever happened: the ledger adds up and nothing is left set aside.
  expect(await house.ledger.verify()).toEqual([])
  expect((await house.ledger.balance(house.askers[0].workspaceId)).held).toBe(0)
  await house.close()
})

function values(answers: readonly Answer[]): unknown[] {
  return answers.map((answer) => answer.value ?? answer.error?.code ?? answer.table)
}
/** The values in an order of their own: answers come as they become known. */
function sorted(values: readonly unknown[]): string[] {
  return values.map(String).sort()
}
function hard(inquiry: Inquiry): string {
  return inquiry.kind === 'classify' ? inquiry.description : ''
}

const BUSY = failure('provider-busy', { provider: 'fake' })

describe('points', () => {
  test('a hundred equal cells are one call, one point and a hundred answers', async () => {
    await open()
    const answers = await house.ask(Array.from({ length: 100 }, () => question('HSCODE', 'cotton shirt')))
    expect(new Set(values(answers))).toEqual(new Set(['610910']))
    expect(provider.calls).toEqual([['cotton shirt']])
    expect(await house.balance()).toBe(99)
    expect(answers.reduce((sum, answer) => sum + answer.points, 0)).toBe(1)
  })

  test('HSCODE, HSALT, HSCONF, HSWHY and HSINFO of one text are one point', async () => {
    await open()
    const fns = ['HSCODE', 'HSALT', 'HSCONF', 'HSWHY']
    const answers = await house.ask(fns.map((fn) => question(fn, 'cotton shirt')))
    expect(answers.every((answer) => answer.error === undefined)).toBe(true)
    const [info] = await house.ask([question('HSINFO', 'cotton shirt')])
    expect(info!.table).toContainEqual(['provider', 'fake'])
    expect(await house.balance()).toBe(99)
    expect(provider.calls).toHaveLength(1)
  })

  test('a remembered answer is free, also after a restart', async () => {
    await open()
    await house.ask([question('HSCODE', 'cotton shirt')])
    const [again] = await house.ask([question('HSCODE', ' cotton  shirt ', 'Canada')])
    expect(again).toMatchObject({
      value: '610910',
      points: 0,
      source: { cached: true, provider: 'fake', edition: 'edition 1' },
    })
    // A restart loses memory and keeps the database.
    const restarted = {
      ...house.answer,
      cache: (await import('../../../proxy/answer/cache.ts')).createAnswerCache({
        database: house.database,
        memoryBytesMax: 1000,
      }),
    }
    house.answer.cache = restarted.cache
    const [later] = await house.ask([question('HSCODE', 'cotton shirt')])
    expect(later).toMatchObject({ value: '610910', points: 0, source: { cached: true } })
    expect(provider.calls).toHaveLength(1)
    expect(await house.balance()).toBe(99)
  })

  test('fresh=1 asks again and is charged again', async () => {
    await open()
    await house.ask([question('HSCODE', 'shirt')])
    await house.ask([question('HSCODE', 'shirt', 'CA', 'fresh=1')])
    expect(provider.calls).toHaveLength(2)
    expect(await house.balance()).toBe(98)
  })

  test('as many questions as the balance covers go on; the others say that points are missing, and go on after a recharge', async () => {
    await open(3)
    const texts = ['a', 'b', 'c', 'd', 'e'].map((letter) => `${letter} shirt`)
    const first = await house.ask(texts.map((text) => question('HSCODE', text)))
    expect(values(first).filter((value) => value === '610910')).toHaveLength(3)
    expect(values(first).filter((value) => value === 'TC-402')).toHaveLength(2)
    expect(await house.balance()).toBe(0)
    await house.ledger.credit({ workspaceId: house.askers[0].workspaceId, kind: 'recharge', ref: 'r', points: 10 })
    const second = await house.ask(texts.map((text) => question('HSCODE', text)))
    expect(new Set(values(second))).toEqual(new Set(['610910']))
    expect(await house.balance()).toBe(8)
  })

  test('a formula never spends past the daily cap of its seat', async () => {
    await open(100)
    const asker = { ...house.askers[0], dailyCapPoints: 2 }
    const answers = await house.ask(
      ['a', 'b', 'c'].map((text) => question('HSCODE', `${text} shirt`)),
      { asker },
    )
    expect(values(answers).filter((value) => value === '610910')).toHaveLength(2)
    expect(values(await house.ask([question('HSCODE', 'another shirt')], { asker }))).toEqual(['TC-430'])
    expect(await house.balance()).toBe(98)
  })

  test('who may have free answers only is refused what costs, and nothing is asked', async () => {
    await open()
    const answers = await house.ask([question('HSCODE', 'shirt')], { asker: { ...house.askers[0], maySpend: false } })
    expect(values(answers)).toEqual(['TC-443'])
    expect(provider.calls).toEqual([])
  })

  test('HSCOST says what HSCODE would cost and spends nothing; HSPOINTS says what is left', async () => {
    await open(5)
    await house.ask([question('HSCODE', 'known shirt')])
    const answers = await house.ask([
      question('HSCOST', 'known shirt'),
      question('HSCOST', 'new shirt'),
      question('HSPOINTS'),
    ])
    expect(sorted(values(answers))).toEqual(['0', '1', '4'])
    expect(provider.calls).toHaveLength(1)
  })

  test('one workspace never rides on another: each pays for its own, and neither sees the other’s memory', async () => {
    await open()
    const [one, two] = house.askers
    const both = await Promise.all([one, two].map((asker) => house.ask([question('HSCODE', 'shirt')], { asker })))
    expect(both.map((answers) => answers[0]!.points)).toEqual([1, 1])
    expect([await house.balance(one), await house.balance(two)]).toEqual([99, 99])
    const [third] = await house.ask([question('HSCODE', 'sock')], { asker: one })
    expect(third!.points).toBe(1)
    const [fourth] = await house.ask([question('HSCODE', 'sock')], { asker: two })
    expect(fourth).toMatchObject({ points: 1, source: { cached: false } })
  })

  test('batches that ask the same at the same time share one call and one point', async () => {
    await open()
    const batches = await Promise.all(Array.from({ length: 20 }, () => house.ask([question('HSCODE', 'cotton shirt')])))
    expect(batches.flatMap(values)).toEqual(Array.from({ length: 20 }, () => '610910'))
    expect(provider.calls).toEqual([['cotton shirt']])
    expect(await house.balance()).toBe(99)
  })
})

describe('a failing provider', () => {
  test('releases the hold and leaves the neighbours alone', async () => {
    await open()
    provider.behave(async (inquiries) => {
      const replies = await answerAll(inquiries)
      for (const inquiry of inquiries) {
        if (hard(inquiry).includes('bad')) replies.set(inquiry.key, failure('provider-failed', { provider: 'fake' }))
        if (hard(inquiry).includes('lost')) replies.delete(inquiry.key)
      }
      return replies
    })
    const answers = await house.ask(['good shirt', 'bad shirt', 'lost shirt'].map((text) => question('HSCODE', text)))
    expect(sorted(values(answers))).toEqual(['610910', 'TC-502', 'TC-502'])
    expect(await house.balance()).toBe(99)
  })

  test.each([
    ['retryable', new ProviderError('HTTP 503', { provider: 'fake', failure: BUSY }), 'TC-503', true],
    ['final', new ProviderError('HTTP 400', { provider: 'fake' }), 'TC-502', false],
    ['unforeseen', new TypeError('oops'), 'TC-502', false],
  ])('as a whole (%s) charges nothing and says whether to retry', async (_, error, code, retryable) => {
    await open()
    provider.behave(() => Promise.reject(error))
    const [answer] = await house.ask([question('HSCODE', 'shirt')])
    expect(answer!.error).toMatchObject({ code, retryable })
    expect(await house.balance()).toBe(100)
    // It is asked again next time: a failure of the service is never remembered.
    provider.behave(answerAll)
    expect(values(await house.ask([question('HSCODE', 'shirt')]))).toEqual(['610910'])
  })

  test('that never answers, deaf to its signal, ends with the time limit', async () => {
    await open(100, { timeoutMs: 30 })
    provider.behave(() => new Promise(() => {}))
    const [answer] = await house.ask([question('HSCODE', 'shirt')])
    expect(answer!.error?.code).toBe('TC-504')
    expect(await house.balance()).toBe(100)
  })

  test('that answers after its hold expired is neither charged nor delivered', async () => {
    await open()
    provider.behave(async (inquiries) => {
      house.clock.advance(3600_000)
      await house.ledger.expireHolds()
      return answerAll(inquiries)
    })
    expect(values(await house.ask([question('HSCODE', 'shirt')]))).toEqual(['TC-504'])
    expect(await house.balance()).toBe(100)
  })

  test('never puts what it was sent into the log', async () => {
    await open()
    provider.behave(() =>
      Promise.reject(new ProviderError('HTTP 500', { provider: 'fake', failure: BUSY, cause: 'secret text' })),
    )
    await house.ask([question('HSCODE', 'confidential prototype')])
    expect(house.logged).not.toEqual([])
    expect(JSON.stringify(house.logged)).not.toMatch(/confidential|secret/)
  })
})

describe('a batch', () => {
  test('answers each question once, whatever is wrong with its neighbours', async () => {
    await open()
    const questions = [
      question('HSCODE', 'good shirt'),
      question('HSCODE', 'x'.repeat(600)),
      question('HSCODE', ''),
      question('HSCODE', '🎁'),
      question('HSCODE', 'shirt', 'Narnia'),
      question('HSCODE', 42),
      question('HSCODE', "=cmd|'/C calc'!A0"),
      question('NOPE', 'x'),
      question('HSRATE', '610910', 'CA'),
      question('HSFORMAT', '6109100012', 'dots'),
      question('HSFORMAT', '6109', '10'),
    ]
    const answers = await house.ask(questions)
    expect(answers.map((answer) => answer.id).sort()).toEqual(questions.map(({ id }) => id).sort())
    const byId = new Map(answers.map((answer) => [answer.id, answer]))
    expect(questions.map(({ id }) => values([byId.get(id)!])[0])).toEqual([
      '610910',
      'TC-101',
      '',
      'TC-104',
      'TC-107',
      'TC-105',
      'TC-102',
      'TC-111',
      'TC-225',
      '6109.10.00.12',
      'TC-126',
    ])
    expect(await house.balance()).toBe(99)
  })

  test('with a deadline leaves the unfinished pending; their answers are there when asked again, paid once', async () => {
    await open()
    let release = (): void => {}
    provider.behave(async (inquiries) => {
      await new Promise<void>((resolve) => {
        release = resolve
      })
      return answerAll(inquiries)
    })
    const first = await house.ask([question('HSCODE', 'slow shirt'), question('HSFORMAT', '610910')], {
      deadlineMs: 40,
    })
    expect(sorted(first.map((answer) => answer.pending ?? answer.value))).toEqual(['6109.10', 'true'])
    await expect.poll(() => provider.calls).toHaveLength(1)
    release()
    const [later] = await house.ask([question('HSCODE', 'slow shirt')])
    expect(later).toMatchObject({ value: '610910' })
    expect(provider.calls).toHaveLength(1)
    expect(await house.balance()).toBe(99)
  })

  test('larger than one provider call becomes several, each with a hold of its own', async () => {
    await open(1000, { inquiriesPerCallMax: 50 })
    const answers = await house.ask(
      Array.from({ length: 120 }, (_, at) => question('HSCODE', `shirt number ${at} red`)),
    )
    expect(answers).toHaveLength(120)
    expect(provider.calls.every((call) => call.length <= 50)).toBe(true)
    expect(await house.database.all('SELECT points FROM hold ORDER BY points')).toEqual([
      { points: 20 },
      { points: 50 },
      { points: 50 },
    ])
    expect(await house.balance()).toBe(880)
  })

  test('meeting a full disk charges nothing, says so, and free answers still come', async () => {
    await open()
    const freeDisk = await fillDisk(house.database)
    const answers = await house.ask([
      ...Array.from({ length: 400 }, (_, at) => question('HSCODE', `long description of a shirt number ${at}`)),
      question('HSFORMAT', '610910'),
    ])
    const codes = new Set(values(answers))
    expect(codes).toEqual(new Set(['TC-507', '6109.10']))
    await freeDisk()
    house.clock.advance(3600_000)
    await house.ledger.expireHolds()
    expect(await house.balance()).toBe(100)
  })
})

describe('HSCODE', () => {
  const ask = async (reply: Reply, ...args: string[]): Promise<Answer> => {
    await open()
    provider.behave(async (inquiries) => new Map(inquiries.map((inquiry) => [inquiry.key, reply])))
    const [answer] = await house.ask([question('HSCODE', 'shirt', ...args)])
    return answer!
  }

  test('shows the subheading where it is likelier right than not', async () => {
    expect(await ask(classification('610910', 0.8))).toMatchObject({ value: '610910' })
  })

  test('shows the heading where only that is certain', async () => {
    const doubtful = { ...classification('610910', 0.3), headings: [{ code: '6109', score: 0.8 }] }
    expect(await ask(doubtful)).toMatchObject({ value: '6109' })
  })

  test('names its best guess, its score and the missing fact where nothing is certain', async () => {
    const unsure = { ...classification('610910', 0.3), headings: [{ code: '6109', score: 0.35 }] }
    const { error } = await ask(unsure)
    expect(error).toMatchObject({ code: 'TC-202' })
    expect(error!.message).toContain('610910 (en label of 610910) at 0.30')
    expect(error!.message).toContain('Say the material.')
  })

  test('never says that a score is below itself', async () => {
    const { error } = await ask({ ...classification('610910', 0.499), headings: [] })
    expect(error!.message).toContain('at 0.49, below 0.50')
  })

  test('HSWHY of a heading names a rival beside it, not below it', async () => {
    const doubtful = {
      ...classification('610910', 0.3),
      candidates: [
        { code: '610910', score: 0.3 },
        { code: '610990', score: 0.25 },
      ],
      headings: [
        { code: '6109', score: 0.8 },
        { code: '6205', score: 0.1 },
      ],
    }
    await ask(doubtful)
    const [why] = await house.ask([question('HSWHY', 'shirt')])
    expect(why!.value).toContain('Nearest rival 6205')
    expect(why!.value).not.toContain('610990')
  })

  test('HSWHY names no rival that would show as 0.00', async () => {
    await ask({
      ...classification('610910', 0.99),
      candidates: [
        { code: '610910', score: 0.99 },
        { code: '610990', score: 0.004 },
      ],
    })
    const [why] = await house.ask([question('HSWHY', 'shirt')])
    expect(why!.value).toMatch(/^61 .* › 610910 .* \(0\.99\)\./)
    expect(why!.value).not.toContain('610990')
  })

  test.each([
    ['zh', /^最可能：61 .*（0\.30）。依据：“shirt”、“cotton”。最近竞争编码 620520 .*（0\.25）。/],
    [
      'fr',
      /^Au mieux\u00a0: 61 .* \(0\.30\)\. Décidé par «\u00a0shirt\u00a0», «\u00a0cotton\u00a0»\. Rival le plus proche 620520 /,
    ],
  ])('HSWHY in %s has the marks of its language', async (language, expected) => {
    await ask({
      ...classification('610910', 0.3),
      words: ['shirt', 'cotton'],
      candidates: [
        { code: '610910', score: 0.3 },
        { code: '620520', score: 0.25 },
      ],
      headings: [
        { code: '6109', score: 0.3 },
        { code: '6205', score: 0.25 },
      ],
    })
    const [why] = await house.ask([question('HSWHY', 'shirt', '', `lang=${language}`)])
    expect(why!.value).toMatch(expected)
  })

  test('min=0 always names the best guess', async () => {
    expect(await ask({ ...classification('610910', 0.1), vague: 'what-goods' }, 'CA', 'min=0')).toMatchObject({
      value: '610910',
    })
  })

  test('digits force a depth, but never invent a line', async () => {
    expect(await ask(classification('6109100012', 0.9), 'CA', 'digits=6')).toMatchObject({ value: '610910' })
  })

  test('asked for more digits than are certain, names the lines to choose from', async () => {
    const { error } = await ask(classification('610910', 0.9), 'CA', 'digits=10')
    expect(error!.message).toContain('61091010, 61091090')
  })

  test('a text too vague says which fact is missing', async () => {
    const { error } = await ask({ ...classification('610910'), vague: 'part-of-what' })
    expect(error).toMatchObject({ code: 'TC-201' })
    expect(error!.message).toContain('Say of which machine or article')
  })

  test('an upstream without scores is shown, and HSCONF says that there is none', async () => {
    expect(await ask(classification('6109100012', null))).toMatchObject({ value: '6109100012' })
    const [confidence] = await house.ask([question('HSCONF', 'shirt')])
    expect(confidence!.error?.code).toBe('TC-221')
  })
})

test('over random faulty runs, points charged equal answers delivered for the first time', async () => {
  await open(0)
  await house.close()
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 12 }), fc.constantFrom('ok', 'item', 'call', 'lost')), {
          minLength: 1,
          maxLength: 10,
        }),
        { minLength: 1, maxLength: 6 },
      ),
      fc.integer({ min: 0, max: 25 }),
      async (batches, points) => {
        const fate = new Map(batches.flat().map(([text, outcome]) => [`shirt ${text}`, outcome]))
        const own = fakeProvider({ inquiriesPerCallMax: 4, gatherWindowMs: 0 })
        own.behave(async (inquiries) => {
          if (inquiries.some((inquiry) => fate.get(hard(inquiry)) === 'call'))
            throw new ProviderError('HTTP 503', { provider: 'fake', failure: BUSY })
          const replies = await answerAll(inquiries)
          for (const inquiry of inquiries) {
            if (fate.get(hard(inquiry)) === 'item')
              replies.set(inquiry.key, failure('provider-failed', { provider: 'fake' }))
            if (fate.get(hard(inquiry)) === 'lost') replies.delete(inquiry.key)
          }
          return replies
        })
        const run = await openTestHouse({ providers: [own], points })
        const answers = (
          await Promise.all(batches.map((batch) => run.ask(batch.map(([text]) => question('HSCODE', `shirt ${text}`)))))
        ).flat()
        expect(answers).toHaveLength(batches.flat().length)
        const [paid] = await run.database.all<{ paid: number }>('SELECT COUNT(*) AS paid FROM answer')
        const charged = answers.reduce((sum, answer) => sum + answer.points, 0)
        expect(charged).toBe(paid!.paid)
        expect(await run.balance()).toBe(points - charged)
        expect(await run.ledger.verify()).toEqual([])
        await run.close()
      },
    ),
    { numRuns: 60 },
  )
  await open()
})

test('an answer and its JSON say the same, bought, remembered, refused or pending', async () => {
  await open()
  const ask = async (questions: Question[], deadlineMs: number | null) => {
    const said: string[] = []
    await printBatch(house.answer, house.askers[0], questions, { language: 'zh', deadlineMs }, (id, printed) => {
      expect(JSON.parse(jsonOf(id, printed))).toEqual({ id, ...printed.answer })
      said.push(id)
    })
    expect(sorted(said)).toEqual(sorted(questions.map(({ id }) => id)))
  }
  const questions = [question('HSCODE', 'cotton “shirt”'), question('HSCODE', '🎁'), question('NOPE')]
  await ask(questions, null)
  await ask(questions, null)

  const held = { release: (): void => {} }
  provider.behave(async (inquiries) => {
    await new Promise<void>((resolve) => {
      held.release = resolve
    })
    return answerAll(inquiries)
  })
  const late = question('HSCODE', 'late shirt')
  await ask([late, ...questions], 20)
  held.release()
  await ask([late], null)
})
