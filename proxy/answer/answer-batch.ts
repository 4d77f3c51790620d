/**
 * The path of a batch, ⑥–⑩, from top to bottom: memory and cache, coalesce, hold, ask, settle and remember.
 * Every question gets exactly one answer. What goes wrong for one of them is that one's answer; its neighbours go on.
 */
import { BLANK } from '../../shared/ask.ts'
import { isFailure } from '../../shared/error-codes.ts'
import type { Language } from '../../shared/language.ts'
import type { Answer, Question } from '../../shared/protocol.ts'
import { answerAccountAsk, type AccountAsk } from './account.ts'
import { buyAnswers, type BuyDeps, type Buyer } from './buy-answers.ts'
import { failureOf } from '../failure-of.ts'
import type { FreshRequests } from './fresh-requests.ts'
import { formatCode } from './format-code.ts'
import { printAnswer, type Outcome, type Printable, type Printed } from './print-answer.ts'
import type { ReadQuestion, RoutedQuestion } from './read-question.ts'
import type { Wanted } from './route.ts'
import { toCells, type ToCellsDeps } from './to-cells.ts'
import type { Registry } from '../providers/registry.ts'

export interface AnswerDeps extends BuyDeps, ToCellsDeps {
  registry: Registry
  readQuestion: ReadQuestion
  freshRequests: FreshRequests
  /** Knows in which turn what a workspace approved is at hand. */
  memory: {
    isReady(workspaceId: string): boolean
    /** @returns false when it cannot be read, which is then the failure of the questions that need it. Never rejects. */
    ready(workspaceId: string): Promise<boolean>
  }
}

// Another approval may come just as the last one was read.
const RECALLS_MAX = 5

/** Who asks, and who pays. */
export type Asker = Buyer

export interface BatchOptions {
  language: Language
  /** After so long, unfinished questions are answered `pending` and go on in the background; null waits for all. */
  deadlineMs: number | null
  /** The client's id of this batch, the same when it is sent again: then what was asked anew by `fresh=1` is not bought twice. */
  requestId?: string | undefined
  /** How what memory does not hold is asked and paid for; {@link buyAnswers} where it is left out. */
  buy?: typeof buyAnswers
}

/** One provider question, and the cells of this batch that wait for it. */
interface Waiting {
  wanted: Wanted
  cells: { question: Question; print: (outcome: Outcome) => Printable }[]
}

/**
 * @param emit called once for each question, as its answer becomes known; never after the returned promise resolves.
 * @returns points charged to this batch so far.
 */
export function answerBatch(
  deps: AnswerDeps,
  asker: Asker,
  questions: readonly Question[],
  options: BatchOptions,
  emit: (answer: Answer) => void,
): Promise<{ spent: number }> {
  return printBatch(deps, asker, questions, options, (id, { answer }) => emit({ id, ...answer }))
}

/** {@link answerBatch} for who sends the answers on: it is given them as JSON too. */
export async function printBatch(
  deps: AnswerDeps,
  asker: Asker,
  questions: readonly Question[],
  { language, deadlineMs, requestId, buy = buyAnswers }: BatchOptions,
  emit: (id: string, printed: Printed) => void,
): Promise<{ spent: number }> {
  const { workspaceId } = asker
  const asked = deps.memory.isReady(workspaceId)
    ? answerRemembered(deps, asker, questions, language, ({ id }, printed) => emit(id, printed))
    : null
  // A sheet that recalculates asks only what memory holds.
  if (asked?.length === 0) return { spent: 0 }

  const open = new Set(asked ? asked.map(({ question }) => question) : questions)
  let spent = 0
  // A question answered `pending` is closed: its answer is remembered, and found when the cell asks again.
  const tell = (question: Question, printed: Printed): void => {
    if (open.delete(question)) emit(question.id, printed)
  }
  const reply = (question: Question, printable: Printable): void => {
    if (!open.has(question)) return
    spent += printable.points
    tell(question, printAnswer(printable, language))
  }

  const answer = async (): Promise<void> => {
    const rest = asked ?? (await answerWhenReady(deps, asker, questions, language, tell))
    const buyer = await knowFreshSince(deps, asker, rest, requestId)
    await answerAsked(deps, buyer, rest, reply, buy)
  }
  await (deadlineMs === null ? answer() : beforeDeadline(answer(), deadlineMs))
  for (const question of open) reply(question, { pending: true, points: 0 })
  return { spent }
}

/** {@link answerRemembered} of a workspace whose approvals are not at hand yet. */
async function answerWhenReady(
  deps: AnswerDeps,
  asker: Asker,
  questions: readonly Question[],
  language: Language,
  tell: (question: Question, printed: Printed) => void,
): Promise<Asked[]> {
  // In a loop, because questions are routed in this turn, and between two turns something may be approved.
  for (let tries = 0; !deps.memory.isReady(asker.workspaceId) && tries < RECALLS_MAX; tries++) {
    if (!(await deps.memory.ready(asker.workspaceId))) break
  }
  return answerRemembered(deps, asker, questions, language, tell)
}

