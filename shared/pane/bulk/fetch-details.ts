/**
 * What is known beside a code: how sure it is, who agrees, its rivals, its label and rates. Never spends a point: HSINFO and HSCOST
 * never do, HSALT is only asked where HSCOST says 0, and what is asked about a code is asked of the tariffs in the house by name.
 */
import { claimableTreatments } from '../../country.ts'
import type { Language } from '../../language.ts'
import { QUESTIONS_PER_BATCH_MAX, type Answer, type AnswerError, type Question } from '../../protocol.ts'
import type { CellValue } from '../../tariff-code.ts'
import { isRefused, type ProxyApi } from '../proxy-api.ts'
import type { Candidate, Classified } from './classified.ts'
import { cutDescription, optionsOf, type RowGoods } from './plan-run.ts'
import { isUndecided, reviewReasons, SURE_CONFIDENCE } from './review-reasons.ts'

export interface DetailsDeps {
  api: Pick<ProxyApi, 'answers'>
  language: Language
  /** What was learned about codes and texts, for the rows after these. */
  learned: Learned
}

export interface Learned {
  texts: Map<string, AboutText>
  codes: Map<string, AboutCode>
  best: Map<string, Classified['best']>
}

export interface DetailsWanted {
  label: boolean
  rates: boolean
  best: boolean
}

interface AboutText {
  confidence: number | null
  agreement: Classified['agreement']
  candidates: Candidate[]
}

interface AboutCode {
  label: string
  mfn: number | null
  /** '' where the tariff prints none. */
  mfnText: string
}

/** A row as its job answered it. */
export interface AnsweredRow {
  goods: RowGoods
  code: string | null
  error: AnswerError | null
  provider: string | null
}

export type Details = Pick<
  Classified,
  'label' | 'confidence' | 'agreement' | 'candidates' | 'mfn' | 'mfnText' | 'best' | 'reviews'
>

const CANDIDATES_MAX = 6
// A rival less likely than this is not worth comparing rates with.
const RIVAL_SCORE_MIN = 0.1
const RIVALS_COMPARED = 3
const FREE = 'provider=embedded'

export function createLearned(): Learned {
  return { texts: new Map(), codes: new Map(), best: new Map() }
}

/** @returns the details of each row in their order; or a refusal of the proxy, to be tried again. */
export async function fetchDetails(
  deps: DetailsDeps,
  rows: readonly AnsweredRow[],
  wanted: DetailsWanted,
): Promise<Details[] | { error: AnswerError }> {
  const refusedTexts = await learnTexts(deps, rows)
  if (refusedTexts) return refusedTexts
  const { learned } = deps
  const textOf = (row: AnsweredRow): AboutText | undefined => learned.texts.get(textKey(row.goods))
  const mayBeReviewed = (row: AnsweredRow): boolean => needsRivals(row, textOf(row))

  const codes = new Map<string, { code: string; country: string }>()
  const best = new Map<string, { code: string; country: string; origin: string }>()
  for (const row of rows) {
    const { country, origin } = row.goods
    const asked =
      row.code !== null && (wanted.label || wanted.rates || wanted.best || mayBeReviewed(row)) ? [row.code] : []
    for (const code of [...asked, ...rivalsOf(row, textOf(row))]) codes.set(codeKey(code, country), { code, country })
    if (wanted.best && row.code !== null && origin !== null) {
      best.set(codeKey(row.code, country, origin), { code: row.code, country, origin })
    }
  }
  const refused = (await learnCodes(deps, codes)) ?? (await learnBest(deps, best))
  return refused ?? rows.map((row) => detailsOf(learned, row, textOf(row)))
}

/** What stands in a code's own columns, when a person chose it. */
export async function fetchCode(
  deps: DetailsDeps,
  { code, country, origin }: { code: string; country: string; origin: string | null },
  isBestWanted: boolean,
): Promise<(AboutCode & Pick<Details, 'best'>) | { error: AnswerError }> {
  const key = codeKey(code, country)
  const bestKey = codeKey(code, country, origin ?? '')
  const asked =
    isBestWanted && origin !== null ? new Map([[bestKey, { code, country, origin }]]) : new Map<string, never>()
  const refused = (await learnCodes(deps, new Map([[key, { code, country }]]))) ?? (await learnBest(deps, asked))
  if (refused) return refused
  const about = deps.learned.codes.get(key) ?? { label: '', mfn: null, mfnText: '' }
  return { ...about, best: deps.learned.best.get(bestKey) ?? null }
}

/** A row that may come to be looked at needs its rivals; one that is sure and agreed upon does not. */
function needsRivals({ code, error }: AnsweredRow, about: AboutText | undefined): boolean {
  if (code === null) return isUndecided(error)
  const { confidence = null, agreement = null } = about ?? {}
  return confidence === null || confidence < SURE_CONFIDENCE || (agreement !== null && agreement <= 2)
}

