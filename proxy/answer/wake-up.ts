/** Waits that something may end early: what was handed in has ended, or whoever stops the work. */
import type { Database } from '../database.ts'
import { nameOfChunk, type ChunkPlace } from './submissions.ts'

export interface WakeUp {
  /** @param isDue asked at each event of the chunk: whether it ends the wait. */
  wait(ms: number, isDue: () => Promise<boolean>): Promise<void>
  close(): void
}

export function createWakeUp(database: Pick<Database, 'listen'>, place: ChunkPlace, signal: AbortSignal): WakeUp {
  let onEvent = (): void => {}
  const name = nameOfChunk(place)
  const unlisten = database.listen('submissions', (payload) => {
    if (payload === null || payload === name) onEvent()
  })
  return {
    wait(ms, isDue) {
      return new Promise((resolve, reject) => {
        const end = (error?: Error): void => {
          clearTimeout(timer)
          signal.removeEventListener('abort', stop)
          onEvent = () => {}
          if (error === undefined) resolve()
          else reject(error)
        }
        const stop = (): void => end()
        const timer = setTimeout(stop, ms)
        signal.addEventListener('abort', stop, { once: true })
        onEvent = () =>
          void isDue().then(
            (due) => void (due && end()),
            (error: Error) => end(error),
          )
        if (signal.aborted) end()
      })
    },
    close: () => unlisten(),
  }
}
