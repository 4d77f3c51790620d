/**
 * The contract of everything that answers: an upstream, or the classifier and tariff book in the house.
 * A provider knows its own source and nothing of points, caches or HTTP routes. Capability is data, not probing.
 */
import type { CheckAsk, CodeAsk, FixAsk, LookupAsk, RateAsk } from '../../shared/ask.ts'
import type { Country } from '../../shared/country.ts'
import { failure, type Failure } from '../../shared/error-codes.ts'
import type { FunctionName } from '../../shared/functions.ts'
import type { Language } from '../../shared/language.ts'
import type { Cell } from '../../shared/protocol.ts'

/** Name of the provider in the house. */
export const EMBEDDED_NAME = 'embedded'
/** Name of the provider that knows what people approved. */
export const MEMORY_NAME = 'memory'

/** What is said beside the description; unknown ones are empty. */
export interface Facts {
  material: string
  use: string
  gender: string
  category: string
}

/** HSCODE, HSALT, HSCONF, HSWHY and HSINFO of one text are one inquiry. */
export interface ClassifyInquiry {
  kind: 'classify'
  /** Unique within its call, and the same for the same inquiry: replies are matched by it, never by position. */
  key: string
  description: string
  country: Country
  facts: Facts
  /** ISO date whose national lines are wanted; null: today's. */
  date: string | null
  /** What a person of the workspace approved for this very text; absent where nothing is, or it is not wanted. */
  approved?: Approval
}

/** A code that a person approved for a text. */
export interface Approval {
  code: string
  /** Name of the seat. */
  by: string
  /** Milliseconds since 1970. */
  at: number
  /** Another one whenever it is approved anew. */
  version: number
}

export interface TariffInquiry {
  kind: 'tariff'
  key: string
  ask: CodeAsk | RateAsk | CheckAsk | FixAsk
}

/** Reference works, trade data, pictures, experts. */
export interface LookupInquiry {
  kind: 'lookup'
  key: string
  ask: LookupAsk
  /** Bytes of the picture HSIMAGE is asked about, when they came instead of an address. */
  picture?: Uint8Array
}

export type Inquiry = ClassifyInquiry | TariffInquiry | LookupInquiry

/** Country whose tariff an inquiry is about; null when it is about none. */
export function countryOf(inquiry: Inquiry): Country | null {
  if (inquiry.kind === 'classify') return inquiry.country
  return 'country' in inquiry.ask ? inquiry.ask.country : null
}

/** The sheet function an inquiry stands for; all that concern one description count as HSCODE. */
export function functionOf(inquiry: Inquiry): FunctionName {
  return inquiry.kind === 'classify' ? 'HSCODE' : inquiry.ask.fn
}

export interface Candidate {
  /** Digits, as deep as the provider is certain: 6, or the national line. */
  code: string
  /** Calibrated chance of being right at its subheading, 0–1; null when the provider gives none. */
  score: number | null
}

/** What a description was taken for. Nothing in it depends on the reader's language or wanted depth. */
export interface Classification {
  kind: 'classification'
  /** Best first, at most ten, different subheadings. */
  candidates: Candidate[]
  /** Best headings with their calibrated chance; empty when the provider gives no scores. */
  headings: Candidate[]
  /** National lines under the best candidate's subheading: how many, and the first few. */
  lines: { count: number; first: string[] }
  /** Words of the text that decided, strongest first. */
  words: string[]
  /** The fact that is missing when the text is too vague to classify at all; null otherwise. */
  vague: VagueReason | null
  /** Kind of fact that would part the best candidate from its rival. */
  missing: MissingFact | null
  /** What the classifier in the house makes of the same text, beside an upstream's code; absent where it is the one that answers. */
  second?: SecondOpinion
  /** The person whose word it is; absent where a machine classified. */
  approved?: Pick<Approval, 'by' | 'at'>
}

export interface SecondOpinion {
  provider: string
  /** Best first, at most three. */
  candidates: Candidate[]
  /** Digits at which its best code and the upstream's are the same; null when it has none. */
  agreement: Agreement | null
  words: string[]
  vague: VagueReason | null
}

/** Digits two codes share: chapter, heading, subheading, or not even the chapter. */
export type Agreement = 0 | 2 | 4 | 6

/** Facts that part neighbouring codes. */
export type MissingFact = 'material' | 'use' | 'gender' | 'construction' | 'state' | 'size' | 'part-of' | 'kind'

export type VagueReason =
  | 'part-of-what' // "spare parts"
  | 'what-goods' // "gift", "sample"
  | 'unknown-words' // no word of it is known
  | 'mixed-goods' // a set or a parcel of several goods

