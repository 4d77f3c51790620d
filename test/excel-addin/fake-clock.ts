import type { Clock } from '../../shared/clock.ts'

export interface FakeClock extends Clock {
  /** Turns the clock, runs what falls due in order, and lets promises settle in between. */
  advance(ms: number): Promise<void>
  /** Timers that have not run and were not called off. */
  readonly waiting: number
}

export function createFakeClock(): FakeClock {
  let time = 0
  let lastId = 0
  const timers = new Map<number, { at: number; callback: () => void }>()

  function nextDue(until: number): number | null {
    let next: number | null = null
    for (const [id, { at }] of timers) {
      if (at <= until && (next === null || at < timers.get(next)!.at)) next = id
    }
    return next
  }

  return {
    now: () => time,
    schedule(callback, ms) {
      const id = ++lastId
      timers.set(id, { at: time + Math.max(0, ms), callback })
      return () => timers.delete(id)
    },
    async advance(ms) {
      const until = time + ms
      await settlePromises()
      for (let id = nextDue(until); id !== null; id = nextDue(until)) {
        const { at, callback } = timers.get(id)!
        timers.delete(id)
        time = at
        callback()
        await settlePromises()
      }
      time = until
    },
    get waiting() {
      return timers.size
    },
  }
}

/** Every promise that can settle without time passing has settled. */
function settlePromises(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
