/** The operator's commands for webhooks, beside a running sender on the same folder. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runAdmin } from '../../../proxy/admin/run-admin.ts'
import { openMasterKey } from '../../../proxy/credentials/master-key.ts'
import { Webhook as Oracle } from 'standardwebhooks'
import { openTestDatabase } from '../../hosts/test-database.ts'
import { openWebhookHouse, type WebhookHouse } from '../../hosts/webhook-house.ts'
import { answerWith, startWebhookReceiver, type WebhookReceiver } from '../../hosts/webhook-receiver.ts'

let folder: string
let house: WebhookHouse
let receiver: WebhookReceiver
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tariffcell-admin-'))
  receiver = await startWebhookReceiver()
  house = await openWebhookHouse({ database: await openTestDatabase(folder) })
})
afterEach(async () => {
  await house.close()
  await receiver.close()
  rmSync(folder, { recursive: true })
})

async function admin(...argv: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  let [stdout, stderr] = ['', '']
  const code = await runAdmin(argv, {
    environment: { DATA_DIR: folder, ALLOW_PRIVATE_WEBHOOKS: 'true' },
    stdin: new PassThrough().end(),
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    loadUpstreams: () => Promise.resolve([]),
  })
  return { code, stdout, stderr }
}

/** The sender of a proxy that has the same key file and the time of this machine. */
const sendDue = () => {
  const sender = house.openSender({ masterKey: openMasterKey({ folder, setting: null }) })
  house.clock.advance(Math.max(0, Date.now() - house.clock.now()))
  return sender.sendDue()
}

async function add(...options: string[]): Promise<{ id: string; secret: string }> {
  const { code, stdout, stderr } = await admin('webhook', 'add', 'one', '--url', receiver.url, ...options)
  expect([code, stderr]).toEqual([0, ''])
  const [, id, secret] = /webhook (\S+)\nIts secret, shown this once: (whsec_\S+)\n/.exec(stdout) as string[]
  return { id: id!, secret: secret! }
}

test('a webhook is added, listed, tested, looked up, sent again to, and removed', async () => {
  const { id, secret } = await add('--events', 'job.done,points.low')
  const listed = await admin('webhooks', 'one')
  expect(listed.stdout).toMatch(new RegExp(`${id} +${receiver.url}/ +job\\.done points\\.low +active +- `))
  expect(listed.stdout).not.toContain('whsec_')
  expect((await admin('webhooks', 'two')).stdout).toBe('This workspace has no webhooks.\n')

  const tested = await admin('webhook', 'test', id)
  const delivery = /^Ping (\S+) goes out/.exec(tested.stdout)![1]!
  await sendDue()
  const [ping] = receiver.received
  expect(new Oracle(secret).verify(ping!.body, ping!.headers)).toMatchObject({ type: 'ping', data: { webhook: id } })
  const log = await admin('webhook', 'deliveries', id)
  expect(log.stdout).toMatch(new RegExp(`${delivery} +ping +delivered +1 +204 `))
  expect((await admin('webhook', 'resend', delivery)).code).toBe(0)
  await sendDue()
  expect(receiver.received).toHaveLength(2)

  expect((await admin('webhook', 'remove', id)).code).toBe(0)
  expect(JSON.parse((await admin('webhooks', 'one', '--json')).stdout)).toEqual([])
  const audited = await house.audit.list({ workspaceId: house.workspaces[0], limit: 100 })
  const actions = audited.map(({ actor, action }) => `${actor} ${action}`).filter((done) => done.includes(' webhook.'))
  expect(actions.sort()).toEqual(['operator webhook.create', 'operator webhook.remove', 'operator webhook.resend'])
})

test('one that was disabled says why, and is enabled again', async () => {
  const { id } = await add()
  receiver.behave(answerWith(410))
  const pinged = await admin('webhook', 'test', id)
  await sendDue()
  expect((await admin('webhooks', 'one')).stdout).toMatch(/ disabled +gone /)
  const { delivery = '' } = /^Ping (?<delivery>\S+)/.exec(pinged.stdout)?.groups ?? {}
  for (const [deed, operand] of [
    ['test', id],
    ['resend', delivery],
  ] as const) {
    expect((await admin('webhook', deed, operand)).stderr).toMatch(/^TC-441 The webhook \S+ is disabled/)
  }
  expect((await admin('webhook', 'enable', id)).code).toBe(0)
  expect((await admin('webhooks', 'one')).stdout).toMatch(/ active +- /)
})

test('a grant at the command line tells of itself', async () => {
  const { id } = await add()
  await admin('grant', 'one', '70', '--ref', 'invoice 17')
  await sendDue()
  expect(JSON.parse(receiver.received[0]!.body)).toMatchObject({
    type: 'points.recharged',
    data: { kind: 'grant', points: 70, posted: 70 },
  })
  expect(JSON.parse((await admin('webhook', 'deliveries', id, '--json')).stdout)).toMatchObject([
    { event: 'points.recharged', state: 'delivered' },
  ])
})

describe('what cannot be done', () => {
  test('says why, in one coded sentence', async () => {
    expect((await admin('webhook', 'add', 'one')).stderr).toMatch(/^TC-610 --url is the address/)
    const typed = await admin('webhook', 'add', 'one', '--url', receiver.url, '--events', 'job.done,job.lost')
    expect(typed.stderr).toMatch(/^TC-610 --events are of: job\.done, /)
    expect((await admin('webhook', 'add', 'one', '--url', 'ftp://x')).stderr).toMatch(/^TC-154 /)
    for (const deed of ['remove', 'enable', 'deliveries', 'resend', 'test']) {
      expect((await admin('webhook', deed, 'nobody')).stderr, deed).toMatch(/^TC-610 There is no webhook or delivery/)
    }
  })

  test('a webhook under another key than the others', async () => {
    await house.add(receiver.url)
    const { code, stderr } = await admin('webhook', 'add', 'one', '--url', receiver.url)
    expect(code).toBe(1)
    expect(stderr).toMatch(/^TC-614 .*a webhook is kept under key/)
  })
})
