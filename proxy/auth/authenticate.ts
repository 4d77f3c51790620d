/** ⑤ Bearer token → seat, with limits: requests a minute for each seat and what was made from it, failed tokens for each address. */
import type { IncomingMessage } from 'node:http'
import type { Request, RequestHandler, Response } from 'express'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { failure, isFailure, readAt, type Failure } from '../../shared/error-codes.ts'
import { PAIRING_MINUTES } from '../../shared/pairing-protocol.ts'
import { languageOf, sendFailure } from '../errors.ts'
import { addressGroup } from './address-group.ts'
import { createBoundedLimiter, type BoundedLimiter } from './bounded-limiter.ts'
import type { Seat, Seats } from './seats.ts'

export interface AuthenticateDeps {
  seats: Pick<Seats, 'authenticate'>
  requestsPerMinute: number
}

// A person mistypes a code a few times; a guesser needs far more.
const FAILURES_PER_MINUTE = 30
// By one line of makers, in the place of ones that end: each leaves a row, which the daily limits of the line go through.
const SHEETS_PER_HOUR = 120
// Of add-ins at Google, which send from few addresses: a person begins one, and asks some twenty times a minute how it stands. Counted over
// the time that one waits, so that an address has at most twice as many of the thousands that may wait at once.
const PAIRINGS_AT_A_TIME = 30
const PAIRING_LOOKS_PER_MINUTE = 3000
// Callers whose failures are counted at a time, some 6 MB. Who has more addresses than these is not slowed down by counting them.
const CALLERS_MAX = 20_000

/** A limit on what callers without a token do, by their addresses. */
function byAddress(points: number, seconds = 60): BoundedLimiter {
  return createBoundedLimiter({ points, seconds, keysMax: CALLERS_MAX })
}

interface Limiter {
  /** @throws {RateLimiterRes} past the limit. */
  consume(key: string): Promise<RateLimiterRes>
}

/** Where a request comes from. */
export interface Caller {
  address: string
  /** What a spreadsheet's add-on says of it; null: it says nothing. */
  spreadsheet: string | null
}

export type Authenticate = ReturnType<typeof createAuthenticate>

export function createAuthenticate({ seats, requestsPerMinute }: AuthenticateDeps) {
  // By the first seat of a line, of which there are as many as owners made: a seat that makes others gets no second allowance.
  const requests = new RateLimiterMemory({ points: requestsPerMinute, duration: 60 })
  const sheets = new RateLimiterMemory({ points: SHEETS_PER_HOUR, duration: 3600 })
  const failures = byAddress(FAILURES_PER_MINUTE)
  const pairings = byAddress(PAIRINGS_AT_A_TIME, PAIRING_MINUTES * 60)
  const pairingLooks = byAddress(PAIRING_LOOKS_PER_MINUTE)

  const limited = async (limiter: Limiter, key: string, response: Response): Promise<Failure | null> => {
    try {
      await limiter.consume(key)
      return null
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error
      return refusal(error, response)
    }
  }

  return {
    /** @returns the seat of a token, or why not: `not-connected`, `other-spreadsheet`, `too-many-requests`. */
    async seatOf(token: string | null, caller: Caller, response: Response): Promise<Seat | Failure> {
      const seat = token === null ? null : await seats.authenticate(token)
      if (!seat) return (await limited(failures, addressGroup(caller.address), response)) ?? notConnected(token)
      const isElsewhere = seat.spreadsheet !== null && seat.spreadsheet !== caller.spreadsheet
      return (await limited(requests, seat.firstId, response)) ?? (isElsewhere ? failure('other-spreadsheet') : seat)
    },

    /** Whether an address has failed too often to be heard now. */
    async blocked(address: string, response: Response): Promise<Failure | null> {
      const state = await failures.get(addressGroup(address))
      if (!state || state.consumedPoints < FAILURES_PER_MINUTE) return null
      return refusal(state, response)
    },

    /** Counts a failed try (a wrong connection code) against an address. */
    failedTry(address: string, response: Response): Promise<Failure | null> {
      return limited(failures, addressGroup(address), response)
    },

    /** Counts a pairing that is begun against its address. */
    pairing(address: string, response: Response): Promise<Failure | null> {
      return limited(pairings, addressGroup(address, 48), response)
    },

    /** Counts a look at how a pairing stands. No failed try: the secret it comes with is not one that is guessed. */
    pairingLook(address: string, response: Response): Promise<Failure | null> {
      return limited(pairingLooks, addressGroup(address), response)
    },

    /** Counts a seat that is made for a spreadsheet against all that its makers make. */
    makingSheet({ firstId }: Seat, response: Response): Promise<Failure | null> {
      return limited(sheets, firstId, response)
    },

    /** Counts a request without a seat against its address. */
    anonymous(address: string, response: Response): Promise<Failure | null> {
      return limited(requests, `address ${addressGroup(address)}`, response)
    },

    /** Lets only requests with a seat through, and puts it in `response.locals.seat`. */
    required(): RequestHandler {
      return async (request, response, next) => {
        const seat = await this.seatOf(bearerToken(request), callerOf(request), response)
        if (isFailure(seat)) {
          sendFailure(response, seat, languageOf(request))
          return
        }
        response.locals.seat = seat
        next()
      }
    },
  }
}

function refusal({ msBeforeNext }: RateLimiterRes, response: Response): Failure {
  const seconds = Math.ceil(msBeforeNext / 1000)
  response.setHeader('Retry-After', seconds)
  return failure('too-many-requests', { seconds })
}

/** An add-in sends a token or asks nothing: without one it is a program that asks. */
export function notConnected(token: string | null): Failure {
  return token === null ? readAt('program', failure('not-connected')) : failure('not-connected')
}

export function seatIn(response: Response): Seat {
  return response.locals.seat as Seat
}

export function bearerToken(request: IncomingMessage): string | null {
  const match = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')
  return match?.[1] ?? null
}

export function callerOf(request: Request): Caller {
  const mark = request.headers['tariffcell-spreadsheet']
  return {
    // Read where it counts: a known seat's request needs no look at who forwarded it.
    get address() {
      return addressOf(request)
    },
    spreadsheet: typeof mark === 'string' ? mark : null,
  }
}

/** Whose request it is: the first on its way here, seen from here, that is not one of the trusted proxies. Express reads X-Forwarded-For. */
export function addressOf({ ip }: Pick<Request, 'ip'>): string {
  return ip ?? 'unknown'
}
