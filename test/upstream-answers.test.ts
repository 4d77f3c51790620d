/** Cells over jiayou: what is shown, what is charged, and what happens when it fails. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openUpstreamHouse, type UpstreamHouse } from './hosts/upstream-house.ts'
import { question } from './hosts/test-house.ts'
import { JIAYOU_KEY, JIAYOU_SECRET, startJiayouSimulator, type JiayouSimulator } from './upstreams/jiayou.ts'

let jiayou: JiayouSimulator
let house: UpstreamHouse

beforeEach(async () => {
  jiayou = await startJiayouSimulator({ balance: 100_000, answers: { 'cotton t-shirt': '6109100011' } })
  house = await openUpstreamHouse({ points: 1000, breaker: { pauseMs: 1, openForMs: 2000 } })
  await house.connect('jiayou', { key: JIAYOU_KEY, secret: JIAYOU_SECRET }, jiayou.url)
})
afterEach(async () => {
  await house.close()
  await jiayou.close()
})

const value = async (fn: string, ...args: string[]): Promise<unknown> => {
  const [answer] = await house.ask([question(fn, ...args)])
  return answer!.value ?? answer!.table ?? answer!.error?.code
}

describe('a code over an upstream', () => {
  test('is its ten digits, costs one point, and names its source and edition', async () => {
    const [answer] = await house.ask([question('HSCODE', 'cotton t-shirt')])
    expect(answer).toMatchObject({ value: '6109100011', points: 1, source: { provider: 'jiayou', cached: false } })
    expect(answer!.source!.edition).toMatch(/^jiayou, asked 2026-11, checked in T2026/)
    expect(await house.balance()).toBe(999)
    expect(jiayou.pointsCharged).toBe(1)
  })

  test('shares its price with HSALT, HSCONF, HSWHY and HSINFO of the same text', async () => {
    await house.ask([question('HSCODE', 'cotton t-shirt')])
    const table = (await value('HSALT', 'cotton t-shirt', 'CA', 'n=4')) as unknown[][]
    expect(table[0]).toMatchObject([1, '6109100011', expect.any(String), '', 'jiayou'])
    expect(table.slice(1).map((row) => row.at(-1))).toEqual(['embedded', 'embedded', 'embedded'])
    expect(await value('HSCONF', 'cotton t-shirt')).toBe('TC-221')
    expect(await value('HSWHY', 'cotton t-shirt')).toMatch(/jiayou says so; the classifier here agrees to 6 digits/)
    expect(await value('HSINFO', 'cotton t-shirt', 'agreement')).toBe(6)
    expect(await value('HSINFO', 'cotton t-shirt', 'provider')).toBe('jiayou')
    expect(await house.balance()).toBe(999)
    expect(jiayou.calls).toBe(1)
  })

  test('that the classifier here would not give is shown with its doubt', async () => {
    // The document's own example: a mouse among plastic tableware.
    const mouse = 'Wireless Bluetooth Mouse'
    expect(await value('HSCODE', mouse)).toBe('3924900010')
    expect(await value('HSINFO', mouse, 'agreement')).toBe(0)
    expect(await value('HSWHY', mouse)).toMatch(/jiayou says so; the classifier here would say 8471.*check it/)
    expect(await value('HSCHECK', '3924900010', 'CA', mouse)).toBe('MISMATCH?')
  })

  test('that does not exist in the tariff is an error that names it, and is not charged', async () => {
    const [answer] = await house.ask([question('HSCODE', 'Fresh Atlantic Salmon')])
    expect(answer!.error).toMatchObject({ code: 'TC-231', retryable: false })
    expect(answer!.error!.message).toContain('0302110000')
    expect(await house.balance()).toBe(1000)
  })

  test('is asked once for equal cells, and never again once it is known', async () => {
    const cells = Array.from({ length: 300 }, (_, at) => question('HSCODE', `cotton t-shirt ${at % 100}`))
    await house.ask(cells)
    await house.ask(cells)
    expect(jiayou.pointsCharged).toBe(100)
    expect(await house.balance()).toBe(900)
    expect(jiayou.calls).toBe(1)
  })

  test('of two workspaces is two questions, each paid by its own', async () => {
    await house.ask([question('HSCODE', 'cotton t-shirt')], house.askers[0])
    const [second] = await house.ask([question('HSCODE', 'cotton t-shirt')], house.askers[1])
    expect(second!.points).toBe(1)
    expect(await house.balance(house.askers[1])).toBe(999)
  })
})

describe('when jiayou fails', () => {
  const goods = Array.from({ length: 20 }, (_, at) => `steel bolt ${at}`)
  const cells = (): ReturnType<typeof question>[] => goods.map((text) => question('HSCODE', text))

  test.each([
    ['a wrong key', { kind: 'status', status: 401 }, 'TC-510'],
    ['too many requests', { kind: 'status', status: 429, retryAfter: '60' }, 'TC-503'],
    ['an error inside', { kind: 'status', status: 500 }, 'TC-503'],
    ['a reset', { kind: 'reset' }, 'TC-503'],
    ['a truncated reply', { kind: 'truncated' }, 'TC-503'],
    ['a page of HTML', { kind: 'html' }, 'TC-514'],
    ['ten megabytes', { kind: 'huge', bytes: 10_000_000 }, 'TC-514'],
    ['a redirect', { kind: 'redirect', location: 'http://127.0.0.1:9/' }, 'TC-514'],
  ] as const)(
    '%s is a sentence in every cell, charges nothing, and the cells go on afterwards',
    async (_, fault, code) => {
      jiayou.faultAlways(fault)
      const failed = await house.ask(cells())
      const codes = new Set(failed.map((answer) => answer.error?.code))
      expect([...codes]).toEqual([
        code === 'TC-503' && fault.kind === 'truncated' ? expect.stringMatching(/TC-5(03|14)/) : code,
      ])
      expect(await house.balance()).toBe(1000)
      expect(await house.openHolds()).toBe(0)
      jiayou.faultAlways(null)
      const answered = await house.ask(cells())
      expect(answered.filter((answer) => answer.error)).toEqual([])
      expect(await house.balance()).toBe(1000 - goods.length)
    },
  )

  test('a wrong key names the upstream and the command that mends it', async () => {
    await house.connect('jiayou', { key: `sk_${'f'.repeat(32)}`, secret: 'wrong' }, jiayou.url)
    const [answer] = await house.ask([question('HSCODE', 'cotton t-shirt')])
    expect(answer!.error!.message).toContain('npm run admin -- credentials set jiayou')
    expect(JSON.stringify([answer, house.logged])).not.toContain('ffffffff')
  })

  test('several times in a row, it is left alone, and asked again after a while', async () => {
    jiayou.faultAlways({ kind: 'status', status: 500 })
    for (let round = 0; round < 5; round++) await house.ask([question('HSCODE', `bolt ${round}`)])
    const before = jiayou.requests.length
    const [paused] = await house.ask([question('HSCODE', 'bolt 9')])
    expect(paused!.error).toMatchObject({ code: 'TC-513', retryable: true })
    expect(jiayou.requests).toHaveLength(before)
    jiayou.faultAlways(null)
    await expect
      .poll(async () => (await house.ask([question('HSCODE', 'bolt 9')]))[0]!.error, { timeout: 15_000 })
      .toBeUndefined()
    expect(house.house.connections.states()).toMatchObject([{ upstream: 'jiayou', state: 'closed' }])
  })

  test('for one name only, its neighbours are answered and the name is not charged', async () => {
    jiayou.failFor('bolt 7')
    const answers = await house.ask(cells())
    const failed = answers.filter((answer) => answer.error)
    expect(failed.map((answer) => answer.error!.code)).toEqual(['TC-230'])
    expect(await house.balance()).toBe(1000 - (goods.length - 1))
  })

  test('nobody answers in its place, unless the workspace chose so', async () => {
    jiayou.faultAlways({ kind: 'status', status: 500 })
    expect(await value('HSCODE', 'wooden kitchen chair')).toBe('TC-503')
    await house.house.database.run("UPDATE workspace SET fallback = 'embedded' WHERE id = $1", [
      house.askers[0].workspaceId,
    ])
    await house.house.connections.refresh()
    const [answer] = await house.ask([question('HSCODE', 'wooden kitchen chair')])
    expect(answer).toMatchObject({ points: 0, source: { provider: 'embedded' } })
    expect(String(answer!.value)).toMatch(/^9401/)
    // Who answered in its place is not hidden.
    expect(await value('HSINFO', 'wooden kitchen chair', 'provider')).toBe('embedded')
    const [other] = await house.ask([question('HSCODE', 'wooden kitchen chair')], house.askers[1])
    expect(other!.error?.code).toMatch(/TC-5(03|13)/)
    expect(await house.balance()).toBe(1000)
  })
})

test('a workspace with a key of its own uses that key, and pays jiayou itself', async () => {
  const key = `sk_${'a'.repeat(32)}`
  const account = jiayou.addAccount({ key, secret: 'own secret', balance: 50 })
  await house.connect('jiayou', { key, secret: 'own secret' }, jiayou.url, house.askers[1].workspaceId)
  await house.ask([question('HSCODE', 'cotton t-shirt')], house.askers[1])
  expect(account.balance).toBe(49)
  await house.ask([question('HSCODE', 'cotton t-shirt')], house.askers[0])
  expect(account.balance).toBe(49)
})

test('what nobody connected can answer names the credential that would', async () => {
  const [answer] = await house.ask([question('HSCODE', 'cotton t-shirt', 'CA', 'provider=glopal')])
  expect(answer!.error!.code).toBe('TC-225')
})
