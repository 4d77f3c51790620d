/// <reference types="google-apps-script" />
/**
 * The person's own connection, in the user's properties, and the spreadsheet's, in the document's. Neither token ever reaches the
 * sidebar: it asks here, and here they are put on the way to the proxy.
 */
import * as z from 'zod/mini'
import { FailureError } from '../shared/error-codes.ts'
import { isLanguage, type Language } from '../shared/language.ts'
import { parseJson } from '../shared/parse-json.ts'
import { DAILY_CAP_POINTS_MAX, sessionReply } from '../shared/protocol.ts'
import { newSeatReply } from '../shared/seats-protocol.ts'
import { keepSheetConnection, sheetConnectionOf, spreadsheetMark } from './connection.ts'
import { failureOfFetch, headerOf } from './url-fetch.ts'

declare const TARIFFCELL_PROXY_URL: string

const TOKEN = 'tariffcell.token'
const LANGUAGE = 'tariffcell.language'

/** A reply of the proxy as it travels to the sidebar. */
export interface RelayedReply {
  status: number
  contentType: string
  retryAfter: string | null
  text: string
}

export interface SidebarState {
  baseUrl: string
  isConnected: boolean
  language: Language
  spreadsheetName: string
  /** Whether formulas answer in this spreadsheet. */
  isEnabled: boolean
}

const METHODS = ['get', 'post', 'patch', 'delete'] as const

const relayed = z.object({
  // Of the proxy this add-on is built for, and nothing else of it.
  path: z.string().check(z.regex(/^\/(?:v1\/[\w./%?=&+,:~-]*|healthz)$/), z.maxLength(2000)),
  method: z.enum(METHODS),
  language: z.optional(z.enum(['en', 'zh', 'fr'])),
  contentType: z.optional(z.string().check(z.regex(/^(?:application\/json|text\/csv(?:; charset=utf-8)?)$/))),
  body: z.optional(z.string()),
  /** Bytes as base64, in the place of `body`. */
  bytes: z.optional(z.string()),
})

const enabling = z.object({ dailyCapPoints: z.int().check(z.gte(0), z.lte(DAILY_CAP_POINTS_MAX)) })

export const CONNECTION_DEEDS = {
  begin: (): SidebarState => readState(),

  relay(given: unknown): RelayedReply {
    const asked = checked(relayed, given)
    return relay(asked, ownToken())
  },

  /** @returns the proxy's reply without the token in it. */
  connect(given: unknown): RelayedReply {
    const { code, name, language } = checked(
      z.object({ code: z.string(), name: z.optional(z.string()), language: z.enum(['en', 'zh', 'fr']) }),
      given,
    )
    const body = JSON.stringify({ code: code.trim(), ...(name === undefined ? {} : { name }) })
    const reply = relay({ path: '/v1/session', method: 'post', language, contentType: 'application/json', body }, null)
    const session = z.safeParse(sessionReply, parseJson(reply.text))
    if (reply.status !== 201 || !session.success || session.data.token === undefined) return reply
    const { token, ...shown } = session.data
    PropertiesService.getUserProperties().setProperty(TOKEN, token)
    return { ...reply, text: JSON.stringify(shown) }
  },

  /** Here in any case, and at the proxy where it can be reached. */
  forget(): SidebarState {
    const token = ownToken()
    PropertiesService.getUserProperties().deleteProperty(TOKEN)
    if (token !== null) attemptRelay({ path: '/v1/session', method: 'delete' }, token)
    return readState()
  },

  /** Everybody who edits this spreadsheet can calculate, up to a cap a day, with the points of who enables it. */
  enable(given: unknown): RelayedReply {
    const { dailyCapPoints } = checked(enabling, given)
    const spreadsheet = SpreadsheetApp.getActiveSpreadsheet()
    const body = JSON.stringify({
      name: spreadsheet.getName().slice(0, 80).trim() || 'Google Sheets',
      spreadsheet: spreadsheetMark(spreadsheet),
      dailyCapPoints,
    })
    const reply = relay(
      { path: '/v1/session/sheet', method: 'post', contentType: 'application/json', body },
      ownToken(),
    )
    const made = z.safeParse(newSeatReply, parseJson(reply.text))
    if (reply.status !== 201 || !made.success) return reply
    keepSheetConnection(PropertiesService.getDocumentProperties(), { token: made.data.token, seat: made.data.id })
    return { ...reply, text: JSON.stringify({ id: made.data.id }) }
  },

  disable(): SidebarState {
    const properties = PropertiesService.getDocumentProperties()
    const connection = sheetConnectionOf(properties)
    keepSheetConnection(properties, null)
    if (connection) attemptRelay({ path: '/v1/session', method: 'delete' }, connection.token)
    return readState()
  },

  setLanguage(given: unknown): SidebarState {
    const language = checked(z.enum(['en', 'zh', 'fr']), given)
    PropertiesService.getUserProperties().setProperty(LANGUAGE, language)
    return readState()
  },
}

function readState(): SidebarState {
  const properties = PropertiesService.getUserProperties()
  const spreadsheet = SpreadsheetApp.getActiveSpreadsheet()
  const chosen = properties.getProperty(LANGUAGE) ?? Session.getActiveUserLocale().slice(0, 2)
  return {
    baseUrl: TARIFFCELL_PROXY_URL,
    isConnected: properties.getProperty(TOKEN) !== null,
    language: isLanguage(chosen) ? chosen : 'en',
    spreadsheetName: spreadsheet.getName(),
    isEnabled: sheetConnectionOf(PropertiesService.getDocumentProperties()) !== null,
  }
}

function ownToken(): string | null {
  return PropertiesService.getUserProperties().getProperty(TOKEN)
}

type Relayed = z.infer<typeof relayed>

function relay({ path, method, language, contentType, body, bytes }: Relayed, token: string | null): RelayedReply {
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
function attemptRelay(asked: Relayed, token: string): void {
  try {
    relay(asked, token)
  } catch (error) {
    if (!(error instanceof FailureError)) throw error
  }
}

function checked<Schema extends z.ZodMiniType>(schema: Schema, given: unknown): z.infer<Schema> {
  const parsed = z.safeParse(schema, given)
  if (!parsed.success) throw new Error('The sidebar and the add-on do not fit together. Reload the page.')
  return parsed.data
}
