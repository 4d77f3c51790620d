/** What a receiver sees, over real HTTP; signatures are checked by the reference implementation. */
import { Webhook as Oracle } from 'standardwebhooks'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { LEASE_MS } from '../../../proxy/webhooks/attempts.ts'
import { PAUSES_MS } from '../../../proxy/webhooks/schedule.ts'
import { ENGINES, openTestDatabase } from '../../hosts/test-database.ts'
import { newMasterKey, openWebhookHouse, type WebhookHouse } from '../../hosts/webhook-house.ts'
import { answerWith, startWebhookReceiver, type Received, type WebhookReceiver } from '../../hosts/webhook-receiver.ts'

const HOUR = 3600_000
const DAY = 24 * HOUR

describe.each(ENGINES)('on %s', (engine) => {
  let house: WebhookHouse
  let receiver: WebhookReceiver
  beforeEach(async () => {
    receiver = await startWebhookReceiver()
    house = await openWebhookHouse({ database: await openTestDatabase(null, engine) })
  })
  afterEach(async () => {
    await house.close()
    await receiver.close()
  })

  const add = () => house.add(`${receiver.url}/hook?from=tariffcell`)
  const verify = (secret: string, { body, headers }: Received): unknown => new Oracle(secret).verify(body, headers)
  const times = <Item>(count: number, make: () => Item): Item[] => Array.from({ length: count }, make)
  const idsOf = (received: readonly Received[]): string[] => received.map(({ headers }) => headers['webhook-id']!)

  /** Lets the clock run to the next attempt of what waits, and makes it. */
  async function passPause(attempts: number): Promise<void> {
    house.clock.advance(PAUSES_MS[attempts]!)
    await house.sender.sendDue()
  }

  describe('an event', () => {
    test('arrives once, thin, and signed as Standard Webhooks says', async () => {
      const { webhook, secret } = await add()
      await house.emit()
      await house.sender.sendDue()
      await house.sender.sendDue()
      expect(receiver.received).toHaveLength(1)
      const [one] = receiver.received
      expect(one).toMatchObject({ path: '/hook?from=tariffcell', headers: { 'content-type': 'application/json' } })
      expect(verify(secret, one!)).toEqual({
        type: 'points.low',
        timestamp: new Date(house.clock.now()).toISOString(),
        data: { posted: 5, threshold: 100 },
      })
      expect(await house.log(webhook.id)).toMatchObject([
        {
          event: 'points.low',
          state: 'delivered',
          attempts: 1,
          lastStatus: 204,
          messageId: one!.headers['webhook-id'],
        },
      ])
      expect(house.recorded).toEqual([{ outcome: 'delivered', disabled: null }])
    })

    test('that is changed, or signed with another secret, or old, is refused by the receiver', async () => {
      const { secret } = await add()
      const other = await add()
      await house.emit()
      await house.sender.sendDue()
      const [first, second] = receiver.received as [Received, Received]
      expect(() => verify(other.secret, first)).toThrow('No matching signature')
      expect(() => verify(secret, { ...first, body: first.body.replace('5', '6') })).toThrow('No matching signature')
      const headers = { ...first.headers, 'webhook-id': 'msg_other' }
      expect(() => verify(secret, { ...first, headers })).toThrow('No matching signature')
      // One event, two webhooks: one id.
      expect(second.headers['webhook-id']).toBe(first.headers['webhook-id'])

      house.clock.advance(-301_000)
      await house.emit()
      await house.sender.sendDue()
      expect(() => verify(secret, receiver.received[2]!)).toThrow('too old')
    })

    test('after a rotation is signed with both secrets for a day, then with the new one alone', async () => {
      const { webhook, secret } = await add()
      const owner = { workspaceId: house.workspaces[0], actor: 'test' }
      const { secret: second } = (await house.webhooks.rotate(owner, webhook.id)) as { secret: string }
      await house.emit()
      await house.sender.sendDue()
      const [one] = receiver.received
      expect(one!.headers['webhook-signature']).toMatch(/^v1,\S+ v1,\S+$/)
      expect(verify(secret, one!)).toEqual(verify(second, one!))

      const { secret: third } = (await house.webhooks.rotate(owner, webhook.id)) as { secret: string }
      await house.emit()
      await house.sender.sendDue()
      expect(() => verify(secret, receiver.received[1]!)).toThrow('No matching signature')
      expect(verify(second, receiver.received[1]!)).toEqual(verify(third, receiver.received[1]!))

      house.clock.advance(DAY)
      await house.emit()
      await house.sender.sendDue()
      expect(receiver.received[2]!.headers['webhook-signature']).toMatch(/^v1,\S+$/)
    })

    test('goes to those alone that want it, and to none that is disabled', async () => {
      const all = await add()
      const jobs = await house.add(`${receiver.url}/jobs`, { events: ['job.done'] })
      const off = await house.add(`${receiver.url}/off`)
      await house.webhooks.change({ workspaceId: house.workspaces[0], actor: 'test' }, off.webhook.id, {
        state: 'disabled',
      })
      await house.add(`${receiver.url}/foreign`, { workspaceId: house.workspaces[1] })
      await house.emit()
      await house.sender.sendDue()
      expect(receiver.received.map(({ path }) => path)).toEqual(['/hook?from=tariffcell'])
      expect(await house.log(jobs.webhook.id)).toEqual([])
      expect(await house.log(off.webhook.id)).toEqual([])
      expect(await house.log(all.webhook.id)).toHaveLength(1)
    })

    test('of a transaction that is rolled back was never there', async () => {
      const { webhook } = await add()
      await expect(
        house.database.transaction(async (tx) => {
          const data = { posted: 5, threshold: 100 }
          await house.outbox.emitIn(tx, { workspaceId: house.workspaces[0], type: 'points.low', data })
          throw new Error('no')
        }),
      ).rejects.toThrow('no')
      await house.sender.sendDue()
      expect(await house.log(webhook.id)).toEqual([])
      expect(receiver.received).toEqual([])
    })

    test('wakes a started sender by itself', async () => {
      await add()
      house.sender.start()
      const called = receiver.nextCall()
      await house.emit()
      expect((await called).path).toBe('/hook?from=tariffcell')
    })
  })

  describe('a receiver that does not take it', () => {
    test('is tried ten times over three days, each time with the same id and a fresh time', async () => {
      const { webhook, secret } = await add()
      receiver.behave(answerWith(500))
      await house.emit()
      await house.sender.sendDue()
      const started = house.clock.now()
      for (let attempts = 1; attempts < PAUSES_MS.length; attempts++) {
        expect(receiver.received).toHaveLength(attempts)
        const [waiting] = await house.log(webhook.id)
        expect(waiting).toMatchObject({ state: 'waiting', attempts, lastStatus: 500 })
        expect(waiting!.nextAt - house.clock.now()).toBe(PAUSES_MS[attempts])
        // Not a moment sooner.
        house.clock.advance(PAUSES_MS[attempts]! - 1)
        await house.sender.sendDue()
        expect(receiver.received).toHaveLength(attempts)
        house.clock.advance(1)
        await house.sender.sendDue()
      }
      expect(house.clock.now() - started).toBe(75 * HOUR + 35 * 60_000 + 5000)
      expect(await house.log(webhook.id)).toMatchObject([{ state: 'failed', attempts: 10, lastStatus: 500 }])
      expect(new Set(idsOf(receiver.received)).size).toBe(1)
      expect(new Set(receiver.received.map(({ headers }) => headers['webhook-timestamp'])).size).toBe(10)
      house.clock.advance(DAY)
      await house.sender.sendDue()
      expect(receiver.received).toHaveLength(10)
      expect(verify(secret, receiver.received[0]!)).toBeTruthy()
      expect(house.recorded.map(({ outcome }) => outcome)).toEqual([...times(9, () => 'again'), 'failed'])
    })

    test('is tried a little later by chance, so that many are not tried together', async () => {
      const { webhook } = await add()
      receiver.behave(answerWith(500))
      await house.emit()
      await house.openSender({ random: () => 0.5 }).sendDue()
      const [waiting] = await house.log(webhook.id)
      expect(waiting!.nextAt - house.clock.now()).toBe(5250)
    })

    test('for a day, and then does, gets all of it and is not disabled', async () => {
      const { webhook } = await add()
      receiver.behave(answerWith(503))
      for (let n = 0; n < 5; n++) await house.emit()
      await house.sender.sendDue()
      for (let attempts = 1; attempts <= 7; attempts++) await passPause(attempts)
      receiver.behave(answerWith(200))
      await passPause(8)
      const log = await house.log(webhook.id)
      expect(log.map(({ state, attempts }) => [state, attempts])).toEqual(times(5, () => ['delivered', 9]))
      expect(await house.find(webhook.id)).toMatchObject({ state: 'active' })
      expect(new Set(idsOf(receiver.received)).size).toBe(5)
    })

    test.each([301, 302, 307, 308])(
      'but says to go elsewhere (%i) has failed, and nobody goes there',
      async (status) => {
        const elsewhere = await startWebhookReceiver()
        const { webhook } = await add()
        receiver.behave(answerWith(status, { location: `${elsewhere.url}/inside` }))
        await house.emit()
        await house.sender.sendDue()
        expect(await house.log(webhook.id)).toMatchObject([{ state: 'waiting', attempts: 1, lastStatus: status }])
        expect(elsewhere.received).toEqual([])
        await elsewhere.close()
      },
    )

    test('says nothing, or drips, is given up when its time is over', async () => {
      const { webhook } = await add()
      const sender = house.openSender({ timeoutMs: 200 })
      receiver.behave(() => {})
      await house.emit()
      await sender.sendDue()
      expect(await house.log(webhook.id)).toMatchObject([{ state: 'waiting', lastStatus: null, lastTrouble: 'slow' }])
      receiver.behave((_, response) => {
        const drip = setInterval(() => response.socket?.write('H'), 20)
        response.on('close', () => clearInterval(drip))
        response.socket?.write('HTTP/1.1 200 OK\r\n')
      })
      house.clock.advance(PAUSES_MS[1])
      await sender.sendDue()
      expect(await house.log(webhook.id)).toMatchObject([{ state: 'waiting', attempts: 2, lastTrouble: 'slow' }])
    })

    test('breaks the connection, or is not there', async () => {
      const { webhook } = await add()
      receiver.behave((_, response) => response.socket?.destroy())
      await house.emit()
      await house.sender.sendDue()
      expect(await house.log(webhook.id)).toMatchObject([{ lastStatus: null, lastTrouble: 'broken' }])
      const nobody = await startWebhookReceiver()
      const { webhook: second } = await house.add(nobody.url)
      await nobody.close()
      await house.emit()
      await house.sender.sendDue()
      expect(await house.log(second.id)).toMatchObject([{ lastStatus: null, lastTrouble: 'broken' }])
    })
  })

  describe('what a receiver answers', () => {
    test('is read no further than 64 kB, and shown nowhere', async () => {
      const { webhook } = await add()
      let written = 0
      receiver.behave((_, response) => {
        response.writeHead(200)
        const chunk = Buffer.alloc(64_000, 'secret ')
        const pour = (): void => {
          while (!response.destroyed && written < 10_000_000 && (written += chunk.length) && response.write(chunk));
          if (written >= 10_000_000) response.end()
        }
        response.on('drain', pour)
        pour()
      })
      await house.emit()
      await house.sender.sendDue()
      expect(written).toBeLessThan(10_000_000)
      const log = await house.log(webhook.id)
      expect(log).toMatchObject([{ state: 'delivered', lastStatus: 200 }])
      expect(JSON.stringify([log, house.logged])).not.toContain('secret')
    })

    test('counts by its status, though its body never ends', async () => {
      const { webhook } = await add()
      receiver.behave((_, response) => void response.writeHead(200).write('x'))
      await house.emit()
      await house.openSender({ timeoutMs: 200 }).sendDue()
      expect(await house.log(webhook.id)).toMatchObject([{ state: 'delivered', lastStatus: 200 }])
    })

    test.each([429, 502, 504])('%i gives it a minute of rest from everything', async (status) => {
      await add()
      receiver.behave(answerWith(status))
      for (let n = 0; n < 3; n++) await house.emit()
      await house.sender.sendDue()
      expect(receiver.received).toHaveLength(1)
      house.clock.advance(59_999)
      await house.sender.sendDue()
      expect(receiver.received).toHaveLength(1)
      receiver.behave(answerWith(200))
      house.clock.advance(1)
      await house.sender.sendDue()
      expect(receiver.received).toHaveLength(4)
    })

    test.each([
      ['seconds', 503, '600', 600_000],
      ['more than a day', 429, '9999999', DAY],
      ['what is no time', 503, 'soon', PAUSES_MS[1]],
      ['less than the schedule', 503, '1', PAUSES_MS[1]],
    ])('Retry-After is heard: %s', async (_, status, header, pause) => {
      const { webhook } = await add()
      receiver.behave(answerWith(status, { 'retry-after': header }))
      await house.emit()
      await house.sender.sendDue()
      const [waiting] = await house.log(webhook.id)
      expect(waiting!.nextAt - house.clock.now()).toBe(pause)
    })

    test('Retry-After as a date is heard', async () => {
      const { webhook } = await add()
      const at = new Date(house.clock.now() + HOUR).toUTCString()
      receiver.behave(answerWith(503, { 'retry-after': at }))
      await house.emit()
      await house.sender.sendDue()
      expect((await house.log(webhook.id))[0]!.nextAt).toBe(Date.parse(at))
    })

    test('410 ends it: the webhook is disabled, the audit says why, what waits is not sent until it is enabled', async () => {
      const { webhook } = await add()
      await house.emit()
      await house.emit()
      receiver.behave(answerWith(410))
      await house.sender.sendDue()
      expect(receiver.received).toHaveLength(1)
      expect(await house.find(webhook.id)).toMatchObject({ state: 'disabled', disabledReason: 'gone' })
      expect(house.recorded).toEqual([{ outcome: 'failed', disabled: 'gone' }])
      expect((await house.audit.list({ limit: 1 }))[0]).toMatchObject({
        actor: 'webhooks',
        action: 'webhook.disable',
        workspaceId: house.workspaces[0],
        detail: { webhook: webhook.id, reason: 'gone' },
      })
      receiver.behave(answerWith(200))
      house.clock.advance(DAY)
      await house.sender.sendDue()
      expect(receiver.received).toHaveLength(1)
      await house.webhooks.change({ workspaceId: house.workspaces[0], actor: 'test' }, webhook.id, { state: 'active' })
      await house.sender.sendDue()
      expect(receiver.received).toHaveLength(2)
    })
  })

  describe('a webhook at which nothing arrives', () => {
    const runOut = async (): Promise<void> => {
      await house.sender.sendDue()
      for (let attempts = 1; attempts < PAUSES_MS.length; attempts++) await passPause(attempts)
    }

    test('is disabled when three deliveries in a row are given up', { timeout: 60_000 }, async () => {
      const { webhook } = await add()
      receiver.behave(answerWith(500))
      for (let n = 0; n < 2; n++) await house.emit()
      await runOut()
      expect(await house.find(webhook.id)).toMatchObject({ state: 'active' })
      receiver.behave(answerWith(200))
      await house.emit()
      await house.sender.sendDue()
      receiver.behave(answerWith(500))
      for (let n = 0; n < 2; n++) await house.emit()
      await runOut()
      // The one in between arrived: they are not in a row.
      expect(await house.find(webhook.id)).toMatchObject({ state: 'active' })
      receiver.behave(answerWith(200))
      await house.emit()
      await house.sender.sendDue()
      receiver.behave(answerWith(500))
      for (let n = 0; n < 3; n++) await house.emit()
      await runOut()
      expect(await house.find(webhook.id)).toMatchObject({ state: 'disabled', disabledReason: 'failing' })
      expect(house.recorded.filter(({ disabled }) => disabled !== null)).toHaveLength(1)
    })

    test('is disabled after five days of nothing but failures', async () => {
      const { webhook } = await add()
      receiver.behave(answerWith(500))
      await house.emit()
      await runOut()
      house.clock.advance(5 * DAY - 76 * HOUR)
      await house.emit()
      await house.sender.sendDue()
      expect(await house.find(webhook.id)).toMatchObject({ state: 'active' })
      house.clock.advance(HOUR)
      await house.sender.sendDue()
      expect(await house.find(webhook.id)).toMatchObject({ state: 'disabled', disabledReason: 'failing' })
    })

    test('is not disabled by pings, which are tried once', async () => {
      const { webhook } = await add()
      receiver.behave(answerWith(500))
      for (let n = 0; n < 4; n++) {
        await house.webhooks.ping({ workspaceId: house.workspaces[0], actor: 'test' }, webhook.id)
        await house.sender.sendDue()
      }
      expect(receiver.received).toHaveLength(4)
      expect(await house.find(webhook.id)).toMatchObject({ state: 'active' })
      expect(await house.log(webhook.id)).toMatchObject(
        times(4, () => ({ event: 'ping', state: 'failed', attempts: 1 })),
      )
    })
  })

  describe('several senders on one database', () => {
    test('make each attempt once', async () => {
      const webhooks = await Promise.all([1, 2, 3].map((n) => house.add(`${receiver.url}/${n}`)))
      for (let n = 0; n < 4; n++) await house.emit()
      const senders = [house.sender, house.openSender(), house.openSender()]
      await Promise.all(senders.map((sender) => sender.sendDue()))
      await house.sender.sendDue()
      expect(receiver.received).toHaveLength(12)
      const sent = receiver.received.map(({ path, headers }) => `${path} ${headers['webhook-id']}`)
      expect(new Set(sent).size).toBe(12)
      for (const { webhook } of webhooks) expect((await house.log(webhook.id)).length).toBe(4)
    })

    test('call one webhook once at a time, and no more than eight together', async () => {
      let open = 0
      let most = 0
      const perPath = new Map<string, number>()
      let mostOfOne = 0
      receiver.behave(({ path }, response) => {
        open += 1
        perPath.set(path, (perPath.get(path) ?? 0) + 1)
        most = Math.max(most, open)
        mostOfOne = Math.max(mostOfOne, ...perPath.values())
        setImmediate(() => {
          open -= 1
          perPath.set(path, perPath.get(path)! - 1)
          response.writeHead(204).end()
        })
      })
      for (const workspaceId of house.workspaces) {
        for (let n = 0; n < 6; n++) await house.add(`${receiver.url}/${workspaceId}/${n}`, { workspaceId })
        for (let n = 0; n < 2; n++) await house.emit(workspaceId)
      }
      await house.sender.sendDue()
      expect(receiver.received).toHaveLength(24)
      expect(most).toBeLessThanOrEqual(8)
      expect(mostOfOne).toBe(1)
    })

    test('serve workspaces in turn: one with much to tell does not keep another waiting', async () => {
      const [one, two] = house.workspaces
      for (let n = 0; n < 4; n++) await house.add(`${receiver.url}/one`, { workspaceId: one })
      for (let n = 0; n < 4; n++) await house.emit(one)
      await house.add(`${receiver.url}/two`, { workspaceId: two })
      for (let n = 0; n < 3; n++) await house.emit(two)
      await house.openSender({ inFlightMax: 1 }).sendDue()
      const paths = receiver.received.map(({ path }) => path)
      expect(paths.slice(0, 6).filter((path) => path === '/two')).toHaveLength(3)
      expect(paths).toHaveLength(19)
    })

    test('killed between the call and its record, one leaves the event to another, which sends it with the same id', async () => {
      const { webhook, secret } = await add()
      // The answer never comes, and neither does the record: as far as the table knows, the process is gone.
      let answerLate = (): void => {}
      receiver.behave((_, response) => {
        answerLate = () => void response.writeHead(200).end()
      })
      await house.emit()
      const called = receiver.nextCall()
      const dying = house.openSender().sendDue()
      await called
      receiver.behave(answerWith(200))
      const other = house.openSender()
      await other.sendDue()
      // Still believed.
      expect(receiver.received).toHaveLength(1)
      house.clock.advance(LEASE_MS)
      await other.sendDue()
      expect(receiver.received).toHaveLength(2)
      expect(new Set(idsOf(receiver.received)).size).toBe(1)
      expect(verify(secret, receiver.received[0]!)).toEqual(verify(secret, receiver.received[1]!))
      // The first one was only slow: what it has to say counts no more.
      answerLate()
      await dying
      expect(await house.log(webhook.id)).toMatchObject([{ state: 'delivered', attempts: 1 }])
      expect(house.recorded.map(({ outcome }) => outcome)).toEqual(['delivered', 'void'])
    })
  })

  describe('a delivery', () => {
    test('is sent again by hand with the same id, whatever became of it', async () => {
      const { webhook } = await add()
      const owner = { workspaceId: house.workspaces[0], actor: 'test' }
      await house.emit()
      await house.sender.sendDue()
      const [delivered] = await house.log(webhook.id)
      expect(await house.webhooks.resend(owner, delivered!.id)).toBe(delivered!.id)
      await house.sender.sendDue()
      expect(idsOf(receiver.received)).toEqual([delivered!.messageId, delivered!.messageId])
      expect(await house.log(webhook.id)).toMatchObject([{ state: 'delivered', attempts: 1 }])
    })

    test('sent again by hand does not wait for a receiver that asked for rest', async () => {
      const { webhook } = await add()
      receiver.behave(answerWith(429, { 'retry-after': '3600' }))
      await house.emit()
      await house.sender.sendDue()
      const [waiting] = await house.log(webhook.id)
      receiver.behave(answerWith(200))
      await house.webhooks.resend({ workspaceId: house.workspaces[0], actor: 'test' }, waiting!.id)
      await house.sender.sendDue()
      expect(await house.log(webhook.id)).toMatchObject([{ state: 'delivered' }])
    })

    test('is forgotten after 30 days, one that waits for a webhook that is disabled too; a younger one is not', async () => {
      const { webhook } = await add()
      const { webhook: off } = await add()
      await house.emit()
      await house.webhooks.change({ workspaceId: house.workspaces[0], actor: 'test' }, off.id, { state: 'disabled' })
      await house.sender.sendDue()
      house.clock.advance(29 * DAY)
      await house.emit()
      await house.sender.sendDue()
      await house.sender.sweep()
      expect([await house.log(webhook.id), await house.log(off.id)].map(({ length }) => length)).toEqual([2, 1])
      house.clock.advance(DAY)
      await house.sender.sweep()
      expect([await house.log(webhook.id), await house.log(off.id)].map(({ length }) => length)).toEqual([1, 0])
    })

    test('whose webhook is removed while it is under way changes nothing any more', async () => {
      const { webhook } = await add()
      const owner = { workspaceId: house.workspaces[0], actor: 'test' }
      let answerLate = (): void => {}
      receiver.behave((_, response) => {
        answerLate = () => void response.writeHead(410).end()
      })
      await house.emit()
      const called = receiver.nextCall()
      const sending = house.sender.sendDue()
      await called
      expect(await house.webhooks.remove(owner, webhook.id)).toBe(true)
      answerLate()
      await sending
      expect(house.recorded).toEqual([{ outcome: 'void', disabled: null }])
      expect(await house.database.all('SELECT id FROM webhook_delivery')).toEqual([])
    })
  })

  test('a secret that the master key does not open sends nothing, says so, and costs no attempt', async () => {
    const { webhook } = await add()
    await house.emit()
    await house.openSender({ masterKey: newMasterKey() }).sendDue()
    expect(receiver.received).toEqual([])
    expect(house.logged).toMatchObject([{ details: { webhook: webhook.id } }])
    expect(await house.log(webhook.id)).toMatchObject([{ state: 'waiting', attempts: 0 }])
    house.clock.advance(5 * 60_000)
    await house.sender.sendDue()
    expect(receiver.received).toHaveLength(1)
  })

  test('stopping ends what is under way and begins nothing new', async () => {
    const { webhook } = await add()
    const sender = house.openSender()
    receiver.behave((_, response) => setImmediate(() => response.writeHead(200).end()))
    await house.emit()
    await house.emit()
    const called = receiver.nextCall()
    sender.start()
    await called
    await sender.stop()
    const states = (await house.log(webhook.id)).map(({ state }) => state)
    expect(states.sort()).toEqual(['delivered', 'waiting'])
    await house.sender.sendDue()
    expect(receiver.received).toHaveLength(2)
  })

  test('no proxy of the environment is asked', async () => {
    const proxy = await startWebhookReceiver()
    for (const name of ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'ALL_PROXY', 'NODE_USE_ENV_PROXY'])
      vi.stubEnv(name, name === 'NODE_USE_ENV_PROXY' ? '1' : proxy.url)
    try {
      await add()
      await house.emit()
      await house.sender.sendDue()
      expect(receiver.received).toHaveLength(1)
      expect(proxy.received).toEqual([])
    } finally {
      vi.unstubAllEnvs()
      await proxy.close()
    }
  })
})
