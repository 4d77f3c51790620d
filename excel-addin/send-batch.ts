/**
 * One batch, from its first try to the last cell that gets an answer or an error: tried again with pauses where that can help,
 * halved where the proxy finds it too large.
 */
import type { CellValue } from '../shared/tariff-code.ts'
import type { Answer, AnswerError, Question } from '../shared/protocol.ts'
import { pause, type Clock } from '../shared/clock.ts'

export interface Request {
  requestId: string
  questions: Question[]
}

/** How one HTTP call ended, besides the answers it delivered on the way. */
export interface Reply {
  /** HTTP status; 0 when the connection failed, broke off or timed out. */
  status: number
  /** What a cell shows that got no answer. */
  error: AnswerError
  /** What the proxy's Retry-After asked for. */
  retryAfterMs: number | null
}

/** Sends once and never retries. Answers are delivered as each is known, in any order; it resolves when the reply has ended. */
export type Send = (request: Request, onAnswer: (answer: Answer) => void) => Promise<Reply>

export interface SendBatchDeps {
  send: Send
  clock: Clock
  /** 0 ≤ n < 1, for the jitter. */
  random: () => number
  newRequestId: () => string
  /** What cells show when `send` throws, which it should not. */
  brokenReply: () => AnswerError
}

/** One cell's question, without the id it gets in a request. */
export interface Askable {
  fn: string
  args: CellValue[]
}

export interface BatchHandlers<Item extends Askable> {
  onAnswer(item: Item, answer: Answer): void
  /** Called once, with all that got no answer. */
  onFailure(items: Item[], reply: Reply): void
  /** Asked before each try; an item that is not wanted any more is left out of it, and has been settled by whoever says no. */
  isWanted(item: Item): boolean
}

export const TRIES_MAX = 3
const RETRIED_STATUS: ReadonlySet<number> = new Set([0, 408, 425, 429, 500, 502, 503, 504])
const TOO_LARGE_STATUS = 413

const PAUSE_MS_MIN = 500
// The longest pause after the first and after the second try.
const PAUSE_MS_MAX = [2000, 8000] as const
// A proxy that asks for more patience than a cell has is not waited for.
const RETRY_AFTER_MS_MAX = 30_000

export async function sendBatch<Item extends Askable>(
  deps: SendBatchDeps,
  items: readonly Item[],
  handlers: BatchHandlers<Item>,
): Promise<void> {
  const requestId = deps.newRequestId()
  let left = [...items]
  for (let tries = 1; ; tries++) {
    left = left.filter((item) => handlers.isWanted(item))
    if (left.length === 0) return

    const { reply, unanswered } = await sendOnce(deps, requestId, left, handlers)
    if (unanswered.length === 0) return
    left = unanswered
    if (reply.status === TOO_LARGE_STATUS && left.length > 1) {
      const middle = Math.ceil(left.length / 2)
      await sendBatch(deps, left.slice(0, middle), handlers)
      await sendBatch(deps, left.slice(middle), handlers)
      return
    }
    const pauseMs = tries < TRIES_MAX ? retryPause(deps, tries, reply) : null
    if (pauseMs === null) {
      handlers.onFailure(left, reply)
      return
    }
    await pause(deps.clock, pauseMs)
  }
}

async function sendOnce<Item extends Askable>(
  { send, brokenReply }: SendBatchDeps,
  requestId: string,
  items: readonly Item[],
  handlers: BatchHandlers<Item>,
): Promise<{ reply: Reply; unanswered: Item[] }> {
  const open = new Map(items.map((item, at) => [String(at + 1), item]))
  const questions = [...open].map(([id, { fn, args }]) => ({ id, fn, args }))
  const deliver = (answer: Answer): void => {
    const item = open.get(answer.id)
    // The first answer counts: an id that comes twice, or that nobody asked, changes no cell.
    if (!item) return
    open.delete(answer.id)
    handlers.onAnswer(item, answer)
  }
  let reply: Reply
  try {
    reply = await send({ requestId, questions }, deliver)
  } catch {
    reply = { status: 0, error: brokenReply(), retryAfterMs: null }
  }
  const unanswered = [...open.values()]
  // What comes after the end was reported unanswered already.
  open.clear()
  return { reply, unanswered }
}

/** @returns null when trying again cannot help. */
function retryPause({ random }: SendBatchDeps, tries: number, { status, retryAfterMs }: Reply): number | null {
  if (!RETRIED_STATUS.has(status)) return null
  if (retryAfterMs !== null) return retryAfterMs <= RETRY_AFTER_MS_MAX ? retryAfterMs : null
  const longest = PAUSE_MS_MAX[tries - 1] ?? PAUSE_MS_MAX[1]
  return PAUSE_MS_MIN + random() * (longest - PAUSE_MS_MIN)
}
