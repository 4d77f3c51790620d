/** LockService: one execution at a time, for a script, a document or a user. */
import { asWhole, ScriptException, ServiceObject, type Execution, type Value } from './service.ts'

/** Who holds a lock, and who stands in line for it. */
export interface LockState {
  holder: Execution | null
  line: { execution: Execution; enter: () => void }[]
}

export function createLockState(): LockState {
  return { holder: null, line: [] }
}

export interface LockStates {
  script: LockState
  user: (user: string) => LockState
  document: (spreadsheetId: string) => LockState
}

export function lockService(states: LockStates, execution: Execution): ServiceObject {
  const reads = {
    getScriptLock: () => lock(states.script, execution),
    getUserLock: () => lock(states.user(execution.storeUser), execution),
    getDocumentLock: () => lock(states.document(execution.spreadsheetId), execution),
  }
  return new ServiceObject('LockService', 'store', { reads })
}

function lock(state: LockState, execution: Execution): ServiceObject {
  const tryLock = async (timeoutInMillis: Value): Promise<boolean> => {
    const timeoutMs = asWhole(timeoutInMillis)
    const isMine = await take(state, execution, timeoutMs)
    if (isMine) execution.onEnd(() => release(state, execution))
    return isMine
  }
  return new ServiceObject('Lock', 'store', {
    reads: { hasLock: () => state.holder === execution },
    writes: {
      tryLock,
      async waitLock(timeoutInMillis) {
        if (await tryLock(timeoutInMillis)) return
        throw new ScriptException('Lock timeout: another process was holding the lock for too long.')
      },
      releaseLock: () => release(state, execution),
    },
  })
}

/** Waits in real time: whoever holds it runs in real time too. */
async function take(state: LockState, execution: Execution, timeoutMs: number): Promise<boolean> {
  if (state.holder === execution) return true
  if (state.holder === null) {
    state.holder = execution
    return true
  }
  if (timeoutMs <= 0) return false
  return new Promise((resolve) => {
    const place = {
      execution,
      enter: () => {
        clearTimeout(timer)
        resolve(true)
      },
    }
    const timer = setTimeout(() => {
      state.line = state.line.filter((other) => other !== place)
      resolve(false)
    }, timeoutMs)
    state.line.push(place)
  })
}

function release(state: LockState, execution: Execution): void {
  if (state.holder !== execution) return
  const next = state.line.shift()
  state.holder = next?.execution ?? null
  next?.enter()
}
