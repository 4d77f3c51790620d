/// <reference types="google-apps-script" />
/**
 * The person's own connection, in the user's properties, and the spreadsheet's, in the document's. Neither token ever reaches the
 * sidebar: it asks here, and here they are put on the way to the proxy.
 */
import * as z from 'zod/mini'
import { failure, FailureError } from '../shared/error-codes.ts'
import { isLanguage, type Language } from '../shared/language.ts'
import { PAIRING_MINUTES, pairingBegunReply } from '../shared/pairing-protocol.ts'
import { parseJson } from '../shared/parse-json.ts'
import { DAILY_CAP_POINTS_MAX, sessionReply } from '../shared/protocol.ts'
import { newSeatReply } from '../shared/seats-protocol.ts'
import type { RelayedCall, RelayedReply, SidebarState } from './door-protocol.ts'
import { keepText, keptTexts } from './kept-texts.ts'
import { keepDataVersion, keepSheetConnection, sheetConnectionOf, spreadsheetMark } from './connection.ts'
import { digest } from './digest.ts'
import { locked, lockedForUser } from './locked.ts'
import { dropPairing, keepPairing, newSecret, pairingOf, shownPairing } from './pairing.ts'
import { taking } from './taking.ts'
import { failureOfFetch, headerOf } from './url-fetch.ts'

declare const TARIFFCELL_PROXY_URL: string

const TOKEN = 'tariffcell.token'
const LANGUAGE = 'tariffcell.language'

const language = z.enum(['en', 'zh', 'fr'])

const relayed = z.object({
  // Of the proxy this add-on is built for, and nothing else of it.
  path: z.string().check(z.regex(/^(?!.*\.\.)\/(?:v1\/[\w./:~-]*(?:\?[\w./%?=&+,:~-]*)?|healthz)$/), z.maxLength(2000)),
  method: z.enum(['get', 'post', 'patch', 'delete']),
  language: z.optional(language),
  contentType: z.optional(z.string().check(z.regex(/^(?:application\/json|text\/csv(?:; charset=utf-8)?)$/))),
  body: z.optional(z.string()),
  bytes: z.optional(z.string()),
})

const MAKES_TOKENS = /^\/v1\/(?:session|seats)/i

const code = z.object({ code: z.string(), name: z.optional(z.string()), language })
const enabling = z.object({ dailyCapPoints: z.int().check(z.gte(0), z.lte(DAILY_CAP_POINTS_MAX)), language })
const small = z.object({ name: z.string(), text: z.nullable(z.string()) })

export const CONNECTION_DEEDS = {
  begin: () => ({ ...readState(), small: smallTexts() }),

  /** @throws {FailureError} `not-allowed` for what makes a token: that is not the sidebar's to see. */
  relay: taking(relayed, (call) => {
    if (call.method === 'post' && MAKES_TOKENS.test(call.path)) throw new FailureError(failure('not-allowed'))
    return relay(call, ownToken())
  }),

  /** @returns the proxy's reply without the token in it. */
  connect: taking(code, ({ code, name, language }) => {
    const body = JSON.stringify({ code: code.trim(), ...(name === undefined ? {} : { name }) })
    return keepToken(
      relay({ path: '/v1/session', method: 'post', language, contentType: 'application/json', body }, null),
    )
  }),

  beginPairing: taking(language, (language) => lockedForUser(() => beginPairing(language))),

  askPairing: taking(language, (language) => lockedForUser(() => askPairing(language))),

  /** Here in any case, and at the proxy where it can be reached. */
  forget(): SidebarState {
    const token = ownToken()
    PropertiesService.getUserProperties().deleteProperty(TOKEN)
    if (token !== null) attemptRelay({ path: '/v1/session', method: 'delete' }, token)
    return readState()
  },

  /** Everybody who edits this spreadsheet can calculate, up to a cap a day, with the points of who enables it. */
  enable: taking(enabling, ({ dailyCapPoints, language }) => {
    const spreadsheet = SpreadsheetApp.getActiveSpreadsheet()
    const body = JSON.stringify({
      name: nameOf(spreadsheet),
      spreadsheet: spreadsheetMark(spreadsheet),
      dailyCapPoints,
    })
    const call = { path: '/v1/session/sheet', method: 'post', language, contentType: 'application/json', body } as const
    // The proxy ends the token before with each new one: what is kept must be the last.
    return locked(() => {
      const reply = relay(call, ownToken())
      if (reply.status !== 201) return reply
      const { token, id } = readMade(newSeatReply, reply)
      keepSheetConnection(PropertiesService.getDocumentProperties(), { token, seat: id })
      return { ...reply, text: JSON.stringify({ id }) }
    })
  }),

  disable(): SidebarState {
    const properties = PropertiesService.getDocumentProperties()
    locked(() => {
      const connection = sheetConnectionOf(properties)
      keepSheetConnection(properties, null)
      if (connection) attemptRelay({ path: '/v1/session', method: 'delete' }, connection.token)
    })
    return readState()
  },

  setLanguage: taking(language, (chosen) => {
    PropertiesService.getUserProperties().setProperty(LANGUAGE, chosen)
    return readState()
  }),

  keepSmall: taking(small, ({ name, text }) =>
    keepText(PropertiesService.getUserProperties(), `${SMALL}${name}`, text, 'own-store-full'),
  ),

  tellDataVersion: taking(z.string(), (dataVersion) =>
    keepDataVersion(PropertiesService.getDocumentProperties(), dataVersion),
  ),
}

