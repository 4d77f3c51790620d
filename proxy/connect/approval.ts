/** What this browser is asked, and what it says: whether it is connected, what wants to be, and the answer. */
import type { Session } from '../../excel-addin/session.ts'
import type { Clock } from '../../shared/clock.ts'
import { FAILURES } from '../../shared/error-codes.ts'
import { isRefused, send, type ProxyApiDeps } from '../../shared/pane/proxy-api.ts'
import { pairingReply, type PairingReply } from '../../shared/pairing-protocol.ts'
import { sessionReply, type AnswerError, type SessionReply } from '../../shared/protocol.ts'

export type ApprovalState =
  | { kind: 'looking' }
  /** Opened otherwise than by the link, which names what is to be connected. */
  | { kind: 'no-link' }
  /** `refusal` says why a code or a token was not taken. */
  | { kind: 'not-connected'; refusal: string | null; isBusy: boolean }
  /** `trouble` says why the answer did not arrive. */
  | { kind: 'asking'; pairing: PairingReply; by: SessionReply; trouble: string | null; isBusy: boolean }
  | { kind: 'approved' | 'refused' }
  | { kind: 'trouble'; error: AnswerError }

export interface Approval {
  readonly state: ApprovalState
  /** Asks the proxy how it stands. */
  look(): Promise<void>
  /** Connects this browser by a code, then goes on. */
  connect(code: string, name: string): Promise<void>
  decide(deed: 'approve' | 'refuse'): Promise<void>
}

export interface ApprovalDeps {
  session: Session
  clock: Clock
  /** null: the address of the page names none. */
  challenge: string | null
  onChange: (state: ApprovalState) => void
}

const NOT_CONNECTED = FAILURES['not-connected'].code

export function createApproval({ session, clock, challenge, onChange }: ApprovalDeps): Approval {
  const deps: ProxyApiDeps = {
    call: (...request) => session.call(...request),
    clock,
    language: () => session.language(),
  }
  const path = `/v1/pairings/${challenge}`
  let state: ApprovalState = { kind: 'looking' }
  /** Raised by each look: of two only the later one counts. */
  let turn = 0
  let token = session.token()

  // Here, or on another page of this browser.
  session.onChange(() => {
    const isAnotherSeat = session.token() !== token
    token = session.token()
    // The sentence of a failure comes in the language it was asked in.
    // Nobody answers for a seat that is not shown.
    if (isAnotherSeat && state.kind === 'asking') become({ kind: 'looking' })
    if (isAnotherSeat || state.kind === 'trouble') void look()
    else onChange(state)
  })

  function become(next: ApprovalState): void {
    state = next
    onChange(next)
  }

  async function look(): Promise<void> {
    const mine = ++turn
    if (challenge === null) return become({ kind: 'no-link' })
    if (session.token() === null) return become({ kind: 'not-connected', refusal: null, isBusy: false })
    const [by, pairing] = await Promise.all([
      send(deps, 'GET', '/v1/session', sessionReply),
      send(deps, 'GET', path, pairingReply),
    ])
    if (mine !== turn) return
    if (isRefused(by)) return failed(by.error)
    if (isRefused(pairing)) return failed(pairing.error)
    if (pairing.state === 'open') become({ kind: 'asking', pairing, by, trouble: null, isBusy: false })
    else become({ kind: pairing.state === 'refused' ? 'refused' : 'approved' })
  }

  function failed(error: AnswerError): void {
    if (error.code !== NOT_CONNECTED) return become({ kind: 'trouble', error })
    // The token is no longer good.
    void session.forget()
    become({ kind: 'not-connected', refusal: error.message, isBusy: false })
  }

  return {
    get state() {
      return state
    },
    look,
    async connect(code, name) {
      become({ kind: 'not-connected', refusal: null, isBusy: true })
      const reply = await session.connect(code, name === '' ? {} : { name })
      // Connected, the session tells, and the page looks.
      if (isRefused(reply)) become({ kind: 'not-connected', refusal: reply.error.message, isBusy: false })
    },
    async decide(deed) {
      if (state.kind !== 'asking' || state.isBusy) return
      const [asked, mine] = [state, turn]
      become({ ...asked, trouble: null, isBusy: true })
      const reply = await send(deps, 'POST', `${path}/${deed}`, pairingReply)
      // Looked at anew meanwhile, for another seat.
      if (mine !== turn) return
      if (!isRefused(reply)) become({ kind: deed === 'approve' ? 'approved' : 'refused' })
      else if (reply.error.retryable) become({ ...asked, trouble: reply.error.message, isBusy: false })
      else failed(reply.error)
    },
  }
}

/** The challenge in the page's address; null where there is none. */
export function challengeIn({ hash }: Pick<Location, 'hash'>): string | null {
  return /^#([\w-]{43})$/.exec(hash)?.[1] ?? null
}