export type Reply = Classification | { kind: 'value'; value: Cell } | { kind: 'table'; table: Cell[][] } | Failure

/** Our own words for codes: what every room that shows a code reads. */
export interface Labels {
  /** The words for a code, or for the nearest code above it; null when there are none. */
  label(code: string, language: Language): string | null
}

export interface Provider {
  /** As it stands in `source.provider`, in options and in metrics; lower case. */
  readonly name: string
  /** Inquiries one call can carry. */
  readonly inquiriesPerCallMax: number
  /** Calls under way at once. */
  readonly callsInFlightMax: number
  /** How long a call may take before it is given up. */
  readonly timeoutMs: number
  /** How long inquiries are gathered before a call; 0 when a call costs nothing. */
  readonly gatherWindowMs: number
  /** Whether this provider can answer it at all. */
  answers(inquiry: Inquiry): boolean
  /** Edition of the data it would answer from: part of what an answer is remembered under. */
  edition(inquiry: Inquiry): string
  /**
   * Replies by key. A key that is missing from the map counts as failed; a bad item never fails its neighbours.
   * @throws {ProviderError} when the call as a whole fails.
   */
  ask(inquiries: readonly Inquiry[], signal: AbortSignal): Promise<Map<string, Reply>>
  /** The way for large numbers; absent where there is none. */
  readonly bulk?: Bulk
}

/** Large numbers of inquiries are handed in, worked on elsewhere, and come back for. Each of these throws {ProviderError}. */
export interface Bulk {
  /** Inquiries one submission can carry. */
  readonly inquiriesMax: number
  /** Submits and looks under way at once. */
  readonly callsInFlightMax: number
  /** Whether it can be handed in; what cannot is asked. */
  takes(inquiry: Inquiry): boolean
  /**
   * Never to be repeated after an error whose `mayHaveBeenDone` is true before {@link Bulk.findLost} said that surely there is none.
   * @param options.callbackUrl is told of each piece of work that ends.
   */
  submit(
    inquiries: readonly Inquiry[],
    options: { callbackUrl?: string | undefined },
    signal: AbortSignal,
  ): Promise<Submitted>
  /**
   * After a submit whose reply was lost.
   * @param since when it was sent, in milliseconds.
   * @param known tickets that are of other submissions.
   * @returns null: at this moment there surely is none. Where that is not sure it throws.
   */
  findLost(
    inquiries: readonly Inquiry[],
    since: number,
    known: ReadonlySet<string>,
    signal: AbortSignal,
  ): Promise<FoundSubmit | null>
  /** Told once, when a submit that was found is gone on with: what it cost is not lost. @param sentAt as `since` above. */
  adopted(found: FoundSubmit, sentAt: number): void
  /** Costs nothing and changes nothing. Every inquiry is in exactly one of the three. */
  collect(ticket: string, inquiries: readonly Inquiry[], signal: AbortSignal): Promise<Collected>
}

export interface Submitted {
  ticket: string
  /** Pieces of work it was taken as; equal inquiries are one. */
  tasks: number
  /** How many of these wait for the upstream's own points. */
  waiting: number
}

export interface FoundSubmit {
  ticket: string
  /** What it cost in the upstream's own money, as its reply would have said. */
  charged: number
}

export interface Collected {
  /** By key. */
  replies: Map<string, Reply>
  /** Keys of what is still worked on, or is not listed. */
  open: string[]
  /** Keys of what waits for somebody to recharge the upstream's own account. */
  paused: string[]
}

/** A call to a provider failed as a whole: what the cells that waited for it are told. */
export class ProviderError extends Error {
  override name = 'ProviderError'
  readonly provider: string
  readonly failure: Failure
  /** How long the provider asked to be left alone, in milliseconds; null when it did not say. */
  readonly retryAfterMs: number | null
  /** False when the call was surely not carried out, so that sending it again cannot pay twice. */
  readonly mayHaveBeenDone: boolean

  /** @param message for the log: never a credential, never a cell's text. */
  constructor(
    message: string,
    details: {
      provider: string
      failure?: Failure
      retryAfterMs?: number | null
      mayHaveBeenDone?: boolean
      cause?: unknown
    },
  ) {
    super(message, { cause: details.cause })
    this.provider = details.provider
    this.failure = details.failure ?? failure('provider-failed', { provider: details.provider })
    this.retryAfterMs = details.retryAfterMs ?? null
    this.mayHaveBeenDone = details.mayHaveBeenDone ?? true
  }
}
