/** Webhooks that two proxies on one database change and send to at once. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Webhook as Oracle } from 'standardwebhooks'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Database } from '../../../proxy/database.ts'
import { createOutbox } from '../../../proxy/webhooks/outbox.ts'
import type { Webhooks } from '../../../proxy/webhooks/webhooks.ts'
import { isFailure } from '../../../shared/error-codes.ts'
import { ENGINES, openTestDatabase, testIds } from '../../hosts/test-database.ts'
import { createTestWebhooks, newMasterKey, openWebhookHouse, type WebhookHouse } from '../../hosts/webhook-house.ts'
import { startWebhookReceiver, type WebhookReceiver } from '../../hosts/webhook-receiver.ts'

describe.each(ENGINES)('two proxies on one %s', (engine) => {
  const masterKey = newMasterKey()
  let folder: string
  let house: WebhookHouse
  let second: Database
  let theirs: Webhooks
  let receiver: WebhookReceiver
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tariffcell-webhooks-'))
    house = await openWebhookHouse({ database: await openTestDatabase(folder, engine), masterKey })
    // SQLite waits with the whole process: two of its connections in one would wait for each other.
    second = engine === 'sqlite' ? house.database : await openTestDatabase(folder, engine)
    theirs = createTestWebhooks({ database: second, now: house.clock.now, newId: testIds('their'), masterKey })
    receiver = await startWebhookReceiver()
  })
  afterEach(async () => {
    await house.close()
    if (second !== house.database) await second.close()
    await receiver.close()
    rmSync(folder, { recursive: true })
  })

  const owner = () => ({ workspaceId: house.workspaces[0], actor: 'test' })

  test('keep no more than ten webhooks for a workspace', async () => {
    const made = await Promise.all(
      Array.from({ length: 16 }, (_, n) =>
        (n % 2 === 0 ? house.webhooks : theirs).create(owner(), { url: receiver.url, events: null }),
      ),
    )
    expect(made.filter(isFailure).map(({ failed }) => failed)).toEqual(
      Array.from({ length: 6 }, () => 'too-many-webhooks'),
    )
    expect(await house.webhooks.list(house.workspaces[0])).toHaveLength(10)
  })

  test('that rotate a secret at once lose neither: both sign', async () => {
    const { webhook } = await house.add(receiver.url)
    const rotated = await Promise.all([house.webhooks.rotate(owner(), webhook.id), theirs.rotate(owner(), webhook.id)])
    await house.emit()
    await house.sender.sendDue()
    const [{ body, headers } = { body: '', headers: {} }] = receiver.received
    for (const one of rotated) {
      if (isFailure(one)) throw new Error(one.failed)
      expect(new Oracle(one.secret).verify(body, headers)).toMatchObject({ type: 'points.low' })
    }
  })

  test('send each event once to each webhook', async () => {
    for (let n = 0; n < 4; n++) await house.add(`${receiver.url}/${n}`)
    for (let n = 0; n < 6; n++) await house.emit()
    const sender = house.openSender({ database: second, newId: testIds('lease') })
    await Promise.all([house.sender.sendDue(), sender.sendDue()])
    await house.sender.sendDue()
    const sent = receiver.received.map(({ path, headers }) => `${path} ${headers['webhook-id']}`)
    expect(sent).toHaveLength(24)
    expect(new Set(sent).size).toBe(24)
  })

  test('a charge goes through while its webhook is being removed', async () => {
    const outbox = createOutbox({ now: house.clock.now, newId: testIds('event') })
    for (let n = 0; n < 5; n++) {
      const { webhook } = await house.add(receiver.url)
      const data = { posted: 5, threshold: 100 }
      const [removed] = await Promise.all([
        house.webhooks.remove(owner(), webhook.id),
        second.transaction((tx) => outbox.emitIn(tx, { workspaceId: house.workspaces[0], type: 'points.low', data })),
      ])
      expect(removed).toBe(true)
    }
    await house.sender.sendDue()
    expect(receiver.received).toEqual([])
  })
})
