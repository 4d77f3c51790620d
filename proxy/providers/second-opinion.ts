/**
 * No upstream's code is believed on its word. Around every upstream: its codes must exist in the tariff, or they are an error; and the
 * classifier in the house gives its own opinion of the same text, so that how far the two agree is known for every answer.
 */
import type { Country } from '../../shared/country.ts'
import { failure, isFailure, type Failure } from '../../shared/error-codes.ts'
import type { FunctionName } from '../../shared/functions.ts'
import { TariffBookError, type TariffBook } from '../tariff/book.ts'
import {
  countryOf,
  type Agreement,
  type Candidate,
  type Classification,
  type ClassifyInquiry,
  type Inquiry,
  type Labels,
  type Provider,
  type Reply,
  type SecondOpinion,
} from './provider.ts'

export interface SecondOpinionDeps {
  embedded: Provider
  book: TariffBook
  labels: Labels
  now: () => number
}

const OPINIONS_KEPT = 3
// Where a Chinese code stands beside what was asked for.
const CODES_BESIDE: ReadonlyMap<FunctionName, number> = new Map([
  ['HSHAZARD', 3],
  ['HSCIQ', 0],
])
const LINES_NAMED = 4

export function withSecondOpinion(provider: Provider, deps: SecondOpinionDeps): Provider {
  const { bulk } = provider
  const today = (inquiry: Inquiry): string => dayOf(inquiry) ?? new Date(deps.now()).toISOString().slice(0, 10)
  const checkReplies = (
    inquiries: readonly Inquiry[],
    replies: ReadonlyMap<string, Reply>,
    opinions: ReadonlyMap<string, Classification>,
  ): Map<string, Reply> =>
    new Map(
      inquiries.flatMap((inquiry): [string, Reply][] => {
        const reply = replies.get(inquiry.key)
        if (reply === undefined) return []
        return [
          [inquiry.key, checkReply(deps, provider.name, inquiry, reply, opinions.get(inquiry.key), today(inquiry))],
        ]
      }),
    )
  return {
    ...provider,
    edition(inquiry) {
      const country = isChecked(inquiry) ? countryOf(inquiry) : null
      const checked = country === null ? null : editionName(deps.book, country, today(inquiry))
      // A new edition of the tariff asks again: what was a line may be none any more.
      return checked === null ? provider.edition(inquiry) : `${provider.edition(inquiry)}, checked in ${checked}`
    },
    async ask(inquiries, signal) {
      const [replies, opinions] = await Promise.all([
        provider.ask(inquiries, signal),
        opinionsOn(deps.embedded, inquiries, signal),
      ])
      return checkReplies(inquiries, replies, opinions)
    },
    ...(bulk
      ? {
          bulk: {
            ...bulk,
            async collect(ticket, inquiries, signal) {
              const collected = await bulk.collect(ticket, inquiries, signal)
              // What is still worked on is looked at again and again; an opinion is formed once, of what has come.
              const answered = inquiries.filter(({ key }) => collected.replies.has(key))
              const opinions = await opinionsOn(deps.embedded, answered, signal)
              return { ...collected, replies: checkReplies(answered, collected.replies, opinions) }
            },
          },
        }
      : {}),
  }
}

/** The day whose tariff is asked for, where the provider takes one. */
function dayOf(inquiry: Inquiry): string | null {
  return inquiry.kind === 'classify' ? inquiry.date : null
}

/** Whose codes are looked up in the tariff. */
function isChecked(inquiry: Inquiry): boolean {
  return inquiry.kind === 'classify' || (inquiry.kind === 'lookup' && inquiry.ask.fn === 'HSSEARCH')
}

async function opinionsOn(
  embedded: Provider,
  inquiries: readonly Inquiry[],
  signal: AbortSignal,
): Promise<Map<string, Classification>> {
  const opinions = new Map<string, Classification>()
  const texts = inquiries.filter((inquiry) => inquiry.kind === 'classify')
  for (let from = 0; from < texts.length; from += embedded.inquiriesPerCallMax) {
    const replies = await embedded.ask(texts.slice(from, from + embedded.inquiriesPerCallMax), signal)
    for (const [key, reply] of replies) {
      if (!isFailure(reply) && reply.kind === 'classification') opinions.set(key, reply)
    }
  }
  return opinions
}

