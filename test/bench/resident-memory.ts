/** Resident memory of the proxy's process: before anybody asked, and after a hundred thousand answers. */
import { setTimeout as wait } from 'node:timers/promises'
import { ask, startBuiltProxy } from './built-proxy.ts'
import { scratchFolder } from './child.ts'
import { below, megabytes, whole, type Figure } from './figure.ts'
import { productTexts } from './sample-goods.ts'

const DIFFERENT_TEXTS = 50_000
const TIMES_ASKED = 2
const QUESTIONS_A_BATCH = 200
// The proxy's own reading costs a request; often enough to see the highest.
const BATCHES_A_READING = 20
const SETTLE_MS = 2000
const AIM_BYTES = 250e6

export async function measureMemory(): Promise<Figure[]> {
  const data = scratchFolder()
  const proxy = await startBuiltProxy(data.folder)
  const residentBytes = (): Promise<number> => proxy.metric('process_resident_memory_bytes')
  try {
    await wait(SETTLE_MS)
    const idle = await residentBytes()
    const token = await proxy.connect()
    const texts = productTexts(DIFFERENT_TEXTS)
    let highest = idle
    let answers = 0
    for (let batch = 0; batch * QUESTIONS_A_BATCH < DIFFERENT_TEXTS * TIMES_ASKED; batch++) {
      const from = (batch * QUESTIONS_A_BATCH) % DIFFERENT_TEXTS
      const questions = texts
        .slice(from, from + QUESTIONS_A_BATCH)
        .map((text, at) => ({ id: `q${at}`, fn: 'HSCODE', args: [text, 'CA'] }))
      answers += (await ask(proxy.url, token, { questions })).answers.length
      if (batch % BATCHES_A_READING === 0) highest = Math.max(highest, await residentBytes())
    }
    const after = await residentBytes()
    highest = Math.max(highest, after)
    return [
      below('Resident memory, idle', idle, AIM_BYTES, megabytes),
      below(
        `Resident memory after ${whole(answers)} answers`,
        after,
        AIM_BYTES,
        megabytes,
        `${megabytes(highest)} at most`,
      ),
    ]
  } finally {
    await proxy.stop()
    data.remove()
  }
}
