/** From a provider's reply to what this one cell asked for. */
import type { Ask, DescriptionAsk } from '../../shared/ask.ts'
import { failure, isFailure, type Failure } from '../../shared/error-codes.ts'
import type { Language } from '../../shared/language.ts'
import type { Cell } from '../../shared/protocol.ts'
import type { Classification, Labels } from '../providers/provider.ts'
import { chooseCode, roundScore } from './choose-code.ts'
import { explain } from './explain.ts'
import { printable, type Cells, type Outcome, type Printable } from './print-answer.ts'

export interface ToCellsDeps {
  labels: Labels
}

const ALTERNATIVES_SHOWN = 3

export function toCells(deps: ToCellsDeps, ask: Ask, outcome: Outcome): Printable {
  if (isFailure(outcome)) return { failed: outcome, points: 0 }
  const { reply, provider } = outcome.remembered
  if (isFailure(reply)) return printable(outcome, reply)
  switch (reply.kind) {
    case 'value':
      return printable(outcome, { value: reply.value })
    case 'table':
      return printable(outcome, { table: reply.table })
    case 'classification':
      return printable(outcome, fromClassification(deps, ask as DescriptionAsk, reply, provider))
  }
}

function fromClassification(
  deps: ToCellsDeps,
  ask: DescriptionAsk,
  classification: Classification,
  provider: string,
): Cells | Failure {
  const language = ask.options.lang ?? 'en'
  const chosen = withLabel(deps, chooseCode(classification, ask.options, ask.country), language)
  switch (ask.fn) {
    case 'HSALT': {
      if (classification.candidates.length === 0) return isFailure(chosen) ? chosen : failure('not-remembered')
      return { table: alternatives(deps, classification, provider, language, ask.options.n ?? ALTERNATIVES_SHOWN) }
    }
    case 'HSCONF': {
      if (!isFailure(chosen)) {
        return chosen.score === null ? failure('no-confidence', { provider }) : { value: roundScore(chosen.score)! }
      }
      const best = classification.candidates[0]?.score
      return classification.vague === null && best != null ? { value: roundScore(best)! } : chosen
    }
    case 'HSWHY':
      return { value: explain(deps.labels, classification, chosen, language, provider) }
    case 'HSCODE':
    case 'HSCOST':
    case 'HSINFO':
      return isFailure(chosen) ? chosen : { value: chosen.code }
  }
}

/** What the provider says, then what the classifier in the house says beside it. */
function alternatives(
  { labels }: ToCellsDeps,
  { candidates, second }: Classification,
  provider: string,
  language: Language,
  rows: number,
): Cell[][] {
  const said = [
    ...candidates.map((candidate) => ({ ...candidate, by: provider })),
    ...(second?.candidates ?? []).map((candidate) => ({ ...candidate, by: second!.provider })),
  ]
  return said
    .slice(0, rows)
    .map(({ code, score, by }, at): Cell[] => [
      at + 1,
      code,
      labels.label(code, language) ?? '',
      roundScore(score) ?? '',
      by,
    ])
}

/** A failure that names a code says what the code is, in the reader's language. */
function withLabel<Chosen>(deps: ToCellsDeps, chosen: Chosen | Failure, language: Language): Chosen | Failure {
  if (!isFailure(chosen) || chosen.failed !== 'not-certain') return chosen
  const { code } = chosen.details
  if (typeof code !== 'string') return chosen
  return { ...chosen, details: { ...chosen.details, label: deps.labels.label(code, language) ?? code } }
}
