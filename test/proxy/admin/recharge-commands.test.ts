import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runAdmin } from '../../../proxy/admin/run-admin.ts'
import type { PaymentService } from '../../../proxy/recharge/payment-service.ts'
import { openTestHouse, type TestHouse } from '../../hosts/test-house.ts'
import { connectStripe, startStripe, type Disputed, type StripeSimulator } from '../../upstreams/stripe.ts'

let folder: string
let house: TestHouse
let stripe: StripeSimulator
let services: readonly PaymentService[]

// A folder on disk, opened twice at the same time: once here, as by a running proxy, and once by each command.
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tariffcell-admin-'))
  house = await openTestHouse({
    providers: [],
    folder,
    async paymentServices(now) {
      stripe = await startStripe(now)
      return (services = [await connectStripe(stripe, { now })])
    },
  })
})
afterEach(async () => {
  expect(await house.ledger.verify()).toEqual([])
  await house.close()
  await stripe.close()
  rmSync(folder, { recursive: true })
})

async function admin(...argv: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  let [stdout, stderr] = ['', '']
  const code = await runAdmin(argv, {
    environment: { DATA_DIR: folder },
    stdin: new PassThrough().end(),
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    loadUpstreams: () => Promise.resolve([]),
    paymentServices: services,
  })
  return { code, stdout, stderr }
}
async function json<Row>(...argv: string[]): Promise<Row[]> {
  const { code, stdout, stderr } = await admin(...argv, '--json')
  expect([code, stderr]).toEqual([0, ''])
  return JSON.parse(stdout) as Row[]
}
function codesIn(text: string): string[] {
  return text.match(/TV(-[0-9A-Z]{5}){4}/g) ?? []
}

describe('vouchers', () => {
  test('are made, shown once and redeemed', async () => {
    const { stdout } = await admin('voucher', 'create', '500', '--count', '3', '--days', '30', '--note', 'fair in Lyon')
    expect(stdout).toMatch(/^3 vouchers of 500 points, good until \d{4}-.* UTC\. Shown this once:\n/)
    const codes = codesIn(stdout)
    expect(new Set(codes).size).toBe(3)
    // The command goes by the machine's clock, this house by its own.
    await house.database.run('UPDATE voucher SET expires_at = $1', [house.clock.now() + 1])
    expect(await house.vouchers.redeem(codes[0]!, house.askers[0])).toMatchObject({ points: 500, balance: 500 })
    const listed = await json<{ state: string; note: string; points: number }>('vouchers')
    expect(listed.map(({ state }) => state).toSorted((a, b) => a.localeCompare(b))).toEqual([
      'open',
      'open',
      'redeemed',
    ])
    expect(listed[0]).toMatchObject({ note: 'fair in Lyon', points: 500 })
    const outputs = (await admin('vouchers')).stdout + JSON.stringify(listed)
    for (const code of codes) expect(outputs).not.toContain(code)
  })

  test('are withdrawn, unless they are redeemed', async () => {
    const [first, second] = codesIn((await admin('voucher', 'create', '5', '--count', '2')).stdout)
    await house.vouchers.redeem(first!, house.askers[0])
    const listed = await json<{ id: string; state: string }>('vouchers')
    const idOf = (state: string): string => listed.find((row) => row.state === state)!.id
    expect((await admin('voucher', 'void', idOf('redeemed'))).stderr).toContain('redeemed already')
    const open = idOf('open')
    expect((await admin('voucher', 'void', open)).stdout).toContain('is void')
    expect(await admin('voucher', 'void', open)).toMatchObject({ code: 0, stdout: 'The voucher was void already.\n' })
    expect((await admin('voucher', 'void', 'unknown')).code).toBe(1)
    expect(await house.vouchers.redeem(second!, house.askers[0])).toMatchObject({ failed: 'voucher-unknown' })
    const actions = (await house.audit.list({ limit: 99 })).map(({ action, actor }) => `${actor} ${action}`)
    expect(actions.filter((action) => action === 'operator voucher.void')).toHaveLength(1)
  })

  test.each([
    ['0'],
    ['-1'],
    ['1.5'],
    ['99999999'],
    ['5', '--count', '1001'],
    ['5', '--count', '0'],
    ['5', '--days', 'x'],
    ['5', '--note', 'x'.repeat(201)],
  ])('are refused: %s %s %s', async (...operands) => {
    const argv = operands.filter((operand) => operand !== undefined)
    const { code, stdout } = await admin('voucher', 'create', ...argv.slice(1), '--', argv[0]!)
    expect([code, stdout]).toEqual([1, ''])
  })
})

