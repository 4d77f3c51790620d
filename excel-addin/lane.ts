/**
 * Descriptions may take an upstream seconds and cost points; look-ups take the proxy milliseconds and are free. Each kind waits in
 * a lane of its own, in batches of its own size, so that a slow classification never holds up a duty rate.
 */
import { functionSpec, type FunctionName } from '../shared/functions.ts'
import type { Clock } from '../shared/clock.ts'

export const LANES = ['description', 'lookup'] as const
export type LaneName = (typeof LANES)[number]

// 50 slow classifications stay far below the 60 s after which Excel for Mac cuts a request.
export const QUESTIONS_PER_REQUEST_MAX: Record<LaneName, number> = { description: 50, lookup: 200 }

export const QUIET_MS = 30
export const QUIET_CAP_MS = 100

export function laneOf(fn: FunctionName): LaneName {
  const { askedOf, required } = functionSpec(fn)
  if (askedOf === 'classification') return 'description'
  return askedOf === 'account' && required.includes('description') ? 'description' : 'lookup'
}

/** Who waits to be sent: ready when full, when nothing joined for 30 ms, or 100 ms after the first joined. */
export interface Lane<Item> {
  add(item: Item): void
  delete(item: Item): void
  isReady(): boolean
  /** The oldest ones, at most one request's worth. */
  take(): Item[]
}

/** @param onReady called at once when the lane is full, else when its quiet window ends. */
export function createLane<Item>(clock: Clock, sizeMax: number, onReady: () => void): Lane<Item> {
  const items = new Set<Item>()
  let firstAt: number | null = null
  let isDue = false
  let callOff: (() => void) | null = null

  function reset(): void {
    callOff?.()
    callOff = null
    firstAt = null
    isDue = false
  }

  function waitForQuiet(): void {
    firstAt ??= clock.now()
    callOff?.()
    callOff = clock.schedule(
      () => {
        callOff = null
        isDue = true
        onReady()
      },
      Math.max(0, Math.min(QUIET_MS, firstAt + QUIET_CAP_MS - clock.now())),
    )
  }

  return {
    add(item) {
      // Append before scheduling: the other order can flush an empty batch and strand this cell.
      items.add(item)
      if (items.size >= sizeMax) onReady()
      if (items.has(item) && !isDue) waitForQuiet()
    },
    delete(item) {
      if (items.delete(item) && items.size === 0) reset()
    },
    isReady: () => items.size > 0 && (isDue || items.size >= sizeMax),
    take() {
      const taken = [...items].slice(0, sizeMax)
      for (const item of taken) items.delete(item)
      if (items.size === 0) reset()
      return taken
    },
  }
}
