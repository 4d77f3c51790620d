import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Redeemed } from '../../../proxy/recharge/vouchers.ts'
import { openTestHouse, type TestHouse } from '../../hosts/test-house.ts'
import { startTestProxy, type TestProxy } from '../../hosts/test-proxy.ts'

const DAY_MS = 24 * 3600_000

let house: TestHouse
let proxy: TestProxy
beforeEach(async () => {
  house = await openTestHouse({ providers: [] })
  proxy = await startTestProxy(house)
})
afterEach(async () => {
  expect(await house.ledger.verify()).toEqual([])
  await proxy.close()
  await house.close()
})

async function newVoucher(points = 500, expiresAt: number | null = null): Promise<{ id: string; code: string }> {
  return (await house.vouchers.create({ points, count: 1, expiresAt, note: '' }))[0]!
}
function as(token: string): Record<string, string> {
  return { Authorization: `Bearer ${token}` }
}
async function redeem(code: unknown, token = house.ownerTokens[0]): Promise<{ status: number; body: Reply }> {
  const response = await proxy.post('/v1/points/redeem', { code }, as(token))
  return { status: response.status, body: (await response.json()) as Reply }
}
type Reply = Redeemed & { error?: { code: string; message: string } }

describe('a voucher', () => {
  test('turns into points once, however it is typed', async () => {
    const { code } = await newVoucher()
    const typed = code.toLowerCase().replaceAll('-', ' ')
    expect(await redeem(typed)).toEqual({ status: 200, body: { points: 500, balance: 500, repeated: false } })
    const [entry] = await house.ledger.entries(house.askers[0].workspaceId, { before: null, limit: 9 })
    expect(entry).toMatchObject({ kind: 'recharge', points: 500, ref: expect.stringMatching(/^voucher:/) as string })
  })

  test('redeemed again by the same seat says the same, and that nothing was added', async () => {
    const { code } = await newVoucher()
    await redeem(code)
    expect(await redeem(code)).toEqual({ status: 200, body: { points: 500, balance: 500, repeated: true } })
  })

  test('redeemed 20 times at once adds its points once', async () => {
    const { code } = await newVoucher()
    const all = await Promise.all(Array.from({ length: 20 }, () => redeem(code)))
    expect(all.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200))
    expect(all.filter(({ body }) => !body.repeated)).toHaveLength(1)
    expect(await house.balance()).toBe(500)
  })

  test('redeemed by two workspaces at once belongs to one of them; the other hears what a stranger hears', async () => {
    const { code } = await newVoucher()
    const all = await Promise.all(Array.from({ length: 20 }, (_, at) => redeem(code, house.ownerTokens[at % 2])))
    const balances = await Promise.all(house.askers.map((asker) => house.balance(asker)))
    expect(balances.toSorted((a, b) => a - b)).toEqual([0, 500])
    expect(all.filter(({ status }) => status === 404)).toHaveLength(10)
    expect(await house.database.all("SELECT 1 FROM audit WHERE action = 'voucher.redeem'")).toHaveLength(1)
  })

  test('of another seat of the same workspace is used too', async () => {
    const { code } = await newVoucher()
    await redeem(code)
    const { workspaceId } = house.askers[0]
    const { token } = await house.seats.createSeat({ workspaceId, name: 's', role: 'seat', dailyCapPoints: null })
    expect((await redeem(code, token)).body.error?.code).toBe('TC-432')
  })

  test('unknown, used, void and late look exactly alike', async () => {
    const [used, late, gone] = [await newVoucher(), await newVoucher(5, house.clock.now() + DAY_MS), await newVoucher()]
    const { code: unknown } = await newVoucher()
    await house.database.run('DELETE FROM voucher WHERE id NOT IN ($1, $2, $3)', [used.id, late.id, gone.id])
    await redeem(used.code, house.ownerTokens[1])
    await house.vouchers.makeVoid(gone.id)
    house.clock.advance(DAY_MS)
    const replies = []
    for (const code of [unknown, used.code, late.code, gone.code]) replies.push(await redeem(code))
    for (const reply of replies) expect(reply).toEqual(replies[0])
    expect(replies[0]).toMatchObject({ status: 404, body: { error: { code: 'TC-432' } } })
    expect(await house.balance()).toBe(0)
  })

  test('is good to its last millisecond', async () => {
    const { code } = await newVoucher(5, house.clock.now() + DAY_MS)
    house.clock.advance(DAY_MS - 1)
    expect((await redeem(code)).status).toBe(200)
  })

  test('with a typing error is told as one, without a look at the database and without using up tries', async () => {
    const { code, id } = await newVoucher()
    const wrong = code.slice(0, -1) + (code.endsWith('2') ? '3' : '2')
    for (let time = 0; time < 40; time++) {
      expect((await redeem(wrong)).body.error?.code).toBe('TC-151')
    }
    expect((await redeem(code)).status).toBe(200)
    await expect(house.vouchers.makeVoid(id)).resolves.toBe('redeemed')
  })

  test('cannot be guessed on and on: past 30 tries a workspace waits, and the right code waits with it', async () => {
    const { code } = await newVoucher()
    const codes = await house.vouchers.create({ points: 1, count: 30, expiresAt: null, note: '' })
    await house.database.run('DELETE FROM voucher WHERE points = 1')
    const statuses = await Promise.all(codes.map((guess) => redeem(guess.code).then(({ status }) => status)))
    expect(statuses).toEqual(codes.map(() => 404))
    const response = await proxy.post('/v1/points/redeem', { code })
    expect(response.status).toBe(429)
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await redeem(code, house.ownerTokens[1])).status).toBe(200)
  })

  test('is not for a seat of single cells, nor for nobody', async () => {
    const { code } = await newVoucher()
    const { workspaceId } = house.askers[0]
    const cell = await house.seats.createSeat({ workspaceId, name: 'c', role: 'cell', dailyCapPoints: null })
    expect((await redeem(code, cell.token)).body.error?.code).toBe('TC-403')
    expect((await redeem(code, 'tc_nobody')).body.error?.code).toBe('TC-401')
  })

  test('leaves its code nowhere: not in the database, a reply, a log or the audit', async () => {
    const { code } = await newVoucher()
    const { body } = await redeem(code)
    await redeem(code, house.ownerTokens[1])
    const rows = []
    for (const table of ['voucher', 'audit', 'entry', 'inbox']) {
      rows.push(await house.database.all(`SELECT * FROM ${table}`))
    }
    const seen = JSON.stringify([rows, body, house.logged])
    expect(seen).not.toContain(code)
    expect(seen).not.toContain(code.slice(3).replaceAll('-', ''))
  })

  test.each([[{}], [{ code: 5 }], [{ code: '' }], [{ code: 'x'.repeat(101) }], [{ code: 'x', more: 1 }], ['{']])(
    'asked for with %j is refused',
    async (body) => {
      expect((await proxy.post('/v1/points/redeem', body)).status).toBe(400)
    },
  )

  test('asked for in too large a body is refused', async () => {
    const response = await proxy.post('/v1/points/redeem', { code: 'x'.repeat(20_000) })
    expect(response.status).toBe(413)
    expect(await response.text()).toContain('16 kB')
  })
})

test('a database that knows no state but these refuses a voucher that was redeemed by nobody', async () => {
  await newVoucher()
  await expect(house.database.run("UPDATE voucher SET state = 'redeemed'")).rejects.toThrow()
  await expect(house.database.run("UPDATE voucher SET state = 'lost'")).rejects.toThrow()
})
