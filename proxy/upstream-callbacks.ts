/**
 * Calls of upstreams to us. Such a call is a hint that work has ended: it brings the next look forward and brings no answer, since
 * results are only ever read by a request of our own.
 */
import type { Announced, Submissions } from './answer/submissions.ts'
import type { Connections } from './providers/connections.ts'
import type { CallbackHeaders, CallbackVerdict, UpstreamName } from './providers/upstream.ts'

/** `heard`: it counted · `seen`: it counted before · `unknown`: signed, and of no submission of ours. */
export type CallbackOutcome = Announced | Extract<CallbackVerdict, { ok: false }>['reason']

export interface UpstreamCallbacks {
  /** @param body the bytes as they came: these are signed, not what they say. */
  signed(upstream: UpstreamName, body: Uint8Array, headers: CallbackHeaders): Promise<CallbackOutcome>
  /** At the address of one submission, which nobody else knows. */
  unsigned(upstream: UpstreamName, token: string, body: Uint8Array): Promise<CallbackOutcome>
}

export function createUpstreamCallbacks({
  connections,
  submissions,
}: {
  connections: Pick<Connections, 'verifyCallback' | 'readCallback'>
  submissions: Pick<Submissions, 'announceTicket' | 'announceToken'>
}): UpstreamCallbacks {
  return {
    async signed(upstream, body, headers) {
      const verdict = connections.verifyCallback(upstream, body, headers)
      if (!verdict.ok) return verdict.reason
      const { ticket, key } = verdict.event
      return submissions.announceTicket(upstream, ticket, verdict.workspaceId, key)
    },

    async unsigned(upstream, token, body) {
      const event = connections.readCallback(upstream, body)
      if (!event) return 'unreadable'
      const announced = await submissions.announceToken(upstream, token, event.key)
      return announced === 'unknown' ? 'forged' : announced
    },
  }
}
