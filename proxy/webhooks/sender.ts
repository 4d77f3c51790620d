/**
 * Sends what lies in the outbox: a few attempts at a time, one for each webhook, workspaces in turn. Any number of proxies may share
 * the table. Every event arrives at least once; a receiver tells a second time by its webhook-id.
 */
import type { Audit } from '../audit/audit.ts'
import type { MasterKeySource } from '../credentials/master-key.ts'
import type { Database } from '../database.ts'
import type { FailureLog } from '../failure-of.ts'
import {
  claimNext,
  postpone,
  readDue,
  recordAttempt,
  type Claimed,
  type DueWebhook,
  type Recorded,
} from './attempts.ts'
import { postEvent } from './post-event.ts'
import { openSecrets, signingSecrets } from './sealed-secrets.ts'
import { signedHeaders } from './sign.ts'
import { sweepDeliveries } from './sweep-deliveries.ts'
import type { AddressRules } from './webhook-address.ts'

export interface SenderDeps extends AddressRules {
  database: Database
  masterKey: Pick<MasterKeySource, 'existing'>
  audit: Pick<Audit, 'recordIn'>
  now: () => number
  newId: () => string
  /** From 0 to 1, for the jitter. */
  random: () => number
  log: FailureLog
  onAttempt?: (recorded: Recorded) => void
  timeoutMs?: number
  inFlightMax?: number
}

// A retry is five seconds away at the earliest, and what happens here wakes the sender itself.
const LOOK_EVERY_MS = 2000
const SWEEP_EVERY_MS = 3600_000
const TIMEOUT_MS = 15_000
const IN_FLIGHT_MAX = 8
const LOOK_AHEAD = 64
const WITHOUT_KEY_AGAIN_AFTER_MS = 5 * 60_000

export type Sender = ReturnType<typeof createSender>

export function createSender(deps: SenderDeps) {
  const { database, masterKey, now, newId, random, log, onAttempt } = deps
  const { timeoutMs = TIMEOUT_MS, inFlightMax = IN_FLIGHT_MAX } = deps
  const post = { network: deps.network, allowPrivate: deps.allowPrivate, timeoutMs, now }
  const inFlight = new Map<string, { workspaceId: string; done: Promise<void> }>()
  // When each workspace last had its turn, counted; forgotten as soon as nobody waits.
  const turns = new Map<string, number>()
  let turn = 0
  const state: { filling: Promise<void> | null; again: boolean; stopped: boolean } = {
    filling: null,
    again: false,
    stopped: false,
  }

  const inFlightOf = (workspaceId: string): number =>
    [...inFlight.values()].filter((one) => one.workspaceId === workspaceId).length

  /** Whose fewest attempts are under way; of those, who waits longest. */
  const fairest = (due: readonly DueWebhook[]): DueWebhook | undefined => {
    const [first] = due
      .map((webhook, at) => ({ webhook, at, open: inFlightOf(webhook.workspaceId) }))
      .sort(
        (a, b) =>
          a.open - b.open ||
          (turns.get(a.webhook.workspaceId) ?? 0) - (turns.get(b.webhook.workspaceId) ?? 0) ||
          a.at - b.at,
      )
    return first?.webhook
  }

  const attempt = async (claimed: Claimed): Promise<void> => {
    const at = now()
    const { webhookId, workspaceId, messageId, body } = claimed
    const secrets = openSecrets(claimed, { id: webhookId, workspaceId }, masterKey.existing())
    if (!secrets) {
      log.error({ webhook: webhookId }, 'the secret of a webhook cannot be opened: nothing is sent to it')
      return postpone(database, claimed, at + WITHOUT_KEY_AGAIN_AFTER_MS)
    }
    const signed = signedHeaders({ id: messageId, body }, signingSecrets(secrets, at), at)
    const reached = await postEvent(post, claimed.url, body, signed)
    const recorded = await recordAttempt(deps, claimed, reached, { now: now(), random: random() })
    onAttempt?.(recorded)
    if (recorded.disabled) log.warn({ webhook: webhookId, reason: recorded.disabled }, 'a webhook is disabled')
  }

  const begin = (claimed: Claimed): void => {
    const done = attempt(claimed)
      // The lease ends by itself, and the attempt is made again.
      .catch((error: unknown) => log.error({ webhook: claimed.webhookId, error: String(error) }, 'a delivery failed'))
      .finally(() => {
        inFlight.delete(claimed.webhookId)
        wake()
      })
    inFlight.set(claimed.webhookId, { workspaceId: claimed.workspaceId, done })
  }

  const fill = async (): Promise<void> => {
    const missed = new Set<string>()
    while (!state.stopped && inFlight.size < inFlightMax) {
      const waiting = await readDue(database, now(), LOOK_AHEAD)
      const next = fairest(waiting.filter(({ id }) => !inFlight.has(id) && !missed.has(id)))
      if (!next) {
        if (waiting.length === 0) turns.clear()
        return
      }
      const claimed = await claimNext(database, { webhookId: next.id, leaseId: newId(), now: now() })
      if (!claimed) {
        missed.add(next.id)
        continue
      }
      turns.set(next.workspaceId, ++turn)
      begin(claimed)
    }
  }

  const fillUntilDone = async (): Promise<void> => {
    do {
      state.again = false
      try {
        await fill()
      } catch (error) {
        log.error({ error: String(error) }, 'looking for webhooks to send failed')
      }
    } while (state.again && !state.stopped)
    state.filling = null
  }

  const wake = (): void => {
    if (state.stopped) return
    if (state.filling) state.again = true
    else state.filling = fillUntilDone()
  }

  const settled = async (): Promise<void> => {
    while (state.filling || inFlight.size > 0) {
      await Promise.all([state.filling, ...[...inFlight.values()].map(({ done }) => done)])
    }
  }

  const sweep = async (): Promise<void> => {
    try {
      await sweepDeliveries(database, now())
    } catch (error) {
      log.error({ error: String(error) }, 'removing old deliveries failed')
    }
  }

  let sweeping = Promise.resolve()
  const sweepSoon = (): void => {
    sweeping = sweep()
  }

  let stopListening = (): void => {}
  let timers: ReturnType<typeof setInterval>[] = []

  return {
    /** From now on what is due is sent as it becomes due. */
    start(): void {
      stopListening = database.listen('webhooks', wake)
      timers = [setInterval(wake, LOOK_EVERY_MS), setInterval(sweepSoon, SWEEP_EVERY_MS)]
      for (const timer of timers) timer.unref()
      // Now too: a proxy may be restarted more often than the timer comes round.
      sweepSoon()
      wake()
    },

    /** Sends what is due now, and ends when all of it is sent. */
    async sendDue(): Promise<void> {
      wake()
      await settled()
    },

    sweep,

    /** Nothing new is sent; what is under way comes to its end, which is no further than its time limit. */
    async stop(): Promise<void> {
      state.stopped = true
      stopListening()
      for (const timer of timers) clearInterval(timer)
      await Promise.all([settled(), sweeping])
    },
  }
}
