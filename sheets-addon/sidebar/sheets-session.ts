/// <reference lib="dom" />
/** Who this person is: the token lies at Google, in this person's properties, and every request goes through there. */
import * as z from 'zod/mini'
import { failure, FailureError } from '../../shared/error-codes.ts'
import type {
  OpenPairing,
  PaneFormulas,
  PaneFunctions,
  PanePairing,
  PaneSession,
  PaneStore,
} from '../../shared/pane/pane-deps.ts'
import { parseJson } from '../../shared/parse-json.ts'
import { printFailure } from '../../shared/print-failure.ts'
import { sessionReply, type AnswerError } from '../../shared/protocol.ts'
import { readRefusal } from '../../shared/refusal.ts'
import type { RelayedCall, RelayedReply, SidebarPairing, SidebarState } from '../door-protocol.ts'
import type { Door } from './door.ts'

export interface SheetsSession {
  session: PaneSession
  formulas: PaneFormulas
  pairing: PanePairing
}

export function createSheetsSession(door: Door, begun: SidebarState): SheetsSession {
  let state = begun
  let pairing = begun.pairing && openPairing(begun.pairing)
  const listeners = new Set<() => void>()
  const onChange = (listener: () => void): (() => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
  function become(next: Partial<SidebarState>): void {
    state = { ...state, ...next }
    for (const listener of listeners) listener()
  }
  /** What went wrong between is the reply, as what the proxy refused. */
  async function asked(call: Promise<RelayedReply>, isDone: (status: number) => boolean) {
    try {
      const reply = await call
      return isDone(reply.status) ? reply : { error: readRefusal(reply, state.language, Date.now()) }
    } catch (error) {
      return { error: errorOf(error, state) }
    }
  }

  return {
    session: {
      isConnected: () => state.isConnected,
      baseUrl: () => state.baseUrl,
      language: () => state.language,
      setLanguage(language) {
        become({ language })
        // Shown already; where it is not kept, the next sidebar begins in the former one.
        door('setLanguage', language).catch(() => undefined)
      },
      onChange,
      async connect(code, { name } = {}) {
        const { language } = state
        const call = door('connect', { code, language, ...(name === undefined ? {} : { name }) })
        const reply = await asked(call, (status) => status === 201)
        if ('error' in reply) return reply
        const seat = z.safeParse(sessionReply, parseJson(reply.text))
        if (!seat.success) return { error: printFailure(failure('bad-reply'), language) }
        pairing = null
        become({ isConnected: true })
        return seat.data
      },
      async forget() {
        become({ isConnected: false })
        become(await door('forget', null))
      },
      async call(path, init) {
        const { status, text, contentType, retryAfter } = await door('relay', await relayedCall(path, init))
        // A reply without a body must have none.
        return new Response(status === 204 ? null : text, {
          status,
          headers: { 'Content-Type': contentType, ...(retryAfter === null ? {} : { 'Retry-After': retryAfter }) },
        })
      },
    },
    formulas: {
      isEnabled: () => state.isEnabled,
      spreadsheet: begun.spreadsheetKey,
      onChange,
      async enable(dailyCapPoints) {
        const call = door('enable', { dailyCapPoints, language: state.language })
        const reply = await asked(call, (status) => status === 201)
        if ('error' in reply) return reply
        become({ isEnabled: true })
      },
      disable: async () => become(await door('disable', null)),
    },
    pairing: {
      open: () => (pairing !== null && pairing.endsAt > Date.now() ? pairing : null),
      async begin() {
        const reply = await asked(door('beginPairing', state.language), (status) => status === 201)
        if ('error' in reply) return reply
        pairing = openPairing(JSON.parse(reply.text) as SidebarPairing)
        return pairing
      },
      async ask() {
        const reply = await asked(door('askPairing', state.language), (status) => status >= 200 && status < 300)
        if ('error' in reply) {
          if (!reply.error.retryable) pairing = null
          return reply
        }
        if (reply.status === 202) return 'waiting'
        pairing = null
        become({ isConnected: true })
        return 'connected'
      },
    },
  }
}

function openPairing({ address, matchCode, leftMs }: SidebarPairing): OpenPairing {
  return { address, matchCode, endsAt: Date.now() + leftMs }
}

function errorOf(error: unknown, { language }: SidebarState): AnswerError {
  return printFailure(error instanceof FailureError ? error.failure : failure('proxy-unreachable'), language)
}

const METHODS: Readonly<Record<string, RelayedCall['method']>> = {
  GET: 'get',
  POST: 'post',
  PATCH: 'patch',
  DELETE: 'delete',
}

async function relayedCall(path: string, { method = 'GET', headers, body }: RequestInit): Promise<RelayedCall> {
  const given = new Headers(headers)
  const contentType = given.get('Content-Type')
  const language = given.get('Accept-Language')
  return {
    path,
    method: METHODS[method] ?? 'get',
    ...(language === 'en' || language === 'zh' || language === 'fr' ? { language } : {}),
    ...(contentType === null ? {} : { contentType }),
    ...(typeof body === 'string' ? { body } : {}),
    ...(body instanceof Blob ? { bytes: toBase64(new Uint8Array(await body.arrayBuffer())) } : {}),
  }
}

function toBase64(bytes: Uint8Array): string {
  // Not all at once: that many arguments no function takes.
  const pieces: string[] = []
  for (let at = 0; at < bytes.length; at += 8192) pieces.push(String.fromCharCode(...bytes.subarray(at, at + 8192)))
  return btoa(pieces.join(''))
}

/** Formulas run at Google and tell the sidebar nothing; they are told when the data behind them changed. */
export function createSheetsFunctions(door: Door): PaneFunctions {
  let told: string | null = null
  const silent = (): (() => void) => () => undefined
  return {
    recentErrors: () => [],
    onErrors: silent,
    stoppedBy: () => null,
    resume: () => undefined,
    onStopped: silent,
    onPoints: silent,
    rememberedCount: () => null,
    forgetAnswers: async () => void (await door('forgetAnswers', null)),
    tellPoints({ dataVersion }) {
      if (dataVersion === undefined || dataVersion === told) return
      told = dataVersion
      // Best effort: the cache holds nothing for longer than six hours.
      door('tellDataVersion', dataVersion).catch(() => undefined)
    },
  }
}

/**
 * Of this person, wherever the spreadsheet is opened: what is kept was read when the sidebar began. Calls to Google overtake each other, so
 * of each name one is on its way at a time, and after it the latest: a run that has ended does not come back with an older progress.
 */
export function createSheetsStore(door: Door, small: Record<string, string>): PaneStore {
  const kept = new Map(Object.entries(small))
  const onTheirWay = new Set<string>()
  async function send(name: string): Promise<void> {
    onTheirWay.add(name)
    let sent: string | null
    do {
      sent = kept.get(name) ?? null
      // What cannot be kept lasts as long as the sidebar.
      await door('keepSmall', { name, text: sent }).catch(() => undefined)
    } while (sent !== (kept.get(name) ?? null))
    onTheirWay.delete(name)
  }
  return {
    get: (name) => kept.get(name) ?? null,
    set(name, text) {
      if (text === null) kept.delete(name)
      else kept.set(name, text)
      if (!onTheirWay.has(name)) void send(name)
    },
  }
}
