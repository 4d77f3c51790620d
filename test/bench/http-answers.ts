/**
 * Cached answers over HTTP against a bare node:http server that gives the same JSON for the same JSON. Both stand on one core, the
 * load on another; they are measured in turns, so that a busy neighbour of the machine meets both. A second is a second of the
 * server's processor time: by the clock a neighbour, or a load that cannot keep up, would slow the faster of the two alone.
 */
import { isDeepStrictEqual } from 'node:util'
import { join } from 'node:path'
import { createRandom } from '../../proxy/classifier/training/random.ts'
import type { AnswersReply, Question } from '../../shared/protocol.ts'
import { benchFolder } from './build-all.ts'
import { ask, askAll, readMetric, startBuiltProxy } from './built-proxy.ts'
import { scratchFolder, startNode } from './child.ts'
import { atLeast, median, percent, ratio, whole, type Figure } from './figure.ts'
import type { Pins } from './machine.ts'
import type { BareServerInput } from './programs/bare-server.ts'
import type { LoadInput } from './programs/load.ts'
import { runProgram } from './run-program.ts'
import { productTexts, tariffItems } from './sample-goods.ts'

// HSCODE and HSRATE in turn; well within the proxy's memory of answers.
const QUESTIONS = 5000
// As many before a varied body comes again.
const VARIED_QUESTIONS = 40_000
const CELLS_A_REQUEST = [1, 50]
const CONNECTIONS = 50
const ROUNDS = 5
const WARM_UP_MS = 1000
const MEASURED_MS = 3000
const RATIO_AIM = 0.6

interface Target {
  url: string
  token: string
}

/** One turn of one server. */
interface Turn {
  requestsPerCpuSecond: number
  /** By the clock. */
  requestsPerSecond: number
  /** Share of its core that the load took. */
  loadBusy: number
}

export async function measureHttpAnswers(pins: Pins | null): Promise<Figure[]> {
  const data = scratchFolder()
  const proxy = await startBuiltProxy(data.folder, pins?.server)
  try {
    const token = await proxy.connect()
    const questions = mixedQuestions()
    await askAll(proxy.url, token, questions, 250)
    const bare = await startBareServer(await rememberedAnswers(proxy.url, token, questions), pins?.server ?? null)
    try {
      const figures: Figure[] = []
      const proxyTarget = { url: proxy.url, token }
      const bareTarget = { url: bare.url, token }
      for (const cells of CELLS_A_REQUEST) {
        for (const [what, asked] of [
          ['varied bodies', variedQuestions(questions)],
          ['the same bodies again', questions],
        ] as const) {
          const bodies = requestBodies(asked, cells)
          await checkSameReply(proxyTarget, bareTarget, bodies[0]!)
          figures.push(await compare(proxyTarget, bareTarget, bodies, { cells, what }, pins))
        }
      }
      return figures
    } finally {
      await bare.stop()
    }
  } finally {
    await proxy.stop()
    data.remove()
  }
}

function mixedQuestions(): Question[] {
  const texts = productTexts(QUESTIONS / 2)
  const items = tariffItems(QUESTIONS / 2)
  return texts.flatMap((text, at) => [
    { id: `q${at * 2}`, fn: 'HSCODE', args: [text, 'CA'] },
    { id: `q${at * 2 + 1}`, fn: 'HSRATE', args: [items[at % items.length]!, 'CA'] },
  ])
}

/** The same questions in no order, each time under an id of its own, as a sheet sends them. The same in every run. */
function variedQuestions(questions: readonly Question[]): Question[] {
  const random = createRandom(1)
  return Array.from({ length: VARIED_QUESTIONS }, (_, at) => ({ ...random.pick(questions), id: `cell-${at}` }))
}

