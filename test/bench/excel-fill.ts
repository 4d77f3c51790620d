/** A column filled down in Excel: Microsoft's own runtime, the built functions, the built proxy. Every cell asks at once. */
import { kindOfCode } from '../../shared/error-codes.ts'
import { openExcel, type Shown } from '../hosts/excel-runtime.ts'
import { startBuiltProxy } from './built-proxy.ts'
import { scratchFolder } from './child.ts'
import { atMost, forTheRecord, percent, seconds, whole, type Figure } from './figure.ts'
import { productTexts } from './sample-goods.ts'

const CELLS = 10_000
const DIFFERENT_TEXTS = 3000
const TEXTS_A_REQUEST = 50
// Past the add-in's own watchdog: a cell that has nothing to show by then never will.
const WAIT_MS = 120_000

export async function measureExcelFill(): Promise<Figure[]> {
  const data = scratchFolder()
  const proxy = await startBuiltProxy(data.folder)
  try {
    const excel = await openExcel({ baseUrl: proxy.url, token: await proxy.connect() })
    const texts = productTexts(DIFFERENT_TEXTS)
    const calls = Array.from({ length: CELLS }, (_, at) => ({
      name: 'HSCODE',
      args: [[[texts[at % DIFFERENT_TEXTS]]]],
      address: `Sheet1!B${at + 2}`,
    }))
    const shown: Shown[] = []
    const began = performance.now()
    const cells = excel.burst(calls).map(async (cell) => shown.push(await cell))
    await orTimeout(Promise.all(cells), WAIT_MS)
    const took = (performance.now() - began) / 1000

    refuseServiceFailures(shown)
    const named = shown.filter((cell) => cell.kind === 'value').length
    return [
      atMost(
        `Requests of an Excel fill of ${whole(CELLS)} cells with ${whole(DIFFERENT_TEXTS)} different texts`,
        await proxy.metric('tariffcell_batches_total'),
        Math.ceil(DIFFERENT_TEXTS / TEXTS_A_REQUEST),
        whole,
      ),
      atMost('Cells of that fill left pending', CELLS - shown.length, 0, whole),
      forTheRecord('Time of that fill', took, seconds, `${percent(named / CELLS)} of the cells show a code`),
    ]
  } finally {
    await proxy.stop()
    data.remove()
  }
}

/** A text may be too vague for a code; but a cell that shows a failing service has not been filled, however fast. */
function refuseServiceFailures(shown: readonly Shown[]): void {
  const failed = shown.flatMap((cell) => (cell.kind === 'error' ? [cell.message] : [])).filter(isServiceFailure)
  if (failed.length > 0) throw new Error(`${failed.length} cells show a failing service: ${failed[0]}`)
}

function isServiceFailure(message: string): boolean {
  return kindOfCode(/^TC-\d+/.exec(message)?.[0] ?? '') === 'service'
}

async function orTimeout(work: Promise<unknown>, timeoutMs: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMs)
  })
  await Promise.race([work, late])
  clearTimeout(timer)
}
