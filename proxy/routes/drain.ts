/** Stopping without losing an answer: no new work, the open work finished, within a bound. */
export interface Drain {
  readonly draining: boolean
  /** Counts work as open until it ends. */
  track<Result>(work: Promise<Result>): Promise<Result>
  /** Refuses new work from now on; resolves when the open work is done or the time is up. @returns what was left. */
  finish(timeoutMs: number): Promise<number>
}

export function createDrain(): Drain {
  const open = new Set<Promise<unknown>>()
  let draining = false
  return {
    get draining() {
      return draining
    },
    async track(work) {
      open.add(work)
      try {
        return await work
      } finally {
        open.delete(work)
      }
    },
    async finish(timeoutMs) {
      draining = true
      let timer: ReturnType<typeof setTimeout> | undefined
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, timeoutMs)
      })
      await Promise.race([Promise.allSettled(open), late])
      clearTimeout(timer)
      return open.size
    },
  }
}
