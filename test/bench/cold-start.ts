/** From the start of the process to the first answer over HTTP: on an empty data folder, and on one in use. */
import { ask, startBuiltProxy } from './built-proxy.ts'
import { scratchFolder } from './child.ts'
import { below, forTheRecord, median, seconds, type Figure } from './figure.ts'

const STARTS = 5
const AIM_SECONDS = 1.5

interface Start {
  listenSeconds: number
  answerSeconds: number
  token: string
}

export async function measureColdStart(): Promise<Figure[]> {
  const first: Start[] = []
  const later: Start[] = []
  for (let start = 0; start < STARTS; start++) {
    const data = scratchFolder()
    const onEmpty = await timeStart(data.folder, null)
    first.push(onEmpty)
    later.push(await timeStart(data.folder, onEmpty.token))
    data.remove()
  }
  return [
    below('Start to first HSCODE answer, empty data folder', answered(first), AIM_SECONDS, seconds, listening(first)),
    forTheRecord('Start to first HSCODE answer, data folder in use', answered(later), seconds, listening(later)),
  ]
}

/** @param knownToken of an earlier start on the same folder. */
async function timeStart(folder: string, knownToken: string | null): Promise<Start> {
  const began = performance.now()
  const sinceStart = (): number => (performance.now() - began) / 1000
  const proxy = await startBuiltProxy(folder)
  const listenSeconds = sinceStart()
  try {
    const token = proxy.ownerToken ?? knownToken
    if (token === null) throw new Error('the first start showed no owner token')
    const question = { id: 'first', fn: 'HSCODE', args: ['cotton t-shirt', 'CA'] }
    const { answers } = await ask(proxy.url, token, { questions: [question] })
    const answerSeconds = sinceStart()
    if (answers[0]?.source === undefined) throw new Error(`the first answer is none: ${JSON.stringify(answers)}`)
    return { listenSeconds, answerSeconds, token }
  } finally {
    await proxy.stop()
  }
}

function answered(starts: readonly Start[]): number {
  return median(starts.map((start) => start.answerSeconds))
}

function listening(starts: readonly Start[]): string {
  return `listening after ${seconds(median(starts.map((start) => start.listenSeconds)))}`
}