function rivalsOf(row: AnsweredRow, about: AboutText | undefined): string[] {
  if (!about || !needsRivals(row, about)) return []
  const likely = about.candidates.filter(({ score }) => score === null || score >= RIVAL_SCORE_MIN)
  return likely.slice(0, RIVALS_COMPARED).map(({ code }) => code)
}

function detailsOf(learned: Learned, row: AnsweredRow, about: AboutText | undefined): Details {
  const { country, origin } = row.goods
  const ofCode = row.code === null ? undefined : learned.codes.get(codeKey(row.code, country))
  const confidence = row.code === null ? null : (about?.confidence ?? null)
  const agreement = row.code === null ? null : (about?.agreement ?? null)
  const label = ofCode?.label ?? ''
  const candidates = [...(about?.candidates ?? [])]
  if (row.code !== null && !candidates.some(({ code }) => code === row.code)) {
    candidates.unshift({ code: row.code, label, score: confidence, provider: row.provider ?? '' })
  }
  const compared = [...(row.code === null ? [] : [row.code]), ...rivalsOf(row, about)]
  const rates = compared.map((code) => learned.codes.get(codeKey(code, country))?.mfnText ?? '')
  return {
    label,
    confidence,
    agreement,
    candidates,
    mfn: ofCode?.mfn ?? null,
    mfnText: ofCode?.mfnText ?? '',
    best: row.code === null || origin === null ? null : (learned.best.get(codeKey(row.code, country, origin)) ?? null),
    reviews: reviewReasons({ error: row.error, confidence, agreement }, rates),
  }
}

async function learnTexts(deps: DetailsDeps, rows: readonly AnsweredRow[]): Promise<{ error: AnswerError } | null> {
  const { texts } = deps.learned
  const asked = new Map<string, AnsweredRow>()
  for (const row of rows) {
    const key = textKey(row.goods)
    // What failed for a reason of its provider's has no answer to look at, and looking might buy one.
    if (!texts.has(key) && (row.code !== null || isUndecided(row.error))) asked.set(key, row)
  }
  const known = await ask(deps, asked, ({ goods }) => [
    {
      fn: 'HSINFO',
      args: [cutDescription(goods.description), '', optionsOf(goods.facts, [`country=${goods.country}`])],
    },
    { fn: 'HSCOST', args: [cutDescription(goods.description), goods.country, optionsOf(goods.facts)] },
  ])
  if (isRefused(known)) return known
  const rivals = new Map<string, { goods: RowGoods; isFree: boolean }>()
  for (const [key, row] of asked) {
    const [info, cost] = known.get(key) ?? []
    const about = { ...infoOf(info), candidates: [] as Candidate[] }
    texts.set(key, about)
    const isFree = cost?.value === 0
    if (needsRivals(row, about) && (isFree || row.provider === 'embedded'))
      rivals.set(key, { goods: row.goods, isFree })
  }
  const listed = await ask(deps, rivals, ({ goods, isFree }) => {
    const more = [`n=${CANDIDATES_MAX}`, `lang=${deps.language}`, ...(isFree ? [] : [FREE])]
    return [{ fn: 'HSALT', args: [cutDescription(goods.description), goods.country, optionsOf(goods.facts, more)] }]
  })
  if (isRefused(listed)) {
    for (const key of rivals.keys()) texts.delete(key)
    return listed
  }
  for (const [key, [answer]] of listed) texts.get(key)!.candidates = candidatesOf(answer)
  return null
}

async function learnCodes(
  deps: DetailsDeps,
  wanted: ReadonlyMap<string, { code: string; country: string }>,
): Promise<{ error: AnswerError } | null> {
  const { codes } = deps.learned
  const asked = new Map([...wanted].filter(([key]) => !codes.has(key)))
  const known = await ask(deps, asked, ({ code, country }) => [
    { fn: 'HSDESC', args: [code, country, deps.language, FREE] },
    { fn: 'HSRATE', args: [code, country, '', FREE] },
    { fn: 'HSRATETEXT', args: [code, country, '', FREE] },
  ])
  if (isRefused(known)) return known
  // Lines below it with different rates have no rate in common; listed they are still worth a look.
  const spread = new Map([...asked].filter(([key]) => known.get(key)?.[2]?.error))
  const listed = await ask(deps, spread, ({ code, country }) => [baseRates(code, country)])
  if (isRefused(listed)) return listed
  for (const key of asked.keys()) {
    const [label, rate, text] = known.get(key) ?? []
    codes.set(key, {
      label: textOf(label?.value),
      mfn: typeof rate?.value === 'number' ? rate.value : null,
      mfnText: textOf(text?.value ?? listed.get(key)?.[0]?.table?.[0]?.[2]),
    })
  }
  return null
}

