/** HSPOINTS, HSCOST, HSINFO: about the account and what is remembered. They never spend. */
import { INFO_FIELDS, type DescriptionAsk, type PointsAsk } from '../../shared/ask.ts'
import { failure, isFailure } from '../../shared/error-codes.ts'
import type { Cell } from '../../shared/protocol.ts'
import type { BuyDeps, Buyer } from './buy-answers.ts'
import { buyAnswers } from './buy-answers.ts'
import { placeOf, type Remembered } from './cache.ts'
import { chooseCode, roundScore } from './choose-code.ts'
import type { Outcome, Printable } from './print-answer.ts'
import { printable, sourceOf } from './print-answer.ts'
import type { Wanted } from './route.ts'
import { firstStored, standInKey, storedKeys } from './stored-keys.ts'

export type AccountAsk = PointsAsk | DescriptionAsk

/** @param wanted what HSCODE of the same text would ask; null for HSPOINTS. */
export async function answerAccountAsk(
  deps: BuyDeps,
  buyer: Buyer,
  ask: AccountAsk,
  wanted: Wanted | null,
): Promise<Printable> {
  if (ask.fn === 'HSPOINTS' || !wanted) {
    const { spendable } = await deps.ledger.balance(buyer.workspaceId)
    return { cells: { value: spendable }, points: 0 }
  }
  if (ask.fn === 'HSCOST') {
    const remembered = await recall(deps, buyer, wanted)
    return { cells: { value: remembered && !wanted.fresh ? 0 : wanted.points }, points: 0 }
  }
  return describeSource(deps, buyer, ask, wanted)
}

async function recall(deps: BuyDeps, buyer: Buyer, wanted: Wanted): Promise<Remembered | undefined> {
  const inMemory = deps.cache.peek(placeOf(buyer.workspaceId, wanted.inquiry.key))
  if (inMemory || wanted.points === 0) return inMemory
  return firstStored(await deps.cache.load(buyer.workspaceId, storedKeys(wanted)), wanted)
}

/** HSINFO: where HSCODE's answer to this text came from. What is free to ask is asked; what is not must have been asked before. */
async function describeSource(deps: BuyDeps, buyer: Buyer, ask: DescriptionAsk, wanted: Wanted): Promise<Printable> {
  const remembered =
    (await recall(deps, buyer, wanted)) ??
    // Who answered last in the place of a provider that failed, though it will not be asked first.
    deps.cache.peek(placeOf(buyer.workspaceId, standInKey(wanted)))
  let outcome: Outcome = remembered ? { remembered, cached: true, points: 0 } : failure('not-remembered')
  if (!remembered && wanted.points === 0) {
    await buyAnswers(deps, buyer, [wanted], (_, bought) => {
      outcome = bought
    })
  }
  if (isFailure(outcome)) return { failed: outcome, points: 0 }
  const { reply, points } = outcome.remembered
  if (isFailure(reply)) return printable(outcome, reply)
  if (reply.kind !== 'classification') return { failed: failure('not-remembered'), points: 0 }
  const chosen = chooseCode(reply, ask.options, ask.country)
  const source = sourceOf(outcome)
  const fields: Record<(typeof INFO_FIELDS)[number], Cell> = {
    provider: source.provider,
    edition: source.edition,
    at: source.at,
    cached: source.cached,
    code: isFailure(chosen) ? '' : chosen.code,
    score: roundScore((isFailure(chosen) ? reply.candidates[0]?.score : chosen.score) ?? null) ?? '',
    points,
    // Digits at which the classifier in the house agrees, and what it would say.
    agreement: reply.second?.agreement ?? '',
    second: reply.second?.candidates[0]?.code ?? '',
  }
  return printable(
    outcome,
    ask.field ? { value: fields[ask.field] } : { table: INFO_FIELDS.map((field) => [field, fields[field]]) },
  )
}