// Unknown or late; refused or used.
const PAIRING_IS_OVER: ReadonlySet<number> = new Set([404, 409])

function fetchPaired(secret: string, language: Language): RelayedReply {
  const body = JSON.stringify({ pairing: secret })
  return relay({ path: '/v1/session', method: 'post', language, contentType: 'application/json', body }, null)
}

/** Where another sidebar of this person has begun one, it is that: two at once would each end the other's. */
function beginPairing(language: Language): RelayedReply {
  const properties = PropertiesService.getUserProperties()
  const begun = (): string => JSON.stringify(shownPairing(properties, TARIFFCELL_PROXY_URL))
  if (pairingOf(properties)) return { status: 201, contentType: 'application/json', retryAfter: null, text: begun() }
  const secret = newSecret()
  const body = JSON.stringify({ challenge: digest(secret), name: 'Google Sheets' })
  const reply = relay({ path: '/v1/pairings', method: 'post', language, contentType: 'application/json', body }, null)
  if (reply.status !== 201) return reply
  const { matchCode } = readMade(pairingBegunReply, reply)
  keepPairing(properties, { secret, matchCode })
  return { ...reply, text: begun() }
}

function askPairing(language: Language): RelayedReply {
  const properties = PropertiesService.getUserProperties()
  const kept = pairingOf(properties)
  const reply = kept && keepToken(fetchPaired(kept.secret, language))
  if (reply && !PAIRING_IS_OVER.has(reply.status)) return reply
  dropPairing(properties)
  const token = ownToken()
  // Another sidebar of this person was faster.
  if (token !== null) return relay({ path: '/v1/session', method: 'get', language }, token)
  if (!reply) throw new FailureError(failure('pairing-expired', { minutes: PAIRING_MINUTES }))
  return reply
}

/** What the proxy has made. It is not handed on unread: a token may be in it. @throws {FailureError} `bad-reply`. */
function readMade<Schema extends z.ZodMiniType>(schema: Schema, reply: RelayedReply): z.infer<Schema> {
  const made = z.safeParse(schema, parseJson(reply.text))
  if (!made.success) throw new FailureError(failure('bad-reply'))
  return made.data
}

/** Where the proxy made a seat, its token is kept here. @returns the reply without it. */
function keepToken(reply: RelayedReply): RelayedReply {
  if (reply.status !== 201) return reply
  const { token, ...shown } = readMade(sessionReply, reply)
  if (token === undefined) throw new FailureError(failure('bad-reply'))
  const properties = PropertiesService.getUserProperties()
  properties.setProperty(TOKEN, token)
  dropPairing(properties)
  return { ...reply, text: JSON.stringify(shown) }
}

/** One line, as seats are called. */
function nameOf(spreadsheet: GoogleAppsScript.Spreadsheet.Spreadsheet): string {
  return (
    spreadsheet
      .getName()
      .replace(/\p{Cc}/gu, ' ')
      .slice(0, 80)
      .trim() || 'Google Sheets'
  )
}

const SMALL = 'pane.'

function smallTexts(): Record<string, string> {
  const texts = keptTexts(PropertiesService.getUserProperties(), SMALL)
  return Object.fromEntries(Array.from(texts, ([name, text]) => [name.slice(SMALL.length), text]))
}

function readState(): SidebarState {
  const properties = PropertiesService.getUserProperties()
  const spreadsheet = SpreadsheetApp.getActiveSpreadsheet()
  const chosen = properties.getProperty(LANGUAGE) ?? Session.getActiveUserLocale().slice(0, 2)
  return {
    baseUrl: TARIFFCELL_PROXY_URL,
    isConnected: properties.getProperty(TOKEN) !== null,
    language: isLanguage(chosen) ? chosen : 'en',
    spreadsheetKey: spreadsheetMark(spreadsheet),
    isEnabled: sheetConnectionOf(PropertiesService.getDocumentProperties()) !== null,
    pairing: shownPairing(properties, TARIFFCELL_PROXY_URL),
  }
}

function ownToken(): string | null {
  return PropertiesService.getUserProperties().getProperty(TOKEN)
}

function relay({ path, method, language, contentType, body, bytes }: RelayedCall, token: string | null): RelayedReply {
  const payload = bytes === undefined ? body : Utilities.base64Decode(bytes)
  let response: GoogleAppsScript.URL_Fetch.HTTPResponse
  try {
    response = UrlFetchApp.fetch(TARIFFCELL_PROXY_URL + path, {
      method,
      ...(payload === undefined ? {} : { payload }),
      ...(contentType === undefined ? {} : { contentType }),
      headers: {
        ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
        ...(language === undefined ? {} : { 'Accept-Language': language }),
        'Tariffcell-Spreadsheet': spreadsheetMark(SpreadsheetApp.getActiveSpreadsheet()),
      },
      muteHttpExceptions: true,
      followRedirects: false,
    })
  } catch (error) {
    throw new FailureError(failureOfFetch(error))
  }
  return {
    status: response.getResponseCode(),
    contentType: headerOf(response, 'content-type') ?? '',
    retryAfter: headerOf(response, 'retry-after'),
    text: response.getContentText(),
  }
}

/** Out of reach: the token is gone from here all the same, and its owner can revoke it. */
function attemptRelay(asked: RelayedCall, token: string): void {
  try {
    relay(asked, token)
  } catch (error) {
    if (!(error instanceof FailureError)) throw error
  }
}
