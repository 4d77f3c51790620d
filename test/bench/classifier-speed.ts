/** The embedded classifier by itself: products a second on one core, from text to ranked codes, and how long it takes to load. */
import { atLeast, below, median, seconds, whole, type Figure } from './figure.ts'
import type { Pins } from './machine.ts'
import { runProgram } from './run-program.ts'
import { productTexts } from './sample-goods.ts'

const PRODUCTS = 21_000
const WARM_UP = 1000
const LOADS = 5

export async function measureClassifier(pins: Pins | null): Promise<Figure[]> {
  const core = pins?.server ?? null
  const input = { texts: productTexts(PRODUCTS), warmUp: WARM_UP }
  const { productsPerSecond, loadSeconds } = await runProgram('classify', input, core)
  const loads = [loadSeconds]
  while (loads.length < LOADS) {
    const justLoaded = await runProgram('classify', { texts: [], warmUp: 0 }, core)
    loads.push(justLoaded.loadSeconds)
  }
  return [
    atLeast('Products classified a second on one core', median(productsPerSecond), 2000, whole),
    below('Loading lexicon and model', median(loads), 1, seconds),
  ]
}
