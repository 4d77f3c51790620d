/**
 * Express on a server whose requests and responses already have Express's prototypes. Express otherwise swaps the prototype of
 * both on every request, which costs half its speed on Node 20 (2,703 → 6,448 requests/s measured). The one route that is asked
 * thousands of times a second is handled before Express's router.
 */
import http from 'node:http'
import https from 'node:https'
import type { Express, Request, Response } from 'express'
import type { App } from './app.ts'

// Slow clients must not hold a connection: headers within 10 s, a whole request within 60.
const LIMITS = { headersTimeout: 10_000, requestTimeout: 60_000, keepAliveTimeout: 65_000, maxHeaderSize: 16_384 }

/** What a server over TLS shows and signs with, as PEM. */
export interface ServerCertificate {
  cert: string
  key: string
}

/** @param certificate null: plain http, for this machine or behind a server that speaks TLS. */
export function createHttpServer(
  { express, answers }: App,
  certificate: ServerCertificate | null = null,
): http.Server | https.Server {
  const classes = matchedClasses(express)
  const listener = classes ? answersFirst(express, answers) : express
  const options = { ...classes, ...LIMITS }
  const server = certificate
    ? https.createServer({ ...options, cert: certificate.cert, key: certificate.key }, listener)
    : http.createServer(options, listener)
  server.maxConnections = 10_000
  return server
}

function answersFirst(express: Express, answers: App['answers']): http.RequestListener {
  return (incoming, outgoing) => {
    if (incoming.method !== 'POST' || incoming.url !== '/v1/answers') {
      express(incoming, outgoing)
      return
    }
    const request = incoming as Request
    const response = outgoing as Response
    // Express joins the two before it routes; its response.json() looks for it.
    request.res = response
    answers(request, response)
  }
}

/** Plain functions, because Node calls them with `new` and http's own are functions too; real classes would be told by a throw. */
function matchedClasses(app: Express): Required<Pick<http.ServerOptions, 'IncomingMessage' | 'ServerResponse'>> | null {
  const IncomingMessage = http.IncomingMessage as unknown as LegacyConstructor
  const ServerResponse = http.ServerResponse as unknown as LegacyConstructor
  function MatchedRequest(this: object, ...args: unknown[]): void {
    IncomingMessage.apply(this, args)
  }
  function MatchedResponse(this: object, ...args: unknown[]): void {
    ServerResponse.apply(this, args)
  }
  MatchedRequest.prototype = app.request
  MatchedResponse.prototype = app.response
  try {
    Reflect.construct(MatchedRequest, [null])
  } catch {
    // A Node whose http classes cannot be called like functions: slower, and right.
    return null
  }
  return {
    IncomingMessage: MatchedRequest as unknown as typeof http.IncomingMessage,
    ServerResponse: MatchedResponse as unknown as typeof http.ServerResponse,
  }
}

type LegacyConstructor = (this: object, ...args: unknown[]) => void