async function knowFreshSince(
  deps: AnswerDeps,
  asker: Asker,
  asked: readonly Asked[],
  requestId: string | undefined,
): Promise<Asker> {
  const isFresh = ({ read }: Asked): boolean => typeof read === 'object' && 'wanted' in read && read.wanted.fresh
  if (requestId === undefined || !asked.some(isFresh)) return asker
  return { ...asker, freshSince: await deps.freshRequests.firstSeen(asker.workspaceId, requestId) }
}

/** A question that memory does not hold, as it was read. */
interface Asked {
  question: Question
  read: ReturnType<ReadQuestion>
}

/** ⑥ What memory holds is answered in this same turn. @returns what it does not hold. */
function answerRemembered(
  deps: AnswerDeps,
  asker: Asker,
  questions: readonly Question[],
  language: Language,
  tell: (question: Question, printed: Printed) => void,
): Asked[] {
  const asked: Asked[] = []
  for (const question of questions) {
    const read = deps.readQuestion(asker.workspaceId, question)
    const printed = typeof read === 'object' && 'wanted' in read ? printRemembered(deps, read, language) : null
    if (printed) tell(question, printed)
    else asked.push({ question, read })
  }
  return asked
}

async function answerAsked(
  deps: AnswerDeps,
  asker: Asker,
  asked: readonly Asked[],
  reply: (question: Question, printable: Printable) => void,
  buy: typeof buyAnswers,
): Promise<void> {
  const misses = new Map<string, Waiting>()
  const accountAsks: { question: Question; ask: AccountAsk; wanted: Wanted | null }[] = []

  for (const { question, read } of asked) {
    if (read === BLANK) reply(question, { cells: { value: '' }, points: 0 })
    else if (isFailure(read)) reply(question, { failed: read, points: 0 })
    else if (read.ask.fn === 'HSFORMAT') reply(question, formatCode(read.ask))
    else if (read.ask.fn === 'HSPOINTS' || read.ask.fn === 'HSCOST' || read.ask.fn === 'HSINFO') {
      accountAsks.push({ question, ask: read.ask, wanted: 'wanted' in read ? read.wanted : null })
    } else if ('wanted' in read) {
      const { ask, wanted } = read
      const print = (outcome: Outcome): Printable => toCells(deps, ask, outcome)
      const id = `${wanted.fresh} ${wanted.inquiry.key}`
      const same = misses.get(id)
      if (same) same.cells.push({ question, print })
      else misses.set(id, { wanted, cells: [{ question, print }] })
    }
  }

  const fill = ({ cells }: Waiting, outcome: Outcome): void => {
    cells.forEach(({ question, print }, at) => {
      // The first cell bears the price of the question; its equals are free.
      reply(question, print(at === 0 || isFailure(outcome) ? outcome : { ...outcome, points: 0 }))
    })
  }
  const waiting = [...misses.values()]
  await Promise.all([
    ...accountAsks.map(async ({ question, ask, wanted }) => {
      reply(question, await noThrow(deps, () => answerAccountAsk(deps, asker, ask, wanted)))
    }),
    // ⑦ ⑧ ⑨ ⑩
    buy(
      deps,
      asker,
      waiting.map((one) => one.wanted),
      (at, outcome) => fill(waiting[at]!, outcome),
    ),
  ])
}

/** The same reply is the same words for the same question: they are printed once. @returns null when memory holds none. */
function printRemembered(
  deps: ToCellsDeps & Pick<BuyDeps, 'cache'>,
  routed: RoutedQuestion,
  language: Language,
): Printed | null {
  const { ask, wanted, place, lastPrinted: last } = routed
  // About the account: asked anew each time, though HSCODE's answer lies there.
  if (wanted.fresh || ask.fn === 'HSCOST' || ask.fn === 'HSINFO') return null
  if (last?.remembered.held && last.language === language) return last.printed
  const remembered = deps.cache.peek(place)
  if (!remembered) return null
  if (last?.remembered === remembered && last.language === language) return last.printed
  const printed = printAnswer(toCells(deps, ask, { remembered, cached: true, points: 0 }), language)
  routed.lastPrinted = { remembered, language, printed }
  return printed
}

/** A bug or a broken database is the answer of the question that met it. */
async function noThrow(deps: Pick<AnswerDeps, 'log'>, work: () => Promise<Printable>): Promise<Printable> {
  try {
    return await work()
  } catch (error) {
    return { failed: failureOf(deps.log, error), points: 0 }
  }
}

async function beforeDeadline(finished: Promise<void>, deadlineMs: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const deadline = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, deadlineMs)
  })
  await Promise.race([finished, deadline])
  clearTimeout(timer)
}
