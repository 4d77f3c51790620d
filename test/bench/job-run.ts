/** A bulk job of 50,000 rows from the request to the last row, over an upstream, the proxy killed with -9 in the middle. */
import type { JobQuestion } from '../../shared/jobs-protocol.ts'
import { startBuiltProxy, type BuiltProxy } from './built-proxy.ts'
import { scratchFolder } from './child.ts'
import { furnish, startUpstream } from './connected-proxy.ts'
import { createJob, jobIs, jobRows } from './job-calls.ts'
import { exactly, forTheRecord, seconds, whole, type Figure } from './figure.ts'
import { readableTexts } from './sample-goods.ts'

const ROWS = 50_000
// The others are blank, or repeat one of these.
const DIFFERENT = 40_000
const BLANK_EVERY = 100
const LATENCY_MS = 200
const KILLED_AT = 0.4

export async function measureJobRun(): Promise<Figure[]> {
  const texts = readableTexts(DIFFERENT)
  const questions = Array.from({ length: ROWS }, (_, at): JobQuestion => {
    const text = at % BLANK_EVERY === 0 ? '' : texts[at % DIFFERENT]!
    return { id: `r${at}`, fn: 'HSCODE', args: [text, 'CA'] }
  })
  const different = new Set(questions.map(({ args }) => args[0]).filter((text) => text !== '')).size
  const data = scratchFolder()
  const upstream = await startUpstream(LATENCY_MS)
  let proxy: BuiltProxy | null = null
  try {
    await furnish(data.folder, upstream.url)
    proxy = await startBuiltProxy(data.folder)
    const token = await proxy.connect()
    const began = performance.now()
    const made = await createJob(proxy.url, token, questions)
    const madeIn = secondsSince(began)
    await jobIs(proxy.url, token, made.id, ({ counts }) => counts.answered > ROWS * KILLED_AT)
    await proxy.kill()
    const killed = performance.now()
    proxy = await startBuiltProxy(data.folder)
    const downFor = secondsSince(killed)
    const done = await jobIs(proxy.url, token, made.id, ({ state }) => state === 'done')
    const took = secondsSince(began)

    const missing = await countMissing(proxy.url, token, made.id, questions)
    const { pointsCharged: there } = await upstream.books()
    const job = `a job of ${whole(ROWS)} rows, killed with -9 in the middle`
    return [
      exactly(`Points charged twice in ${job}`, done.points.spent - different, 0, whole, `${whole(different)} texts`),
      exactly(`Rows missing in ${job}`, missing, 0, whole),
      forTheRecord(
        `Rows a second of ${job}`,
        ROWS / took,
        whole,
        `${seconds(took)}, ${seconds(madeIn)} to take it in, ${seconds(downFor)} to start again; an upstream call takes ${LATENCY_MS} ms`,
      ),
      forTheRecord(`Points charged there beyond that, for calls whose reply met nobody`, there - different, whole),
    ]
  } finally {
    await proxy?.stop()
    await upstream.stop()
    data.remove()
  }
}

/** Rows without an answer of their own, and rows that are not there or stand elsewhere. */
async function countMissing(
  url: string,
  token: string,
  id: string,
  questions: readonly JobQuestion[],
): Promise<number> {
  let found = 0
  for await (const { row, id: ofRow, answer } of jobRows(url, token, id)) {
    const asked = questions[row]
    const isBlank = asked?.args[0] === ''
    const isAnswered = isBlank ? answer?.value === '' : answer?.value !== undefined && answer.value !== ''
    if (asked?.id === ofRow && isAnswered) found++
  }
  return questions.length - found
}

function secondsSince(began: number): number {
  return (performance.now() - began) / 1000
}
