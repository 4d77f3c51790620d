/**
 * A whole bulk run of the pane: 10,000 products of a sheet classified through the built proxy and written beside them, Microsoft's own
 * script in Chromium, a workbook in memory at the other end. Held against the same rows asked of such a proxy without a sheet.
 */
import type { JobQuestion } from '../../shared/jobs-protocol.ts'
import type { CellValue } from '../../shared/tariff-code.ts'
import { openBrowser } from '../hosts/browser.ts'
import type { ExcelGrid } from '../hosts/excel-grid.ts'
import { button, isDone, preview } from '../pane/bulk-journey.ts'
import { openPaneInExcel } from '../pane/pane-house.ts'
import { startBuiltProxy } from './built-proxy.ts'
import { scratchFolder } from './child.ts'
import { CELLS_PER_SYNC, kilobytes, largestSync, mostCells, SYNC_BYTES_MAX } from './excel-write.ts'
import {
  atMost,
  below,
  exactly,
  forTheRecord,
  milliseconds,
  percent,
  ratio,
  seconds,
  whole,
  type Figure,
} from './figure.ts'
import { createJob, jobIs, jobRows } from './job-calls.ts'
import { longTasks, watchLongTasks } from './long-tasks.ts'
import { readableTexts } from './sample-goods.ts'

const ROWS = 10_000
const SHEET = 'Products'
const HEADERS = ['SKU', 'Description', 'Origin', 'Value']
const ORIGINS = ['CN', 'VN', 'US', 'DE']
const DESCRIPTION = 1
// Code, label, confidence, MFN rate, best preference, what to review.
const OUTPUTS = 6
const CODE = HEADERS.length
const REVIEW = CODE + OUTPUTS - 1
const DONE_WITHIN_MS = 10 * 60_000

export async function measureBulkRun(): Promise<Figure[]> {
  const texts = readableTexts(ROWS)
  const alone = await askAlone(texts)
  const run = await runInPane(texts)
  const { filled, named } = checkSheet(run.grid, texts, alone.codes)

  const of = `a bulk run of ${whole(ROWS)} rows in the pane`
  const { syncs } = run.grid
  return [
    exactly(
      `Rows written by ${of}`,
      filled,
      ROWS,
      whole,
      `${percent(named / ROWS)} with a code, the others with the reason`,
    ),
    forTheRecord(
      `Time of ${of}, from the press of the button`,
      run.tookSeconds,
      seconds,
      `${whole(ROWS / run.tookSeconds)} rows a second; ${seconds(run.previewSeconds)} before it to read the sheet and say the cost`,
    ),
    forTheRecord(
      'Time of that run, of the same rows as a job without a sheet',
      run.tookSeconds / alone.tookSeconds,
      ratio,
      `the job alone ${seconds(alone.tookSeconds)}`,
    ),
    forTheRecord(`Requests to the proxy of ${of}`, run.requests, whole),
    forTheRecord(`Syncs of ${of}`, syncs.length, whole),
    atMost(`Most cells in a sync of ${of}`, mostCells(syncs), CELLS_PER_SYNC, whole),
    below(`Largest sync of ${of}, request or reply`, largestSync(syncs), SYNC_BYTES_MAX, kilobytes),
    forTheRecord(`Longest task of the page in ${of}`, run.longestTaskMs, milliseconds),
  ]
}

async function askAlone(texts: readonly string[]): Promise<{ tookSeconds: number; codes: Map<string, CellValue> }> {
  const data = scratchFolder()
  const proxy = await startBuiltProxy(data.folder)
  try {
    const token = await proxy.connect()
    const questions = texts.map((text, at): JobQuestion => ({ id: String(at), fn: 'HSCODE', args: [text, 'CA'] }))
    const began = performance.now()
    const { id } = await createJob(proxy.url, token, questions)
    await jobIs(proxy.url, token, id, ({ finishedAt }) => finishedAt !== null)
    const codes = new Map<string, CellValue>()
    for await (const { row, answer } of jobRows(proxy.url, token, id)) codes.set(texts[row]!, answer?.value ?? null)
    return { tookSeconds: secondsSince(began), codes }
  } finally {
    await proxy.stop()
    data.remove()
  }
}

interface PaneRun {
  grid: ExcelGrid
  previewSeconds: number
  tookSeconds: number
  /** From the first look at the sheet on. */
  requests: number
  longestTaskMs: number
}

async function runInPane(texts: readonly string[]): Promise<PaneRun> {
  const data = scratchFolder()
  const proxy = await startBuiltProxy(data.folder)
  const browser = await openBrowser()
  try {
    const rows = texts.map((text, at) => [`A-${at}`, text, ORIGINS[at % ORIGINS.length]!, 100 + (at % 900)])
    const { page, problems, grid } = await openPaneInExcel(browser, proxy, await proxy.connect(), {
      workbook: [{ name: SHEET, rows: [HEADERS, ...rows] }],
      before: watchLongTasks,
    })
    await button(page, 'See what it costs').waitFor()
    grid.syncs.length = 0
    let requests = 0
    page.on('request', (request) => {
      if (request.url().startsWith(`${proxy.url}/v1/`)) requests++
    })
    const looked = performance.now()
    await preview(page)
    const previewSeconds = secondsSince(looked)
    const beganInPage = await page.evaluate(() => performance.now())
    const began = performance.now()
    await button(page, /^Classify [\d,]+ rows/).click()
    await isDone(page, DONE_WITHIN_MS)
    const tookSeconds = secondsSince(began)
    if (problems.length > 0) throw new Error(`the pane says: ${problems.join('; ')}`)
    const tasks = await longTasks(page)
    const durations = tasks.filter(({ startMs }) => startMs > beganInPage).map(({ durationMs }) => durationMs)
    return { grid, previewSeconds, tookSeconds, requests, longestTaskMs: Math.max(0, ...durations) }
  } finally {
    await browser.close()
    await proxy.stop()
    data.remove()
  }
}

/** @returns rows with something in them, and those with a code. @throws unless every row shows what the proxy says of its text, or why there is no code. */
function checkSheet(
  { person }: ExcelGrid,
  texts: readonly string[],
  codes: ReadonlyMap<string, CellValue>,
): { filled: number; named: number } {
  let [filled, named] = [0, 0]
  for (const [at, text] of texts.entries()) {
    const row = at + 1
    const shown = String(person.value(SHEET, row, CODE) ?? '').replaceAll('.', '')
    const known = String(codes.get(text) ?? '')
    if (person.value(SHEET, row, DESCRIPTION) !== text || shown !== known) {
      throw new Error(`row ${row} (${text}) shows "${shown}", and the proxy says "${known}"`)
    }
    if (shown === '' && person.value(SHEET, row, REVIEW) === null) throw new Error(`row ${row} (${text}) is empty`)
    filled++
    if (shown !== '') named++
  }
  return { filled, named }
}

function secondsSince(began: number): number {
  return (performance.now() - began) / 1000
}
