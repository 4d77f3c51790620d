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
import type { Remembered } from './cache.ts'
import { failureOf } from '../failure-of.ts'
import { formatCode } from './format-code.ts'
import { printAnswer, type Outcome, type Printable, type Printed } from './print-answer.ts'
import type { ReadQuestion, RoutedQuestion } from './read-question.ts'
import type { Wanted } from './route.ts'
import { toCells, type ToCellsDeps } from './to-cells.ts'
import type { Registry } from '../providers/registry.ts'

export interface AnswerDeps extends BuyDeps, ToCellsDeps {
  registry: Registry
  readQuestion: ReadQuestion
}

/** Who asks, and who pays. */
export type Asker = Buyer

export interface BatchOptions {
  language: Language
  /** After so long, unfinished questions are answered `pending` and go on in the background; null waits for all. */
  deadlineMs: number | null
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
  { language, deadlineMs }: BatchOptions,
  emit: (id: string, printed: Printed) => void,
): Promise<{ spent: number }> {
  const open = new Set(questions)
  let spent = 0
  const reply = (question: Question, printed: Printed): void => {
    // A question answered `pending` is closed: its answer is remembered, and found when the cell asks again.
    if (!open.delete(question)) return
    spent += printed.answer.points
    emit(question.id, printed)
  }

  const finished = answerAll(deps, asker, questions, language, reply)
  await (deadlineMs === null ? finished : beforeDeadline(finished, deadlineMs))
  for (const question of open) reply(question, printAnswer({ pending: true, points: 0 }, language))
  return { spent }
}

async function answerAll(
  deps: AnswerDeps,
  asker: Asker,
  questions: readonly Question[],
  language: Language,
  replyPrinted: (question: Question, printed: Printed) => void,
): Promise<void> {
  const reply = (question: Question, printable: Printable): void =>
    replyPrinted(question, printAnswer(printable, language))
  const misses = new Map<string, Waiting>()
  const accountAsks: { question: Question; ask: AccountAsk }[] = []

  for (const question of questions) {
    const read = deps.readQuestion(asker.workspaceId, question)
    if (read === BLANK) reply(question, { cells: { value: '' }, points: 0 })
    else if (isFailure(read)) reply(question, { failed: read, points: 0 })
    else if (read.ask.fn === 'HSFORMAT') reply(question, formatCode(read.ask))
    else if (read.ask.fn === 'HSPOINTS' || read.ask.fn === 'HSCOST' || read.ask.fn === 'HSINFO') {
      accountAsks.push({ question, ask: read.ask })
    } else if ('wanted' in read) {
      const { ask, wanted, place } = read
      const print = (outcome: Outcome): Printable => toCells(deps, ask, outcome)
      // ⑥ What memory holds is answered in this same turn.
      const remembered = wanted.fresh ? undefined : deps.cache.peek(place)
      if (remembered) {
        replyPrinted(question, printRemembered(deps, read, remembered, language))
        continue
      }
      const id = `${wanted.fresh} ${wanted.inquiry.key}`
      const same = misses.get(id)
      if (same) same.cells.push({ question, print })
      else misses.set(id, { wanted, cells: [{ question, print }] })
    }
  }

  // A sheet that recalculates asks only what memory holds.
  if (misses.size === 0 && accountAsks.length === 0) return

  const fill = ({ cells }: Waiting, outcome: Outcome): void => {
    cells.forEach(({ question, print }, at) => {
      // The first cell bears the price of the question; its equals are free.
      reply(question, print(at === 0 || isFailure(outcome) ? outcome : { ...outcome, points: 0 }))
    })
  }
  const waiting = [...misses.values()]
  await Promise.all([
    ...accountAsks.map(async ({ question, ask }) => {
      reply(question, await noThrow(deps, () => answerAccountAsk(deps, asker, ask)))
    }),
    // ⑦ ⑧ ⑨ ⑩
    buyAnswers(
      deps,
      asker,
      waiting.map((one) => one.wanted),
      (at, outcome) => fill(waiting[at]!, outcome),
    ),
  ])
}

/** The same reply is the same words for the same question: they are printed once. */
function printRemembered(
  deps: ToCellsDeps,
  routed: RoutedQuestion,
  remembered: Remembered,
  language: Language,
): Printed {
  const last = routed.lastPrinted
  if (last?.remembered === remembered && last.language === language) return last.printed
  const printed = printAnswer(toCells(deps, routed.ask, { remembered, cached: true, points: 0 }), language)
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
