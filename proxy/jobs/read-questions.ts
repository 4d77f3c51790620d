/** A bulk run's rows as they came, checked one by one, and what each of them asks. */
import * as z from 'zod/mini'
import { BLANK, parseAsk, type Ask } from '../../shared/ask.ts'
import { failure, isFailure, type Failure } from '../../shared/error-codes.ts'
import { FUNCTION_NAMES, functionSpec, type FunctionName } from '../../shared/functions.ts'
import { JOB_ROWS_MAX, jobQuestion, type JobQuestion } from '../../shared/jobs-protocol.ts'
import { breathe, ROWS_PER_SLICE } from './breathe.ts'

/** @returns the rows, or the failure `too-many-rows` or `bad-request` of the whole body. */
export async function readJobQuestions(given: readonly unknown[]): Promise<JobQuestion[] | Failure> {
  if (given.length > JOB_ROWS_MAX) return failure('too-many-rows', { count: given.length, max: JOB_ROWS_MAX })
  const questions: JobQuestion[] = []
  for (const [at, one] of given.entries()) {
    if (at % ROWS_PER_SLICE === ROWS_PER_SLICE - 1) await breathe()
    const parsed = z.safeParse(jobQuestion, one)
    if (!parsed.success) {
      const path = parsed.error.issues[0]?.path.join('.') ?? ''
      // Where, never what: the value is a cell's text.
      return failure('bad-request', { detail: `questions.${at}${path === '' ? '' : `.${path}`} is not as documented` })
    }
    questions.push(parsed.data)
  }
  return questions
}

/** What a row of a job asks. Account, experts and pictures are for cells: they spend nothing, or not in bulk. */
export function readJobAsk({ fn, args }: Pick<JobQuestion, 'fn' | 'args'>): Ask | Failure | typeof BLANK {
  const ask = parseAsk(fn, args)
  if (ask === BLANK || isFailure(ask) || BULK_FUNCTIONS.has(ask.fn)) return ask
  return failure('unknown-choice', {
    value: ask.fn,
    what: { en: 'function for jobs', zh: '批量任务函数', fr: 'fonction pour travaux' },
    known: [...BULK_FUNCTIONS].join(', '),
  })
}

const BULK_FUNCTIONS: ReadonlySet<FunctionName> = new Set(
  FUNCTION_NAMES.filter((name) => !['account', 'expert'].includes(functionSpec(name).askedOf) && name !== 'HSIMAGE'),
)