async function rememberedAnswers(url: string, token: string, questions: readonly Question[]): Promise<BareServerInput> {
  const answers = await askAll(url, token, questions, 250)
  const forgotten = answers.filter((answer) => answer.source?.cached !== true).length
  if (forgotten > 0) throw new Error(`${forgotten} of ${answers.length} answers did not come from memory`)
  const { points } = await ask(url, token, { questions: [questions[0]!] })
  return {
    answers: questions.map(({ fn, args }, at) => {
      const { id: _, ...answer } = answers[at]!
      return [`${fn} ${args[0]} ${args[1]}`, answer]
    }),
    points,
  }
}

async function startBareServer(
  input: BareServerInput,
  core: number | null,
): Promise<{ url: string; stop: () => Promise<void> }> {
  const child = startNode(join(benchFolder, 'bare-server.js'), { core, input: JSON.stringify(input) })
  const [, url] = await child.printed(/bare server on (\S+)\n/)
  return { url: url!, stop: child.stop }
}

function requestBodies(questions: readonly Question[], cells: number): string[] {
  return Array.from({ length: questions.length / cells }, (_, at) =>
    JSON.stringify({ requestId: `bench-${at}`, questions: questions.slice(at * cells, (at + 1) * cells) }),
  )
}

/** @throws when the two do not give the same JSON: their speeds could not be held against each other. */
async function checkSameReply(proxy: Target, bare: Target, body: string): Promise<void> {
  const request = JSON.parse(body) as Parameters<typeof ask>[2]
  const replies: AnswersReply[] = []
  for (const { url, token } of [proxy, bare]) replies.push(await ask(url, token, request))
  if (!isDeepStrictEqual(replies[0], replies[1])) throw new Error('proxy and bare server do not answer the same')
}

async function compare(
  proxy: Target,
  bare: Target,
  bodies: string[],
  { cells, what }: { cells: number; what: string },
  pins: Pins | null,
): Promise<Figure> {
  const turns: { proxy: Turn; bare: Turn }[] = []
  for (let round = 0; round < ROUNDS; round++) {
    // Who goes first changes, so that neither always meets the warmer machine.
    const proxyFirst = round % 2 === 0
    const first = await measure(proxyFirst ? proxy : bare, bodies, pins)
    const second = await measure(proxyFirst ? bare : proxy, bodies, pins)
    turns.push(proxyFirst ? { proxy: first, bare: second } : { proxy: second, bare: first })
  }
  const answers = (who: 'proxy' | 'bare'): string =>
    whole(median(turns.map((turn) => turn[who].requestsPerCpuSecond)) * cells)
  const byClock = median(turns.map((turn) => turn.proxy.requestsPerSecond / turn.bare.requestsPerSecond))
  const loadBusy = Math.max(...turns.flatMap((turn) => [turn.proxy.loadBusy, turn.bare.loadBusy]))
  return atLeast(
    `Cached answers against bare node:http, ${cells} ${cells === 1 ? 'cell' : 'cells'} a request, ${what}`,
    median(turns.map((turn) => turn.proxy.requestsPerCpuSecond / turn.bare.requestsPerCpuSecond)),
    RATIO_AIM,
    ratio,
    `${answers('proxy')} of ${answers('bare')} answers a core-second; ${ratio(byClock)} by the clock; load ${percent(loadBusy)} busy at most`,
  )
}

async function measure({ url, token }: Target, bodies: string[], pins: Pins | null): Promise<Turn> {
  const load: LoadInput = {
    url,
    path: '/v1/answers',
    token,
    bodies,
    connections: CONNECTIONS,
    warmUpMs: WARM_UP_MS,
    measuredMs: MEASURED_MS,
  }
  const cpuBefore = await readMetric(url, 'process_cpu_seconds_total')
  const output = await runProgram('load', load, pins?.load ?? null)
  const cpuSeconds = (await readMetric(url, 'process_cpu_seconds_total')) - cpuBefore
  return {
    requestsPerCpuSecond: output.requestsInAll / cpuSeconds,
    requestsPerSecond: output.requests / output.seconds,
    loadBusy: output.busy,
  }
}
