/**
 * Formulas in Google Sheets: the built bundle at our fake of Apps Script, one isolated execution a formula, thirty at once, and behind it
 * the built proxy with a simulated upstream that charges. What Google itself takes for a call of its cache or of a request is not in it.
 */
import { gzipSync } from 'node:zlib'
import { bundleCode, bundleSidebar, doorVersion, OAUTH_SCOPES } from '../../sheets-addon/build.ts'
import { createAppsScript, EXECUTIONS_PER_USER_MAX, type AppsScript } from '../hosts/apps-script/apps-script.ts'
import type { Spreadsheet } from '../hosts/apps-script/spreadsheet-state.ts'
import { startConnectedProxy } from './connected-proxy.ts'
import { atMost, below, exactly, forTheRecord, ratio, seconds, whole, type Figure } from './figure.ts'
import { readableTexts } from './sample-goods.ts'

const LATENCY_MS = 200
const OWNER = 'owner@example.com'

const ROWS = 500
const DIFFERENT_TEXTS = 300
const TEXTS_A_REQUEST = 100
const SINGLES = 300
const SINGLES_CALLS_AIM = 50
const CELLS_MAX = 1000
const QUESTIONS_MAX = 500
// Google stops a formula then.
const EXECUTION_SECONDS_MAX = 30

export async function measureGoogleFormulas(): Promise<Figure[]> {
  const code = await bundleCode('http://127.0.0.1')
  return [...(await measureExecutions()), size('Code.js', code), size('sidebar.html', await bundleSidebar())]
}

async function measureExecutions(): Promise<Figure[]> {
  const proxy = await startConnectedProxy(LATENCY_MS)
  try {
    const world = createAppsScript({ manifest: { oauthScopes: OAUTH_SCOPES }, loopbackHttp: true })
    await world.load(await bundleCode(proxy.url))
    const sheet = await enabledSheet(world, proxy.token)
    const texts = readableTexts(DIFFERENT_TEXTS + SINGLES + QUESTIONS_MAX)
    const upstreamCalls = async (): Promise<number> => (await proxy.upstream.books()).calls

    const range = column(texts.slice(0, DIFFERENT_TEXTS), ROWS)
    const first = await timed(world, () => formula(world, sheet, range))
    const rangeCalls = await upstreamCalls()
    const again = await timed(world, () => formula(world, sheet, range))

    const singles = texts.slice(DIFFERENT_TEXTS, DIFFERENT_TEXTS + SINGLES)
    const crowd = await timed(world, async () => {
      const calls = singles.map((text) => callOf(sheet, text))
      for (const result of await world.executeMany(calls)) if (result.status === 'rejected') throw result.reason
    })
    const crowdCalls = (await upstreamCalls()) - rangeCalls

    const large = column(texts.slice(DIFFERENT_TEXTS + SINGLES), CELLS_MAX)
    await formula(world, sheet, large)
    const warm = await timed(world, () => formula(world, sheet, large))

    const of = `a Google Sheets formula over ${ROWS} rows with ${DIFFERENT_TEXTS} different texts`
    const single = `${SINGLES} Google Sheets formulas of a cell each, ${EXECUTIONS_PER_USER_MAX} at once`
    return [
      exactly(`Requests of ${of}`, first.requests, DIFFERENT_TEXTS / TEXTS_A_REQUEST, whole),
      atMost(`Upstream calls of ${of}`, rangeCalls, DIFFERENT_TEXTS / TEXTS_A_REQUEST, whole),
      forTheRecord(`Time of ${of}`, first.took, seconds, `an upstream call takes ${LATENCY_MS} ms`),
      exactly('Requests of that formula when it is calculated again', again.requests, 0, whole),
      forTheRecord(
        'Time of that formula when it is calculated again, of the first time',
        again.took / first.took,
        ratio,
      ),
      atMost(`Upstream calls of ${single}`, crowdCalls, SINGLES_CALLS_AIM, whole, `${whole(crowd.requests)} requests`),
      forTheRecord(
        `Time of ${single}, of the one over ${ROWS} rows`,
        crowd.took / first.took,
        ratio,
        seconds(crowd.took),
      ),
      exactly(`Requests of a warm Google Sheets formula over ${whole(CELLS_MAX)} cells`, warm.requests, 0, whole),
      below(
        `Time of that warm formula, of the ${EXECUTION_SECONDS_MAX} s that Google gives it`,
        warm.took / EXECUTION_SECONDS_MAX,
        0.1,
        (share) => `${(share * 100).toFixed(1)} %`,
        seconds(warm.took),
      ),
    ]
  } finally {
    await proxy.stop()
  }
}

/** Of somebody who is connected, with formulas enabled. */
async function enabledSheet(world: AppsScript, token: string): Promise<Spreadsheet> {
  const spreadsheet = world.spreadsheet({ owner: OWNER })
  world.properties.user(OWNER).set('tariffcell.token', token)
  const given = { dailyCapPoints: 100_000, language: 'en' }
  const call = {
    user: OWNER,
    spreadsheet,
    mode: 'FULL',
    fn: 'paneCall',
    args: ['enable', given, doorVersion()],
  } as const
  const { value } = (await world.execute(call)) as { value: { status: number; text: string } }
  if (value.status !== 201) throw new Error(`formulas were not enabled: ${value.text}`)
  return spreadsheet
}

function callOf(spreadsheet: Spreadsheet, cells: unknown) {
  return { user: OWNER, spreadsheet, mode: 'CUSTOM_FUNCTION', fn: 'HSCODE', args: [cells, 'CA'] } as const
}

/** @throws when a cell of it shows what is no answer: however fast, it has not been filled. */
async function formula(world: AppsScript, spreadsheet: Spreadsheet, cells: string[][]): Promise<void> {
  const shown = (await world.execute(callOf(spreadsheet, cells))) as string[][]
  const failed = shown.flat().find((cell) => cell === '#PENDING' || /^#TC-[4-6]/.test(cell))
  if (failed !== undefined) throw new Error(`a cell shows ${failed}`)
}

async function timed(world: AppsScript, work: () => Promise<void>): Promise<{ took: number; requests: number }> {
  const before = world.web.sent.length
  const began = performance.now()
  await work()
  return { took: (performance.now() - began) / 1000, requests: world.web.sent.length - before }
}

function column(texts: readonly string[], rows: number): string[][] {
  return Array.from({ length: rows }, (_, at) => [texts[at % texts.length]!])
}

function size(name: string, text: string): Figure {
  const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`
  return forTheRecord(
    `Size of ${name}, gzipped`,
    gzipSync(text).length,
    kilobytes,
    `${kilobytes(text.length)} as pushed`,
  )
}