function checkReply(
  deps: SecondOpinionDeps,
  provider: string,
  inquiry: Inquiry,
  reply: Reply,
  opinion: Classification | undefined,
  today: string,
): Reply {
  if (isFailure(reply)) return reply
  if (inquiry.kind === 'classify' && reply.kind === 'classification') {
    return checkClassification(deps, provider, inquiry, reply, opinion, today)
  }
  if (inquiry.kind !== 'lookup') return reply
  if (inquiry.ask.fn === 'HSSEARCH' && reply.kind === 'table') {
    return checkCodeColumn(deps, provider, inquiry.ask.country, reply, today)
  }
  const beside = CODES_BESIDE.get(inquiry.ask.fn)
  if (beside !== undefined && reply.kind === 'table') return blankUnknown(deps, reply, beside, today)
  // What experts confirm is a Chinese code.
  if (inquiry.ask.fn === 'HSEXPERT' && inquiry.ask.field === 'code' && reply.kind === 'value') {
    const code = String(reply.value)
    return exists(deps, code, 'CN', today) ? reply : unknownCode(deps, provider, code, 'CN', today)
  }
  return reply
}

function checkClassification(
  deps: SecondOpinionDeps,
  provider: string,
  inquiry: ClassifyInquiry,
  reply: Classification,
  opinion: Classification | undefined,
  today: string,
): Classification | Failure {
  const { country } = inquiry
  const [best] = reply.candidates
  if (!best) return failure('no-match', { provider })
  if (!exists(deps, best.code, country, today)) return unknownCode(deps, provider, best.code, country, today)
  const lines = linesUnder(deps.book, country, best.code.slice(0, 6), today)
  return {
    ...reply,
    candidates: reply.candidates.filter(({ code }) => exists(deps, code, country, today)),
    lines: { count: lines.length, first: lines.slice(0, LINES_NAMED) },
    ...(opinion ? { second: secondOpinion(deps.embedded.name, best, opinion) } : {}),
  }
}

function secondOpinion(provider: string, best: Candidate, opinion: Classification): SecondOpinion {
  const [own] = opinion.candidates
  return {
    provider,
    candidates: opinion.candidates.slice(0, OPINIONS_KEPT),
    agreement: own ? agreementOf(best.code, own.code) : null,
    words: opinion.words,
    vague: opinion.vague,
  }
}

/** Digits at which two codes are the same. */
export function agreementOf(a: string, b: string): Agreement {
  for (const digits of [6, 4, 2] as const) {
    if (a.length >= digits && a.slice(0, digits) === b.slice(0, digits)) return digits
  }
  return 0
}

/** A listed substance stays listed, whatever code stands beside it. */
function blankUnknown(
  deps: SecondOpinionDeps,
  reply: Extract<Reply, { kind: 'table' }>,
  column: number,
  today: string,
): Reply {
  return {
    kind: 'table',
    table: reply.table.map((row) =>
      row.map((cell, at) => (at === column && !exists(deps, String(cell), 'CN', today) ? '' : cell)),
    ),
  }
}

/** Rows whose code the tariff does not know are left out; when none is left, the first of them is the failure. */
function checkCodeColumn(
  deps: SecondOpinionDeps,
  provider: string,
  country: Country,
  reply: Extract<Reply, { kind: 'table' }>,
  today: string,
): Reply {
  const table = reply.table.filter(([code]) => exists(deps, String(code ?? ''), country, today))
  const [firstRow] = reply.table
  if (table.length > 0 || !firstRow) return { kind: 'table', table }
  return unknownCode(deps, provider, String(firstRow[0] ?? ''), country, today)
}

function exists({ book, labels }: SecondOpinionDeps, code: string, country: Country, today: string): boolean {
  if (!/^\d{4,13}$/.test(code)) return false
  try {
    // The 13 digits of a Chinese declaration are the ten of the tariff and three of the inspection.
    return book.find(country, country === 'CN' && code.length === 13 ? code.slice(0, 10) : code, today) !== null
  } catch (error) {
    if (!(error instanceof TariffBookError)) throw error
    // No tariff of that country here: the international digits at least must be real.
    return labels.label(code.slice(0, 6), 'en') !== null
  }
}

function unknownCode(
  deps: SecondOpinionDeps,
  provider: string,
  code: string,
  country: Country,
  today: string,
): Failure {
  const lines = linesUnder(deps.book, country, code.slice(0, 6), today)
  return failure('upstream-code-unknown', {
    provider,
    code,
    country,
    edition: editionName(deps.book, country, today) ?? 'HS 2022',
    nearest: lines.length === 0 ? '' : `Below ${code.slice(0, 6)}: ${lines.slice(0, LINES_NAMED).join(', ')}.`,
  })
}

function linesUnder(book: TariffBook, country: Country, code: string, today: string): string[] {
  return orIfNoTariff([], () =>
    book.find(country, code, today) === null ? [] : book.declarableUnder(country, code, today),
  )
}

function editionName(book: TariffBook, country: Country, today: string): string | null {
  return orIfNoTariff(null, () => book.edition(country, today).edition)
}

function orIfNoTariff<Value>(otherwise: Value, read: () => Value): Value {
  try {
    return read()
  } catch (error) {
    if (error instanceof TariffBookError) return otherwise
    throw error
  }
}
