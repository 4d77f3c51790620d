/** Long work on a sheet: one at a time, until it is through or a person stops it, which is no failure. */
export interface Stoppable {
  run<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result | void>
  stop(): void
}

/** @param onEnd called when it is over, however it ended. */
export function createStoppable(onEnd: () => void): Stoppable {
  let running: AbortController | null = null
  return {
    async run(work) {
      if (running) return
      const controller = new AbortController()
      running = controller
      try {
        return await work(controller.signal)
      } catch (error) {
        if (!controller.signal.aborted) throw error
      } finally {
        running = null
        onEnd()
      }
    },
    stop: () => running?.abort(),
  }
}