describe('recharges', () => {
  async function pay(): Promise<string> {
    const row = await house.recharges.open(house.askers[0], { requestId: 'r', cny: 10 })
    if ('failed' in row) throw new Error(row.failed)
    stripe.pay(row.serviceRef!)
    await house.recharges.read(row.workspaceId, row.id)
    return row.id
  }

  test('are listed for one workspace or all, with what could not be taken back', async () => {
    const id = await pay()
    await house.recharges.open(house.askers[1], { requestId: 'r', cny: 20 })
    expect(await json('recharges')).toHaveLength(2)
    expect(await json('recharges', 'one')).toMatchObject([{ id, state: 'paid', fen: 1000, points: 500, lostPoints: 0 }])
    expect((await admin('recharges')).stdout).toMatch(/^id .*CNY .*spent before +disputed\n/)
    const outputs = JSON.stringify([await admin('recharges'), await json('recharges')])
    expect(outputs).not.toContain('checkout.stripe.test')
  })

  test('are payments alone: where there is none, it says where vouchers are seen', async () => {
    const { stdout } = await admin('recharges')
    expect(stdout).toMatch(/no payment online yet.*-- entries.*-- vouchers/)
  })

  test('are given back in part and in whole, and not twice', async () => {
    const id = await pay()
    expect((await admin('refund', id, '--points', '100')).stdout).toBe(
      '100 points taken back, 2.00 CNY given back; 100 of its 500 points have gone back in all.\n',
    )
    expect((await admin('refund', id, '--points', '100')).stdout).toMatch(/^Nothing to give back: 100 of its 500/)
    expect((await admin('refund', id)).stdout).toMatch(/^400 points taken back, 8\.00 CNY given back/)
    expect(await house.balance()).toBe(0)
  })

  test('that are disputed are listed with the command that takes their points, until it is given', async () => {
    expect((await admin('disputes')).stdout).toBe('There is no dispute.\n')
    const id = await pay()
    const session = [...stripe.sessions.keys()].at(-1)!
    const receive = (deed: string, changes: Disputed = {}) => {
      const { body, headers } = stripe.sign(stripe.dispute(session, deed, { ref: 'dp_1', ...changes }))
      return house.recharges.receive('stripe', Buffer.from(body), headers)
    }
    expect(await receive('created')).toBe('received')
    expect((await admin('disputes')).stdout).toMatch(
      /^dispute .*\ndp_1 +\S+ +\S+ .* open +untouched +fraudulent +10\.00 CNY +10\.00 +500 +0 +-\n$/,
    )
    house.clock.advance(1000)
    await receive('funds_withdrawn')
    await receive('closed', { status: 'lost' })
    expect(await json('disputes', 'one')).toMatchObject([{ ref: 'dp_1', rechargeId: id, state: 'lost' }])
    expect(await json('disputes', 'two')).toEqual([])
    expect(await json('recharges', 'one')).toMatchObject([
      { id, state: 'paid', disputedAt: expect.any(Number) as number },
    ])
    const asked = (await admin('disputes')).stdout
    expect(asked).toMatch(/ lost +withdrawn .*\n.* adjust <workspace> -<n> --ref <dispute>\n$/)
    expect(await house.balance()).toBe(500)
    expect((await admin('adjust', 'one', '-500', '--ref', 'dp_1')).code).toBe(0)
    expect((await admin('disputes')).stdout).toMatch(/ 500 +0 +-500\n$/)
    expect(await house.balance()).toBe(0)
  })

  test('that cannot be given back say why', async () => {
    expect((await admin('refund', 'unknown')).stderr).toMatch(/^TC-242 /)
    const id = await pay()
    expect((await admin('refund', id, '--points', 'all')).stderr).toMatch(/^TC-610 --points is a whole number/)
    services = []
    expect((await admin('refund', id)).stderr).toMatch(/^TC-436 /)
    expect(await house.balance()).toBe(500)
  })
})
