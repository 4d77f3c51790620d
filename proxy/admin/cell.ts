/** `npm run -s cell -- '=HSRATE("6109100012","CA")'`: prints the value, or the error and exits with 1. */
import { failure, FailureError, isFailure, readAt, sentence } from '../../shared/error-codes.ts'
import { isFunctionName } from '../../shared/functions.ts'
import type { Answer } from '../../shared/protocol.ts'
import { answerBatch } from '../answer/answer-batch.ts'
import { printCells } from '../routes/cell.ts'
import { parseFormula } from './parse-formula.ts'
import { openCommandHouse } from './command-house.ts'

try {
  process.exitCode = await main(process.argv.slice(2).join(' '))
} catch (error) {
  if (!(error instanceof FailureError)) throw error
  process.stderr.write(`${sentence(error.failure)}\n`)
  process.exitCode = 1
}

async function main(formula: string): Promise<number> {
  const call = parseFormula(formula)
  if (isFailure(call)) throw new FailureError(call)
  if (!isFunctionName(call.fn.toUpperCase()))
    throw new FailureError(readAt('terminal', failure('unknown-function', { value: call.fn })))
  const house = await openCommandHouse(process.env)
  const answers: Answer[] = []
  await answerBatch(
    house.answer,
    house.asker,
    [{ id: 'cell', ...call }],
    { language: 'en', deadlineMs: null },
    (answer) => answers.push(answer),
  )
  await house.close()
  const [answer] = answers
  if (!answer || answer.error) {
    process.stderr.write(`${answer?.error?.message ?? sentence(failure('bug', { id: 'none' }))}\n`)
    return 1
  }
  process.stdout.write(`${printCells(answer)}\n`)
  return 0
}
