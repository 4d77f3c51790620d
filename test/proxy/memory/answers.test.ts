/** What people approved, in the cells of a sheet: before every provider, free, and gone when it is taken back. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Entry } from '../../../proxy/memory/approvals.ts'
import { isFailure } from '../../../shared/error-codes.ts'
import type { CellValue } from '../../../shared/tariff-code.ts'
import { question } from '../../hosts/test-house.ts'
import { openUpstreamHouse, type UpstreamHouse } from '../../hosts/upstream-house.ts'
import { JIAYOU_KEY, JIAYOU_SECRET, startJiayouSimulator, type JiayouSimulator } from '../../upstreams/jiayou.ts'
import { entry } from './entries.ts'

let jiayou: JiayouSimulator
let house: UpstreamHouse
beforeEach(async () => {
  jiayou = await startJiayouSimulator({ balance: 1000, answers: { 'cotton t-shirt': '6109100011' } })
  house = await openUpstreamHouse({ points: 100 })
  await house.connect('jiayou', { key: JIAYOU_KEY, secret: JIAYOU_SECRET }, jiayou.url)
})
afterEach(async () => {
  await house.close()
  await jiayou.close()
})

const approve = async (one: Entry, who: 0 | 1 = 0): Promise<string> => {
  const { workspaceId, seatId: actor } = house.askers[who]
  const { approvals } = house.house.memory
  const approved = await approvals.approve({ workspaceId, actor, source: 'review', entries: [one], leaveSame: false })
  if (isFailure(approved)) throw new Error(approved.failed)
  return approved[0]!.id
}
const take = (id: string): Promise<boolean> =>
  house.house.memory.approvals.remove({ workspaceId: house.askers[0].workspaceId, actor: 'operator', id })
const cell = async (fn: string, ...args: CellValue[]): Promise<unknown> => {
  const [answer] = await house.ask([question(fn, ...args)])
  return answer!.value ?? answer!.table ?? answer!.error!.code
}

const SHIRT = 'cotton t-shirt'
// Another line than jiayou's.
const APPROVED = '6109100012'

describe('an approved code', () => {
  test('is the answer before anybody is asked, in the next cell, for nothing', async () => {
    await approve(entry(SHIRT))
    const [answer] = await house.ask([question('HSCODE', SHIRT)])
    expect(answer).toMatchObject({ value: APPROVED, points: 0, source: { provider: 'memory' } })
    expect(answer!.source!.edition).toMatch(/^approved 2026-11-22, checked in /)
    expect(jiayou.calls).toBe(0)
    expect(await house.balance()).toBe(100)
    expect((await house.ask([question('HSCODE', SHIRT)]))[0]).toMatchObject({
      value: APPROVED,
      source: { cached: true },
    })
  })

  test('wins over an answer that was paid for, and gives way to it without a new charge when it is taken back', async () => {
    expect(await cell('HSCODE', SHIRT)).toBe('6109100011')
    expect(await house.balance()).toBe(99)
    const id = await approve(entry(SHIRT))
    expect(await cell('HSCODE', SHIRT)).toBe(APPROVED)
    expect(await take(id)).toBe(true)
    expect(await cell('HSCODE', SHIRT)).toBe('6109100011')
    expect([await house.balance(), jiayou.calls]).toEqual([99, 1])
  })

  test('that is approved anew on the same day is the new one at once', async () => {
    const id = await approve(entry(SHIRT))
    expect(await cell('HSCODE', SHIRT)).toBe(APPROVED)
    expect(await approve(entry(SHIRT, '6109909111'))).toBe(id)
    expect(await cell('HSCODE', SHIRT)).not.toBe(APPROVED)
  })

  test('is the workspace’s own', async () => {
    await approve(entry(SHIRT), 1)
    expect(await cell('HSCODE', SHIRT)).toBe('6109100011')
    const [theirs] = await house.ask([question('HSCODE', SHIRT)], house.askers[1])
    expect(theirs).toMatchObject({ value: APPROVED, points: 0 })
  })

  test('is for its text, country and facts alone', async () => {
    await approve(entry(SHIRT, APPROVED, { facts: { material: 'cotton', use: '', gender: '', category: '' } }))
    expect(await cell('HSCODE', SHIRT, 'CA', 'material=cotton')).toBe(APPROVED)
    expect(await cell('HSCODE', `  ${SHIRT}　`, 'ca', 'lang=fr;material=cotton')).toBe(APPROVED)
    expect(await cell('HSINFO', SHIRT, 'provider', 'country=US;material=cotton')).toBe('embedded')
    expect(await cell('HSCODE', SHIRT, 'CA')).toBe('6109100011')
    expect(await cell('HSINFO', SHIRT.toUpperCase(), 'provider', 'material=cotton')).toBe('TC-222')
  })

  test('is not shown to who names another provider, or asks again', async () => {
    await approve(entry(SHIRT))
    expect(await cell('HSCODE', SHIRT, 'CA', 'provider=jiayou')).toBe('6109100011')
    expect(await cell('HSINFO', SHIRT, 'provider', 'provider=embedded')).toBe('embedded')
    expect(await cell('HSCODE', SHIRT, 'CA', 'fresh=1')).toBe('6109100011')
    expect(await cell('HSCODE', SHIRT, 'CA', 'provider=memory')).toBe(APPROVED)
    expect(await cell('HSCODE', 'something else', 'CA', 'provider=memory')).toBe('TC-225')
    expect(await house.balance()).toBe(98)
  })

  test('is an error that names it once the tariff no longer has it', async () => {
    await approve(entry(SHIRT, '6109109999'))
    const [answer] = await house.ask([question('HSCODE', SHIRT)])
    expect(answer!.error).toMatchObject({ code: 'TC-231' })
    expect(answer!.error!.message).toMatch(/^TC-231 memory says 6109109999, which is not in the CA tariff/)
    expect(jiayou.calls).toBe(0)
  })

  test('of today says nothing of a day without a tariff, and all of one whose tariff has it', async () => {
    await approve(entry(SHIRT))
    expect(await cell('HSINFO', SHIRT, 'provider', 'date=2026-06-01')).toBe('memory')
    expect(await cell('HSCODE', SHIRT, 'CA', 'date=2026-06-01')).toBe(APPROVED)
    expect(await cell('HSINFO', SHIRT, 'provider', 'date=1999-06-01')).toBe('embedded')
  })

  test('of a country without a tariff here is known by its international digits', async () => {
    await approve(entry(SHIRT, '61091000', { country: 'DE' }))
    expect(await cell('HSCODE', SHIRT, 'DE')).toBe('61091000')
  })
})

describe('beside an approved code', () => {
  beforeEach(() => approve(entry(SHIRT)))

  test('HSCONF says 1: nothing is left to guess', async () => {
    expect(await cell('HSCONF', SHIRT)).toBe(1)
    expect(await cell('HSCODE', SHIRT, 'CA', 'min=1')).toBe(APPROVED)
  })

  test('HSCODE cuts to the depth asked for, and invents no deeper one', async () => {
    expect(await cell('HSCODE', SHIRT, 'CA', 'digits=6')).toBe('610910')
    await approve(entry('short', '610910'))
    expect(await cell('HSCODE', 'short', 'CA', 'digits=10')).toBe('TC-203')
  })

  test('HSALT lists it first, then what the classifier would say', async () => {
    const table = (await cell('HSALT', SHIRT)) as CellValue[][]
    expect(table[0]).toMatchObject([1, APPROVED, expect.any(String), 1, 'memory'])
    expect(table[1]).toMatchObject([2, expect.any(String), expect.any(String), expect.any(Number), 'embedded'])
  })

  test.each([
    ['en', 'Approved by owner on 2026-11-22.'],
    ['zh', '由 owner 于 2026-11-22 确认。'],
    ['fr', 'Approuvé par owner le 2026-11-22.'],
  ])('HSWHY in %s says who approved it and when, and no score', async (lang, said) => {
    const why = String(await cell('HSWHY', SHIRT, 'CA', `lang=${lang}`))
    expect(why).toContain(said)
    expect(why).toContain(APPROVED)
    expect(why).not.toContain('(1.00)')
    expect(why.length).toBeLessThanOrEqual(300)
  })

  test('HSINFO names the memory, the day, and how far the classifier agrees; HSCOST is nothing', async () => {
    const info = new Map((await cell('HSINFO', SHIRT)) as [string, unknown][])
    expect(Object.fromEntries(info)).toMatchObject({
      provider: 'memory',
      code: APPROVED,
      score: 1,
      points: 0,
      agreement: 6,
    })
    expect(info.get('edition')).toMatch(/^approved 2026-11-22/)
    expect(await cell('HSCOST', SHIRT)).toBe(0)
    expect(await house.balance()).toBe(100)
  })
})

test('an approval during a batch counts from the next question on, and no batch waits for ever', async () => {
  const texts = Array.from({ length: 20 }, (_, at) => `cotton t-shirt no ${at}`)
  const [answers] = await Promise.all([
    house.ask(texts.map((text) => question('HSCODE', text, 'CA', 'min=0'))),
    ...texts.map((text) => approve(entry(text))),
  ])
  expect(answers).toHaveLength(20)
  const after = await house.ask(texts.map((text) => question('HSCODE', text)))
  expect(after.map(({ value }) => value)).toEqual(texts.map(() => APPROVED))
})
