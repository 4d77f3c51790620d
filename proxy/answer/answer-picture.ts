/** HSIMAGE of bytes instead of an address: the same path, price and memory as a cell's question, under the picture's own hash. */
import { createHash } from 'node:crypto'
import type { ImageAsk } from '../../shared/ask.ts'
import { isFailure } from '../../shared/error-codes.ts'
import type { Language } from '../../shared/language.ts'
import type { AnswerDeps, Asker } from './answer-batch.ts'
import { buyAnswers } from './buy-answers.ts'
import { placeOf } from './cache.ts'
import { printAnswer, type Outcome, type Printed } from './print-answer.ts'
import { route, type Wanted } from './route.ts'
import { toCells } from './to-cells.ts'

export async function answerPicture(
  deps: AnswerDeps,
  asker: Asker,
  picture: Uint8Array,
  options: { n: number | undefined; language: Language },
): Promise<Printed> {
  const hash = createHash('sha256').update(picture).digest('hex')
  const ask: ImageAsk = {
    fn: 'HSIMAGE',
    options: options.n === undefined ? {} : { n: options.n },
    url: `sha256:${hash}`,
  }
  const routed = route(deps.registry, asker.workspaceId, ask)
  if (isFailure(routed)) return printAnswer({ failed: routed, points: 0 }, options.language)
  const wanted = withPicture(routed, picture)
  const remembered = deps.cache.peek(placeOf(asker.workspaceId, wanted.inquiry.key))
  let outcome: Outcome | undefined = remembered && { remembered, cached: true, points: 0 }
  if (!outcome) {
    await buyAnswers(deps, asker, [wanted], (_, bought) => {
      outcome = bought
    })
  }
  return printAnswer(toCells(deps, ask, outcome!), options.language)
}

function withPicture(wanted: Wanted, picture: Uint8Array): Wanted {
  const { inquiry } = wanted
  return {
    ...wanted,
    inquiry: inquiry.kind === 'lookup' ? { ...inquiry, picture } : inquiry,
    fallbacks: wanted.fallbacks.map((fallback) => withPicture(fallback, picture)),
  }
}
