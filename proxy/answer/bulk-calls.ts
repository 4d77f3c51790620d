/**
 * However many chunks wait for an upstream, a bounded number of them call it at once: submits and looks together, workspaces in turn.
 */
import type { Provider } from '../providers/provider.ts'

export interface BulkCalls {
  /**
   * Waits for a turn at this connection.
   * @returns what ends the turn; null when the signal ended the wait.
   */
  turn(provider: Provider, workspaceId: string, signal: AbortSignal): Promise<(() => void) | null>
}

interface Line {
  underWay: number
  /** By workspace, the least recently served first. */
  waiting: Map<string, Set<() => void>>
}

export function createBulkCalls(): BulkCalls {
  const lines = new WeakMap<Provider, Line>()

  const lineOf = (provider: Provider): Line => {
    let line = lines.get(provider)
    if (!line) lines.set(provider, (line = { underWay: 0, waiting: new Map() }))
    return line
  }

  return {
    async turn(provider, workspaceId, signal) {
      if (signal.aborted) return null
      const line = lineOf(provider)
      if (line.underWay >= provider.bulk!.callsInFlightMax) {
        if (!(await waitInLine(line, workspaceId, signal))) return null
      } else line.underWay++
      let hasEnded = false
      return () => {
        if (hasEnded) return
        hasEnded = true
        passOn(line)
      }
    },
  }
}

/** @returns false when the signal ended it. */
function waitInLine({ waiting }: Line, workspaceId: string, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const queue = waiting.get(workspaceId) ?? new Set()
    waiting.set(workspaceId, queue)
    const end = (isTurn: boolean): void => {
      signal.removeEventListener('abort', leave)
      queue.delete(enter)
      if (queue.size === 0 && waiting.get(workspaceId) === queue) waiting.delete(workspaceId)
      resolve(isTurn)
    }
    const enter = (): void => end(true)
    const leave = (): void => end(false)
    queue.add(enter)
    signal.addEventListener('abort', leave, { once: true })
  })
}

/** The turn goes to the next in line without becoming free in between: nobody who comes just now goes first. */
function passOn(line: Line): void {
  const next = line.waiting.entries().next().value
  if (!next) {
    line.underWay--
    return
  }
  const [workspaceId, queue] = next
  const [enter] = queue
  // Whoever is served goes to the back of the line.
  line.waiting.delete(workspaceId)
  line.waiting.set(workspaceId, queue)
  enter!()
}
