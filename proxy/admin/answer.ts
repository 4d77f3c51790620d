/**
 * `npm run -s answer < questions.ndjson > answers.ndjson`: a question a line, an answer a line in the same order, without HTTP.
 * Reads and writes as it goes, so that a file of any length needs little memory. The last line on stderr is a summary.
 */
import { createInterface } from 'node:readline'
import { once } from 'node:events'
import * as z from 'zod/mini'
import { failure, FailureError, sentence } from '../../shared/error-codes.ts'
import { question as questionSchema, type Answer, type Question } from '../../shared/protocol.ts'
import { answerBatch, type AnswerDeps, type Asker } from '../answer/answer-batch.ts'
import { printFailure } from '../../shared/print-failure.ts'
import { openCommandHouse } from './command-house.ts'

const LINES_PER_BATCH = 200

const house = await openCommandHouse(process.env)
const counts = { lines: 0, answered: 0, refused: 0, errors: new Map<string, number>() }

let batch: string[] = []
for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
  if (line.trim() === '') continue
  batch.push(line)
  if (batch.length === LINES_PER_BATCH) {
    await answerLines(house.answer, house.asker, batch)
    batch = []
  }
}
await answerLines(house.answer, house.asker, batch)
await house.close()
process.stderr.write(`${summary()}\n`)
// A file that is no questions at all is the wrong file.
if (counts.lines > 0 && counts.refused === counts.lines) process.exitCode = 1

async function answerLines(deps: AnswerDeps, asker: Asker, lines: readonly string[]): Promise<void> {
  const first = counts.lines
  counts.lines += lines.length
  const parsed = lines.map((line, at) => readQuestion(line, first + at + 1))
  // Ids of different lines may be the same; inside the batch a line is known by its place.
  const questions = parsed.flatMap((one, at) => ('fn' in one ? [{ ...one, id: String(at) }] : []))
  const answers = new Map<string, Answer>()
  if (questions.length > 0) {
    await answerBatch(deps, asker, questions, { language: 'en', deadlineMs: null }, (answer) =>
      answers.set(answer.id, answer),
    )
  }
  for (const [at, one] of parsed.entries()) {
    const answer = 'fn' in one ? { ...answers.get(String(at))!, id: one.id } : one
    count(answer)
    if (!process.stdout.write(`${JSON.stringify(answer)}\n`)) await once(process.stdout, 'drain')
  }
}

function readQuestion(line: string, number: number): Question | Answer {
  let raw: unknown
  try {
    raw = JSON.parse(line)
  } catch {
    return refused(`line ${number}`, number, 'it is not JSON')
  }
  const parsed = z.safeParse(questionSchema, raw)
  if (parsed.success) return parsed.data
  const id =
    typeof raw === 'object' && raw !== null && 'id' in raw && typeof raw.id === 'string' ? raw.id : `line ${number}`
  return refused(id, number, 'it needs {"id":"…","fn":"HSCODE","args":["…"]}')
}

function refused(id: string, line: number, detail: string): Answer {
  counts.refused++
  return { id, error: printFailure(failure('bad-line', { line, detail }), 'en'), points: 0 }
}

function count(answer: Answer): void {
  if (answer.error) counts.errors.set(answer.error.code, (counts.errors.get(answer.error.code) ?? 0) + 1)
  else counts.answered++
}

function summary(): string {
  const errors = [...counts.errors].sort((a, b) => b[1] - a[1]).map(([code, times]) => `${code} ${times}`)
  return `${counts.lines} ${counts.lines === 1 ? 'question' : 'questions'}: ${counts.answered} answered${errors.length === 0 ? '' : `; ${errors.join(', ')}`}`
}

process.on('uncaughtException', (error) => {
  process.stderr.write(`${error instanceof FailureError ? sentence(error.failure) : String(error)}\n`)
  process.exit(1)
})
