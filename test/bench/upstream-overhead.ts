/** How much later the answer of one cell comes than the upstream itself would give it: each product is asked of both, one after the other. */
import { Client } from 'undici'
import { jiayou } from '../../proxy/providers/jiayou/index.ts'
import { startConnectedProxy } from './connected-proxy.ts'
import { atMost, milliseconds, quantile, type Figure } from './figure.ts'
import { readableTexts } from './sample-goods.ts'
import { askProxy, askUpstream } from './single-product.ts'
import { syncedWritesPerSecond } from './synced-writes.ts'

const LATENCY_MS = 20
const PAIRS = 300
const WARM_UP_PAIRS = 30
const MEDIAN_AIM_MS = 30
const P99_AIM_MS = 60

export async function measureOverhead(): Promise<Figure[]> {
  const proxy = await startConnectedProxy(LATENCY_MS)
  const toProxy = new Client(proxy.url)
  const toUpstream = new Client(proxy.upstream.url)
  try {
    const added: number[] = []
    for (const [at, text] of readableTexts(WARM_UP_PAIRS + PAIRS).entries()) {
      const through = (): Promise<number> => timeMs(() => askProxy(toProxy, proxy.token, text))
      const direct = (): Promise<number> => timeMs(() => askUpstream(toUpstream, text))
      // Who goes first changes, so that neither always meets the warmer machine.
      const [first, second] = at % 2 === 0 ? [through, direct] : [direct, through]
      const times = [await first(), await second()]
      if (at >= WARM_UP_PAIRS) added.push(at % 2 === 0 ? times[0]! - times[1]! : times[1]! - times[0]!)
    }
    const share = `${gatherWindowMs(proxy.upstream.url)} ms of it wait for other cells; one synced write takes ${milliseconds(1000 / syncedWritesPerSecond(proxy.folder))} here`
    const name = 'Time added to the upstream call of a single cell'
    return [
      atMost(`${name}, median`, quantile(added, 0.5), MEDIAN_AIM_MS, milliseconds, share),
      atMost(`${name}, 99th percentile`, quantile(added, 0.99), P99_AIM_MS, milliseconds),
    ]
  } finally {
    await Promise.all([toProxy.destroy(), toUpstream.destroy()])
    await proxy.stop()
  }
}

async function timeMs(work: () => Promise<void>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

function gatherWindowMs(baseUrl: string): number {
  const nothing = (): void => undefined
  return jiayou.connect({ credential: {}, baseUrl, now: Date.now, log: { warn: nothing }, onUsage: nothing }).provider
    .gatherWindowMs
}
