/** Asks how a pairing stands until it is answered or over: often while a person is likely just doing it, then less. */
import type { Clock } from '../../clock.ts'
import type { AnswerError } from '../../protocol.ts'
import type { OpenPairing, PanePairing } from '../pane-deps.ts'

const FIRST_PAUSE_MS = 2000
const LAST_PAUSE_MS = 5000
const PAUSE_GROWTH = 1.1

export interface FollowPairingDeps {
  pairing: Pick<PanePairing, 'ask'>
  clock: Clock
  /** Its end, when its time is over. */
  late: () => AnswerError
  /** What keeps it from being asked just now; null: nothing any more. */
  onTrouble: (error: AnswerError | null) => void
  /** It will not be approved any more. */
  onOver: (error: AnswerError) => void
}

/** @returns what ends it. */
export function followPairing({ endsAt }: Pick<OpenPairing, 'endsAt'>, deps: FollowPairingDeps): () => void {
  const { pairing, clock, late, onTrouble, onOver } = deps
  let pauseMs = FIRST_PAUSE_MS
  let isEnded = false
  let callOff = clock.schedule(look, pauseMs)

  function look(): void {
    void pairing.ask().then((said) => {
      if (isEnded || said === 'connected') return
      const error = said === 'waiting' ? null : said.error
      if (error && !error.retryable) return onOver(error)
      if (clock.now() >= endsAt) return onOver(late())
      onTrouble(error)
      pauseMs = Math.min(pauseMs * PAUSE_GROWTH, LAST_PAUSE_MS)
      callOff = clock.schedule(look, pauseMs)
    })
  }

  return () => {
    isEnded = true
    callOff()
  }
}