// Japan prints its most-favoured-nation rate under another name.
const BASE_TREATMENT: Readonly<Record<string, string>> = { JP: 'WTO' }

/** HSRATES and not HSRATE: of a code whose lines differ it says which rates there are. */
export function baseRates(code: string, country: string): Asked {
  return { fn: 'HSRATES', args: [code, country, '', `treatment=${BASE_TREATMENT[country] ?? 'MFN'};${FREE}`] }
}

async function learnBest(
  deps: DetailsDeps,
  wanted: ReadonlyMap<string, { code: string; country: string; origin: string }>,
): Promise<{ error: AnswerError } | null> {
  const { best, codes } = deps.learned
  const asked = new Map([...wanted].filter(([key]) => !best.has(key)))
  const known = await ask(deps, asked, ({ code, country, origin }) => [
    { fn: 'HSRATES', args: [code, country, origin, FREE] },
  ])
  if (isRefused(known)) return known
  for (const [key, { code, country, origin }] of asked) {
    const claims = claimableTreatments(country, origin)
    const mfn = codes.get(codeKey(code, country))?.mfn ?? null
    best.set(key, lowestClaim(known.get(key)?.[0]?.table ?? [], claims, mfn))
  }
  return null
}

/** @param table as HSRATES prints it: treatment, rate as a fraction or '', text, code, edition. */
function lowestClaim(
  table: readonly (readonly CellValue[])[],
  claims: readonly string[],
  mfn: number | null,
): Classified['best'] {
  let best: Classified['best'] = null
  for (const [treatment, rate] of table) {
    if (typeof treatment !== 'string' || typeof rate !== 'number' || !claims.includes(treatment)) continue
    const isLower = rate < (best?.rate ?? Infinity) && (mfn === null || rate < mfn)
    if (isLower) best = { treatment, rate }
  }
  return best
}

type Asked = Omit<Question, 'id'>

const PENDING_TRIES = 3

/**
 * Asks some questions about each item, in batches.
 * @returns the answers of each item in the order of its questions.
 */
async function ask<Item>(
  { api }: DetailsDeps,
  items: ReadonlyMap<string, Item>,
  questionsOf: (item: Item) => Asked[],
): Promise<Map<string, Answer[]> | { error: AnswerError; has?: never }> {
  const answers = new Map<string, Answer[]>()
  let open: Question[] = []
  const places = new Map<string, { key: string; at: number }>()
  for (const [key, item] of items) {
    answers.set(key, [])
    questionsOf(item).forEach((question, at) => {
      const id = String(places.size)
      places.set(id, { key, at })
      open.push({ id, ...question })
    })
  }
  for (let tries = 0; open.length > 0 && tries < PENDING_TRIES; tries++) {
    const pending: Question[] = []
    for (let from = 0; from < open.length; from += QUESTIONS_PER_BATCH_MAX) {
      const batch = open.slice(from, from + QUESTIONS_PER_BATCH_MAX)
      const reply = await api.answers(batch)
      if (isRefused(reply)) return reply
      const asked = new Map(batch.map((question) => [question.id, question]))
      for (const answer of reply.answers) {
        const place = places.get(answer.id)
        const question = asked.get(answer.id)
        if (!place || !question) continue
        if (answer.pending) pending.push(question)
        else answers.get(place.key)![place.at] = answer
      }
    }
    open = pending
  }
  return answers
}

function infoOf(answer: Answer | undefined): Pick<AboutText, 'confidence' | 'agreement'> {
  const fields = new Map((answer?.table ?? []).map(([name, value]) => [name, value]))
  const score = fields.get('score')
  const agreement = fields.get('agreement')
  return {
    confidence: typeof score === 'number' ? score : null,
    agreement: agreement === 6 || agreement === 4 || agreement === 2 || agreement === 0 ? agreement : null,
  }
}

/** @returns those of HSALT, a code once. */
function candidatesOf(answer: Answer | undefined): Candidate[] {
  const seen = new Set<string>()
  const candidates: Candidate[] = []
  for (const [, code, label, score, provider] of answer?.table ?? []) {
    const digits = String(code)
    if (seen.has(digits)) continue
    seen.add(digits)
    candidates.push({
      code: digits,
      label: textOf(label),
      score: typeof score === 'number' ? score : null,
      provider: textOf(provider),
    })
  }
  return candidates
}

function textOf(value: CellValue | undefined): string {
  return value === undefined || value === null ? '' : String(value)
}

function textKey({ description, country, facts }: RowGoods): string {
  return JSON.stringify([description, country, optionsOf(facts)])
}

function codeKey(code: string, country: string, origin = ''): string {
  return `${code} ${country} ${origin}`
}
