/** What a bulk run would cost, by what is known now. Asks nobody and spends nothing. */
import { BLANK, type Ask } from '../../shared/ask.ts'
import { failure, FailureError, isFailure } from '../../shared/error-codes.ts'
import type { EstimateReply, JobQuestion } from '../../shared/jobs-protocol.ts'
import type { Language } from '../../shared/language.ts'
import { printFailure } from '../../shared/print-failure.ts'
import type { AnswerDeps, Asker } from '../answer/answer-batch.ts'
import { placeOf } from '../answer/cache.ts'
import { storedKeys } from '../answer/stored-keys.ts'
import { route, type ProviderAsk, type Wanted } from '../answer/route.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { breathe, ROWS_PER_SLICE } from './breathe.ts'
import { askKey } from './plan-job.ts'
import { readJobAsk } from './read-questions.ts'

export interface EstimateDeps {
  answer: Pick<AnswerDeps, 'registry' | 'cache' | 'memory'>
  ledger: Pick<Ledger, 'balance' | 'leftToday'>
}

const BAD_ROWS_SHOWN = 5
const POINTS_PER_CNY = 50

export async function estimateJob(
  { answer, ledger }: EstimateDeps,
  asker: Asker,
  questions: readonly JobQuestion[],
  language: Language,
): Promise<EstimateReply> {
  const { workspaceId, seatId, dailyCapPoints } = asker
  const sorted = await sortRows(answer, workspaceId, questions, language)
  const remembered = await findRemembered(answer, workspaceId, sorted.lookUps)
  const asked = sorted.lookUps.filter((wanted) => !remembered.has(wanted))
  const toPay = asked.filter(({ points }) => points > 0)
  const points = sum(toPay)
  const { spendable } = await ledger.balance(workspaceId)
  return {
    rows: questions.length,
    blanks: sorted.blanks,
    bad: sorted.bad,
    badRows: sorted.badRows,
    duplicates: sorted.duplicates,
    remembered: remembered.size,
    free: sorted.texts + asked.length - toPay.length,
    toPay: toPay.length,
    points,
    cny: Math.round((points * 100) / POINTS_PER_CNY) / 100,
    balance: spendable,
    enough: spendable >= points,
    dailyCapLeft: await ledger.leftToday(seatId, dailyCapPoints),
    byProvider: byProvider(asked),
  }
}

interface SortedRows {
  blanks: number
  bad: number
  badRows: EstimateReply['badRows']
  duplicates: number
  /** Questions that need no provider. */
  texts: number
  /** What would be looked up, each once. */
  lookUps: Wanted[]
}

async function sortRows(
  { registry, memory }: Pick<AnswerDeps, 'registry' | 'memory'>,
  workspaceId: string,
  questions: readonly JobQuestion[],
  language: Language,
): Promise<SortedRows> {
  const sorted: SortedRows = { blanks: 0, bad: 0, badRows: [], duplicates: 0, texts: 0, lookUps: [] }
  const seen = new Set<string>()
  for (const [row, question] of questions.entries()) {
    if (row % ROWS_PER_SLICE === 0) {
      await breathe()
      await knowApproved(memory, workspaceId)
    }
    const ask = readJobAsk(question)
    if (ask === BLANK) {
      sorted.blanks++
      continue
    }
    const wanted = isFailure(ask) || needsNobody(ask) ? ask : route(registry, workspaceId, ask)
    if (isFailure(wanted)) {
      sorted.bad++
      if (sorted.badRows.length < BAD_ROWS_SHOWN) {
        sorted.badRows.push({ id: question.id, row, error: printFailure(wanted, language) })
      }
      continue
    }
    const key = 'inquiry' in wanted ? `${wanted.fresh} ${wanted.inquiry.key}` : askKey(wanted)
    if (seen.has(key)) sorted.duplicates++
    else if ('inquiry' in wanted) sorted.lookUps.push(wanted)
    else sorted.texts++
    seen.add(key)
  }
  return sorted
}

// Another approval may come just as the last one was read.
const RECALLS_MAX = 5

/** What a workspace approved is free; it may change between two slices. @throws {FailureError} when it cannot be read. */
async function knowApproved(memory: AnswerDeps['memory'], workspaceId: string): Promise<void> {
  for (let tries = 0; !memory.isReady(workspaceId); tries++) {
    if (tries === RECALLS_MAX || !(await memory.ready(workspaceId))) throw new FailureError(failure('database-away'))
  }
}

function needsNobody(ask: Ask): ask is Exclude<Ask, ProviderAsk> {
  return ask.fn === 'HSFORMAT' || ask.fn === 'HSPOINTS'
}

/** Those that were paid before, by whoever answered. */
async function findRemembered(
  { cache }: Pick<AnswerDeps, 'cache'>,
  workspaceId: string,
  lookUps: readonly Wanted[],
): Promise<Set<Wanted>> {
  const isInMemory = (wanted: Wanted): boolean =>
    storedKeys(wanted).some((key) => cache.peek(placeOf(workspaceId, key)) !== undefined)
  const askable = lookUps.filter(({ points, fresh }) => points > 0 && !fresh)
  const found = new Set(askable.filter(isInMemory))
  for (let from = 0; from < askable.length; from += ROWS_PER_SLICE) {
    await breathe()
    const some = askable.slice(from, from + ROWS_PER_SLICE).filter((wanted) => !found.has(wanted))
    const known = await cache.known(workspaceId, some.flatMap(storedKeys))
    for (const wanted of some) if (storedKeys(wanted).some((key) => known.has(key))) found.add(wanted)
  }
  return found
}

function byProvider(asked: readonly Wanted[]): EstimateReply['byProvider'] {
  const groups = new Map<string, EstimateReply['byProvider'][number]>()
  for (const { provider, points } of asked) {
    const group = groups.get(provider.name) ?? { provider: provider.name, questions: 0, points: 0 }
    group.questions++
    group.points += points
    groups.set(provider.name, group)
  }
  return [...groups.values()]
}

function sum(asked: readonly Wanted[]): number {
  return asked.reduce((points, wanted) => points + wanted.points, 0)
}
