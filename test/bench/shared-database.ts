/**
 * Several proxies on one PostgreSQL, asked overlapping texts by many clients at once: whether each text is paid once among them all, and
 * what they do together against one of them alone.
 */
import { randomBytes } from 'node:crypto'
import type { Question } from '../../shared/protocol.ts'
import { startPostgresServer } from '../hosts/postgres-server.ts'
import { ask, startBuiltProxy, type BuiltProxy } from './built-proxy.ts'
import { scratchFolder } from './child.ts'
import { furnish, readPoints, startUpstream, type SimulatedUpstream } from './connected-proxy.ts'
import { exactly, forTheRecord, ratio, seconds, whole, type Figure } from './figure.ts'
import { readableTexts } from './sample-goods.ts'

const LATENCY_MS = 200
const PROXIES = 3
const CLIENTS = 30
const CELLS = 20_000
const DISTINCT = 6000
// As an Excel fill sends them.
const CELLS_A_BATCH = 50
// Prime to the number of texts: every text comes from several clients, far apart.
const STEP = 1777

interface Run {
  paidHere: number
  paidThere: number
  calls: number
  unanswered: number
  took: number
}

export async function measureSharedDatabase(): Promise<Figure[]> {
  const server = await startPostgresServer({ durable: true })
  try {
    await server.createDatabase('alone')
    const alone = await run(server.urlOf('alone'), 1)
    await server.createDatabase('together')
    const together = await run(server.urlOf('together'), PROXIES)
    if (together.unanswered > 0) throw new Error(`${together.unanswered} cells were not answered`)
    const what = `${PROXIES} proxies on one PostgreSQL, ${CLIENTS} clients, ${whole(CELLS)} cells of ${whole(DISTINCT)} texts`
    return [
      exactly(`Points charged here: ${what}`, together.paidHere, DISTINCT, whole),
      exactly('Points charged there', together.paidThere, DISTINCT, whole),
      forTheRecord(
        'Upstream requests of those cells',
        together.calls,
        whole,
        `${whole(alone.calls)} by one proxy alone`,
      ),
      forTheRecord(
        'Speed of three proxies against one, all on the cores of this machine',
        alone.took / together.took,
        ratio,
        `${seconds(together.took)} and ${seconds(alone.took)}, where an upstream call takes ${LATENCY_MS} ms`,
      ),
    ]
  } finally {
    await server.close()
  }
}

async function run(databaseUrl: string, count: number): Promise<Run> {
  const settings = { DATABASE_URL: databaseUrl, MASTER_KEY: randomBytes(32).toString('hex') }
  const data = scratchFolder()
  const upstream = await startUpstream(LATENCY_MS)
  const proxies: BuiltProxy[] = []
  try {
    await furnish(data.folder, upstream.url, settings)
    for (let at = 0; at < count; at++) proxies.push(await startBuiltProxy(data.folder, null, settings))
    return await askAll(proxies, upstream)
  } finally {
    await Promise.all(proxies.map((proxy) => proxy.stop()))
    await upstream.stop()
    data.remove()
  }
}

async function askAll(proxies: readonly BuiltProxy[], upstream: SimulatedUpstream): Promise<Run> {
  const texts = readableTexts(DISTINCT)
  const token = await proxies[0]!.connect()
  const before = await readPoints(proxies[0]!.url, token)
  const batches = Array.from({ length: CELLS / CELLS_A_BATCH }, (_, batch) =>
    Array.from({ length: CELLS_A_BATCH }, (_, cell): Question => {
      const text = texts[((batch * CELLS_A_BATCH + cell) * STEP) % DISTINCT]!
      return { id: `q${cell}`, fn: 'HSCODE', args: [text, 'CA'] }
    }),
  ).values()
  let unanswered = 0
  const began = performance.now()
  await Promise.all(
    Array.from({ length: CLIENTS }, async (_, client) => {
      const { url } = proxies[client % proxies.length]!
      // One iterator for all of them: each takes the next.
      for (const questions of batches) {
        const { answers } = await ask(url, token, { questions })
        unanswered += answers.filter(({ value }) => value === undefined).length
      }
    }),
  )
  const took = (performance.now() - began) / 1000
  const { calls, pointsCharged } = await upstream.books()
  return {
    paidHere: before - (await readPoints(proxies[0]!.url, token)),
    paidThere: pointsCharged,
    calls,
    unanswered,
    took,
  }
}
