/**
 * What a formula would show, while it is being filled in. Only what costs nothing is asked: the house's own classifier and tariff
 * book, and what the account knows. What the formula itself would cost is the proxy's estimate, which is free too.
 */
import type { Clock } from '../../clock.ts'
import { functionSpec, type FunctionName } from '../../functions.ts'
import { observable } from '../observable.ts'
import type { Answer, AnswerError } from '../../protocol.ts'
import type { CellValue } from '../../tariff-code.ts'
import { isRefused, type ProxyApi } from '../proxy-api.ts'

export interface PreviewRequest {
  fn: FunctionName
  /** In the order of the function's parameters, options left out. */
  args: CellValue[]
  options: string
}

export interface Cost {
  points: number
  /** Look-ups paid before: this one is free for that reason. */
  isRemembered: boolean
  providers: string[]
}

export interface Preview {
  isAsking: boolean
  /** null: none yet, or none is free. */
  answer: Answer | null
  /** Whether there is a free answer to show for this function. */
  isFree: boolean
  cost: Cost | null
  /** Why the proxy could not be asked. */
  error: AnswerError | null
}

export type LivePreview = ReturnType<typeof createPreview>

const QUIET_MS = 500
const NOTHING: Preview = { isAsking: false, answer: null, isFree: true, cost: null, error: null }

export function createPreview({ api, clock }: { api: Pick<ProxyApi, 'answers' | 'estimate'>; clock: Clock }) {
  const preview = observable<Preview>(NOTHING)
  let callOff: (() => void) | null = null
  let asked = 0

  async function ask(request: PreviewRequest): Promise<void> {
    const number = ++asked
    const question = freeQuestion(request)
    preview.set({ ...NOTHING, isAsking: true, isFree: question !== null })
    const [reply, estimate] = await Promise.all([
      question && api.answers([{ id: '1', ...question }]),
      mayCost(request.fn) ? api.estimate([{ id: '1', fn: request.fn, args: argsOf(request, request.options) }]) : null,
    ])
    // Something else was typed meanwhile.
    if (number !== asked) return
    preview.set({
      isAsking: false,
      isFree: question !== null,
      answer: reply && !isRefused(reply) ? (reply.answers[0] ?? null) : null,
      cost:
        estimate && !isRefused(estimate) && estimate.bad === 0
          ? {
              points: estimate.points,
              isRemembered: estimate.remembered > 0,
              providers: estimate.byProvider.map(({ provider }) => provider),
            }
          : null,
      error: reply && isRefused(reply) ? reply.error : null,
    })
  }

  return {
    preview,
    /** Asks once nothing was changed for a moment. @param request null: it is not filled in yet. */
    show(request: PreviewRequest | null): void {
      callOff?.()
      asked++
      if (!request) return preview.set(NOTHING)
      callOff = clock.schedule(() => void ask(request), QUIET_MS)
    },
    close(): void {
      callOff?.()
      asked++
    },
  }
}

/** Whose answers the house can give by itself; HSSEARCH alone of the reference works. */
function freeQuestion(request: PreviewRequest): { fn: FunctionName; args: CellValue[] } | null {
  const { fn, options } = request
  const { askedOf } = functionSpec(fn)
  if (askedOf === 'account' || askedOf === 'text') return { fn, args: argsOf(request, options) }
  if (askedOf === 'classification' || askedOf === 'tariff' || fn === 'HSSEARCH') {
    return { fn, args: argsOf(request, inTheHouse(options)) }
  }
  return null
}

function mayCost(fn: FunctionName): boolean {
  const { askedOf } = functionSpec(fn)
  return askedOf !== 'account' && askedOf !== 'text' && askedOf !== 'expert'
}

function inTheHouse(options: string): string {
  const kept = options.split(';').filter((part) => part !== '' && !/^(?:provider|fresh)=/.test(part))
  return [...kept, 'provider=embedded'].join(';')
}

function argsOf({ fn, args }: PreviewRequest, options: string): CellValue[] {
  const { required, optional } = functionSpec(fn)
  const fields = required.length + optional.length - 1
  return [...Array.from({ length: fields }, (_, at) => args[at] ?? null), options]
}
