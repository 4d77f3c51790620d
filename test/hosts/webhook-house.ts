/** Webhooks over a database of the test's choice: ledger, events, routes' part, and as many senders as a test wants. */
import { randomBytes } from 'node:crypto'
import { createAudit, type Audit } from '../../proxy/audit/audit.ts'
import { createSeats } from '../../proxy/auth/seats.ts'
import { createCredentials } from '../../proxy/credentials/credentials.ts'
import { openMasterKey, type MasterKeySource } from '../../proxy/credentials/master-key.ts'
import type { Database } from '../../proxy/database.ts'
import { createLedger, type Ledger } from '../../proxy/ledger/ledger.ts'
import { NETWORK, type Network } from '../../proxy/public-client.ts'
import type { Recorded } from '../../proxy/webhooks/attempts.ts'
import { createEvents, type Events } from '../../proxy/webhooks/events.ts'
import { createOutbox, type Outbox } from '../../proxy/webhooks/outbox.ts'
import { createSender, type Sender } from '../../proxy/webhooks/sender.ts'
import { createWebhooks, type Delivery, type Webhook, type Webhooks } from '../../proxy/webhooks/webhooks.ts'
import { isFailure } from '../../shared/error-codes.ts'
import type { EventType } from '../../shared/webhooks-protocol.ts'
import { openTestDatabase, testClock, testIds, type TestClock } from './test-database.ts'

export interface WebhookHouse {
  database: Database
  clock: TestClock
  ledger: Ledger
  outbox: Outbox
  events: Events
  audit: Audit
  webhooks: Webhooks
  /** Two workspaces, and the seats of their owners. */
  workspaces: [string, string]
  seats: [string, string]
  logged: { details: object; message: string }[]
  recorded: Recorded[]
  sender: Sender
  openSender(changes?: SenderChanges): Sender
  /** A webhook of the first workspace, unless told otherwise. */
  add(
    url: string,
    options?: { events?: EventType[]; workspaceId?: string },
  ): Promise<{ webhook: Webhook; secret: string }>
  /** A ping of points, so to speak: the smallest event that has a schedule. */
  emit(workspaceId?: string): Promise<void>
  find(id: string): Promise<Webhook>
  /** Newest first. */
  log(id: string, workspaceId?: string): Promise<Delivery[]>
  close(): Promise<void>
}

export interface SenderChanges {
  network?: Network
  allowPrivate?: boolean
  timeoutMs?: number
  inFlightMax?: number
  random?: () => number
  masterKey?: MasterKeySource
  database?: Database
  newId?: () => string
}

export const newMasterKey = (): MasterKeySource =>
  openMasterKey({ folder: '', setting: randomBytes(32).toString('hex') })

/** The part of the house that routes need, in a database that others share. */
export function createTestWebhooks(deps: {
  database: Database
  now: () => number
  newId: () => string
  masterKey?: MasterKeySource
  network?: Network
  allowPrivate?: boolean
}): Webhooks {
  const { database, now, newId, masterKey = newMasterKey(), network = NETWORK, allowPrivate = true } = deps
  return createWebhooks({
    database,
    credentials: createCredentials({ database, masterKey, now, newId }),
    masterKey,
    outbox: createOutbox({ now, newId }),
    audit: createAudit({ database, now, newId }),
    network,
    allowPrivate,
    now,
    newId,
  })
}

export async function openWebhookHouse(
  options: {
    database?: Database
    network?: Network
    masterKey?: MasterKeySource
    allowPrivate?: boolean
  } = {},
): Promise<WebhookHouse> {
  const database = options.database ?? (await openTestDatabase())
  // The oracle that checks signatures looks at the real clock.
  const clock = testClock(Date.now())
  const newId = testIds()
  const { now } = clock
  const { network = NETWORK, allowPrivate = true } = options
  const { masterKey = newMasterKey() } = options
  const outbox = createOutbox({ now, newId })
  const events = createEvents(outbox)
  const ledger = createLedger({ database, now, newId, onCredited: events.onCredited, onTaken: events.onTaken })
  const audit = createAudit({ database, now, newId })
  const seats = createSeats({ database, ledger, now, newId })
  const made = [await seats.createWorkspace('one'), await seats.createWorkspace('two')] as const
  const workspaces: [string, string] = [made[0].workspaceId, made[1].workspaceId]
  const webhooks = createTestWebhooks({ database, now, newId, masterKey, network, allowPrivate })
  const logged: WebhookHouse['logged'] = []
  const keep = (details: object, message: string): void => void logged.push({ details, message })
  const recorded: Recorded[] = []
  const senders: Sender[] = []
  const openSender = (changes: SenderChanges = {}): Sender => {
    const sender = createSender({
      database,
      masterKey,
      audit,
      network,
      allowPrivate,
      now,
      newId,
      random: () => 0,
      log: { warn: keep, error: keep },
      onAttempt: (one) => recorded.push(one),
      ...changes,
    })
    senders.push(sender)
    return sender
  }
  return {
    database,
    clock,
    ledger,
    outbox,
    events,
    audit,
    webhooks,
    workspaces,
    seats: [(await seats.ownerSeatId(workspaces[0]))!, (await seats.ownerSeatId(workspaces[1]))!],
    logged,
    recorded,
    sender: openSender(),
    openSender,
    async add(
      url,
      { events = null, workspaceId = workspaces[0] }: { events?: EventType[] | null; workspaceId?: string } = {},
    ) {
      const added = await webhooks.create({ workspaceId, actor: 'test' }, { url, events })
      if (isFailure(added)) throw new Error(added.failed)
      return added
    },
    async emit(workspaceId = workspaces[0]) {
      const data = { posted: 5, threshold: 100 }
      await database.transaction((tx) => outbox.emitIn(tx, { workspaceId, type: 'points.low', data }))
    },
    async find(id) {
      const all = [...(await webhooks.list(workspaces[0])), ...(await webhooks.list(workspaces[1]))]
      return all.find((webhook) => webhook.id === id)!
    },
    async log(id, workspaceId = workspaces[0]) {
      const listed = await webhooks.deliveries(workspaceId, id, { before: null, limit: 1000 })
      if (isFailure(listed)) throw new Error(listed.failed)
      return listed
    },
    async close() {
      await Promise.all(senders.map((sender) => sender.stop()))
      await database.close()
    },
  }
}
