import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openRechargeHouse, type Opened, type RechargeHouse } from '../../hosts/recharge-house.ts'
import { ENGINES } from '../../hosts/test-database.ts'
import { openTestHouse } from '../../hosts/test-house.ts'
import { startTestProxy } from '../../hosts/test-proxy.ts'
import { STRIPE_KEY, STRIPE_WEBHOOK_SECRET, type StripeEvent } from '../../upstreams/stripe.ts'

const HOUR_MS = 3600_000
const LOOK_EVERY_MS = 3000

describe.each(ENGINES)('on %s', (engine) => {
  let open: RechargeHouse
  beforeEach(async () => {
    open = await openRechargeHouse(engine)
  })
  afterEach(async () => {
    expect(await open.house.ledger.verify()).toEqual([])
    await open.close()
  })

  async function balance(): Promise<number> {
    return open.house.balance()
  }
  async function entries(): Promise<{ kind: string; points: number; ref: string }[]> {
    return open.house.ledger.entries(open.house.askers[0].workspaceId, { before: null, limit: 100 })
  }
  async function errorOf(response: Response): Promise<[status: number, code: string]> {
    const body = (await response.json()) as { error: { code: string } }
    return [response.status, body.error.code]
  }
  function post(body: unknown, token = open.house.ownerTokens[0]): Promise<Response> {
    return open.proxy.post('/v1/points/checkout', body, open.as(token))
  }
  async function returnPage(opened: Opened, headers: Record<string, string> = {}): Promise<Response> {
    const { success_url: url } = open.stripe.sessions.get(opened.session)!
    return open.proxy.get(url.replace('http://tariffcell.test', ''), headers)
  }
  /** 20 of it, all at once. */
  function twentyTimes<Result>(work: (at: number) => Promise<Result>): Promise<Result[]> {
    return Promise.all(Array.from({ length: 20 }, (_, at) => work(at)))
  }

  describe('a checkout', () => {
    test('is a row of ours first, and a page in CNY with card, Alipay and WeChat Pay', async () => {
      const { recharge, url, session } = await open.checkout(10)
      expect(recharge).toMatchObject({ state: 'open', cny: 10, currency: 'CNY', points: 500, paidAt: null })
      expect(url).toBe(`https://checkout.stripe.test/c/pay/${session}`)
      const [asked] = open.stripe.requests
      expect(asked!.headers['idempotency-key']).toBe(recharge.id)
      expect(asked!.headers['stripe-version']).toBe('2026-10-28.endive')
      const form = Object.fromEntries(new URLSearchParams(asked!.body.toString()))
      expect(form).toMatchObject({
        mode: 'payment',
        'allowed_payment_method_types[0]': 'card',
        'allowed_payment_method_types[1]': 'alipay',
        'allowed_payment_method_types[2]': 'wechat_pay',
        'payment_method_options[wechat_pay][client]': 'web',
        'line_items[0][price_data][currency]': 'cny',
        'line_items[0][price_data][unit_amount]': '1000',
        'metadata[recharge]': recharge.id,
        'payment_intent_data[metadata][recharge]': recharge.id,
      })
      expect(await balance()).toBe(0)
    })

    test('asked for again with the same request id is the same one, and costs no second page', async () => {
      const first = await open.checkout(10, 'r')
      const all = await twentyTimes(() => open.checkout(10, 'r'))
      for (const again of all) expect(again).toEqual(first)
      expect(open.stripe.sessions.size).toBe(1)
    })

    test('asked for 20 times at once under a new request id is one', async () => {
      const all = await twentyTimes(() => open.checkout(10, 'r'))
      expect(new Set(all.map(({ url }) => url)).size).toBe(1)
      expect(open.stripe.sessions.size).toBe(1)
    })

    test('under the same request id for another amount is refused', async () => {
      await open.checkout(10, 'r')
      expect(await errorOf(await post({ requestId: 'r', cny: 11 }))).toEqual([409, 'TC-435'])
    })

    test('under the same request id of another workspace is another one', async () => {
      const [one, two] = [await open.checkout(10, 'r'), await open.checkout(20, 'r', open.house.ownerTokens[1])]
      expect(one.recharge.id).not.toBe(two.recharge.id)
      expect(one.session).not.toBe(two.session)
    })

    test.each([0, -1, 0.5, 1.01, 50_001, 1e9])('of %s CNY is refused', async (cny) => {
      const response = await post({ requestId: 'r', cny })
      expect(await errorOf(response)).toEqual([400, 'TC-152'])
      expect(open.stripe.requests).toEqual([])
    })

    test.each([
      {},
      { requestId: 'r' },
      { requestId: 'r', cny: '10' },
      { requestId: '', cny: 1 },
      { requestId: 'r', cny: 1, fen: 1 },
    ])('asked for with %j is refused', async (body) => {
      expect((await post(body)).status).toBe(400)
    })

    test('of the least and of the most is what it says', async () => {
      expect((await open.checkout(1)).recharge.points).toBe(50)
      expect((await open.checkout(50_000)).recharge.points).toBe(2_500_000)
    })

    test('while Stripe is down is told as such, and goes on under the same request id', async () => {
      open.stripe.faultAlways({ kind: 'reset' })
      expect(await errorOf(await post({ requestId: 'r', cny: 10 }))).toEqual([502, 'TC-437'])
      open.stripe.faultAlways(null)
      const { recharge } = await open.checkout(10, 'r')
      expect(recharge.state).toBe('open')
      expect(open.stripe.sessions.size).toBe(1)
    })

    test('whose reply was lost is found again by its idempotency key', async () => {
      open.stripe.fault({ kind: 'reset-after' }, 2)
      expect(await errorOf(await post({ requestId: 'r', cny: 10 }))).toEqual([502, 'TC-437'])
      await open.checkout(10, 'r')
      expect(open.stripe.sessions.size).toBe(1)
    })

    test('that Stripe answered with 500 after the deed goes on with a new page, because Stripe repeats its 500', async () => {
      open.stripe.breakAfter(1)
      expect(await errorOf(await post({ requestId: 'r', cny: 10 }))).toEqual([502, 'TC-437'])
      const opened = await open.checkout(10, 'r')
      await open.deliver(open.stripe.pay(opened.session))
      expect(await balance()).toBe(500)
      expect((await open.read(opened.recharge.id)).state).toBe('paid')
    })

    test('is for an owner and a seat, and not for a seat of single cells', async () => {
      const { workspaceId } = open.house.askers[0]
      const made = async (role: 'seat' | 'cell') =>
        (await open.house.seats.createSeat({ workspaceId, name: role, role, dailyCapPoints: null })).token
      const [seat, cell] = [await made('seat'), await made('cell')]
      expect((await post({ requestId: 's', cny: 1 }, seat)).status).toBe(200)
      expect(await errorOf(await post({ requestId: 'c', cny: 1 }, cell))).toEqual([403, 'TC-403'])
      expect((await open.proxy.get('/v1/points/recharges', open.as(cell))).status).toBe(403)
      expect((await open.proxy.get('/v1/points/recharges', {})).status).toBe(401)
    })

    test('opens so many pages and no more', async () => {
      const statuses: number[] = []
      for (let at = 0; at < 61; at++) statuses.push((await post({ requestId: 'r', cny: 10 })).status)
      expect(statuses.filter((status) => status === 200)).toHaveLength(60)
      expect(statuses.at(-1)).toBe(429)
    })
  })

  describe('a payment', () => {
    test('told by the signed webhook is credited once, for what our row says', async () => {
      const { recharge, session } = await open.checkout(10)
      expect(await open.deliver(open.stripe.pay(session))).toBe(204)
      expect(await balance()).toBe(500)
      expect(await entries()).toMatchObject([{ kind: 'recharge', points: 500, ref: `stripe:${session}` }])
      expect(await open.read(recharge.id)).toMatchObject({ state: 'paid', paidAt: expect.any(String) as string })
      expect(await open.audited('recharge.paid')).toMatchObject([
        {
          workspaceId: open.house.askers[0].workspaceId,
          actor: 'stripe',
          detail: { recharge: recharge.id, points: 500 },
        },
      ])
    })

    test('told 20 times at once is credited once', async () => {
      const { session } = await open.checkout(10)
      const event = open.stripe.pay(session)
      expect(await twentyTimes(() => open.deliver(event))).toEqual(Array.from({ length: 20 }, () => 204))
      expect(await balance()).toBe(500)
      expect(await open.audited('recharge.paid')).toHaveLength(1)
    })

    test('told by 20 different events at once is credited once', async () => {
      const { session } = await open.checkout(10)
      const event = open.stripe.pay(session)
      await twentyTimes((at) => open.deliver({ ...event, id: `${event.id}-${at}` }))
      expect(await balance()).toBe(500)
      expect(await open.audited('recharge.paid')).toHaveLength(1)
    })

    test('told by webhook, success page and polling at once is credited once', async () => {
      const opened = await open.checkout(10)
      const event = open.stripe.pay(opened.session)
      await Promise.all([
        ...Array.from({ length: 7 }, () => open.deliver(event)),
        ...Array.from({ length: 7 }, () => returnPage(opened)),
        ...Array.from({ length: 6 }, () => open.read(opened.recharge.id)),
      ])
      expect(await balance()).toBe(500)
      expect(await open.audited('recharge.paid')).toHaveLength(1)
    })

    test('told before the reply that opened its page was stored is credited, and the reply finds it paid', async () => {
      const statuses: number[] = []
      open.stripe.onSession = async (session) => {
        const event = open.stripe.pay(session.id)
        statuses.push(...(await twentyTimes(() => open.deliver(event))))
      }
      const response = await post({ requestId: 'r', cny: 10 })
      expect(statuses).toEqual(Array.from({ length: 20 }, () => 204))
      expect(await response.json()).toMatchObject({ recharge: { state: 'paid' }, url: null })
      expect(await balance()).toBe(500)
    })

    test('that is completed and not yet paid is credited when it is', async () => {
      const { recharge, session } = await open.checkout(10)
      expect(await open.deliver(open.stripe.payLater(session))).toBe(204)
      expect(await balance()).toBe(0)
      open.house.clock.advance(LOOK_EVERY_MS)
      expect((await open.read(recharge.id)).state).toBe('open')
      expect(await open.deliver(open.stripe.succeed(session))).toBe(204)
      expect(await balance()).toBe(500)
    })

    test('that fails later is failed, and adds nothing', async () => {
      const { recharge, session } = await open.checkout(10)
      await open.deliver(open.stripe.payLater(session))
      await open.deliver(open.stripe.fail(session))
      expect((await open.read(recharge.id)).state).toBe('failed')
      expect(await balance()).toBe(0)
    })

    test('stays paid when its page expires or an earlier try fails, in whatever order that is told', async () => {
      const { recharge, session } = await open.checkout(10)
      const expired = open.stripe.expire(session)
      const paid = open.stripe.pay(session)
      for (const event of [
        expired,
        paid,
        { ...expired, id: 'evt_again' },
        { ...expired, id: 'evt_f', type: 'checkout.session.async_payment_failed' },
      ]) {
        expect(await open.deliver(event)).toBe(204)
      }
      expect((await open.read(recharge.id)).state).toBe('paid')
      expect(await balance()).toBe(500)
    })

    test('whose page expired is expired', async () => {
      const { recharge, session } = await open.checkout(10)
      await open.deliver(open.stripe.expire(session))
      expect((await open.read(recharge.id)).state).toBe('expired')
      expect(await open.checkout(10, 'request 1')).toMatchObject({ recharge: { state: 'expired' }, url: null })
    })

    test('whose webhook failed half way leaves nothing, and counts when it is told again', async () => {
      const { session, recharge } = await open.checkout(10)
      const event = open.stripe.pay(session)
      await open.house.database.run('ALTER TABLE audit RENAME TO audit_away')
      expect(await open.deliver(event)).toBe(500)
      expect(await balance()).toBe(0)
      await open.house.database.run('ALTER TABLE audit_away RENAME TO audit')
      expect(await open.stripe.deliverUntilHeard(open.webhook, event)).toEqual([204])
      expect(await balance()).toBe(500)
      expect((await open.read(recharge.id)).state).toBe('paid')
    })
  })

  describe('what does not fit our row', () => {
    const changed: [string, string, (event: StripeEvent) => StripeEvent][] = [
      ['another amount', 'amount', (event) => withObject(event, { amount_total: 999 })],
      ['another currency', 'currency', (event) => withObject(event, { currency: 'jpy' })],
      ['no amount', 'amount', (event) => withObject(event, { amount_total: null })],
      ['an unknown session', 'checkout', (event) => withObject(event, { id: 'cs_unknown', metadata: {} })],
      ['a session of ours under a foreign number', 'checkout', (event) => withObject(event, { id: 'cs_foreign' })],
      [
        'a session that names another recharge',
        'recharge',
        (event) => withObject(event, { metadata: { recharge: 'x' } }),
      ],
      ['a session of something else', 'checkout', (event) => withObject(event, { id: 'cs_shop', metadata: null })],
      ['another account', 'account', (event) => ({ ...event, account: 'acct_foreign' })],
    ]
    test.each(changed)('%s: heard, written down once, and nothing done', async (_, reason, change) => {
      const { recharge, session } = await open.checkout(10)
      const event = change(open.stripe.pay(session))
      const statuses = await Promise.all(Array.from({ length: 4 }, () => open.deliver(event)))
      expect(statuses).toEqual([204, 204, 204, 204])
      expect(await balance()).toBe(0)
      expect(await open.audited('recharge.refused')).toMatchObject([{ actor: 'stripe', detail: { reason } }])
      expect(open.house.logged).toContainEqual(expect.objectContaining({ level: 'warn' }))
      const row = await open.house.database.get<{ state: string }>('SELECT state FROM recharge WHERE id = $1', [
        recharge.id,
      ])
      expect(row).toEqual({ state: 'open' })
    })

    test('a session of ours in the name of another workspace’s recharge credits neither', async () => {
      const [mine, theirs] = [await open.checkout(10), await open.checkout(10, 'r', open.house.ownerTokens[1])]
      const event = withObject(open.stripe.pay(mine.session), { metadata: { recharge: theirs.recharge.id } })
      await open.deliver(event)
      expect(await balance()).toBe(0)
      expect(await open.house.balance(open.house.askers[1])).toBe(0)
    })

    test('an event of another kind is heard and does nothing', async () => {
      const event = {
        id: 'evt_1',
        object: 'event',
        type: 'customer.created',
        data: { object: { id: 'cus_1' } },
      } as const
      expect(await open.deliver(event)).toBe(204)
      expect(await open.audited('recharge.refused')).toEqual([])
    })
  })

  describe('a call to the webhook', () => {
    test('that is not signed as it should be is refused and does nothing', async () => {
      const { session } = await open.checkout(10)
      const event = open.stripe.pay(session)
      const now = open.house.clock.now()
      const body = JSON.stringify(event)
      for (const changes of [
        { secret: 'whsec_another' },
        { signature: null },
        { signature: '' },
        { signature: 't=1,v1=' },
        { signature: `t=${Math.floor(now / 1000)},v1=${'é'.repeat(64)}` },
        { signature: `t=${Math.floor(now / 1000)},v1=${'0'.repeat(64)}` },
        // The same JSON, in other bytes.
        { body },
        { body: JSON.stringify(event, null, 2).replace('1000', '9000') },
        { body: '' },
        { at: now - 301_000 },
        { at: now + 302_000 },
      ]) {
        expect(await open.stripe.deliver(open.webhook, event, changes), JSON.stringify(changes)).toBe(401)
      }
      expect(await balance()).toBe(0)
      for (const at of [now - 299_000, now + 299_000]) {
        expect(await open.stripe.deliver(open.webhook, event, { at })).toBe(204)
      }
      expect(await balance()).toBe(500)
    })

    test('is answered in its code, and bounded', async () => {
      const response = await open.proxy.post('/v1/webhooks/stripe', '{}', {})
      expect(await errorOf(response)).toEqual([401, 'TC-438'])
      expect((await open.proxy.post('/v1/webhooks/stripe', 'x'.repeat(256_001), {})).status).toBe(413)
      expect((await open.proxy.get('/v1/webhooks/stripe', {})).status).toBe(404)
    })
  })

  describe('the success page', () => {
    test('fulfils by asking Stripe, where no webhook came', async () => {
      const opened = await open.checkout(10)
      open.stripe.pay(opened.session)
      const response = await returnPage(opened)
      expect(response.status).toBe(200)
      expect(await response.text()).toContain('500 points were added. You have 500 points to spend.')
      expect(await balance()).toBe(500)
    })

    test('speaks the reader’s language, runs no script and is kept nowhere', async () => {
      const opened = await open.checkout(10)
      const pages = await Promise.all(
        ['zh-CN,zh;q=0.9', 'fr', 'de'].map(async (language) => {
          const response = await returnPage(opened, { 'Accept-Language': language })
          expect(response.headers.get('content-security-policy')).toMatch(
            /^default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
          )
          expect(response.headers.get('cache-control')).toBe('no-store')
          expect(response.headers.get('referrer-policy')).toBe('no-referrer')
          expect(response.headers.get('content-type')).toContain('text/html')
          return response.text()
        }),
      )
      for (const page of pages) expect(page).not.toMatch(/<script|\son\w+=|https?:/)
      expect(pages[0]).toContain('支付尚未确认')
      expect(pages[1]).toContain('Pas encore confirmé')
      expect(pages[2]).toContain('Not confirmed yet')
    })

    test('opens with the recharge’s own key only', async () => {
      const [one, two] = [await open.checkout(10), await open.checkout(10)]
      const address = new URL(open.stripe.sessions.get(one.session)!.success_url)
      const other = new URL(open.stripe.sessions.get(two.session)!.success_url)
      const key = address.searchParams.get('key')!
      const bodies: string[] = []
      for (const query of [
        '',
        `recharge=${one.recharge.id}`,
        `recharge=${one.recharge.id}&key=`,
        `recharge=${one.recharge.id}&key=${key.slice(1)}`,
        `recharge=${one.recharge.id}&key=${other.searchParams.get('key')}`,
        `recharge=unknown&key=${key}`,
        `recharge=${one.recharge.id}&key=${key}&key=${key}`,
      ]) {
        const response = await open.proxy.get(`/v1/points/return?${query}`, {})
        expect(response.status).toBe(404)
        bodies.push(await response.text())
      }
      expect(new Set(bodies).size).toBe(1)
      expect(open.stripe.requests.filter(({ method }) => method === 'GET')).toEqual([])
    })

    test('asks Stripe every few seconds at most, and shows what we know while Stripe is down', async () => {
      const opened = await open.checkout(10)
      const asked = (): number => open.stripe.requests.filter(({ method }) => method === 'GET').length
      for (let at = 0; at < 5; at++) await returnPage(opened)
      await open.read(opened.recharge.id)
      expect(asked()).toBe(1)
      open.house.clock.advance(LOOK_EVERY_MS)
      open.stripe.faultAlways({ kind: 'reset' })
      expect((await returnPage(opened)).status).toBe(200)
      open.stripe.faultAlways(null)
      open.stripe.pay(opened.session)
      open.house.clock.advance(LOOK_EVERY_MS)
      expect((await open.read(opened.recharge.id)).state).toBe('paid')
    })

    test('of who turned back says that nothing was paid, unless it was', async () => {
      const opened = await open.checkout(10)
      const { cancel_url: url } = open.stripe.sessions.get(opened.session)!
      const turnBack = async () => (await open.proxy.get(url.replace('http://tariffcell.test', ''), {})).text()
      expect(await turnBack()).toContain('nothing was paid')
      await open.deliver(open.stripe.pay(opened.session))
      expect(await turnBack()).toContain('500 points were added')
    })
  })

  describe('money that goes back', () => {
    test('takes its points back, once, however often it is told', async () => {
      const { recharge, session } = await open.checkout(10)
      await open.deliver(open.stripe.pay(session))
      const events = open.stripe.refund(session, 400)
      for (const event of events) await twentyTimes(() => open.deliver(event))
      expect(await balance()).toBe(300)
      expect(await open.read(recharge.id)).toMatchObject({ state: 'paid', refundedPoints: 200 })
      for (const event of open.stripe.refund(session, 600)) await open.deliver(event)
      expect(await balance()).toBe(0)
      expect(await open.read(recharge.id)).toMatchObject({ state: 'refunded', refundedPoints: 500 })
      expect((await entries()).map(({ kind, points }) => [kind, points])).toEqual([
        ['refund', -300],
        ['refund', -200],
        ['recharge', 500],
      ])
    })

    test('told before the payment finds it by asking: both count once, in any order', async () => {
      const { recharge, session } = await open.checkout(10)
      const paid = open.stripe.pay(session)
      const [created, refunded] = open.stripe.refund(session, 1000)
      await Promise.all([refunded!, created!, refunded!, paid, created!].map((event) => open.deliver(event)))
      expect(await balance()).toBe(0)
      expect(await open.read(recharge.id)).toMatchObject({ state: 'refunded', refundedPoints: 500 })
      expect((await entries()).map(({ points }) => points)).toEqual([-500, 500])
    })

    test('told before the payment while Stripe is down is to be told again', async () => {
      const { session } = await open.checkout(10)
      open.stripe.pay(session)
      const [, refunded] = open.stripe.refund(session, 1000)
      open.stripe.faultAlways({ kind: 'reset' })
      expect(await open.deliver(refunded!)).toBe(502)
      open.stripe.faultAlways(null)
      expect(await open.stripe.deliverUntilHeard(open.webhook, refunded!)).toEqual([204])
      expect((await entries()).map(({ points }) => points)).toEqual([-500, 500])
    })

    test('in parts, told in the wrong order, is taken back for the sum', async () => {
      const { session, recharge } = await open.checkout(10)
      await open.deliver(open.stripe.pay(session))
      const first = open.stripe.refund(session, 200)[1]!
      const second = open.stripe.refund(session, 201)[1]!
      await open.deliver(second)
      await open.deliver(first)
      // 401 fen are 200 whole points.
      expect(await balance()).toBe(300)
      expect((await open.read(recharge.id)).refundedPoints).toBe(200)
    })

    test('takes what is unspent and not set aside; the rest is written down', async () => {
      const { session, recharge } = await open.checkout(10)
      await open.deliver(open.stripe.pay(session))
      await open.spend(450)
      await open.deliver(open.stripe.refund(session, 1000)[1]!)
      expect(await balance()).toBe(0)
      const row = await open.house.database.get(
        'SELECT state, refunded_points, lost_points FROM recharge WHERE id = $1',
        [recharge.id],
      )
      expect(row).toEqual({ state: 'refunded', refunded_points: 50, lost_points: 450 })
      expect(await open.audited('recharge.refund')).toMatchObject([{ detail: { points: 50, lost: 450 } }])
    })

    test('of a payment that is none of ours, or in another currency, does nothing', async () => {
      const { session } = await open.checkout(10)
      await open.deliver(open.stripe.pay(session))
      const [created, refunded] = open.stripe.refund(session, 1000)
      for (const [at, event] of [
        withObject(refunded!, { payment_intent: 'pi_foreign', metadata: {} }),
        withObject(refunded!, { payment_intent: 'pi_foreign' }),
        withObject(refunded!, { currency: 'usd' }),
        withObject(created!, { payment_intent: 'pi_foreign' }),
        withObject(created!, { payment_intent: null }),
      ].entries()) {
        expect(await open.deliver({ ...event, id: `evt_${at}` })).toBe(204)
      }
      expect(await balance()).toBe(500)
    })
  })

  describe('the sweep', () => {
    test('finds payments that nobody told, and leaves young recharges alone', async () => {
      const old = await open.checkout(10)
      open.house.clock.advance(15 * 60_000)
      const young = await open.checkout(10)
      open.stripe.pay(old.session)
      open.stripe.pay(young.session)
      await Promise.all([open.house.recharges.sweep(), open.house.recharges.sweep()])
      expect(await balance()).toBe(500)
      open.house.clock.advance(HOUR_MS)
      await open.house.recharges.sweep()
      expect(await balance()).toBe(1000)
    })

    test('gives up after three days, without asking; a payment told later still counts', async () => {
      const { recharge, session } = await open.checkout(10)
      open.house.clock.advance(3 * 24 * HOUR_MS)
      await open.house.recharges.sweep()
      expect(open.stripe.requests.filter(({ method }) => method === 'GET')).toEqual([])
      expect((await open.read(recharge.id)).state).toBe('expired')
      await open.deliver(open.stripe.pay(session))
      expect((await open.read(recharge.id)).state).toBe('paid')
      expect(await balance()).toBe(500)
    })

    test('leaves things as they are while Stripe is down, and does not ask on and on', async () => {
      for (let at = 0; at < 6; at++) await open.checkout(10)
      open.house.clock.advance(HOUR_MS)
      open.stripe.faultAlways({ kind: 'status', status: 401 })
      await open.house.recharges.sweep()
      expect(open.stripe.requests.filter(({ method }) => method === 'GET')).toHaveLength(3)
      const states = await open.house.database.all<{ state: string }>('SELECT DISTINCT state FROM recharge')
      expect(states).toEqual([{ state: 'open' }])
    })
  })

  describe('two workspaces', () => {
    test('see their own recharges; a foreign id looks like an unknown one', async () => {
      const mine = await open.checkout(10)
      const theirs = await open.checkout(20, 'r', open.house.ownerTokens[1])
      const list = async (token: string): Promise<string[]> => {
        const response = await open.proxy.get('/v1/points/recharges', open.as(token))
        expect(response.headers.get('cache-control')).toBe('no-store')
        return ((await response.json()) as { recharges: { id: string }[] }).recharges.map(({ id }) => id)
      }
      expect(await list(open.house.ownerTokens[0])).toEqual([mine.recharge.id])
      expect(await list(open.house.ownerTokens[1])).toEqual([theirs.recharge.id])
      const [foreign, unknown] = [theirs.recharge.id, 'test-999999']
      const replies = []
      for (const id of [foreign, unknown]) {
        const response = await open.proxy.get(`/v1/points/recharges/${id}`)
        expect(response.status).toBe(404)
        replies.push((await response.text()).replace(id, 'ID'))
      }
      expect(replies[0]).toBe(replies[1])
      expect(replies[0]).toContain('TC-242')
    })
  })

  test('keys, secrets and payment pages stand in no log, reply, audit or row but where they must', async () => {
    const opened = await open.checkout(10, 'r')
    open.stripe.faultAlways({ kind: 'status', status: 401, body: JSON.stringify({ error: { message: STRIPE_KEY } }) })
    const failed = await (await post({ requestId: 'other', cny: 10 })).text()
    open.stripe.faultAlways(null)
    await open.deliver(open.stripe.pay(opened.session))
    const key = new URL(open.stripe.sessions.get(opened.session)!.success_url).searchParams.get('key')!
    const tables = []
    for (const table of ['recharge', 'audit', 'inbox', 'entry']) {
      tables.push(await open.house.database.all(`SELECT * FROM ${table}`))
    }
    const kept = JSON.stringify([tables, failed, open.house.logged])
    for (const secret of [STRIPE_KEY, STRIPE_WEBHOOK_SECRET, key]) expect(kept).not.toContain(secret)
    expect(JSON.stringify([open.house.logged, tables[1]])).not.toContain(opened.url)
  })
})

test('where no payment service is set up, checkout says so and all else works', async () => {
  const house = await openTestHouse({ providers: [] })
  const proxy = await startTestProxy(house)
  const response = await proxy.post('/v1/points/checkout', { requestId: 'r', cny: 10 })
  expect([response.status, await response.text()]).toEqual([409, expect.stringContaining('TC-436') as string])
  expect(await (await proxy.get('/v1/points/recharges')).json()).toEqual({ recharges: [] })
  expect((await proxy.post('/v1/webhooks/stripe', '{}', {})).status).toBe(409)
  await house.recharges.sweep()
  await proxy.close()
  await house.close()
})

function withObject(event: StripeEvent, changes: Record<string, unknown>): StripeEvent {
  return { ...event, data: { object: { ...event.data.object, ...changes } } }
}
